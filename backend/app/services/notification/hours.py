"""Quiet hours and the hour of the digest: times of day where a person lives, as moments.

A time of day that the clock skips, when summer begins, is the moment as many minutes after the jump; one that it shows
twice, when summer ends, is the first for digests, and both for quiet hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.models.notification import QuietHours

_CLOSES: Final = timedelta(minutes=1)
"""A digest tells what came until a minute before it leaves: what is being written down just then waits for the next."""


@dataclass(frozen=True, slots=True)
class DigestWindow:
    """A digest tells what came from `since` on and before `until`; it leaves at `leaves_at`."""

    since: datetime
    until: datetime

    @property
    def leaves_at(self) -> datetime:
        return self.until + _CLOSES


def find_zone(name: str) -> tzinfo | None:
    """The time zone of this IANA name; None when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def zone_of(name: str) -> tzinfo:
    """As `find_zone`; UTC for a name that this machine does not know (any more)."""
    return find_zone(name) or UTC


def is_quiet(at: datetime, quiet: QuietHours, zone: tzinfo) -> bool:
    now = at.astimezone(zone).time()
    if quiet.begin <= quiet.end:
        return quiet.begin <= now < quiet.end
    return now >= quiet.begin or now < quiet.end


def after_quiet(at: datetime, quiet: QuietHours | None, zone: tzinfo) -> datetime:
    """`at` itself, or the end of the quiet hours that it falls into."""
    if quiet is None or not is_quiet(at, quiet, zone):
        return at
    today = at.astimezone(zone).date()
    ends = (
        _moment(today + timedelta(days=days), quiet.end, zone, fold=fold)
        for days in range(4)
        for fold in (0, 1)
    )
    return min(end for end in ends if end > at and not is_quiet(end, quiet, zone))


def digest_window(now: datetime, digest_at: time, zone: tzinfo) -> DigestWindow:
    """The window that `now` lies in. Windows follow one another without gap and without overlap."""
    today = now.astimezone(zone).date()
    closings = [
        _moment(today + timedelta(days=days), digest_at, zone) - _CLOSES for days in (-2, -1, 0, 1, 2)
    ]
    return DigestWindow(
        since=max(moment for moment in closings if moment <= now),
        until=min(moment for moment in closings if moment > now),
    )


def _moment(day: date, at: time, zone: tzinfo, *, fold: int = 0) -> datetime:
    return datetime.combine(day, at, zone).replace(fold=fold).astimezone(UTC)
