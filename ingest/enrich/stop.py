"""Stop: does somebody ask to be left alone? Only asked of posts that turned to the brand; it proposes, and a person
decides.

Precision before recall: each phrase says that *the writer* is not to be written to, or to be taken off a list. "Stop
selling this", "leave my money alone" and "they never contacted me" must not fit. Texts are folded first (case and
accents are gone), so the phrases are written without them. The languages are those that Earshot reads.
"""

import re

from listening.query import fold

_EN = (
    r"(?:please |pls |just )?(?:stop|quit) (?:contacting|messaging|dm-?ing|texting|e-?mailing|calling|tagging|pinging|"
    r"spamming|bothering|harassing|writing(?: to)?|replying to|responding to|talking to|following) me\b(?! back)",
    r"(?:do not|don'?t|never) (?:ever )?(?:contact|message|dm|text|e-?mail|call|tag|ping|bother|write to|reply to|"
    r"respond to|answer|talk to) me(?: again| any ?more| ever)?(?=$|[.,;:!?)]| (?:again|any ?more|ever|please)\b)",
    r"(?<!to )(?<!they )(?<!you )\bleave me (?:the (?:hell|fuck|f\*+) )?alone\b(?! (?:with|in the|at the|for))",
    r"\bunsubscribe me\b",
    r"(?:take|remove) me (?:off|from) (?:your|this|the) (?:mailing |contact |call(?:ing)? |e-?mail )?lists?\b",
    r"i (?:do not|don'?t) want (?:you|your (?:bot|company|team|brand)) to "
    r"(?:contact|message|reply to|write to|answer) me",
    r"i (?:do not|don'?t) want to (?:be contacted|hear from you)\b",
    r"no (?:more )?(?:dms|messages|replies) from you\b",
)
_DE = (
    r"\b(?:lass|lasst|lassen sie) mich (?:bitte |doch |endlich |einfach )*in (?:ruhe|frieden)\b",
    r"\b(?:schreib|schreibt|schreiben sie|kontaktier|kontaktiere|kontaktiert|kontaktieren sie|ruf|ruft|rufen sie) "
    r"(?:mir|mich) (?:bitte |doch )*(?:nicht|nie)(?: mehr| wieder)?(?: an)?(?=$|[.,;:!?)])",
    r"\b(?:hor|hort|horen sie) auf,? (?:mir zu schreiben|mich zu (?:kontaktieren|belastigen|nerven|markieren))",
    r"\b(?:ich (?:mochte|will)) (?:von (?:euch|ihnen|dir) )?(?:nicht|nie)(?: mehr| wieder)? "
    r"(?:kontaktiert|angeschrieben|angesprochen) werden\b",
    r"\bmelde[tn]? (?:sie )?mich (?:bitte )?(?:vom|von eurem|von ihrem) newsletter ab\b",
)
_FR = (
    r"\b(?:laisse|laissez)[- ]moi (?:donc )?(?:tranquille|en paix)\b",
    r"\b(?:arrete|arretez|cesse|cessez) de (?:me (?:contacter|harceler|repondre|taguer|ecrire|mentionner)|m'ecrire|"
    r"m'appeler|m'embeter)",
    r"\bne m(?:e |')(?:contactez|contacte|ecrivez|ecris|repondez|reponds|appelez|appelle)(?: plus| pas| jamais)",
    r"\b(?:desabonnez|desinscrivez|desabonne|desinscris)[- ]moi\b",
    r"\bje ne (?:veux|souhaite) (?:plus|pas) (?:etre contacte|que vous me (?:contactiez|ecriviez|repondiez))",
)
_ES = (
    r"\b(?:dejame|dejadme|dejenme) en paz\b(?! con)",
    r"\bno me (?:contacten|contactes|contacteis|escriban|escribas|escribais|llamen|llames|llameis|respondan|respondas|"
    r"mencionen|molesten|molestes)(?: mas| nunca)?(?=$|[.,;:!?)]| (?:mas|nunca|por favor)\b)",
    r"\b(?:deja|dejad|dejen|paren) de (?:contactarme|escribirme|llamarme|responderme|etiquetarme|molestarme|acosarme)",
    r"\bno quiero que me (?:contacten|escriban|respondan|contacteis|escribais)\b",
    r"\b(?:quitenme|borrenme|eliminenme|dame de baja|denme de baja) (?:de )?(?:su|la|vuestra) lista\b",
)
_PT = (
    r"\b(?:me deixe|me deixem|deixe-me|deixem-me|deixa-me|me deixa) em paz\b",
    r"\b(?:pare|parem|para) de (?:me (?:contatar|contactar|mandar mensage(?:m|ns)|escrever|ligar|marcar|responder|"
    r"perturbar|incomodar)|mandar mensage(?:m|ns) (?:para|pra) mim)",
    r"\bnao (?:me (?:contatem?|contactem?|escrevam?|respondam?|liguem?|mandem mensage(?:m|ns)|incomodem?)|"
    r"entrem? (?:mais )?em contato comigo)(?: mais| nunca mais)?(?=$|[.,;:!?)]| (?:mais|nunca|por favor)\b)",
    r"\bnao quero (?:mais )?(?:ser contatad[oa]|ser contactad[oa]|receber (?:suas )?mensagens)\b",
    r"\b(?:me tirem?|tirem?-me|me removam) da (?:sua|vossa) lista\b",
)
_IT = (
    r"\b(?:lasciatemi|lasciami|mi lasci(?:ate|no)?) (?:in pace|stare)\b",
    r"\b(?:smettete|smettetela|smettila|smetti|basta) (?:di |con )?(?:contattarmi|scrivermi|chiamarmi|rispondermi|"
    r"taggarmi|disturbarmi)",
    r"\bnon (?:contattatemi|contattarmi|scrivetemi|scrivermi|chiamatemi|rispondetemi|mi contattate|mi scrivete)"
    r"(?: piu| mai)?(?=$|[.,;:!?)]| (?:piu|mai)\b)",
    r"\bnon voglio (?:piu )?(?:essere contattat[oa]|che mi (?:contattiate|scriviate|rispondiate))\b",
    r"\b(?:cancellatemi|toglietemi) dalla (?:vostra )?lista\b",
)
_AR = (
    r"(?:اتركوني|اتركني|دعوني|دعني|سيبوني|سيبني) (?:و ?شاني|و ?شأني|لوحدي|في حالي|ف حالي)",
    r"(?:توقفوا|توقف|كفوا|كف|بطلوا) (?:عن )?(?:مراسلتي|التواصل معي|الاتصال بي|ازعاجي|إزعاجي|الرد علي)",
    r"لا (?:تراسلوني|تراسلني|تتواصلوا معي|تتواصل معي|تتصلوا بي|تتصل بي|تردوا علي|ترد علي)(?: مره اخرى| بعد الان| ابدا)?"
    r"(?=$|[\s.,;:!?،؛؟])",
    r"لا (?:اريد|أريد) (?:ان|أن) (?:تتواصلوا معي|تراسلوني|تتصلوا بي)",
)
_HI = (
    r"मुझे (?:अकेला|अकेले) (?:छोड़|छोड़) (?:दो|दीजिए|दें|दे)",
    r"मुझे (?:मैसेज|संदेश|मेसेज|कॉल|ईमेल|फोन|फ़ोन|फ़ोन) (?:मत|ना|न) (?:करो|करें|कीजिए|भेजो|भेजें)",
    r"मुझसे (?:संपर्क|सम्पर्क) (?:मत|ना|न) (?:करो|करें|कीजिए)",
    r"मुझे (?:मैसेज|संदेश|मेसेज|कॉल) (?:करना|भेजना) (?:बंद|बन्द) (?:करो|करें|कीजिए)",
    r"\bmujhe (?:akela|akele) (?:chhod|chod|chor) (?:do|dijiye)\b",
    r"\bmujhe (?:message|msg|call|dm) (?:mat|na) (?:karo|kariye|karein)\b",
)
_JA = (
    r"(?:もう|二度と)?(?:私に)?(?:連絡|メッセージ|DM|dm|返信|リプライ|リプ|電話|メール)(?:を|は)?(?:送ら|し)?(?:て)?こ?ないで"
    r"(?:ください|下さい|くれ|ほしい|欲しい)",
    r"(?:連絡|返信|リプライ|リプ|メッセージ|DM|dm|電話|メール)(?:する|送る|してくる|を送ってくる)?(?:の|を|は)?(?:もう)?やめて"
    r"(?:ください|下さい|くれ|ほしい|欲しい)",
    r"(?:ほっといて|放っておいて|ほうっておいて)(?:ください|下さい|くれ|ほしい)?",
    r"(?:構わ|かまわ|関わら)ないで(?:ください|下さい|くれ|ほしい|欲しい)",
)
_PHRASES = re.compile("|".join((*_EN, *_DE, *_FR, *_ES, *_PT, *_IT, *map(fold, (*_AR, *_HI, *_JA)))))
_HINTS = (
    *(" me", "unsubscribe", "be contacted", "hear from you", " from you", "mich", "mir ", "kontaktiert", "angeschr"),
    *("moi", "m'", " m e", "ne m", "contacte", "me en paz", "dejad", "dejen", "paren", "contactar", "me ", "lista"),
    *("em paz", "mim", "comigo", "contatad", "mensage", "-me", "mi ", "temi", "rmi", "contattat", "mujhe", "ni "),
    *map(fold, ("ني", "لي", "عي", "بي", "मुझ", "ないで", "やめて", "ほっとい", "おいて")),
)
"""Each phrase holds one of these: most posts hold none, and cost one quick look."""
_QUOTED = re.compile(r"[“\"«„][^”\"»“\n]{0,300}[”\"»“]")


def says_stop(text: str) -> bool:
    """Whether the writer asks, in their own words, not to be contacted."""
    said = " ".join(fold(_QUOTED.sub(" ", text)).split())
    return any(hint in f"{said} " for hint in _HINTS) and bool(_PHRASES.search(said))
