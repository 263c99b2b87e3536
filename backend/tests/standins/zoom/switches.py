"""What the stand-in does wrong, or otherwise than by default, on demand.

A whole number says for how many of the next downloads a failure lasts.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Switches:
    # ----- how it serves -----
    store: str | None = None
    """Address of the store that downloads are redirected to, such as http://localhost:9902; None: served at once."""
    hops: int = 1
    """Redirects until a download is there, when `store` is given."""
    pause: float = 0.0
    """Seconds before each piece of a download."""
    unannounced: bool = False
    """Send no content-length."""

    # ----- failing downloads -----
    fail_with: list[int] = field(default_factory=list)
    """Statuses of the next downloads, in order."""
    token_expired: bool = False
    sign_in_page: int = 0
    """Answer 200 with a page that asks to sign in, as Zoom does with some tokens that are no longer good."""
    truncate: int = 0
    """Break off in the middle."""
    hang: int = 0
    """Stop in the middle, and never go on."""
    redirect_to: str | None = None
    """Send every download there, whatever it is."""

    def take(self, name: str) -> bool:
        left: int = getattr(self, name)
        if left > 0:
            setattr(self, name, left - 1)
        return left > 0
