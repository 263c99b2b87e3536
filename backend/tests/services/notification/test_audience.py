"""Who hears of what: the table, topic by topic, told as a small company."""

from __future__ import annotations

import pytest

from app.models.interview import Interview, Participant
from app.models.notification import Scope, Topic
from app.models.organisation import Role
from app.models.transcript import SpeakerRole
from app.services.notification.audience import AUDIENCE, Member, Reason, audience, named, panel_addresses
from tests.fixtures.documents import an_interview
from tests.fixtures.telling import news

COMPANY = [
    Member("ada", Role.ADMIN),
    Member("cleo", Role.RECRUITER),
    Member("ivo", Role.INTERVIEWER, proved_email="ivo@example.com"),
    Member("ina", Role.INTERVIEWER, proved_email="ina@example.com"),
    Member("olga", Role.RECRUITER),
    Member("fay", Role.VIEWER, scope=Scope.ALL),
    Member("vic", Role.VIEWER),
]
INTERVIEW = an_interview(
    id="i",
    created_by="cleo",
    candidate=Participant(name="Daniel", email="ina@example.com"),
    participants=(
        Participant(name="Ivo", email="IVO@example.com", role=SpeakerRole.INTERVIEWER),
        Participant(name="Vic", email="vic@example.com", role=SpeakerRole.INTERVIEWER),
        Participant(name="Guest", email="olga@example.com", role=SpeakerRole.UNKNOWN),
    ),
)
CARD = {"user_id": "ivo", "requested_by": "olga"}
OF_AN_INTERVIEW = {
    "cleo": {Reason.CREATED},
    "ivo": {Reason.INTERVIEWED},
    "olga": {Reason.ORDERED},
    "fay": {Reason.FOLLOWS},
}


@pytest.mark.parametrize(
    ("topic", "payload", "told"),
    [
        (Topic.TRANSCRIPT_READY, {}, {k: v for k, v in OF_AN_INTERVIEW.items() if k != "olga"}),
        (Topic.DEBRIEF_READY, {"requested_by": "olga"}, OF_AN_INTERVIEW),
        (Topic.SPEAKERS_NEEDED, {"requested_by": "olga"}, OF_AN_INTERVIEW),
        (Topic.INTERVIEW_FAILED, {"requested_by": "olga"}, OF_AN_INTERVIEW),
        (Topic.SCORECARD_REQUESTED, CARD, {"ivo": {Reason.ASKED}}),
        (Topic.SCORECARD_OVERDUE, CARD, {"ivo": {Reason.ASKED}, "olga": {Reason.ASKS}}),
        (Topic.MENTION, {"user_id": "vic", "by": "ivo"}, {"vic": {Reason.MENTIONED}}),
    ],
)
def test_who_hears_of_it_and_why(topic: Topic, payload: dict[str, str], told: dict[str, set[Reason]]) -> None:
    assert audience(news(topic, payload=payload), INTERVIEW, COMPANY) == told


def test_an_endpoint_is_the_admins_business() -> None:
    told = audience(news(Topic.ENDPOINT_DISABLED), None, COMPANY)
    assert told == {"ada": {Reason.ADMIN}}


def test_every_topic_is_in_the_table() -> None:
    assert set(AUDIENCE) == set(Topic)


def test_one_person_may_have_several_reasons() -> None:
    everything = Member("cleo", Role.INTERVIEWER, Scope.ALL, "ivo@example.com")
    told = audience(news(payload={"requested_by": "cleo"}), INTERVIEW, [everything])
    assert told == {"cleo": {Reason.CREATED, Reason.INTERVIEWED, Reason.ORDERED, Reason.FOLLOWS}}


class TestOnlyCurrentMembers:
    def test_who_left_hears_nothing(self) -> None:
        assert audience(news(), INTERVIEW, []) == {}

    @pytest.mark.parametrize("topic", [Topic.SCORECARD_REQUESTED, Topic.SCORECARD_OVERDUE, Topic.MENTION])
    def test_not_even_who_is_named(self, topic: Topic) -> None:
        notice = news(topic, payload={"user_id": "gone", "requested_by": "gone", "by": "x"})
        assert audience(notice, INTERVIEW, COMPANY) == {}


class TestOnesOwnDoing:
    def test_who_asks_themselves_is_not_asked(self) -> None:
        notice = news(Topic.SCORECARD_REQUESTED, payload={"user_id": "ivo", "requested_by": "ivo"})
        assert audience(notice, INTERVIEW, COMPANY) == {}

    def test_but_reminded(self) -> None:
        notice = news(Topic.SCORECARD_OVERDUE, payload={"user_id": "ivo", "requested_by": "ivo"})
        assert audience(notice, INTERVIEW, COMPANY) == {"ivo": {Reason.ASKED, Reason.ASKS}}

    def test_who_mentions_themselves_knows(self) -> None:
        notice = news(Topic.MENTION, payload={"user_id": "ivo", "by": "ivo"})
        assert audience(notice, INTERVIEW, COMPANY) == {}

    def test_who_asked_for_an_analysis_waits_for_it(self) -> None:
        assert "olga" in audience(news(payload={"requested_by": "olga"}), INTERVIEW, COMPANY)


class TestAddresses:
    def test_the_panel_are_those_who_interview(self) -> None:
        assert panel_addresses(INTERVIEW) == {"ivo@example.com", "vic@example.com"}

    @pytest.mark.parametrize("interview", [None, an_interview(participants=(Participant(name="Ivo"),))])
    def test_there_may_be_none(self, interview: Interview | None) -> None:
        assert panel_addresses(interview) == frozenset()

    def test_an_address_that_nobody_vouches_for_is_nobodys(self) -> None:
        assert "vic" not in audience(news(), INTERVIEW, COMPANY)


def test_a_notice_may_name_people() -> None:
    assert named(news(payload={"user_id": "a", "requested_by": None, "by": "c"})) == {"a"}
    assert named(news()) == frozenset()
