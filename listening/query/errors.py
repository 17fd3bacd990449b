"""QueryError: why a query cannot be read, and exactly where."""


class QueryError(ValueError):
    """A query that is refused. The query that was live stays live.

    `position` and `end` are character offsets into the query's text (`end` exclusive, never before `position`);
    `sentence` says what is wrong and what to write instead.
    """

    def __init__(self, sentence: str, position: int, end: int | None = None) -> None:
        super().__init__(f"{sentence} (at character {position + 1})")
        self.sentence = sentence
        self.position = position
        self.end = max(position, position + 1 if end is None else end)

    def pointer(self, text: str) -> str:
        """The line of `text` that is wrong, with carets under the position."""
        start = text.rfind("\n", 0, self.position) + 1
        stop = text.find("\n", self.position)
        line = text[start : len(text) if stop < 0 else stop]
        width = max(1, min(self.end, start + len(line)) - self.position)
        return f"{line}\n{' ' * (self.position - start)}{'^' * width}"
