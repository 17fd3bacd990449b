"""One row of a table, or one flat object, becomes a Record by the plan."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ingest.importing.cells import BadCell, as_count, as_id, as_language, as_rating, as_reference, as_text, as_time
from ingest.importing.networks import network_name
from ingest.importing.plan import Plan
from ingest.record import Author, PostRef, Record
from ingest.xapi.posts import is_id, snowflake_time

Row = Mapping[str, Any]


def record_of(row: Row, plan: Plan) -> Record:
    """The Record of a row. Raises BadCell with the column and the reason."""

    def cell(field: str) -> Any:
        column = plan.columns.get(field)
        return None if column is None else row.get(column)

    text = as_text(cell("text"))
    title = as_text(cell("title")).strip() or None
    if not text.strip() and title is None:
        raise BadCell(plan.columns["text"], "There is no text.")
    network = network_name(as_text(cell("network"))) if as_text(cell("network")).strip() else plan.network
    post_id = as_id(cell("id"), plan.columns.get("id", ""))
    published = as_time(cell("created_at"), plan.columns.get("created_at", ""), plan) or _assumed(
        network, post_id, plan
    )
    author = _author(cell, network)
    reply_to = as_reference(cell("reply_to"))
    return Record(
        network=network,
        external_id=post_id or _made_id(network, author, text or title or "", published),
        text=text,
        html=plan.html,
        title=title,
        url=as_text(cell("url")).strip() or _address(network, post_id),
        published_at=published,
        author=author,
        language=as_language(cell("language")),
        in_reply_to=PostRef(reply_to) if reply_to else None,
        community=as_text(cell("community")).strip() or None,
        likes=as_count(cell("likes")),
        shares=as_count(cell("shares")),
        replies=as_count(cell("replies")),
        views=as_count(cell("views")),
        rating=as_rating(cell("rating")),
        raw=dict(row),
    )


def _assumed(network: str, post_id: str, plan: Plan) -> datetime:
    """The time of a row that names none: X's ids hold one, else the plan's default."""
    if network == "x" and (told := snowflake_time(post_id)):
        return told
    if plan.default_time:
        return datetime.fromisoformat(plan.default_time)
    column = plan.columns.get("created_at", "")
    raise BadCell(column, "There is no date. Choose the column that holds it, or give a date for rows without one.")


def _author(cell: Any, network: str) -> Author | None:
    """Whoever wrote it. Where only a handle is told, the handle in lower case stands for the id."""
    handle = as_text(cell("author")).strip().lstrip("@")
    name = as_text(cell("author_name")).strip()
    author_id = as_reference(cell("author_id")) or handle.casefold() or name.casefold()
    if not author_id:
        return None
    url = f"https://x.com/{handle}" if network == "x" and handle else None
    return Author(author_id, handle or None, name or None, url, as_count(cell("followers")))


def _address(network: str, post_id: str) -> str | None:
    return f"https://x.com/i/web/status/{post_id}" if network == "x" and is_id(post_id) else None


def _made_id(network: str, author: Author | None, text: str, published: datetime) -> str:
    """A stable id for a row without one: the same row gets the same id in every import."""
    parts = (network, author.id if author else "", text.strip(), published.isoformat())
    return "row-" + hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
