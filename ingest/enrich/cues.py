"""Cues of complaints in English: phrases of customer service, by what they say, collected by hand.

Patterns are parted by ";" or lines: words; `#` is a number; `(a|b)` alternatives, of which one may be empty; `*` any
one word; `complain~`, alone, matches any continuation. Hashtags count as words. How much each group counts is fitted,
not decided here (docs/models/complaint.md); `why` is what people read beside a flagged mention.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Group:
    """Patterns that say the same. `why` is None for groups that are no reason by themselves."""

    name: str
    why: str | None
    patterns: tuple[str, ...]


def _group(name: str, why: str | None, patterns: str) -> Group:
    return Group(name, why, tuple(line.strip() for line in patterns.replace(";", "\n").splitlines() if line.strip()))


_UNITS = "(day|days|week|weeks|month|months|hour|hours|hr|hrs|min|mins|minutes|year|years)"
_DAYS = "(monday|tuesday|wednesday|thursday|friday|saturday|sunday|yesterday|january|february|march|april|may|june|july|august|september|october|november|december)"  # noqa: E501
_NOT = "(not|never|no|isn't|doesn't|don't|won't|didn't|wasn't|hasn't|haven't|can't|cannot|isnt|doesnt|dont|wont|didnt|wasnt|hasnt|havent|cant|aren't|arent|couldn't)"  # noqa: E501

GROUPS: tuple[Group, ...] = (
    _group(
        "waiting",
        "waits for something",
        f"""
        still (waiting|pending|awaiting); (been|am|i'm|im|were|we're|kept|keep|left) waiting; waiting (for|since|on) * *
        waited; # {_UNITS} (later|now|ago|already|and|without|on|wait|late|delay|since|for); (for|over|after|almost|nearly|past|about|took|takes|taken|than|last|spent|within) # {_UNITS}; #+ {_UNITS}
        day #; since {_DAYS}; since last (week|month|night); for (days|weeks|months|hours|ages|years|over)
        (yet|waiting) to (receive|hear|arrive|get|be); not * yet; on hold; wait (time|times); (so|too|this|that|very) long
        taking (so|too|this|forever|ages); takes (so|too|this|forever|ages); (an|half|over|almost) hour; forever; delayed
        delay; delays; overdue; (is|was|are|were|been|an|hours|days) late; how (much|many) (longer|more); all (day|morning|week|night)
        (past|last) (few|couple) (days|weeks|hours|of); days later; weeks later; hours later; any day now; slow; so slow
        """,  # noqa: E501
    ),
    _group(
        "still_not",
        "it still does not work or has not come",
        f"""
        still {_NOT}; {_NOT} still
        still (nothing|having|getting|unable|broken|down|no|same|says|saying|shows|on|hasn't|need|charging)
        (and|but) still; nothing (yet|has|happened|happens|works|so)
        yet (nothing|no); nothing (back|since); to no avail
        """,
    ),
    _group(
        "no_answer",
        "got no answer",
        """
        no (reply|replies|response|responses|answer|answers|callback|feedback|acknowledgement|communication|contact)
        no (one|body) (answers|answer|answered|replies|replied|responds|responded|cares|calls|called|picks|is|has|can|knows|to|at|on|came|showed)
        nobody; (never|not|hasn't|haven't|didn't|doesn't|don't|won't|havent|hasnt|didnt|dont) (replied|reply|respond|responded|responding|replying|answer|answered|answering|called|call|hear|heard|gotten|return|returned|contacted|care|bother)
        unanswered; ignore~; ignoring; hung up; hang up; disconnected; (any|an) (update|updates|response|reply) *; get (a|any) (response|reply|answer)
        no (help|update|updates|email|luck|explanation|apology|idea|info|information|solution|notice|confirmation|tracking|record|clue); (called|emailed|contacted|written|complained|asked|tried|phoned|rang|tweeted|messaged) * times
        (pick|answer) (up|the) (the|phone|phones); automated; different answers; (passed|transferred) (around|from|to|between); useless (help|support|service|customer)
        (speak|talk) to (a|someone|somebody) (human|person|else|real|in|who|at)
        """,  # noqa: E501
    ),
    _group(
        "broken",
        "something does not work",
        """
        broken; broke; (not|isn't|aren't|isnt|wasn't|stopped|stops|not even|quit|quits|never|hardly|barely) (working|work|works|worked|loading|connecting|charging|syncing|functioning|responding|charge|load|updating|recognised|recognized|playing|responding|showing|opening|turning|letting|able)
        (doesn't|don't|doesnt|dont|didn't|didnt|won't|wont|wouldn't) (work|even|load|open|start|connect|let|turn|charge|play|update|sync|install|log|accept|show|recognise|recognize|allow|give|fit|take|come|go|seem|respond|stay|function|stop|find|recognise)
        (can't|cant|cannot|couldn't|couldnt|can not|unable to|impossible to|not able to|trouble|trying to) (log|login|logging|access|connect|get|open|use|even|find|play|sign|see|pay|download|update|install|activate|reset|book|order|make|do|watch|verify|change|contact|reach|send|view|cancel|track|complete|add|receive|submit|load|checkout|print|call|register|delete|remove|hear|upload|join|buy|turn|set|go|figure)
        (keep|keeps|kept) (crashing|freezing|saying|telling|coming|dropping|getting|giving|asking|failing|logging|disconnecting|restarting|sending|going|turning|cutting|shutting|popping|stopping|having|charging|losing|showing|kicking|loading|cancelling|billing|happening|changing)
        offline; (refuses|refused|refusing) to; crash; crashes; crashed; crashing; error; errors; glitch~; buggy; bug; bugs; (is|are|was|be|been|go|goes|went|still|site|website|app|system|server|servers|network|service|internet|line|lines) down; outage~; freezes; frozen; freezing; faulty; defect~; malfunction~
        no (power|signal|internet|service|network|connection|sound|electricity|wifi|heat|water|picture|dial|phone|broadband|tv|data|hot|access|connectivity|coverage|sign|lights)
        (power|internet|service|network|app|phone|system|payment|login|website|site) (is|was|went|goes|keeps|has been) (out|off|dropping|cutting|failing|slow); lagging; laggy; lag; unusable; inoperable; bricked
        (went|go|goes|gone|is|are|was|completely|already|just) dead; died; (doesn't|does not|do not|did not|will not|can not|is not|are not|has not|have not|was not|would not) * *; stopped; stuck; (locked|kicked|blocked|logged) (me|out|my|from|us); error (message|code|#); disconnect~; overheat~
        """,  # noqa: E501
    ),
    _group(
        "problem",
        "names a problem",
        """
        problem; problems; issue; issues; fault; trouble; complaint; complaints; complain~; fix; fixed it yet; hassle; struggling; mistake; incorrect; wrong; mess; messed; screwed; screw; fail; fails; failed; failing; failure; fiasco; concern; concerned
        """,  # noqa: E501
    ),
    _group(
        "not_received",
        "something has not arrived or is missing",
        """
        (never|not|hasn't|haven't|didn't|hasnt|havent|didnt|still not|yet to) (arrived|arrive|arrives|came|come|comes|received|receive|get|got|gotten|delivered|shown|show|shipped|dispatched|turned|been|had|send|sent|happened|seen|credited|processed)
        missing; lost; misplaced; stolen; undelivered; (where|where's|wheres) (is|are|my|the|was|has) * *; not * (arrived|received|delivered); failed (delivery|to deliver|to); out of stock; (left|dumped|thrown) (it|my|the|outside|in|at|on); (was|were|been|got|is|order|flight) (cancelled|canceled); cancelled my; canceled my; cancelled (my|the|on|without|flight|order); (marked|says|said|shows|showing) (as|it's|its|it was|it is)? delivered; incomplete; half of my
        """.replace("(as|it's|its|it was|it is)? ", "(as|it's|its|) "),  # noqa: E501
    ),
    _group(
        "damaged",
        "something came damaged or wrong",
        """
        damaged; damage; soaked; (wrong|incorrect|different) (item|items|size|order|one|product|address|price|color|colour|thing|shoes|card|bag|part|info|information); (fell|fall|falls|falling|came|coming|come|ripped|peeling|broke) (apart|off|up|in); torn; ripped; smashed; cracked; crack; leaking; leaked; leaks; scratched; dented; rotten; mold; mould; moldy; stale; dirty; filthy; worn; rust~; hole; holes; expired; (poor|bad|terrible|low|cheap|shoddy|worst) quality; allergic; sick from; hair in; undercooked; raw; burnt; cold food
        """,  # noqa: E501
    ),
    _group(
        "money",
        "is about money taken or owed",
        """
        refund~; charged; overcharg~; (double|wrongly|incorrectly|twice) (charged|billed|charge); charging me; billed; (money|cash) back; waste of (money|time); (want|need|give|get|lost|losing|keep|took|take|taking|stole|stealing|steal) (me|us|my|our|) (money|cash); my money; rip off; ripoff; ripped off; ripping; scam~; fraud~; con; robbery; thieves; stealing; theft; hidden (fees|charges|fee|charge); (cost|costs|costing|owe|owes|owed) me; compensat~; reimburse~; (extra|additional|unexpected|late|cancellation) (fee|fees|charge|charges); overpriced; (too|so) expensive; price (hike|increase|went); (paid|pay|paying|spent|spend) (for|$|#|over|good|full|so|a|my|extra); unauthorised; unauthorized; deducted; deduct; credited; voucher (not|doesn't|won't); extortion; misled; mislead~; false (advertising|advertisement|claims); bait; never (chose|ordered|agreed|signed|asked)
        """,  # noqa: E501
    ),
    _group(
        "judgement",
        "calls it bad in plain words",
        """
        worst; terrible; terribly; horrible; horrendous; horrid; awful; disgusting; disgusted; disgrace~; pathetic; useless; ridiculous; ridiculously; unacceptable; disappoint~; appalling; appalled; shocking; shockingly; rubbish; crap; crappy; shit; shitty; bullshit; bs; sucks; suck; sucky; joke; (poor|bad|lousy|shoddy|awful|terrible|zero|slow|rude|no|dreadful|dismal|abysmal|woeful) (service|customer|support|experience|job|form|communication|quality|attitude|business|product|design|show|choice|management|staff|coverage|reception|signal); annoyed; annoying; angry; frustrat~; furious; livid; upset; upsetting; (let|letting) (me|us|down) *; nightmare; shame; shameful; (fed|pissed|sick) (up|off|of); garbage; trash; wtf; ffs; smh; omfg; (not|isn't|n't|never|hardly|wasn't) (happy|impressed|good|acceptable|cool|great|ok|okay|fair|right|amused|satisfied|pleased|helpful|enough|worth|nice|fun|ideal|professional|true|honest); rude; incompeten~; atrocious; unhappy; hate; hated; dreadful; unprofessional; unreliable; insult~; embarrass~; outrage~; unbelievable; unreal; absurd; laughable; inexcusable; no excuse; lies; lied; lying; liar; liars; misinformed; dishonest; inept; clueless; idiots; idiot; stupid; stupidity; dumb; wasted; waste; inconvenien~; ruined; ruin; ruining; dissatisfied; underwhelm~; painful; unfair; sad; boo; ugh; wth; grr~; seriously; really?; bad; poor; negative; nasty; hell; damn; sigh; dangerous; unsafe; scary
        """,  # noqa: E501
    ),
    _group(
        "leaving",
        "is leaving or warns others",
        """
        never (again|buying|buy|shopping|shop|using|use|flying|fly|ordering|order|going|go|coming|come|staying|stay|eating|eat|returning|return|recommend|ever|trust|doing|wear|getting); (last|final) (time|straw|chance); (lost|lose|losing) (a|my|another|me|loyal) (customer|business|as|loyal|client); (switching|switched|moving|moved|leaving|off) (to|away|provider|you|elsewhere) (a|another|the|your|for|after|because|and|asap|soon|*); (take|taking) (my|our) (business|money|custom); boycott~; (won't|wont|will not|not) be (back|using|buying|shopping|flying|ordering|returning|renewing|going|coming|purchasing|recommending); (totally|so|am|i'm) (done|finished) with (you|this|them|your); avoid; beware; (do not|don't|dont|never) (buy|use|trust|bother|order|fly|shop|waste|recommend|go|get); (cancelling|canceling|closing|deleting|want to cancel|going to cancel|gonna cancel|trying to cancel) (my|our|the|this) (account|subscription|order|membership|contract|service|card|policy|prime); not (recommend|recommending|recommended); stay away; (your|the) competitors; (time|gonna|going|want|ready|about) to (switch|cancel|leave|move)
        """,  # noqa: E501
    ),
    _group(
        "demand",
        "asks for help or a remedy",
        """
        (please|pls|plz|kindly) (help|fix|sort|advise|assist|respond|resolve|call|do|stop|get|reply|answer|look|check|send|explain|contact|tell|let|make|take|give|rectify|investigate|address|improve|return); sort (it|this|your|yourselves|out|that|things) *; (fix|resolve|solve|address|rectify|sort) (it|this|your|my|the|that|these|asap); (need|needs|require|want|some|any|little) (help|assistance|answers|support); help (me|us|please|pls|plz|with|needed|asap|fix|out|!); (can|could|will|would) (you|u|someone|anyone|somebody|anybody|i) (please|pls|help|fix|explain|get|sort|assist|look|check|tell|advise|call|contact|do|confirm|resolve|speak|talk); please !; asap; urgent~; immediately; any (help|suggestions|ideas|idea|advice|chance|solution|reason|fix|news|eta); what (can|should|do) i (do|need|get); explain; unresolved; get (it|this|your|my) (sorted|fixed|resolved|together|act); (need|want|demand|deserve|expect) (a|an|my|some|this|it|to) (refund|explanation|apology|answer|replacement|new|response|speak|talk|cancel|return|know|fixed); acknowledge; apologi~; escalate~; manager; supervisor; complaints (department|team|process|procedure)
        """,  # noqa: E501
    ),
    _group(
        "why",
        "asks why",
        """
        why (is|are|do|does|did|can't|cant|has|have|would|was|isn't|am|won't|wont|the|not|my|don't|doesn't|didn't|can|haven't|hasn't|must|should|i|you|u|it|this|your|when|we|bother|when|on|so|no|aren't|were); how (come|is|can|could|hard|do|does|dare|the|many|on) (you|this|it|that|hell|a|is|your|possible|times|earth|can); what (is|the|kind|sort|a|happened|happens|gives|on) (going|hell|happening|wrong|the|of|joke|waste|with|to|earth|up|terrible|shame|problem|issue|point|deal); what's (going|wrong|happening|up|the|with) (on|with|to|here|the|your|problem|deal|point|issue|hold); (when|how long) (will|are|is|am|until|does|do|can|should|before|must|would) (you|i|it|this|my|the|your|we|they|service|power|be|fixed|there); (is|are) (you|there|this|it|the|your|anyone) * (down|problem|problems|issue|issues|outage|joke|kidding|serious|joking|happening|broken|working|having); anyone else (having|getting|experiencing|unable|with|seeing|not|finding); having (trouble|issues|problems|difficulty|an|a|technical|major|any|real|the same) *; experiencing (issues|problems|difficulties|an|any|technical)
        """,  # noqa: E501
    ),
    _group(
        "expected",
        "was told or expected something else",
        """
        supposed to; should (have|be|not|at|never|really|get|work|know|do); should've; shouldn't (have|be|take|cost); was (told|promised|quoted|assured|supposed|meant|expecting|due|given|informed|scheduled); were (told|promised|quoted|assured|supposed|meant|due|informed); been (told|promised|charged|trying|on|without|down|a|sent|given|cancelled|delayed|happening|over|having); told (me|us|that|to|i|it|by|they|we|you|them) *; promised; promise; guaranteed; guarantee~; expected; expect; claimed; claims; (says|said|saying) (it|i|that|my|they|you|not|no|the|there|invalid|error|in|would|was); even (though|after|when|if|with|the|a|get); instead (of|i); despite; although; (supposedly|apparently|allegedly); (used|tried) (to|again|all|everything|that|it|multiple|several|twice|calling|resetting|restarting|reinstalling|contacting|calling|using|rebooting) *; anymore; any more; no longer; not even; at least (#|a|one|you|have|try); only to (be|find|get|have); then (won't|wont|don't|tells|told|they|says|said|it|you|cancelled|charged|nothing|refuse) *; but (no|not|it|its|it's|i|now|they|you|when|the|still|my|can't|cant|won't|nothing|then|this|your|yet|never|there|after|only) *
        """,  # noqa: E501
    ),
    _group(
        "again",
        "it is not the first time",
        """
        again (and|today|this|!|?|.|with|after|for|on); yet again; once again; again; (second|third|fourth|fifth|2nd|3rd|4th|5th|#th|umpteenth|another|other) (time|day|week|month|call|attempt|email|one|delay|issue|order|problem|outage|night|year); # times; (multiple|several|many|numerous|countless|few|couple|dozen) (times|emails|calls|attempts|of|tweets|occasions|requests|messages); every (time|day|single|few|other|night|month|year) *; (constantly|continually|repeatedly|always|consistently|continuous~|recurring|ongoing); keeps; keep (getting|having|receiving|being|saying|sending|asking|telling); twice; three times
        """,  # noqa: E501
    ),
    _group(
        "fact_negated",
        None,
        f"{_NOT}; without; none; nothing; nowhere; neither; nor; zero",
    ),
    _group(
        "your_service",
        None,
        """
        your (service|services|app|website|site|staff|store|stores|team|system|customer|company|drivers|driver|delivery|support|product|products|employees|phone|phones|network|people|online|web|server|servers|line|lines|agents|reps|rep|email|emails|call|policy|new|latest|update|products|couriers|branch|office|shop|helpline|software|machine|machines|ads|crew|agent|flights|internet|stuff|brand|management|chat|tech|technician|mobile); customer (service|services|care|support|experience|relations); (call|contact|service) (centre|center|centres|centers); customerservice; helpdesk; help desk; helpline; tech support; support (team|line|ticket|case|email|staff|number|person|is|was|has); ticket; case (number|no|#|id|ref); reference (number|no|#); order (number|no|#|id); serial; warranty; courier; technician; engineer
        """,  # noqa: E501
    ),
    _group(
        "my_thing",
        None,
        """
        my (order|orders|account|parcel|package|packages|bag|bags|luggage|baggage|flight|phone|card|delivery|bill|internet|broadband|laptop|computer|service|email|emails|password|refund|payment|shoes|car|device|money|subscription|booking|reservation|ticket|tickets|app|item|items|number|tv|iphone|ipad|mac|macbook|xbox|ps#|ps4|console|wifi|router|line|connection|screen|battery|charger|fitbit|watch|headphones|headset|controller|printer|contract|plan|data|credit|bank|statement|meal|food|pizza|case|claim|policy|paper|papers|subscription|room|local|last|old|new|first|game|games|purchase|purchases|return|address|name|gift|profile|page|listing|driver|wife|daughter|son|husband|mom|kids|mum|dad|boyfriend|girlfriend|question|query|complaint|problem|issue|tweet|tweets|dm|dms|message|messages|call|calls)
        (i|i've|ive|we|we've|just|only) (bought|ordered|purchased|paid|booked|received|got|have had|had|spent|called|emailed|tried|contacted|returned|reported|requested|sent|updated|upgraded|installed|downloaded|placed|submitted|lost|been|signed|switched|have been|have tried|have a)
        """,  # noqa: E501
    ),
    _group(
        "thanks",
        None,
        "thanks; thank you; thank u; thx; cheers; ty; thankyou; appreciate; appreciated; tysm; thnx; grateful; ta",
    ),
    _group(
        "praise",
        None,
        """
        love; loved; loving; loves; awesome; amazing; amazed; excellent; excited; perfect; perfectly; beautiful; congrats; congratulations; wow; well done; (good|great|nice|fantastic|amazing|awesome|brilliant) (job|work|service|experience|to|day|deal|customer|stuff|news|time|one|idea|product|staff|people); brilliant; fav; favorite; favourite; fantastic; best; wonderful; yay; woohoo; yum; delicious; impressed; kudos; shout out; shoutout; so (good|happy|excited|cool|cute|glad|proud|pretty|much fun); recommend; fun; funny; lol; haha; hahaha; lmao; cute; enjoy; enjoyed; enjoying; happy; glad; hope you; pleased; great; cool; nice; sweet; rock; rocks; rocking; win; winner; winning; gorgeous; obsessed; blessed; merry; birthday; good (morning|luck|night|evening); looking forward; can't wait; cant wait
        """,  # noqa: E501
    ),
    _group(
        "resolved",
        None,
        """
        solved; (got|been|all|finally|now|is|it's|was|were|has|have) (sorted|fixed|resolved|working|solved|received|done|back); (works|worked|working|fine|ok|okay|good|sorted|fixed|resolved) (now|again|fine|perfectly|great|well|for|today); never mind; nevermind; nvm; no (problem|problems|worries|prob|need|rush|complaints|issues|doubt|hurry|thanks); all good; figured it out; got it; it worked; will do; makes sense; good to know; done; sent; dm sent; i did; yes; yep; yeah; yup; sure; ok; okay; alright; received; will try; i'll try; ill try; (that|it) (helps|helped|works|worked)
        """,  # noqa: E501
    ),
    _group(
        "asks_plainly",
        None,
        """
        do you (have|sell|ship|know|offer|guys|still|do|accept|deliver|provide|need|carry|think|want|stock|happen|plan|support|take|allow); do (u|ya) *; (what|which) (is|are|time|size|colour|color|does|do|about|would|kind|store|stores|model|type|are) (the|your|a|this|these|it|you|do|that|for|i|there|of|best); can (i|we) *; could (i|we) *; may i; is there (a|any|an|anyway|somewhere|still|way); are there (any|plans|still); how (do|can|would|should|to) (i|we|you|u|go|get|make|change|use); how much (is|are|does|do|for|would); how (to|about|many|old|big|do) *; does (anyone|anybody|the|this|it|your|that) *; will (you|there|this|it|the|we|u) (be|have|ever|do|get|come|guys|make|also|work|still|the); where (can|do|could) (i|we|you) *; where (to|in|did|are) *; (looking|searching|hoping|trying|wanting) (for|to) (a|the|find|get|buy|know|see|my|some|info|contact); what's (the|your) (best|number|email|name|difference|address|phone|price|link|code|story); wondering (if|how|what|when|where|why); possible to; is it (possible|true|available|the|a|ok|safe|still|on|in|me|just); would (it|like|love) (be|to) *; like to (know|see|buy|get|order|have|use|find); interested in; when (is|are|does|do|will|can|did|does) (the|you|your|it|this|we|i|new|next) *; any (plans|chance|tips|recommendations|way|word|other|info|sales|deals|one); if (i|you|we) (buy|order|want|can|have|could|need); who (do|can|should|is|would) *; quick question; question (for|about); curious; please (dm|follow|send|let|share|tell); (email|phone|contact) (address|number)
        """,  # noqa: E501
    ),
    _group(
        "agent",
        None,
        """
        dm us; (we're|we are|we'll|we can|we have|we do|we will|we'd) *; our (team|website|store|site|customer|app|page|support|new|products|service|stores|customers|staff); let us (know|take|help|check); happy to help; glad to; (sorry|apologies) (to|for|about) (hear|the|any|that|your); feel free; reach out; for assistance; (check|visit|click) (out|our|the|here); give us; (contact|email|call|dm|message) us; please (dm|follow|email|call|contact|send) (us|me); you're welcome; youre welcome; welcome; hi there; (thanks|thank you) for (the|your|reaching|letting|contacting|sharing|following|getting); look into (this|that|it); join us; follow us; you can (find|also|use|get|check|reach|call|contact|try|do)
        """,  # noqa: E501
    ),
    _group(
        "promotion",
        None,
        """
        giveaway; (enter|entered|chance|want) to win; entering; sweepstakes; contest; free shipping; sale; discount; coupon; rt; retweet; via; check out; new (post|video|blog|photo|song|episode|single); for sale; listing; subscribe; download; available (now|at|on|in); now available; now on; follow; click; live (now|on|at); hiring; job; jobs; blog; podcast; stream; streaming; watch; watching; listen; listening; vote; news; photo; video; song; album; trump; president; game; games; team; movie; show; season; god; christmas; school; people; life; world; women; man; men; girl; girls; boy; baby; friends; fans; bro; bruh; dude; fuck off; lmfao; tbh; idk; hey (guys|girl|man|bro); happy (birthday|new|friday|monday|sunday|holidays|anniversary)
        """,  # noqa: E501
    ),
)
