"""Recorded meetings, and the events in which Zoom tells of them."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

Json = dict[str, Any]

SAMPLES: Final = Path(__file__).resolve().parents[4] / "samples"
_START: Final = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
_VIEWS: Final = {
    "M4A": "audio_only",
    "MP4": "shared_screen_with_speaker_view",
    "TRANSCRIPT": "audio_transcript",
}
_EXTENSIONS: Final = {
    "M4A": "M4A",
    "MP4": "MP4",
    "TRANSCRIPT": "VTT",
    "CHAT": "TXT",
    "TIMELINE": "JSON",
    "CC": "VTT",
}


@dataclass
class Stretch:
    """What was recorded without a break: contents by file type (M4A, MP4, TRANSCRIPT, CHAT, TIMELINE, CC)."""

    files: dict[str, bytes]
    ids: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.ids = {kind: str(uuid4()) for kind in self.files}


@dataclass
class Meeting:
    stretches: list[Stretch]
    topic: str = "Backend engineer, first round"
    host_email: str = "sarah.lind@example.com"
    uuid: str = field(default_factory=lambda: base64.b64encode(os.urandom(16)).decode())
    start: datetime = _START

    def files(self, kinds: Iterable[str] | None = None) -> list[tuple[int, str, str, bytes]]:
        """Number of the stretch, type, id and content of each file."""
        return [
            (number, kind, stretch.ids[kind], content)
            for number, stretch in enumerate(self.stretches)
            for kind, content in stretch.files.items()
            if kinds is None or kind in kinds
        ]


def completed(meeting: Meeting, base_url: str, token: str, *, without: Iterable[str] = ()) -> Json:
    """`recording.completed`; `without` names types that are not ready yet."""
    kinds = {kind for _, kind, _, _ in meeting.files()} - set(without)
    return _event("recording.completed", meeting, base_url, token, kinds)


def transcript_completed(meeting: Meeting, base_url: str, token: str) -> Json:
    return _event("recording.transcript_completed", meeting, base_url, token, {"TRANSCRIPT"})


def _event(name: str, meeting: Meeting, base_url: str, token: str, kinds: Iterable[str]) -> Json:
    files = [
        _file(meeting, base_url, number, kind, file_id, content)
        for number, kind, file_id, content in meeting.files(kinds)
    ]
    return {
        "event": name,
        "event_ts": int(meeting.start.timestamp() * 1000),
        "payload": {
            "account_id": "AAAAAABBBBBB",
            "object": {
                "uuid": meeting.uuid,
                "id": 87565330005,
                "account_id": "AAAAAABBBBBB",
                "host_id": "x1yCzABCDEfg23HiJKl4mN",
                "topic": meeting.topic,
                "type": 2,
                "start_time": _zoom_time(meeting.start),
                "timezone": "Europe/Berlin",
                "host_email": meeting.host_email,
                "duration": 30 * len(meeting.stretches),
                "total_size": sum(file["file_size"] for file in files),
                "recording_count": len(files),
                "share_url": f"{base_url}/rec/share/standin",
                "recording_files": files,
            },
        },
        "download_token": token,
    }


def _file(meeting: Meeting, base_url: str, number: int, kind: str, file_id: str, content: bytes) -> Json:
    begins = meeting.start + timedelta(hours=number)
    file: Json = {
        "id": file_id,
        "meeting_id": meeting.uuid,
        "recording_start": _zoom_time(begins),
        "recording_end": _zoom_time(begins + timedelta(minutes=30)),
        "file_type": kind,
        "file_extension": _EXTENSIONS[kind],
        "file_size": len(content),
        "play_url": f"{base_url}/rec/play/{file_id}",
        "download_url": f"{base_url}/rec/webhook_download/{file_id}",
        "status": "completed",
        "recording_type": _VIEWS.get(kind, kind.lower()),
    }
    if kind == "TIMELINE":
        # As in the documentation: this one has neither an id nor a state.
        del file["id"], file["status"]
    return file


def sample_transcript() -> bytes:
    """The conversation of the samples as Zoom writes it."""
    script = json.loads((SAMPLES / "script.json").read_text())
    names = {key: speaker["name"] for key, speaker in script["speakers"].items()}
    cues = [
        f"{n}\n{_clock(u['start'])} --> {_clock(u['end'])}\n{names[u['speaker']]}: {u['text']}\n"
        for n, u in enumerate(script["utterances"], 1)
    ]
    return ("WEBVTT\n\n" + "\n".join(cues)).encode()


def sample_meeting() -> Meeting:
    """The interview of the samples, with everything that Zoom makes of one."""
    return Meeting(
        [
            Stretch(
                {
                    "MP4": (SAMPLES / "interview.webm").read_bytes(),
                    "M4A": (SAMPLES / "interview-stereo.m4a").read_bytes(),
                    "TRANSCRIPT": sample_transcript(),
                    "CHAT": b"09:31:05 From Sarah to Everyone: hello\n",
                    "TIMELINE": b"{}",
                }
            )
        ],
        host_email="sarah@example.com",
    )


def _zoom_time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _clock(seconds: float) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{int(minutes // 60):02}:{int(minutes % 60):02}:{rest:06.3f}"
