"""Zoom's calls: which ones are Zoom's, and what they say."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.services.meetings.base import CallRefused, EventUnreadable, FileKind, Happening
from app.services.meetings.providers.zoom import HOSTS, Zoom, sign
from tests.standins.zoom.meetings import Meeting, Stretch, completed, transcript_completed

SECRET = "the-secret-token-of-an-app"
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
STAMP = str(int(NOW.timestamp()))
BODY = b'{"event":"recording.completed"}'

secrets = st.text(
    st.characters(min_codepoint=33, max_codepoint=0xFFFF, exclude_categories=["Cs"]), min_size=8
)


def headers(signature: str, timestamp: str = STAMP) -> dict[str, str]:
    return {"x-zm-signature": signature, "x-zm-request-timestamp": timestamp}


def zoom(now: datetime = NOW) -> Zoom:
    return Zoom(clock=lambda: now)


def refused(body: bytes, given_headers: dict[str, str], *given_secrets: str, now: datetime = NOW) -> bool:
    try:
        zoom(now).verify(body, given_headers, given_secrets or (SECRET,))
    except CallRefused:
        return True
    return False


def read(event: dict[str, Any]) -> Any:
    return zoom().read(json.dumps(event).encode())


class TestSignature:
    def test_it_is_the_documented_one(self) -> None:
        message = f"v0:{STAMP}:".encode() + BODY
        expected = "v0=" + hmac.new(SECRET.encode(), message, hashlib.sha256).hexdigest()
        assert sign(BODY, STAMP, SECRET) == expected
        assert not refused(BODY, headers(expected))

    def test_a_known_vector(self) -> None:
        """Computed by `printf 'v0:1739923528:{}' | openssl dgst -sha256 -hmac secret`."""
        assert sign(b"{}", "1739923528", "secret") == (
            "v0=7a76ca6df0292c4a5bedca9edf871cee12697770fe008dd9a56f7d148bde3a7e"
        )

    @given(st.binary(max_size=200), st.binary(max_size=200))
    def test_another_body_refuses(self, body: bytes, other: bytes) -> None:
        assume(body != other)
        assert refused(other, headers(sign(body, STAMP, SECRET)))

    @given(st.binary(max_size=200), st.integers(-240, 240), st.integers(-240, 240))
    def test_another_time_refuses_even_a_good_one(self, body: bytes, signed_at: int, said: int) -> None:
        assume(signed_at != said)
        stamps = [str(int(STAMP) + seconds) for seconds in (signed_at, said)]
        assert refused(body, headers(sign(body, stamps[0], SECRET), stamps[1]))

    @given(st.binary(max_size=200), secrets, secrets)
    def test_another_secret_refuses(self, body: bytes, secret: str, other: str) -> None:
        assume(secret != other)
        assert refused(body, headers(sign(body, STAMP, secret)), other)
        assert not refused(body, headers(sign(body, STAMP, secret)), other, secret)

    @given(st.binary(max_size=50), st.integers(0, 66), st.characters(max_codepoint=0xFF))
    def test_any_other_sign_in_the_signature_refuses(self, body: bytes, place: int, sign_there: str) -> None:
        genuine = sign(body, STAMP, SECRET)
        changed = genuine[:place] + sign_there + genuine[place + 1 :]
        assume(changed != genuine)
        assert refused(body, headers(changed))

    @pytest.mark.parametrize(
        ("seconds", "believed"), [(0, True), (299, True), (-299, True), (301, False), (-301, False)]
    )
    def test_it_is_good_for_five_minutes(self, seconds: int, believed: bool) -> None:
        call = headers(sign(BODY, STAMP, SECRET))
        assert refused(BODY, call, now=NOW + timedelta(seconds=seconds)) is not believed

    @pytest.mark.parametrize("stamp", ["", "now", "1e9", "-1", "nan", "٣", "1" * 12, f" {STAMP}"])
    def test_what_is_no_time_refuses(self, stamp: str) -> None:
        assert refused(BODY, headers(sign(BODY, stamp, SECRET), stamp))

    def test_missing_headers_refuse(self) -> None:
        assert refused(BODY, {})
        assert refused(BODY, {"x-zm-signature": sign(BODY, STAMP, SECRET)})


class TestChallenge:
    def test_the_answer_is_the_token_and_its_digest(self) -> None:
        body = b'{"event":"endpoint.url_validation","payload":{"plainToken":"qgg8vlvZRS6UYooatFL8Aw"}}'
        digest = hmac.new(SECRET.encode(), b"qgg8vlvZRS6UYooatFL8Aw", hashlib.sha256).hexdigest()
        assert zoom().answer_challenge(body, SECRET) == {
            "plainToken": "qgg8vlvZRS6UYooatFL8Aw",
            "encryptedToken": digest,
        }

    def test_other_events_are_none(self) -> None:
        assert zoom().answer_challenge(BODY, SECRET) is None

    @pytest.mark.parametrize("token", ["", "v0:1739923528:{}", "a b", "x" * 201])
    def test_nobody_gets_a_text_of_their_choice_signed(self, token: str) -> None:
        body = json.dumps({"event": "endpoint.url_validation", "payload": {"plainToken": token}}).encode()
        with pytest.raises(EventUnreadable):
            zoom().answer_challenge(body, SECRET)


class TestEvents:
    def test_a_recording_with_its_transcript(self) -> None:
        meeting = Meeting([Stretch({"MP4": b"v", "M4A": b"au", "TRANSCRIPT": b"t", "CHAT": b"c"})])
        event = read(completed(meeting, "https://us02web.zoom.us", "token"))
        assert event.happening is Happening.RECORDED
        (recording,) = event.recordings
        assert (recording.part, recording.parts) == (1, 1)
        assert recording.title == meeting.topic
        assert recording.host_email == "sarah.lind@example.com"
        assert recording.started_at == meeting.start
        assert recording.token == "token"
        assert recording.token_hosts == HOSTS
        kinds = {f.kind: (f.extension, f.size) for f in recording.files}
        assert kinds == {
            FileKind.VIDEO: ("mp4", 1),
            FileKind.AUDIO: ("m4a", 2),
            FileKind.TRANSCRIPT: ("vtt", 1),
        }

    def test_the_sound_or_the_picture_as_wanted_or_what_there_is(self) -> None:
        both = Meeting([Stretch({"MP4": b"v", "M4A": b"a"})])
        (recording,) = read(completed(both, "https://x.zoom.us", "t")).recordings
        assert recording.best(FileKind.AUDIO, FileKind.VIDEO).kind is FileKind.AUDIO
        assert recording.best(FileKind.VIDEO, FileKind.AUDIO).kind is FileKind.VIDEO
        (silent,) = read(completed(Meeting([Stretch({"MP4": b"v"})]), "https://x.zoom.us", "t")).recordings
        assert silent.best(FileKind.AUDIO, FileKind.VIDEO).kind is FileKind.VIDEO

    def test_of_several_views_the_one_with_faces(self) -> None:
        event = completed(Meeting([Stretch({"MP4": b"v"})]), "https://x.zoom.us", "t")
        files = event["payload"]["object"]["recording_files"]
        views = ["shared_screen", "gallery_view", "shared_screen_with_speaker_view(CC)", "something_new"]
        files[:] = [{**files[0], "id": view, "recording_type": view} for view in views]
        (recording,) = read(event).recordings
        assert next(f.id for f in recording.files) == "shared_screen_with_speaker_view(CC)"

    def test_every_stretch_is_a_recording_with_a_key_that_stays(self) -> None:
        meeting = Meeting(
            [Stretch({"M4A": b"1", "TRANSCRIPT": b"t"}), Stretch({"M4A": b"2", "TRANSCRIPT": b"u"})]
        )
        recorded = read(completed(meeting, "https://x.zoom.us", "t")).recordings
        assert [(r.part, r.parts) for r in recorded] == [(1, 2), (2, 2)]
        assert len({r.key for r in recorded}) == 2
        assert {r.meeting_id for r in recorded} == {f"zoom:{meeting.uuid}"}
        later = read(transcript_completed(meeting, "https://x.zoom.us", "another"))
        assert later.happening is Happening.TRANSCRIBED
        assert [r.key for r in later.recordings] == [r.key for r in recorded]

    @pytest.mark.parametrize("kind", ["CHAT", "TIMELINE", "CC", "SUMMARY", ""])
    def test_other_files_are_none_of_ours(self, kind: str) -> None:
        event = completed(Meeting([Stretch({"M4A": b"1"})]), "https://x.zoom.us", "t")
        event["payload"]["object"]["recording_files"][0]["file_type"] = kind
        assert read(event).recordings == ()

    def test_a_file_that_is_not_finished_is_none_yet(self) -> None:
        event = completed(Meeting([Stretch({"M4A": b"1"})]), "https://x.zoom.us", "t")
        event["payload"]["object"]["recording_files"][0]["status"] = "processing"
        assert read(event).recordings == ()

    def test_a_meeting_without_a_topic_or_a_host_has_a_title_all_the_same(self) -> None:
        event = completed(
            Meeting([Stretch({"M4A": b"1"})], topic=" ", host_email=""), "https://x.zoom.us", "t"
        )
        (recording,) = read(event).recordings
        assert (recording.title, recording.host_email) == ("Zoom meeting", None)

    @pytest.mark.parametrize("name", ["meeting.started", "recording.trashed", ""])
    def test_other_events_say_nothing(self, name: str) -> None:
        assert read({"event": name, "payload": 1}).happening is Happening.OTHER

    @pytest.mark.parametrize(
        "body",
        [b"", b"[]", b"{}", b'{"event": 1}', b'{"event": "recording.completed"}', b"\xff\xfe"],
    )
    def test_what_cannot_be_read_is_said_to_be_so(self, body: bytes) -> None:
        with pytest.raises(EventUnreadable):
            zoom().read(body)
