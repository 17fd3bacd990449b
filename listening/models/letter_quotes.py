"""Which mentions an archived letter quotes, found by an index: each quote carries the mention's address.

The index follows the text by itself, whoever writes a letter. An emptied letter quotes nothing.
"""

from collections.abc import Sequence

from listening.models.digest import Issue

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
    """Ids of the letters in the archive that quote one of these mentions."""
    found = Issue.objects.extra(where=["listening_quoted(text) && %s::bigint[]"], params=[list(mentions)])  # noqa: S610
    return list(found.values_list("pk", flat=True))
