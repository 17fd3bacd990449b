"""Measure the kinds of complaints: `EARSHOT_LABELLED=folder python -m training.kind`.

Nothing is fitted. The airline tweets' reasons (CC BY-NC-SA: measured only) are read as kinds; "Can't Tell" is left out.
"""

from collections import Counter

from ingest.enrich.kind import kind
from ingest.enrich.phrases import words
from training.labelled import rows

SET = "airline/american_usairways_southwest_virgin.tsv"
KINDS_OF: dict[str, tuple[str, ...]] = {
    "Customer Service Issue": ("support", "staff"),
    "Late Flight": ("delivery",),
    "Cancelled Flight": ("availability",),
    "Lost Luggage": ("delivery",),
    "Flight Booking Problems": ("account",),
    "Bad Flight": ("quality",),
    "Flight Attendant Complaints": ("staff",),
    "longlines": ("delivery",),
    "Damaged Luggage": ("quality",),
}
"""Which kinds are right for a reason; the crowd calls both unanswered calls and rude agents customer service."""


def main() -> None:
    """Print, per reason, how often the kind is right and what is found instead."""
    found: dict[str, Counter[str]] = {reason: Counter() for reason in KINDS_OF}
    for row in rows(SET):
        if row["negativereason"] in KINDS_OF:
            found[row["negativereason"]][kind(words(row["text"])).name] += 1
    right = sum(found[reason][one] for reason, kinds in KINDS_OF.items() for one in kinds)
    total = sum(sum(counts.values()) for counts in found.values())
    other = sum(counts["other"] for counts in found.values())
    print(f"n {total}  right {right / total:.3f}  other {other / total:.3f}")
    print(f"of those with a kind: right {right / (total - other):.3f}")
    for reason, counts in found.items():
        n = sum(counts.values())
        share = sum(counts[one] for one in KINDS_OF[reason]) / n
        print(f"| {reason} | {n:,} | {share:.0%} | {', '.join(f'{k} {c / n:.0%}' for k, c in counts.most_common(4))} |")


if __name__ == "__main__":
    main()
