"""Why a file cannot be used as a recording.

Kept free of media libraries: these cross from the worker process into the server, which never loads any.
"""

from __future__ import annotations

from app.core.errors import InvalidInput, TooLarge, Unavailable, UnsupportedMedia


class NotMedia(UnsupportedMedia):
    """The content is not audio or video that can be read, whatever the name or the declared type says."""

    code = "not_media"


class NoAudioTrack(UnsupportedMedia):
    """A video or a container without sound."""

    code = "no_audio_track"


class UnknownCodec(UnsupportedMedia):
    """The sound is there, in a coding (or behind an encryption) that cannot be decoded."""

    code = "audio_codec_unsupported"


class EmptyFile(InvalidInput):
    """Zero bytes, or a container with not one sample in it."""

    code = "recording_empty"


class Truncated(InvalidInput):
    """Cut before its end in a way that leaves nothing to read."""

    code = "recording_truncated"


class TooLong(TooLarge):
    code = "recording_too_long"


class NothingThere(InvalidInput):
    """The recording has no sound in the stretch that was asked for."""

    code = "clip_empty"


class MediaWorkerDied(Unavailable):
    """The process that read the file ended without an answer: killed, out of memory, or crashed."""

    code = "media_worker_died"
