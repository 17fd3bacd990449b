"""Plan: how a file is to be read, guessed from its start and confirmed by a person."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal

Format = Literal["csv", "tsv", "jsonl", "json"]
Quoting = Literal["quotes", "quotes+backslash", "backslash", "none"]

FIELDS: Mapping[str, str] = {
    "text": "Text",
    "id": "Id of the post",
    "created_at": "Date",
    "author": "Author's handle",
    "author_id": "Author's id",
    "author_name": "Author's name",
    "followers": "Author's followers",
    "language": "Language",
    "url": "Address",
    "title": "Title",
    "network": "Network",
    "community": "Community",
    "reply_to": "Id of the post it answers",
    "likes": "Likes",
    "shares": "Shares",
    "replies": "Replies",
    "views": "Views",
    "rating": "Rating",
}
"""What a column can hold, with its label for forms. Only the text must be there."""

NO_TEXT = "No column holds the text. Choose one, then import again."


class Unusable(ValueError):
    """A file that cannot be imported as it is; `sentence` says why and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class RowError:
    """One row that was left out. `row` counts as a spreadsheet does (1 is the first line), `raw` is shortened."""

    row: int
    column: str | None
    reason: str
    raw: str


@dataclass(frozen=True, slots=True)
class Question:
    """Something that only a person knows: which plan attribute or field it is about, and what can be answered."""

    field: str
    sentence: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How to read a file.

    `shape`    "columns": one row, one post; "x": pages, posts or stream lines of X's API v2
    `skip`     rows before the table begins (what some tools write above it); `html` says that texts hold tags
    `columns`  {field of FIELDS: name of the column}; nested JSON is named by dots ("user.screen_name")
    `names`    all columns in order; `sample` the first rows as dicts of text
    `network`  for rows whose network column is empty or missing
    `day_first`  how 3/4/2026 is read; `time_zone` (IANA) for times without one
    `default_time`  ISO time for rows without a date; empty: such rows are left out
    `where`    only rows whose columns hold exactly these values
    `questions` what should be confirmed, `notes` what was decided and should be known
    """

    format: Format
    shape: Literal["columns", "x"] = "columns"
    encoding: str = "utf-8"
    delimiter: str | None = None
    quoting: Quoting = "quotes"
    header: bool = True
    skip: int = 0
    html: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    sample: tuple[Mapping[str, str], ...] = ()
    network: str = "web"
    day_first: bool = False
    time_zone: str = "UTC"
    default_time: str = ""
    where: Mapping[str, str] = field(default_factory=dict)
    questions: tuple[Question, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def usable(self) -> bool:
        """Whether a text is known; everything else can be missing."""
        return self.shape == "x" or "text" in self.columns

    def as_json(self) -> dict[str, Any]:
        """Plain JSON, for a form or a database column."""
        return asdict(self)

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> "Plan":
        """The plan of `as_json`; keys it does not know are ignored, so that old plans stay readable."""
        known = {one.name for one in fields(cls)}
        values = {name: value for name, value in told.items() if name in known}
        values["names"] = tuple(values.get("names", ()))
        values["sample"] = tuple(values.get("sample", ()))
        values["notes"] = tuple(values.get("notes", ()))
        values["questions"] = tuple(
            Question(one["field"], one["sentence"], tuple(one.get("choices", ())))
            for one in values.get("questions", ())
        )
        return cls(**values)
