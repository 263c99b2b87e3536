"""What the stand-in does wrong, or otherwise than by default, on demand.

A whole number says for how many of the next requests, deliveries or connections a failure lasts, unless its text says
otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Switches:
    # ----- how it works -----
    delay: float = 0.0
    """Seconds that a transcription takes."""
    callback_delay: float = 0.0
    """Seconds that a finished transcription waits before it is delivered."""
    retry_interval: float = 30.0
    """Seconds between the deliveries of a callback that was not accepted."""
    any_callback_port: bool = False
    """Deepgram calls ports 80, 443, 8080 and 8443 only; servers on loopback have others."""
    lenient: bool = False
    """Only write violations of the specification down, and answer as if there were none."""
    largest_media: int = 2 * 1024**3
    """Bytes; more is refused with 413."""
    largest_text: int = 150_000
    """Tokens of four characters; more is refused with 400 TOKEN_LIMIT_EXCEEDED."""

    # ----- what it finds -----
    nested_intelligence: bool = False
    """Topics and intents two levels further down, as older versions had them."""
    word_shift: int = 0
    """Added to the word numbers in what is found in a text: vendors count in ways of their own."""
    detected_language: str = "en"
    """Found where `detect_language` asks for it."""
    words: int | None = None
    """At least as many words in every transcript: 20,000 make 6 MB and more where everything is asked for."""

    # ----- failing requests -----
    fail_with: list[int] = field(default_factory=list)
    """Statuses of the next answers, in order."""
    retry_after: int | None = None
    """Seconds, sent with a status on demand."""
    hang: int = 0
    """Take the request and never answer."""
    drop_answer: int = 0
    """Take the job and break the connection off: the callback still comes."""

    # ----- failing results -----
    lose_callbacks: int = 0
    callbacks_twice: int = 0
    callbacks_first: int = 0
    """Deliver before the submission is answered."""
    error_results: int = 0
    """Deliver a failure instead of a transcript."""
    silent_results: int = 0
    """No speech was found."""
    cut_results: int = 0
    """Send half of the body, once; the whole when it is delivered again."""
    empty_results: int = 0
    """Send no body, once; the whole when it is delivered again."""
    without_secret: int = 0
    """Leave `extra` out of the answer."""
    wrong_secret: int = 0
    """Answer with other values in `extra`."""

    # ----- failing live connections -----
    live_drops: list[float] = field(default_factory=list)
    """Seconds of sound, counted over all connections, after which the connection breaks off."""
    live_refusals: int = 0
    """Answer the next attempts to connect with 503."""
    live_mute: float = 0.0
    """Seconds of each connection's sound without a final result, unless Finalize or CloseStream asks for one."""
    live_idle_timeout: float = 10.0
    """Seconds without sound or KeepAlive after which the connection is closed."""

    def take(self, name: str) -> bool:
        """Use one of a counted switch up."""
        left: int = getattr(self, name)
        if left > 0:
            setattr(self, name, left - 1)
        return left > 0
