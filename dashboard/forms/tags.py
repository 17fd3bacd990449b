"""Tags of cases, as people write them into a field: by commas, short, few, and none that sorts people."""

from django.forms import ValidationError

from listening.sensitive import sensitive

LONGEST = 40
MOST = 20


def read_tags(text: str) -> list[str]:
    """ "refund,  shop 12" -> ["refund", "shop 12"], each once. Raises ValidationError."""
    tags = list(dict.fromkeys(filter(None, (" ".join(one.split()) for one in text.split(",")))))
    if len(tags) > MOST:
        raise ValidationError(f"Write at most {MOST} tags. Take some away.")
    if any(len(tag) > LONGEST for tag in tags):
        raise ValidationError(f"A tag has at most {LONGEST} characters. Shorten it.")
    if refused := next(filter(None, map(sensitive, tags)), None):
        raise ValidationError(refused)
    return tags
