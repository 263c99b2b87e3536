"""Quiet hours and digests in the time of the place, over midnight and when the clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from app.models.notification import QuietHours
from app.services.notification.hours import after_quiet, digest_window, find_zone, is_quiet, zone_of

# East and west, half hours, both hemispheres, half an hour of summer (Lord Howe), a day that was skipped (Apia 2011).
ZONES = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Pacific/Apia",
    "Africa/Casablanca",
]
zones = st.sampled_from(ZONES).map(ZoneInfo)
moments = st.datetimes(datetime(2010, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = QuietHours(begin=time(22), end=time(7, 30))


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


class TestQuietHours:
    @pytest.mark.parametrize(
        ("now", "then"),
        [
            ("2026-03-02 21:59", "2026-03-02 21:59"),
            ("2026-03-02 22:00", "2026-03-03 07:30"),
            ("2026-03-02 23:59", "2026-03-03 07:30"),
            ("2026-03-03 00:00", "2026-03-03 07:30"),
            ("2026-03-03 07:29", "2026-03-03 07:30"),
            ("2026-03-03 07:30", "2026-03-03 07:30"),
        ],
    )
    def test_over_midnight(self, now: str, then: str) -> None:
        assert after_quiet(berlin(now), NIGHT, BERLIN) == berlin(then)

    def test_within_a_day(self) -> None:
        lunch = QuietHours(begin=time(12), end=time(13))
        assert after_quiet(berlin("2026-03-02 12:10"), lunch, BERLIN) == berlin("2026-03-02 13:00")
        assert after_quiet(berlin("2026-03-02 13:00"), lunch, BERLIN) == berlin("2026-03-02 13:00")

    def test_without_any_everything_leaves_at_once(self) -> None:
        now = berlin("2026-03-02 03:00")
        assert after_quiet(now, None, BERLIN) == now

    def test_an_end_that_the_clock_skips_comes_after_the_jump(self) -> None:
        quiet = QuietHours(begin=time(22), end=time(2, 30))
        # On 29 March 2026 two o'clock is followed by three.
        assert after_quiet(berlin("2026-03-29 01:00"), quiet, BERLIN) == berlin("2026-03-29 03:30")

    def test_an_hour_that_comes_twice_is_quiet_twice(self) -> None:
        quiet = QuietHours(begin=time(22), end=time(2, 30))
        # On 25 October 2026 three o'clock is two o'clock again.
        second = datetime(2026, 10, 25, 2, 10, tzinfo=BERLIN, fold=1)
        end = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=1)
        assert after_quiet(second.astimezone(UTC), quiet, BERLIN) == end.astimezone(UTC)

    @given(moments, times, times, zones)
    @example(datetime(2026, 3, 29, 0, 59, tzinfo=UTC), time(3), time(2, 30), BERLIN)
    @example(datetime(2011, 12, 30, 9, tzinfo=UTC), time(22), time(7), ZoneInfo("Pacific/Apia"))
    def test_what_waits_leaves_in_a_time_that_is_not_quiet_within_two_days(
        self, now: datetime, begin: time, end: time, zone: ZoneInfo
    ) -> None:
        assume(begin != end)
        quiet = QuietHours(begin=begin, end=end)
        then = after_quiet(now, quiet, zone)
        assert not is_quiet(then, quiet, zone)
        assert timedelta() <= then - now <= timedelta(days=2, hours=2)
        assert (then == now) == (not is_quiet(now, quiet, zone))

    @given(moments, times, times, zones)
    def test_it_does_not_wait_longer_than_the_quiet_hours(
        self, now: datetime, begin: time, end: time, zone: ZoneInfo
    ) -> None:
        assume(begin != end)
        length = (end.hour * 60 + end.minute - begin.hour * 60 - begin.minute) % 1440
        assume(length <= 20 * 60)
        waited = after_quiet(now, QuietHours(begin=begin, end=end), zone) - now
        # Twice the step of the clocks: an hour that comes twice, an end that is skipped. Apia once skipped a day.
        assert waited <= timedelta(minutes=length) + timedelta(hours=2) + (
            timedelta(days=1) if zone.key == "Pacific/Apia" else timedelta()
        )


class TestDigest:
    def test_it_leaves_at_the_hour_where_the_person_lives(self) -> None:
        window = digest_window(berlin("2026-03-02 12:00"), time(8), BERLIN)
        assert window.leaves_at == berlin("2026-03-03 08:00")
        assert (window.since, window.until) == (berlin("2026-03-02 07:59"), berlin("2026-03-03 07:59"))

    def test_what_comes_in_the_last_minute_waits_for_the_next(self) -> None:
        window = digest_window(berlin("2026-03-02 07:59"), time(8), BERLIN)
        assert window.leaves_at == berlin("2026-03-03 08:00")

    def test_a_day_may_have_23_hours(self) -> None:
        window = digest_window(berlin("2026-03-28 12:00"), time(8), BERLIN)
        assert window.until - window.since == timedelta(hours=23)

    @given(moments, times, zones)
    @example(datetime(2026, 3, 29, 0, 30, tzinfo=UTC), time(2, 30), BERLIN)
    @example(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), time(2, 30), BERLIN)
    @example(datetime(2011, 12, 30, 9, 30, tzinfo=UTC), time(8), ZoneInfo("Pacific/Apia"))
    def test_every_moment_lies_in_one_window_and_windows_follow_one_another(
        self, now: datetime, at: time, zone: ZoneInfo
    ) -> None:
        window = digest_window(now, at, zone)
        assert window.since <= now < window.until
        assert digest_window(window.until, at, zone).since == window.until
        assert digest_window(window.since, at, zone) == window
        assert timedelta(hours=22) <= window.until - window.since <= timedelta(hours=26)


class TestZones:
    @pytest.mark.parametrize("name", ZONES)
    def test_iana_names(self, name: str) -> None:
        assert find_zone(name) == ZoneInfo(name)

    @pytest.mark.parametrize(
        "name", ["", "Mars/Olympus", "../../etc/passwd", "/etc/passwd", "Europe", "Europe/\0", "x" * 300]
    )
    def test_anything_else_is_none_and_counts_as_utc(self, name: str) -> None:
        assert find_zone(name) is None
        assert zone_of(name) is UTC

    @given(st.text(max_size=60))
    def test_whatever_is_written_there(self, name: str) -> None:
        assert zone_of(name).utcoffset(datetime(2026, 1, 1, tzinfo=UTC)) is not None
