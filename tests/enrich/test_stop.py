"""Who asks to be left alone is heard in each language that Earshot reads, and nobody is taken for it who does not."""

import pytest

from ingest.enrich.stop import _PHRASES, says_stop
from listening.query import fold

SAYS = """
en|@acme stop contacting me
en|Please stop messaging me, I already said no. @acme
en|@acme quit DMing me
en|@acme don't contact me again.
en|@acme Do not message me any more
en|@acme leave me alone!
en|@acme just leave me the hell alone
en|@acme unsubscribe me, for the third time
en|@acme take me off your mailing list
en|@acme remove me from this list please
en|@acme I don’t want you to reply to me
en|I don't want to be contacted by a brand @acme
en|@acme STOP REPLYING TO ME
en|@acme never write to me again
en|@acme stop tagging me in this
de|@acme lass mich in Ruhe
de|@acme Lassen Sie mich bitte in Ruhe!
de|@acme lasst mich endlich in Frieden
de|@acme schreibt mir nicht mehr.
de|@acme kontaktieren Sie mich nicht mehr!
de|@acme hört auf, mir zu schreiben
de|@acme ich möchte nicht mehr kontaktiert werden
de|@acme ich will von euch nie wieder angeschrieben werden
fr|@acme laissez-moi tranquille
fr|@acme arrêtez de me contacter svp
fr|@acme ne me contactez plus
fr|@acme désabonnez-moi
fr|@acme je ne veux plus être contacté
fr|@acme cessez de m'écrire
es|@acme déjenme en paz
es|@acme no me contacten más
es|@acme dejen de escribirme por favor
es|@acme no quiero que me escriban
es|@acme no me escriban.
pt|@acme me deixem em paz
pt|@acme parem de me mandar mensagens
pt|@acme não me contatem mais
pt|@acme não entrem mais em contato comigo
pt|@acme não quero mais ser contatada
it|@acme lasciatemi in pace
it|@acme smettetela di contattarmi
it|@acme non scrivetemi più
it|@acme non voglio più essere contattato
ar|@acme اتركوني وشأني
ar|@acme توقفوا عن مراسلتي
ar|@acme لا تتواصلوا معي
ar|@acme لا أريد أن تتواصلوا معي
hi|@acme मुझे अकेला छोड़ दो
hi|@acme मुझे मैसेज मत करो
hi|@acme मुझसे संपर्क मत करो
hi|@acme mujhe message mat karo
ja|@acme もう連絡しないでください
ja|@acme DMを送らないでください
ja|@acme ほっといてください
ja|@acme 返信やめてください
""".strip().splitlines()

SAYS_NOT = """
en|@acme stop selling this
en|@acme stop charging me twice
en|@acme please stop changing the recipe
en|@acme you never contacted me back
en|@acme don't call me back, write to me instead
en|@acme why don't you contact me?
en|@acme stop ignoring me
en|@acme please contact me
en|@acme leave my money alone
en|@acme they leave me alone with this mess
en|@acme you leave me alone with the problem
en|@acme I don't want to leave, but you leave me no choice
en|@acme how do I unsubscribe from the newsletter?
en|@acme the unsubscribe button is broken
en|@acme your app does not let me message support
en|@acme my neighbour said "stop contacting me" and I laughed
en|@acme nobody wants to hear from me
en|@acme don't tell me to contact the shop
en|@acme remove the price from this list
en|@acme you promised to stop the ads
en|@acme he told the driver to stop calling the office
en|@acme don't message me the code by SMS, the app should show it
de|@acme lasst den alten Geschmack in Ruhe
de|@acme hört auf, die Preise zu erhöhen
de|@acme warum schreibt mir niemand zurück?
de|@acme ihr habt mir nicht geschrieben
de|@acme ich möchte kontaktiert werden
fr|@acme laissez le prix tranquille
fr|@acme arrêtez de changer le logo
fr|@acme contactez-moi s'il vous plaît
fr|@acme vous ne m'avez jamais contacté
es|@acme dejen de subir los precios
es|@acme no me han contactado todavía
es|@acme por favor contáctenme
es|@acme dejen en paz la receta
pt|@acme parem de aumentar o preço
pt|@acme ainda não me responderam
pt|@acme me respondam por favor
it|@acme smettetela di aumentare i prezzi
it|@acme non mi avete mai risposto
it|@acme contattatemi per favore
ar|@acme توقفوا عن رفع الأسعار
ar|@acme لماذا لم تتواصلوا معي
ar|@acme تواصلوا معي من فضلكم
hi|@acme मुझे मैसेज करो
hi|@acme दाम बढ़ाना बंद करो
ja|@acme 連絡ください
ja|@acme 値上げはやめてください
ja|@acme 返信がないです
""".strip().splitlines()


@pytest.mark.parametrize("line", SAYS)
def test_it_hears_who_wants_to_be_left_alone(line: str) -> None:
    assert says_stop(line.partition("|")[2])


@pytest.mark.parametrize("line", SAYS_NOT)
def test_it_takes_nobody_for_it_who_asks_something_else(line: str) -> None:
    assert not says_stop(line.partition("|")[2])


def test_the_quick_look_loses_nothing() -> None:
    for line in (*SAYS, *SAYS_NOT):
        said = " ".join(fold(line.partition("|")[2]).split())
        for hints, phrase in _PHRASES:
            assert not phrase.search(said) or any(hint in said for hint in hints), line
