"""Names and roles of speakers: given with a reason, or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from app.models.interview import Participant
from app.models.template import TemplateQuestion, TemplateVersion
from app.models.transcript import SpeakerRole
from app.services.speakers.deciding import THRESHOLD
from app.services.speakers.identifying import Known, identify
from app.services.transcription.importers.labels import UNNAMED
from tests.services.speakers.conversations import (
    CANDIDATE,
    DANIEL,
    INTERVIEW,
    INTERVIEWER,
    OBSERVER,
    PEOPLE,
    SARAH,
    STORY,
    UNKNOWN,
    Said,
    draft,
    identified,
    roles_of,
)


@dataclass(frozen=True)
class Case:
    """`expected` is role and name by label; `because` is part of the first speaker's reason."""

    title: str
    said: tuple[Said, ...]
    expected: dict[str, tuple[SpeakerRole, str | None]]
    because: str
    people: tuple[Participant, ...] = PEOPLE


CASES = (
    Case(
        "an introduction with a name from the list",
        (("A", "Hi, I'm Sarah."), ("B", "Hello.")),
        {"A": (INTERVIEWER, "Sarah Lind"), "B": (CANDIDATE, "Daniel Reyes")},
        "introduces themselves as Sarah at 00:00",
    ),
    Case(
        "in German",
        (("A", "Guten Tag, mein Name ist Sarah Lind."), ("B", "Guten Tag.")),
        {"A": (INTERVIEWER, "Sarah Lind"), "B": (CANDIDATE, "Daniel Reyes")},
        "introduces themselves as Sarah",
    ),
    Case(
        "in French",
        (("A", "Bonjour, je m'appelle Daniel."), ("B", "Bonjour.")),
        {"A": (CANDIDATE, "Daniel Reyes"), "B": (INTERVIEWER, "Sarah Lind")},
        "introduces themselves as Daniel",
    ),
    Case(
        "in Spanish",
        (("A", "Hola, me llamo Daniel."), ("B", "Buenos días.")),
        {"A": (CANDIDATE, "Daniel Reyes"), "B": (INTERVIEWER, "Sarah Lind")},
        "introduces themselves as Daniel",
    ),
    Case(
        "who greets the candidate is not the candidate; who answers is",
        (("A", "Hi Daniel, thanks for joining."), ("B", "Thank you.")),
        {"A": (INTERVIEWER, "Sarah Lind"), "B": (CANDIDATE, "Daniel Reyes")},
        "speaks to Daniel at 00:00, and Daniel is known as the candidate",
    ),
    Case(
        "a name that is no name on the list, said as names are",
        (("A", "So I'm Helen, I look after insight here."), ("B", "Hi Helen.")),
        {"A": (UNKNOWN, "Helen"), "B": (UNKNOWN, None)},
        "not sure: perhaps an interviewer",
        people=(),
    ),
    Case(
        "a people, a profession and a feeling are no names",
        (("A", "I'm Danish and I work a lot."), ("B", "I'm Sorry. I'm Senior Engineer, I lead things.")),
        {"A": (UNKNOWN, None), "B": (UNKNOWN, None)},
        "",
        people=(),
    ),
    Case(
        "a label that is a participant's address",
        (("d.reyes", "Hello."), ("Speaker 2", "Hi.")),
        {"d.reyes": (CANDIDATE, "Daniel Reyes"), "Speaker 2": (INTERVIEWER, "Sarah Lind")},
        "matches the participant Daniel Reyes",
    ),
    Case(
        "a label that says one name while the voice gives another",
        (("Daniel Reyes", "Hi, I'm Sarah, good to see you."), ("Sarah Lind", "Hello, I'm Daniel.")),
        {"Daniel Reyes": (UNKNOWN, "Daniel Reyes"), "Sarah Lind": (UNKNOWN, "Sarah Lind")},
        "not sure",
    ),
    Case(
        "nothing but questions and answers",
        INTERVIEW,
        {"A": (INTERVIEWER, None), "B": (CANDIDATE, None)},
        "asks 5 of 6 questions",
        people=(),
    ),
    Case(
        "nothing at all",
        (("A", "Good morning."), ("B", "Good morning.")),
        {"A": (UNKNOWN, None), "B": (UNKNOWN, None)},
        "",
        people=(),
    ),
    Case("nobody else", (("A", STORY),), {"A": (UNKNOWN, None)}, "", people=()),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_who_is_who(case: Case) -> None:
    speakers = identified(case.said, case.people)
    assert {label: (s.role, s.name) for label, s in speakers.items()} == case.expected
    assert case.because in (next(iter(speakers.values())).role_reason or "")
    for speaker in speakers.values():
        assert (speaker.role_confidence >= THRESHOLD) == (speaker.role is not UNKNOWN)
        assert speaker.role is UNKNOWN or speaker.role_reason


class TestByLabel:
    @pytest.mark.parametrize("label", ["Daniel Reyes", "daniel reyes", "Reyes, Daniel", "Daniel"])
    def test_the_participant_whose_name_it_is(self, label: str) -> None:
        speakers = identified(((label, "Hello."), ("Sarah Lind", "Hi.")), PEOPLE)
        assert roles_of(speakers) == {label: CANDIDATE, "Sarah Lind": INTERVIEWER}
        assert speakers[label].name == "Daniel Reyes"
        assert "matches the participant" in (speakers[label].role_reason or "")

    def test_a_first_name_that_two_share_is_nobodys(self) -> None:
        people = (*PEOPLE, Participant(name="Daniel Okafor", role=INTERVIEWER))
        speakers = identified((("Daniel", "Hi."), ("Mia", "Hi."), ("Tom", "Hi.")), people)
        assert set(roles_of(speakers).values()) == {UNKNOWN}

    def test_the_remaining_one_of_two_is_the_other(self) -> None:
        speakers = identified((("Sarah Lind", "Hi."), ("Guest", "Hello.")), PEOPLE)
        assert speakers["Guest"].role is CANDIDATE
        assert "only other speaker" in (speakers["Guest"].role_reason or "")
        assert speakers["Guest"].role_confidence < speakers["Sarah Lind"].role_confidence

    def test_what_the_file_declares_stands_where_nothing_speaks_against_it(self) -> None:
        said = (("One", "Hi."), ("Two", "Hi."))
        speakers = identified(said, roles={"One": INTERVIEWER})
        assert roles_of(speakers) == {"One": INTERVIEWER, "Two": CANDIDATE}
        assert speakers["One"].role_reason == "labelled “One” in the file"

    def test_what_the_file_declares_against_the_whole_talk_is_left_to_a_person(self) -> None:
        speakers = identified(INTERVIEW, roles={"A": CANDIDATE, "B": INTERVIEWER})
        assert set(roles_of(speakers).values()) == {UNKNOWN}
        assert "labelled “A” in the file; against it: " in (speakers["A"].role_reason or "")

    def test_words_without_a_speaker_never_get_a_role(self) -> None:
        said = [("A", "What is this?"), (UNNAMED, "A thing that we made.")] * 5
        assert identified(said)[UNNAMED].role is UNKNOWN

    def test_what_a_person_said_stays_against_everything(self) -> None:
        given = draft(*INTERVIEW)
        by_person = given.speakers[0].model_copy(
            update={"role": CANDIDATE, "role_confidence": 1.0, "role_reason": "said by a person"}
        )
        speakers = identify(given.model_copy(update={"speakers": (by_person, given.speakers[1])}), Known())
        assert speakers.speakers[0] == by_person
        assert speakers.speakers[1].role is INTERVIEWER

    def test_also_that_a_role_cannot_be_told(self) -> None:
        given = draft(*INTERVIEW)
        open_one = given.speakers[0].model_copy(update={"role_reason": "said by a person"})
        result = identify(given.model_copy(update={"speakers": (open_one, given.speakers[1])}), Known())
        assert result.speakers[0] == open_one


class TestByChannel:
    SAID = (("A", "Good morning."), ("B", "Good morning."))

    def test_one_person_on_each_and_a_known_order(self) -> None:
        channels, order = {"A": 1, "B": 0}, (INTERVIEWER, CANDIDATE)
        speakers = identified(self.SAID, channels=channels, order=order)
        assert roles_of(speakers) == {"A": CANDIDATE, "B": INTERVIEWER}
        assert speakers["A"].role_reason == "is alone on channel 2, which is that of the candidate"

    def test_no_order_tells_nothing(self) -> None:
        speakers = identified(self.SAID, channels={"A": 0, "B": 1})
        assert set(roles_of(speakers).values()) == {UNKNOWN}

    def test_both_on_one_channel_tells_nothing(self) -> None:
        speakers = identified(self.SAID, channels={"A": 0, "B": 0}, order=(INTERVIEWER, CANDIDATE))
        assert set(roles_of(speakers).values()) == {UNKNOWN}


class TestByQuestions:
    def test_unpunctuated_drafts_count_too(self) -> None:
        said = [
            ("A", "tell me about a conflict you had"),
            ("B", "we disagreed about the queue for a long time"),
        ] * 5
        assert identified(said)["A"].role is INTERVIEWER

    def test_few_questions_prove_nothing_but_the_reason_is_kept(self) -> None:
        speakers = identified((("A", "How are you?"), ("B", "I am fine and so is everybody here.")))
        assert set(roles_of(speakers).values()) == {UNKNOWN}
        assert 0 < speakers["A"].role_confidence < THRESHOLD
        assert "asks 1 of 1 questions" in (speakers["A"].role_reason or "")

    def test_questions_from_both_sides_prove_nothing(self) -> None:
        said = [("A", "What is this?"), ("B", "Why do you ask?")] * 5
        assert set(roles_of(identified(said)).values()) == {UNKNOWN}

    def test_a_question_of_the_template_counts_for_who_asks_it(self) -> None:
        template = TemplateVersion(
            version=1,
            name="t",
            questions=(TemplateQuestion(id="q", text="Which harbour systems have you deployed so far?"),),
            created_at=datetime(2026, 1, 1, tzinfo=UTC),
        )
        said = (("A", "So, which harbour systems were deployed so far?"), ("B", "Two of them."))
        without = identify(draft(*said), Known()).speakers[0]
        with_template = identify(draft(*said), Known(template=template)).speakers[0]
        assert with_template.role_confidence > without.role_confidence
        assert "asks a question of the template" in (with_template.role_reason or "")


class TestPanel:
    MIA = Participant(name="Mia Okafor", role=INTERVIEWER)
    SAID = (
        ("A", "Daniel, hi. I'm Sarah, I lead the platform team, and this is Mia."),
        ("B", "Hello. I'll be asking you the technical questions."),
        ("C", "Thank you for having me."),
        *(pair for _ in range(6) for pair in (("A", "What did you do in your last job?"), ("C", STORY))),
        *(pair for _ in range(4) for pair in (("B", "How would you test that?"), ("C", STORY))),
        ("D", "Sorry, I was muted."),
        *(pair for _ in range(30) for pair in (("C", STORY), ("A", "I see."))),
    )

    def test_several_interviewers_one_candidate_and_who_only_listens(self) -> None:
        speakers = identified(self.SAID, (DANIEL, SARAH, self.MIA))
        assert roles_of(speakers) == {"A": INTERVIEWER, "B": INTERVIEWER, "C": CANDIDATE, "D": OBSERVER}
        assert (speakers["A"].name, speakers["C"].name) == ("Sarah Lind", "Daniel Reyes")
        assert "of" in (speakers["D"].role_reason or "")

    def test_who_is_spoken_to_first_and_who_answers_may_be_two_people(self) -> None:
        speakers = identified(self.SAID, (DANIEL, SARAH, self.MIA))
        assert speakers["B"].name != "Daniel Reyes"

    def test_three_who_say_little_are_left_to_a_person(self) -> None:
        said = [("A", "What is this?"), ("B", "A thing."), ("C", "A good one.")] * 5
        assert set(roles_of(identified(said)).values()) == {UNKNOWN}
