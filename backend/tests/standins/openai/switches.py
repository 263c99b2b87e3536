"""What the stand-in does wrong, or otherwise than by default, on demand.

A whole number says for how many of the next requests a failure lasts, unless its text says otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Switches:
    # ----- how it works -----
    delay: float = 0.0
    """Seconds that an answer takes."""
    lenient: bool = False
    """Only write violations of the contract down, and answer as if there were none."""
    context_tokens: int = 128_000
    """What it takes at once, four characters a token; more is refused as `context_length_exceeded`."""
    output_tokens: int = 16_384
    """What it writes at most, whatever is asked for; the rest is cut."""
    no_usage: bool = False
    """Say nothing of tokens, as some servers with this interface do."""
    knows_store: bool = True
    """False: refuse `store`, as strict servers with this interface do."""

    # ----- failing requests -----
    only_for_schema: str | None = None
    """Name of the schema whose requests fail; those of others are answered as if nothing were switched."""
    fail_with: list[int | str] = field(default_factory=list)
    """Statuses, or names of failures (see refusals.py), of the next answers, in order."""
    retry_after: str | None = None
    """Header of a failure on demand: seconds, or a date."""
    retry_after_ms: int | None = None
    """The header in milliseconds."""
    hang: int = 0
    """Take the request and never answer."""
    drop_answer: int = 0
    """Break the connection off in the middle of the answer."""
    plain_text: int = 0
    """Answer with a page, as a proxy or another service would."""

    # ----- failing answers -----
    truncate: int = 0
    """Cut the JSON and say that the limit of output was reached."""
    refuse: int = 0
    """The model says that it cannot help."""
    content_filter: int = 0
    """The answer was omitted."""
    invalid_json: int = 0
    """Cut the JSON and say nothing."""
    wrong_schema: int = 0
    """JSON of another shape than was asked for."""
    empty_choices: int = 0
    null_content: int = 0

    def take(self, name: str, schema: str | None) -> bool:
        """Use one of a counted switch up, if requests with this schema are to fail."""
        left: int = getattr(self, name)
        if left <= 0 or not self.concerns(schema):
            return False
        setattr(self, name, left - 1)
        return True

    def next_failure(self, schema: str | None) -> str | None:
        return str(self.fail_with.pop(0)) if self.fail_with and self.concerns(schema) else None

    def concerns(self, schema: str | None) -> bool:
        return self.only_for_schema in (None, schema)
