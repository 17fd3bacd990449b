"""Presets: three places to draw the line, each with what people said when they were asked."""

from dataclasses import dataclass

from listening.line.policy import Who

SURVEY = "J.D. Power for NetBase, December 2012, 1,062 US adults"


@dataclass(frozen=True, slots=True)
class Preset:
    """A name, the choice that it stands for, what it does, and what the survey says to it."""

    who: Who
    name: str
    does: str
    survey: str


PRESETS = (
    Preset(
        "nobody",
        "Listen only",
        "Nobody is answered. What people say makes the product better.",
        "48 % want companies to listen only to improve products; 51 % want to talk without companies listening.",
    ),
    Preset(
        "spoken_to",
        "Only when spoken to",
        "Who mentions, answers or quotes you may be answered. Everybody else is heard and left alone.",
        "64 % want a company to speak to them only when they spoke to it; 43 % find listening intrusive.",
    ),
    Preset(
        "complaints",
        "Answer complaints",
        "Also people who complain of you in public without speaking to you, where the network allows it.",
        "58 % want complaints answered. But 64 % want to be spoken to only after they spoke to the company, "
        "so a second person looks first.",
    ),
)
