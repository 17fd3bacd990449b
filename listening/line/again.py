"""Again: whether an answer that was agreed on may still go out, by what the line says now."""

from listening.line.decide import Decision


def still_holds(agreed: Decision, by_name: bool, now: Decision) -> bool:
    """`agreed` is the decision by which it was approved, `by_name` whether a person overrode or approved that.

    A person answers for the refusals that they saw, and a second person for every question; a new refusal stops it,
    and a limit always.
    """
    if now.limit:
        return False
    if now.verdict == "allowed":
        return True
    seen = {reason.short for reason in agreed.reasons if reason.verdict == "refused"}
    return by_name and all(reason.short in seen for reason in now.reasons if reason.verdict == "refused")
