"""Who hears of what. Pure: `AUDIENCE` is the table, and a reason is one question about one member."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.models.interview import Interview
from app.models.notification import Notice, Scope, Topic
from app.models.organisation import Role
from app.models.transcript import SpeakerRole


class Reason(StrEnum):
    """Why somebody hears of something."""

    CREATED = "created"
    """They created the interview."""
    INTERVIEWED = "interviewed"
    """They are named in it as an interviewer, by an address that is proved to be theirs."""
    ORDERED = "ordered"
    """They asked for the analysis."""
    FOLLOWS = "follows"
    """They want to hear of every interview of the organisation."""
    ASKED = "asked"
    """It is their scorecard."""
    ASKS = "asks"
    """They asked for the scorecard."""
    MENTIONED = "mentioned"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Member:
    """What the audience depends on, of one current member."""

    user_id: str
    role: Role
    scope: Scope = Scope.OWN
    proved_email: str | None = None
    """Folded; None for an address that nobody vouches for."""


_OF_AN_INTERVIEW: Final = (Reason.CREATED, Reason.INTERVIEWED, Reason.ORDERED, Reason.FOLLOWS)

AUDIENCE: Final[Mapping[Topic, tuple[Reason, ...]]] = {
    Topic.TRANSCRIPT_READY: _OF_AN_INTERVIEW,
    Topic.DEBRIEF_READY: _OF_AN_INTERVIEW,
    Topic.SPEAKERS_NEEDED: _OF_AN_INTERVIEW,
    Topic.INTERVIEW_FAILED: _OF_AN_INTERVIEW,
    Topic.SCORECARD_REQUESTED: (Reason.ASKED,),
    Topic.SCORECARD_OVERDUE: (Reason.ASKED, Reason.ASKS),
    Topic.MENTION: (Reason.MENTIONED,),
    Topic.ENDPOINT_DISABLED: (Reason.ADMIN,),
}

FOR_NAMED: Final = frozenset({Topic.SCORECARD_REQUESTED, Topic.SCORECARD_OVERDUE, Topic.MENTION})
"""Topics whose audience stands in the notice itself: nobody else has to be looked at."""

_OWN_DOING: Final[Mapping[Topic, str]] = {
    Topic.SCORECARD_REQUESTED: "requested_by",
    Topic.MENTION: "by",
}
"""Who did it, where telling them of it at that moment would be silly: asking oneself, mentioning oneself."""


def audience(
    notice: Notice, interview: Interview | None, members: Iterable[Member]
) -> dict[str, frozenset[Reason]]:
    """The members who hear of it, and why."""
    did_it = notice.payload.get(_OWN_DOING.get(notice.topic, ""))
    found = {}
    for member in members:
        reasons = frozenset(r for r in AUDIENCE[notice.topic] if _HOLDS[r](member, notice, interview))
        if reasons and member.user_id != did_it:
            found[member.user_id] = reasons
    return found


def named(notice: Notice) -> frozenset[str]:
    """The ids of the people whom a notice names."""
    return frozenset(
        str(notice.payload[key]) for key in ("user_id", "requested_by") if notice.payload.get(key)
    )


def panel_addresses(interview: Interview | None) -> frozenset[str]:
    """Folded addresses of those who are named as interviewers."""
    if interview is None:
        return frozenset()
    return frozenset(
        person.email.casefold()
        for person in interview.participants
        if person.role is SpeakerRole.INTERVIEWER and person.email
    )


def _created(member: Member, _: Notice, interview: Interview | None) -> bool:
    return interview is not None and interview.created_by == member.user_id


def _interviewed(member: Member, _: Notice, interview: Interview | None) -> bool:
    return member.proved_email is not None and member.proved_email in panel_addresses(interview)


def _asks(member: Member, notice: Notice, _: Interview | None) -> bool:
    return notice.payload.get("requested_by") == member.user_id


def _is_meant(member: Member, notice: Notice, _: Interview | None) -> bool:
    return notice.payload.get("user_id") == member.user_id


_HOLDS: Final[Mapping[Reason, Callable[[Member, Notice, Interview | None], bool]]] = {
    Reason.CREATED: _created,
    Reason.INTERVIEWED: _interviewed,
    Reason.ORDERED: _asks,
    Reason.FOLLOWS: lambda member, _, __: member.scope is Scope.ALL,
    Reason.ASKED: _is_meant,
    Reason.ASKS: _asks,
    Reason.MENTIONED: _is_meant,
    Reason.ADMIN: lambda member, _, __: member.role is Role.ADMIN,
}
