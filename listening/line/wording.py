"""Wording: what a draft must say and must not ask. Codes come out, never the text."""

import re
from dataclasses import dataclass

from listening.line.policy import Policy
from listening.query import fold


@dataclass(frozen=True, slots=True)
class Fault:
    short: str
    sentence: str


WHY = {
    "no_disclosure": Fault("the draft hides who you are", "The draft does not say for whom it speaks. Name the brand."),
    "private_data": Fault(
        "the draft asks for private data",
        "The draft asks for private data in public. Ask them to write to you privately instead.",
    ),
}

_DATA = (
    r"e-?mail( address| adresse)?s?|(phone|mobile|telephone|card|account|order|customer|booking|policy|passport) ?"
    r"(number|no\b|nr\b)|password|passcode|pin\b|iban|date of birth|birthday|(home|postal|street|delivery) address|"
    r"social security|(telefon|handy|konto|kunden|bestell|karten)-?nummer|geburtsdatum|passwort|anschrift|adresse|"
    r"kennwort|mot de passe|numero de (telephone|commande|client)|date de naissance|contrasena|"
    r"numero de (telefono|pedido|cliente)|fecha de nacimiento|correo|senha|telefone|numero do pedido"
)
_ASKS = (
    r"(send|tell|give|share|post|reply with|let us have|provide|confirm|what('?s| is)|could we have|can we have|"
    r"please (dm|pm)? ?us|need (your|the|an?)|"
    r"schick\w*|send(e|en)|nenn\w*|teil\w*|gib|geben|wie (lautet|ist)|brauch\w*|"
    r"envoye\w*|donne\w*|indique\w*|envi\w*|diga|dinos|mand\w*|inform\w*)"
)
_ASKS_FOR_DATA = re.compile(rf"\b{_ASKS}\b[^.!?\n]{{0,60}}?\b({_DATA})")
_PRIVATELY = re.compile(
    r"\b(privately|in private|private message|direct message|by dm|via dm|in a dm|per dm|a dm|in dms?|privat|"
    r"direktnachricht|message prive|mensaje (privado|directo)|mensagem (privada|direta))\b"
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")


def check_draft(policy: Policy, text: str, brand: str) -> tuple[str, ...]:
    """What is wrong with a draft, as codes of `WHY`, whatever the policy asks; `decide` keeps those that it asks for.

    A draft says who speaks when it holds `policy.disclosure`, or, where that is empty, the brand's name.
    """
    said = fold(text)
    faults = []
    if fold(policy.disclosure or brand) not in said:
        faults.append("no_disclosure")
    if any(_ASKS_FOR_DATA.search(part) and not _PRIVATELY.search(part) for part in _SENTENCE.split(said)):
        faults.append("private_data")
    return tuple(faults)
