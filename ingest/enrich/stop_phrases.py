"""Stop phrases: how people ask to be left alone, in the languages that Earshot reads.

Each is a pair: words of which a text must hold one ("|" between them), so that most texts cost one quick look, and the
phrase as a regular expression. They are written as folded text is: without case and accents. Precision before recall:
each phrase says that *the writer* is not to be written to, or to be taken off a list.
"""

EN = (
    (
        "stop |quit ",
        r"(?:please |pls |just )?(?:stop|quit) (?:contacting|messaging|dm-?ing|texting|e-?mailing|calling|tagging|"
        r"pinging|spamming|bothering|harassing|writing(?: to)?|replying to|responding to|"
        r"talking to|following) me\b(?! back)",
    ),
    (
        "contact me|message me|dm me|text me|mail me|call me|tag me|"
        "ping me|bother me|write to me|reply to me|respond to me|answer me|talk to me",
        r"(?:do not|don'?t|never) (?:ever )?(?:contact|message|dm|text|e-?mail|call|tag|ping|bother|write to|reply to|"
        r"respond to|answer|talk to) me(?: again| any ?more| ever)?(?=$|[.,;:!?)]| (?:again|any ?more|ever|please)\b)",
    ),
    (
        " alone",
        r"(?<!to )(?<!they )(?<!you )\bleave me (?:the (?:hell|fuck|f\*+) )?alone\b(?! (?:with|in the|at the|for))",
    ),
    (
        "unsubscribe me",
        r"\bunsubscribe me\b",
    ),
    (
        "me off |me from ",
        r"(?:take|remove) me (?:off|from) (?:your|this|the) (?:mailing |contact |call(?:ing)? |e-?mail )?lists?\b",
    ),
    (
        "want you",
        r"i (?:do not|don'?t) want (?:you|your (?:bot|company|team|brand)) to "
        r"(?:contact|message|reply to|write to|answer) me",
    ),
    (
        "be contacted|hear from you",
        r"i (?:do not|don'?t) want to (?:be contacted|hear from you)\b",
    ),
    (
        " from you",
        r"no (?:more )?(?:dms|messages|replies) from you\b",
    ),
)
DE = (
    (
        "in ruhe|in frieden",
        r"\b(?:lass|lasst|lassen sie) mich (?:bitte |doch |endlich |einfach )*in (?:ruhe|frieden)\b",
    ),
    (
        "mir nicht|mich nicht|mir nie|mich nie|mir bitte|mich bitte|mir doch|mich doch",
        r"\b(?:schreib|schreibt|schreiben sie|kontaktier|kontaktiere|kontaktiert|kontaktieren sie|ruf|ruft|rufen sie) "
        r"(?:mir|mich) (?:bitte |doch )*(?:nicht|nie)(?: mehr| wieder)?(?: an)?(?=$|[.,;:!?)])",
    ),
    (
        "hor auf|hort auf|horen sie auf",
        r"\b(?:hor|hort|horen sie) auf,? (?:mir zu schreiben|mich zu (?:kontaktieren|belastigen|nerven|markieren))",
    ),
    (
        "t werden|n werden",
        r"\b(?:ich (?:mochte|will)) (?:von (?:euch|ihnen|dir) )?(?:nicht|nie)(?: mehr| wieder)? "
        r"(?:kontaktiert|angeschrieben|angesprochen) werden\b",
    ),
    (
        "newsletter ab",
        r"\bmelde[tn]? (?:sie )?mich (?:bitte )?(?:vom|von eurem|von ihrem) newsletter ab\b",
    ),
)
FR = (
    (
        "moi tranquille|moi en paix|moi donc",
        r"\b(?:laisse|laissez)[- ]moi (?:donc )?(?:tranquille|en paix)\b",
    ),
    (
        "arrete|cesse",
        r"\b(?:arrete|arretez|cesse|cessez) de (?:me (?:contacter|harceler|repondre|taguer|ecrire|mentionner)|m'ecrire|"
        r"m'appeler|m'embeter)",
    ),
    (
        "ne me |ne m'",
        r"\bne m(?:e |')(?:contactez|contacte|ecrivez|ecris|repondez|reponds|appelez|appelle)(?: plus| pas| jamais)",
    ),
    (
        "desabonne|desinscri",
        r"\b(?:desabonnez|desinscrivez|desabonne|desinscris)[- ]moi\b",
    ),
    (
        "je ne veux|je ne souhaite",
        r"\bje ne (?:veux|souhaite) (?:plus|pas) (?:etre contacte|que vous me (?:contactiez|ecriviez|repondiez))",
    ),
)
ES = (
    (
        "en paz",
        r"\b(?:dejame|dejadme|dejenme) en paz\b(?! con)",
    ),
    (
        "no me ",
        r"\bno me (?:contacten|contactes|contacteis|escriban|escribas|escribais|llamen|llames|llameis|respondan|"
        r"respondas|mencionen|molesten|molestes)(?: mas| nunca)?(?=$|[.,;:!?)]| (?:mas|nunca|por favor)\b)",
    ),
    (
        "deja |dejad |dejen |paren ",
        r"\b(?:deja|dejad|dejen|paren) de (?:contactarme|escribirme|llamarme|responderme|etiquetarme|molestarme|"
        r"acosarme)",
    ),
    (
        "no quiero que me",
        r"\bno quiero que me (?:contacten|escriban|respondan|contacteis|escribais)\b",
    ),
    (
        " lista",
        r"\b(?:quitenme|borrenme|eliminenme|dame de baja|denme de baja) (?:de )?(?:su|la|vuestra) lista\b",
    ),
)
PT = (
    (
        "em paz",
        r"\b(?:me deixe|me deixem|deixe-me|deixem-me|deixa-me|me deixa) em paz\b",
    ),
    (
        "pare |parem |para de",
        r"\b(?:pare|parem|para) de (?:me (?:contatar|contactar|mandar mensage(?:m|ns)|escrever|ligar|marcar|responder|"
        r"perturbar|incomodar)|mandar mensage(?:m|ns) (?:para|pra) mim)",
    ),
    (
        "nao me |nao entre",
        r"\bnao (?:me (?:contatem?|contactem?|escrevam?|respondam?|liguem?|mandem mensage(?:m|ns)|incomodem?)|"
        r"entrem? (?:mais )?em contato comigo)(?: mais| nunca mais)?(?=$|[.,;:!?)]| (?:mais|nunca|por favor)\b)",
    ),
    (
        "nao quero",
        r"\bnao quero (?:mais )?(?:ser contatad[oa]|ser contactad[oa]|receber (?:suas )?mensagens)\b",
    ),
    (
        "me tire|me tirem|tirem-me|tire-me|me remov",
        r"\b(?:me tirem?|tirem?-me|me removam) da (?:sua|vossa) lista\b",
    ),
)
IT = (
    (
        "in pace|stare",
        r"\b(?:lasciatemi|lasciami|mi lasci(?:ate|no)?) (?:in pace|stare)\b",
    ),
    (
        "smett|basta ",
        r"\b(?:smettete|smettetela|smettila|smetti|basta) (?:di |con )?(?:contattarmi|scrivermi|chiamarmi|rispondermi|"
        r"taggarmi|disturbarmi)",
    ),
    (
        "non contatta|non scriv|non chiama|non rispond|non mi contatt|non mi scriv",
        r"\bnon (?:contattatemi|contattarmi|scrivetemi|scrivermi|chiamatemi|rispondetemi|mi contattate|mi scrivete)"
        r"(?: piu| mai)?(?=$|[.,;:!?)]| (?:piu|mai)\b)",
    ),
    (
        "non voglio",
        r"\bnon voglio (?:piu )?(?:essere contattat[oa]|che mi (?:contattiate|scriviate|rispondiate))\b",
    ),
    (
        "atemi dalla",
        r"\b(?:cancellatemi|toglietemi) dalla (?:vostra )?lista\b",
    ),
)
AR = (
    (
        "تركون|تركني|دعون|دعني|سيبون|سيبني",
        r"(?:اتركوني|اتركني|دعوني|دعني|سيبوني|سيبني) (?:و ?شاني|و ?شأني|لوحدي|في حالي|ف حالي)",
    ),
    (
        "مراسلتي|التواصل معي|الاتصال بي|زعاجي|الرد علي",
        r"(?:توقفوا|توقف|كفوا|كف|بطلوا) (?:عن )?(?:مراسلتي|التواصل معي|الاتصال بي|ازعاجي|إزعاجي|الرد علي)",
    ),
    (
        "لا ترا|لا تتو|لا تتص|لا ترد",
        r"لا (?:تراسلوني|تراسلني|تتواصلوا معي|تتواصل معي|تتصلوا بي|تتصل بي|تردوا علي|ترد علي)"
        r"(?: مره اخرى| بعد الان| ابدا)?(?=$|[\s.,;:!?،؛؟])",
    ),
    (
        "لا اريد|لا أريد",
        r"لا (?:اريد|أريد) (?:ان|أن) (?:تتواصلوا معي|تراسلوني|تتصلوا بي)",
    ),
)
HI = (
    (
        "मुझे अकेल",
        r"मुझे (?:अकेला|अकेले) (?:छोड़|छोड़) (?:दो|दीजिए|दें|दे)",
    ),
    (
        "मुझे",
        r"मुझे (?:मैसेज|संदेश|मेसेज|कॉल|ईमेल|फोन|फ़ोन|फ़ोन) (?:मत|ना|न) (?:करो|करें|कीजिए|भेजो|भेजें)",
    ),
    (
        "मुझसे",
        r"मुझसे (?:संपर्क|सम्पर्क) (?:मत|ना|न) (?:करो|करें|कीजिए)",
    ),
    (
        "मुझे",
        r"मुझे (?:मैसेज|संदेश|मेसेज|कॉल) (?:करना|भेजना) (?:बंद|बन्द) (?:करो|करें|कीजिए)",
    ),
    (
        "mujhe",
        r"\bmujhe (?:akela|akele) (?:chhod|chod|chor) (?:do|dijiye)\b",
    ),
    (
        "mujhe",
        r"\bmujhe (?:message|msg|call|dm) (?:mat|na) (?:karo|kariye|karein)\b",
    ),
)
JA = (
    (
        "ないで",
        r"(?:もう|二度と)?(?:私に)?(?:連絡|メッセージ|DM|dm|返信|リプライ|リプ|電話|メール)(?:を|は)?(?:送ら|し)?(?:て)?こ?ないで"
        r"(?:ください|下さい|くれ|ほしい|欲しい)",
    ),
    (
        "やめて",
        r"(?:連絡|返信|リプライ|リプ|メッセージ|DM|dm|電話|メール)(?:する|送る|してくる|を送ってくる)?(?:の|を|は)?(?:もう)?やめて"
        r"(?:ください|下さい|くれ|ほしい|欲しい)",
    ),
    (
        "ほっといて|放っておいて|ほうっておいて",
        r"(?:ほっといて|放っておいて|ほうっておいて)(?:ください|下さい|くれ|ほしい)?",
    ),
    (
        "ないで",
        r"(?:構わ|かまわ|関わら)ないで(?:ください|下さい|くれ|ほしい|欲しい)",
    ),
)

LATIN = (*EN, *DE, *FR, *ES, *PT, *IT)
OTHER_SCRIPTS = (*AR, *HI, *JA)
"""Written as people write them: folding changes more than case and accents there, so these are folded, too."""
