"""What the stand-in does wrong, on demand. Numbers say for how many of the next requests."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Switches:
    delay: float = 0.0
    """Seconds that a transcription takes."""
    retry_interval: float = 30.0
    """Seconds between the deliveries of a callback that was not accepted."""
    any_callback_port: bool = False
    """Deepgram calls ports 80, 443, 8080 and 8443 only; servers on loopback have others."""
    nested_intelligence: bool = False
    """Topics and intents two levels further down, as older versions had them."""

    fail_with: list[int] = field(default_factory=list)
    """Statuses of the next answers, in order."""
    retry_after: int | None = None
    """Seconds, sent with a 429."""
    hang: int = 0
    """Take the request and never answer."""
    drop_answer: int = 0
    """Take the job and close the connection: the callback still comes."""

    lose_callbacks: int = 0
    callbacks_twice: int = 0
    callbacks_first: int = 0
    """Deliver before the submission is answered."""
    error_results: int = 0
    """Report a failure instead of a transcript."""
    silent_results: int = 0
    """No speech was found."""
    cut_results: int = 0
    """Deliver half of the body, once; the whole when it is delivered again."""
    without_secret: int = 0
    """Leave `extra` out of the answer."""
    words: int | None = None
    """At least as many words in every transcript."""

    live_drops: list[float] = field(default_factory=list)
    """Seconds of sound, counted over all connections, after which the next live connection breaks off."""
    live_refusals: int = 0
    live_idle_timeout: float = 10.0

    def take(self, name: str) -> bool:
        """Use one of a counted switch up."""
        left: int = getattr(self, name)
        if left > 0:
            setattr(self, name, left - 1)
        return left > 0
