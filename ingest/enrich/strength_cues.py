"""Cues of how hard a complaint is put, in English; written as in `ingest.enrich.cues`.

The steps follow Trosborg (1995) as in the training data: no explicit reproach, disapproval, accusation, blame.
"""

PATTERNS: dict[str, str] = {
    "polite": """
        please; thanks; thank you; thank u; thx; cheers; hi; hello; hey; could you; can you; would you; any chance; any idea; wondering; sorry; appreciate; kindly; grateful; is there; do you know; help; how (do|can|to) *
        """,  # noqa: E501
    "disapproves": """
        disappoint~; annoy~; frustrat~; not (happy|impressed|good|great|ideal|acceptable|ok|cool); unhappy; bad; poor; sad; shame; upset; hate; dislike; inconvenien~; unfortunately; wish; should be; not working; problem; issue; issues; problems; slow; sick of; tired of; fed up
        """,  # noqa: E501
    "harsh": """
        worst; terrible; horrible; awful; disgust~; disgrace~; pathetic; useless; ridiculous; unacceptable; appalling; shocking; rubbish; crap; shit; shitty; bullshit; sucks; suck; joke; nightmare; garbage; trash; wtf; ffs; fuck~; hell; damn; furious; livid; outrage~; atrocious; absurd; screw~; stupid; idiots; idiot; incompeten~; inept; clueless; fail; epic fail; hopeless; absolute~; utter~; zero
        """,  # noqa: E501
    "accuses": """
        you (are|guys are|have|haven't|never|don't|didn't|can't|lost|cancelled|canceled|broke|charged|sent|keep|still|just|said|told|promised|lied|stole|took|need|should|people|guys|won't|failed|ruined|refuse|refused|owe|sold|lie|suck); your (service|app|website|site|staff|company|customer|product|products|support|system|team|delivery|driver|drivers|phone|store|policy|update|new|online|email|people|agent|agents|reps|servers|network|company's)
        thanks for (not|nothing|the|losing|ruining|cancelling|making|wasting|lying); thank you for (not|nothing|losing|ruining|making|wasting); (don't|do not|doesn't) care; could care less; how (can|could|dare) you; why (do|are|can't|don't|did|didn't|have|haven't|won't) you; explain why; ignor~
        """,  # noqa: E501
    "blames": """
        scam~; fraud~; con; thieves; theft; steal~; stole; robbery; rip off; ripoff; ripped off; lie; lies; lied; lying; liar; liars; dishonest; mislead~; misled; false advertising; rude; arrogant; disrespect~; unprofessional; your (fault|mistake|error|incompetence|lies|greed); greedy; shame on; don't care about; (lost|lose|losing) (my|a|another|me) *; blame; responsible; guilty; ashamed; cheat~; treated
        """,  # noqa: E501
    "leaves": """
        never (again|buying|buy|shopping|shop|using|use|flying|fly|ordering|order|going|go|coming|recommend); (last|final) (time|straw|chance); lost (a|my|another|me) (customer|business); (switching|moving|leaving) (to|away|from|you); (my|our) (business|money|custom) (elsewhere|to); boycott~; (won't|wont|will not|not) be (back|using|buying|shopping|flying|ordering|returning|renewing); avoid; beware; (do not|don't|dont|never) (buy|use|trust|bother|fly|shop|recommend); cancel my; cancelling my; stay away; competitor~; done with (you|this|them); sue; lawyer; legal action; ombudsman; trading standards; small claims; report you; bbb
        """,  # noqa: E501
    "again": """
        again; still; # times; twice; every time; always; keeps; keep *; (second|third|fourth|2nd|3rd|4th|5th) time; multiple times; several times; constantly; over and over; yet again; once again; how many times
        """,  # noqa: E501
    "unanswered": """
        no (reply|response|answer|callback|help|one|update|updates); nobody; unanswered; hung up; on hold; (never|not|haven't|hasn't|didn't) (replied|respond|responded|reply|answered|called|heard|hear)
        """,  # noqa: E501
    "asks_why": "why *; how come; how is it; seriously; really ?; what the; wtf; is this a joke",
}
