"""Changes: what one version of the line does differently from the one before, in sentences."""

from collections.abc import Iterable, Iterator

from listening.line.decide import KIND_NAMES, hours_in_words
from listening.line.policy import Policy
from listening.line.presets import PRESETS

WHO_NAMES = {preset.who: preset.name for preset in PRESETS}
WHO_IN_WORDS = {
    "nobody": "Nobody is answered. What people say makes the product better.",
    "spoken_to": "Who mentions, answers or quotes us may be answered. Everybody else is heard and left alone.",
    "complaints": "Who mentions, answers or quotes us may be answered, and where the network allows it also who "
    "complains of us in public.",
}
SECOND = {
    "never": "No answer needs a second person.",
    "overheard": "Answers to people who did not speak to us need a second person.",
    "always": "Every answer needs a second person.",
}


def in_words(policy: Policy) -> list[str]:
    """The whole policy as sentences, for people who read it and for the public page."""
    lists = (("networks", policy.networks), ("kinds", tuple(KIND_NAMES[kind] for kind in policy.kinds)))
    told = [WHO_IN_WORDS[policy.who]]
    if policy.who == "nobody":
        return told
    told += [f"Only these {name}: {', '.join(values)}." for name, values in lists if values]
    if policy.languages:
        told.append(f"Only posts in: {', '.join(policy.languages)}.")
    if policy.who == "complaints" or policy.second_person == "always":
        told.append(SECOND[policy.second_person])
    if policy.topics:
        names = ", ".join(topic.name.lower() for topic in policy.topics)
        told.append(f"Quiet topics ({names}): only who spoke to us is answered, and a second person looks first.")
    return [*told, *_numbers(policy)]


def _numbers(policy: Policy) -> Iterator[str]:
    if policy.hours:
        yield f"Answers are written {hours_in_words(policy.hours)}; at other times a second person must agree."
    if policy.repeat_days:
        days = "day" if policy.repeat_days == 1 else f"{policy.repeat_days} days"
        yield f"The same person is answered once in {days}, unless they write again."
    if policy.account_days:
        yield f"Accounts younger than {policy.account_days} days are left alone."
    if policy.disclose:
        yield "Each answer says for whom it speaks."
    if policy.no_private_data:
        yield "Nobody is asked for private data in public."


def differences(before: Policy, after: Policy) -> list[str]:
    """What changed from `before` to `after`; empty when nothing did."""
    return list(_differences(before, after))


def _differences(before: Policy, after: Policy) -> Iterator[str]:
    if before.who != after.who:
        yield f"Who may be answered: “{WHO_NAMES[before.who]}” became “{WHO_NAMES[after.who]}”."
    for name in ("networks", "kinds", "languages"):
        yield from _sets(name.capitalize(), _named(getattr(before, name)), _named(getattr(after, name)))
    if before.second_person != after.second_person:
        yield SECOND[after.second_person]
    yield from _topics(before, after)
    if before.hours != after.hours:
        yield f"Hours: {hours_in_words(after.hours) if after.hours else 'at any time'}."
    if before.repeat_days != after.repeat_days:
        yield f"The same person: once in {before.repeat_days} days became once in {after.repeat_days} (0: no limit)."
    if before.account_days != after.account_days:
        yield f"Age of accounts: at least {before.account_days} days became {after.account_days}."
    if (before.disclose, before.disclosure) != (after.disclose, after.disclosure):
        words = f"with the words “{after.disclosure}”" if after.disclosure else "with the brand's name"
        yield f"Answers say who speaks, {words}." if after.disclose else "Answers need not say who speaks."
    if before.no_private_data != after.no_private_data:
        yield f"Private data {'must not' if after.no_private_data else 'may'} be asked for in public."


def _named(values: Iterable[str]) -> list[str]:
    return [KIND_NAMES.get(value, value) for value in values]


def _sets(name: str, before: Iterable[str], after: Iterable[str]) -> Iterator[str]:
    if set(before) != set(after):
        yield f"{name}: {', '.join(before) or 'all'} became {', '.join(after) or 'all'}."


def _topics(before: Policy, after: Policy) -> Iterator[str]:
    old, new = ({topic.name: topic.query for topic in policy.topics} for policy in (before, after))
    for name in {**old, **new}:
        if name not in new:
            yield f"Quiet topic “{name}” was taken away."
        elif name not in old:
            yield f"Quiet topic “{name}” was added."
        elif old[name] != new[name]:
            yield f"Quiet topic “{name}” looks for other words."
