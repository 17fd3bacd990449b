"""Which mentions an archived letter quotes, found by an index: each quote carries the mention's address.

The index follows the text by itself, whoever writes a letter. An emptied letter quotes nothing.
"""

from collections.abc import Sequence

from listening.models.digest import Issue

AT_ONCE = 200

INDEX = r"""
CREATE FUNCTION listening_quoted(letter text) RETURNS bigint[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(array_agg(DISTINCT found[1]::bigint), '{}')
  FROM regexp_matches(letter, '/mentions/([0-9]{1,18})/', 'g') AS found
$$;
CREATE INDEX issue_quotes ON listening_issue USING gin (listening_quoted(text));
"""
NO_INDEX = """
DROP INDEX issue_quotes;
DROP FUNCTION listening_quoted;
"""


def letters_quoting(mentions: Sequence[int]) -> list[int]:
    """Ids of the letters in the archive that quote one of these mentions.

    Asked for a few hundred at a time: for thousands Postgres would rather read every letter than its index.
    """
    found: set[int] = set()
    for start in range(0, len(mentions), AT_ONCE):
        part = list(mentions[start : start + AT_ONCE])
        rows = Issue.objects.extra(where=["listening_quoted(text) && %s::bigint[]"], params=[part])  # noqa: S610
        found |= set(rows.order_by().values_list("pk", flat=True))
    return sorted(found)
