"""Roles are believed until the talk speaks clearly against them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from app.models.interview import Participant
from app.models.transcript import SAID_BY_A_PERSON, Speaker, SpeakerRole, TranscriptDraft
from app.services.analysis.base import AnalysisInput
from app.services.analysis.guards.speakers import check_speakers
from bench.quality import interview as labelled
from tests.services.analysis.guards import dialogues

CANDIDATE, INTERVIEWER = SpeakerRole.CANDIDATE, SpeakerRole.INTERVIEWER
OBSERVER, UNKNOWN = SpeakerRole.OBSERVER, SpeakerRole.UNKNOWN
OPPOSITE = {CANDIDATE: INTERVIEWER, INTERVIEWER: CANDIDATE}


def verdict(request: AnalysisInput) -> str:
    return check_speakers(request).verdict.value


def with_roles(request: AnalysisInput, roles: Mapping[str, SpeakerRole]) -> AnalysisInput:
    speakers = tuple(
        s.model_copy(update={"role": roles.get(s.id, s.role)}) for s in request.transcript.speakers
    )
    return replace(request, transcript=request.transcript.model_copy(update={"speakers": speakers}))


def exchanged(request: AnalysisInput, one: str, other: str, *, names: bool = True) -> AnalysisInput:
    """The two voices under each other's labels; without names, only the roles."""
    by_id = {s.id: s for s in request.transcript.speakers}
    pairs = {one: by_id[other], other: by_id[one]}
    speakers = []
    for speaker in request.transcript.speakers:
        twin = pairs.get(speaker.id, speaker)
        update = {"role": twin.role} | ({"name": twin.name, "label": twin.label} if names else {})
        speakers.append(speaker.model_copy(update=update))
    return replace(request, transcript=request.transcript.model_copy(update={"speakers": tuple(speakers)}))


def named_speakers(*speakers: tuple[str, str | None, SpeakerRole]) -> tuple[Speaker, ...]:
    return tuple(
        Speaker(id=i, label=name or f"Speaker {i}", name=name, role=role) for i, name, role in speakers
    )


def request_of(
    script: str, *speakers: tuple[str, str | None, SpeakerRole], language: str = "en", known: bool = False
) -> AnalysisInput:
    listed = named_speakers(*speakers)
    people = tuple(Participant(name=s.name, role=s.role) for s in listed if s.name) if known else ()
    return AnalysisInput(dialogues.transcript(script, listed, language=language), people=people)


class TestTheSampleInterview:
    def test_is_confirmed_without_a_word(self, sample: TranscriptDraft) -> None:
        check = check_speakers(AnalysisInput(sample))
        assert (check.verdict.value, check.reasons) == ("confirmed", ())

    @pytest.mark.parametrize("names", [False, True])
    def test_its_twin_is_swapped(self, sample: TranscriptDraft, names: bool) -> None:
        assert verdict(exchanged(AnalysisInput(sample), "I", "C", names=names)) == "swapped"

    @pytest.mark.parametrize("names", [False, True])
    def test_punctuation_is_not_needed(self, unpunctuated: TranscriptDraft, names: bool) -> None:
        assert verdict(AnalysisInput(unpunctuated)) == "confirmed"
        assert verdict(exchanged(AnalysisInput(unpunctuated), "I", "C", names=names)) == "swapped"

    def test_names_alone_that_were_exchanged_do_not_make_the_roles_wrong(
        self, sample: TranscriptDraft
    ) -> None:
        both = exchanged(AnalysisInput(sample), "I", "C")
        only_names = with_roles(both, {"I": INTERVIEWER, "C": CANDIDATE})
        assert verdict(only_names) == "confirmed"


class TestLabelledInterviews:
    @pytest.mark.parametrize("name", labelled.names())
    @pytest.mark.parametrize("people", [True, False], ids=["people known", "nobody known"])
    def test_are_judged_as_their_labels_say(self, name: str, people: bool) -> None:
        interview = labelled.load(name)
        request = interview.request() if people else replace(interview.request(), people=())
        assert verdict(request) == interview.gold.expected.speaker_check.value

    @pytest.mark.parametrize("name", labelled.names())
    @pytest.mark.parametrize("names", [True, False], ids=["names exchanged", "roles exchanged"])
    @pytest.mark.parametrize("people", [True, False], ids=["people known", "nobody known"])
    def test_are_noticed_when_the_candidate_and_an_interviewer_are_exchanged(
        self, name: str, names: bool, people: bool
    ) -> None:
        interview = labelled.load(name)
        request = interview.request() if people else replace(interview.request(), people=())
        twins = {"confirmed": "swapped", "swapped": "confirmed"}
        speakers = interview.gold.speakers
        candidate = next(i for i, p in speakers.items() if p.role is CANDIDATE)
        for interviewer in (i for i, p in speakers.items() if p.role is INTERVIEWER):
            twin = exchanged(request, candidate, interviewer, names=names)
            assert verdict(twin) == twins[interview.gold.expected.speaker_check.value]

    @pytest.mark.parametrize("name", labelled.names())
    def test_are_noticed_when_every_role_is_the_opposite(self, name: str) -> None:
        interview = labelled.load(name)
        opposite = {i: OPPOSITE[p.shown_role] for i, p in interview.gold.speakers.items()}
        expected = {"confirmed": "swapped", "swapped": "confirmed"}
        twin = with_roles(interview.request(), opposite)
        assert verdict(twin) == expected[interview.gold.expected.speaker_check.value]

    @pytest.mark.parametrize("name", [n for n in labelled.names() if n != "data_analyst"])
    @pytest.mark.parametrize("size", [20, 40])
    def test_no_part_of_a_rightly_labelled_talk_looks_swapped(self, name: str, size: int) -> None:
        request = labelled.load(name).request()
        said = request.transcript.utterances
        for start in range(0, len(said) - size + 1, size // 2):
            part = request.transcript.model_copy(update={"utterances": said[start : start + size]})
            assert verdict(replace(request, transcript=part)) == "confirmed"

    def test_without_the_template_they_are_judged_the_same(self) -> None:
        for name in labelled.names():
            interview = labelled.load(name)
            bare = replace(interview.request(), template=None)
            assert verdict(bare) == interview.gold.expected.speaker_check.value


TWO = [
    pytest.param(dialogues.ASKS_BACK, "en", id="a candidate who asks more than he is asked"),
    pytest.param(dialogues.SHORT_INTERVIEWER, "en", id="a short interviewer and a long candidate"),
    pytest.param(dialogues.LONG_INTERVIEWER, "en", id="a long interviewer and a short candidate"),
    pytest.param(dialogues.INTERVIEWS_OTHERS, "en", id="a candidate who tells how she interviews"),
    pytest.param(dialogues.SAME_TRADE, "en", id="an interviewer who tells of his own jobs"),
    pytest.param(dialogues.SALES_CALL, "en", id="a first call of a recruiter"),
    pytest.param(dialogues.CODING, "en", id="a technical talk that begins in the middle"),
    pytest.param(dialogues.UNPUNCTUATED, "en", id="lower case without punctuation"),
    pytest.param(dialogues.GERMAN, "de", id="German"),
    pytest.param(dialogues.GERMAN_INFORMAL, "de", id="informal German"),
    pytest.param(dialogues.FRENCH, "fr", id="French"),
    pytest.param(dialogues.SPANISH, "es", id="Spanish"),
]


class TestTwoPeople:
    @pytest.mark.parametrize(("script", "language"), TWO)
    def test_right_labels_are_confirmed(self, script: str, language: str) -> None:
        request = request_of(script, ("A", None, INTERVIEWER), ("B", None, CANDIDATE), language=language)
        assert verdict(request) == "confirmed"

    @pytest.mark.parametrize(("script", "language"), TWO)
    def test_exchanged_labels_are_noticed(self, script: str, language: str) -> None:
        request = request_of(script, ("A", None, CANDIDATE), ("B", None, INTERVIEWER), language=language)
        assert verdict(request) == "swapped"


class TestLittleToGoBy:
    @pytest.mark.parametrize(
        "script", [dialogues.SMALL_TALK, dialogues.NEUTRAL], ids=["small talk", "neutral"]
    )
    @pytest.mark.parametrize("candidate", ["A", "B"])
    def test_the_labels_stay(self, script: str, candidate: str) -> None:
        speakers = [(i, None, CANDIDATE if i == candidate else INTERVIEWER) for i in ("A", "B")]
        assert verdict(request_of(script, *speakers)) == "confirmed"

    def test_who_asks_everything_is_no_interviewer_by_that_alone(self) -> None:
        request = request_of(dialogues.ONLY_QUESTIONS, ("A", None, CANDIDATE), ("B", None, INTERVIEWER))
        assert verdict(request) == "confirmed"


class TestNames:
    def test_an_introduction_and_a_greeting_against_the_labels_are_enough(self) -> None:
        request = request_of(
            dialogues.NAMES, ("A", "Daniel", CANDIDATE), ("B", "Sarah", INTERVIEWER), known=True
        )
        check = check_speakers(request)
        assert check.verdict.value == "swapped"
        assert any("introduces themselves as Sarah at 00:00" in reason for reason in check.reasons)
        assert any("is spoken to as Daniel" in reason for reason in check.reasons)

    def test_accents_and_hyphens_do_not_hide_a_name(self) -> None:
        script = "A: Salut Zoë, I'm Jean-Rémi.\nB: Hello Jean-Rémi.\nA: Hello Zoë, sit down.\nB: Thank you, Jean-Rémi."
        request = request_of(
            script, ("A", "Zoe Amiel", CANDIDATE), ("B", "Jean-Remi Noll", INTERVIEWER), known=True
        )
        assert verdict(request) == "swapped"

    def test_names_that_fit_say_nothing(self) -> None:
        request = request_of(
            dialogues.NAMES, ("A", "Sarah", INTERVIEWER), ("B", "Daniel", CANDIDATE), known=True
        )
        assert verdict(request) == "confirmed"

    def test_a_name_that_two_people_have_says_nothing(self) -> None:
        request = request_of(
            dialogues.NAMES, ("A", "Sarah Lind", CANDIDATE), ("B", "Sarah Wolf", INTERVIEWER), known=True
        )
        assert verdict(request) == "confirmed"

    def test_an_ordinary_word_is_no_name_without_a_capital(self) -> None:
        script = "A: Hello. I'm happy to be here, thanks, will do.\nB: I'm will not sure.\nA: Good."
        request = request_of(script, ("A", "Will", CANDIDATE), ("B", "Happy", INTERVIEWER), known=True)
        assert verdict(request) == "confirmed"

    def test_a_label_that_is_no_name_is_not_taken_for_one(self) -> None:
        request = request_of(dialogues.NAMES, ("A", "Guest", CANDIDATE), ("B", "Speaker 2", INTERVIEWER))
        assert verdict(request) == "confirmed"


PANEL_ROLES = {"A": INTERVIEWER, "B": INTERVIEWER, "C": CANDIDATE, "D": OBSERVER}


class TestPanels:
    def panel(self, roles: Mapping[str, SpeakerRole]) -> AnalysisInput:
        names = {"A": "Ines Duarte", "B": "Tom Reed", "C": "Yusuf Karim", "D": "Mia Holt"}
        return request_of(dialogues.PANEL, *((i, names[i], role) for i, role in roles.items()))

    def test_two_interviewers_an_observer_and_a_candidate_are_confirmed(self) -> None:
        assert verdict(self.panel(PANEL_ROLES)) == "confirmed"

    def test_the_candidate_under_the_label_of_an_interviewer_is_noticed(self) -> None:
        assert verdict(self.panel({**PANEL_ROLES, "A": CANDIDATE, "C": INTERVIEWER})) == "swapped"

    def test_the_candidate_under_the_label_of_the_observer_is_noticed(self) -> None:
        assert verdict(self.panel({**PANEL_ROLES, "A": CANDIDATE, "C": OBSERVER})) == "swapped"

    def test_an_interviewer_who_is_labelled_a_second_candidate_leaves_it_open(self) -> None:
        check = check_speakers(self.panel({**PANEL_ROLES, "B": CANDIDATE}))
        assert check.verdict.value == "unknown"
        assert check.reasons == (
            "More than one speaker is labelled the candidate: “Yusuf Karim” and “Tom Reed”.",
            "Say who is who, then analyse again.",
        )


class TestMissingRoles:
    def test_without_a_candidate_it_is_unknown(self, sample: TranscriptDraft) -> None:
        check = check_speakers(with_roles(AnalysisInput(sample), {"C": UNKNOWN}))
        assert check.verdict.value == "unknown"
        assert check.reasons == (
            "None of those who speak is known to be the candidate.",
            "Say who is who, then analyse again.",
        )

    @pytest.mark.parametrize("role", [UNKNOWN, OBSERVER])
    def test_without_an_interviewer_it_is_unknown(self, sample: TranscriptDraft, role: SpeakerRole) -> None:
        check = check_speakers(with_roles(AnalysisInput(sample), {"I": role}))
        assert check.verdict.value == "unknown"
        assert check.reasons[0] == "None of those who speak is known to be an interviewer."

    def test_without_any_role_both_are_named(self, sample: TranscriptDraft) -> None:
        check = check_speakers(with_roles(AnalysisInput(sample), {"I": UNKNOWN, "C": UNKNOWN}))
        assert len(check.reasons) == 3

    def test_a_candidate_who_says_nothing_does_not_count(self, sample: TranscriptDraft) -> None:
        silent = sample.model_copy(
            update={
                "utterances": tuple(
                    u.model_copy(update={"text": " "}) if u.speaker == "C" else u for u in sample.utterances
                )
            }
        )
        assert verdict(AnalysisInput(silent)) == "unknown"

    def test_a_transcript_without_words_is_unknown(self, sample: TranscriptDraft) -> None:
        assert verdict(AnalysisInput(sample.model_copy(update={"utterances": ()}))) == "unknown"

    def test_a_speaker_whom_the_transcript_does_not_list_has_no_role(self, sample: TranscriptDraft) -> None:
        assert verdict(AnalysisInput(sample.model_copy(update={"speakers": ()}))) == "unknown"


class TestWhatAPersonSaid:
    """Nobody is asked twice: the answer to “interviewer and candidate seem to be swapped” may be that they are not."""

    @pytest.mark.parametrize("who", ["I", "C"])
    def test_the_talk_does_not_outvote_it(self, sample: TranscriptDraft, who: str) -> None:
        request = exchanged(AnalysisInput(sample), "I", "C")
        speakers = tuple(
            s.model_copy(update={"role_reason": SAID_BY_A_PERSON}) if s.id == who else s
            for s in request.transcript.speakers
        )
        said = replace(request, transcript=request.transcript.model_copy(update={"speakers": speakers}))
        assert (verdict(request), verdict(said)) == ("swapped", "confirmed")

    def test_that_nobody_can_tell_is_no_role(self, sample: TranscriptDraft) -> None:
        request = with_roles(AnalysisInput(sample), {"C": UNKNOWN})
        speakers = tuple(
            s.model_copy(update={"role_reason": SAID_BY_A_PERSON}) for s in request.transcript.speakers
        )
        said = replace(request, transcript=request.transcript.model_copy(update={"speakers": speakers}))
        assert verdict(said) == "unknown"


class TestReasons:
    def test_say_who_when_and_what_to_do(self, sample: TranscriptDraft) -> None:
        check = check_speakers(exchanged(AnalysisInput(sample), "I", "C"))
        assert check.reasons[-1] == "Say who is who, then analyse again."
        assert 2 <= len(check.reasons) <= 5
        assert all(
            "“Daniel”, labelled as the candidate" in r or "“Sarah”, labelled as" in r
            for r in check.reasons[:-1]
        )

    def test_quote_the_very_words_with_their_place(self) -> None:
        request = request_of(
            dialogues.FRENCH, ("A", None, CANDIDATE), ("B", None, INTERVIEWER), language="fr"
        )
        reasons = " ".join(check_speakers(request).reasons)
        assert "“Merci d'être venue aujourd'hui” at 00:00" in reasons
        assert "“merci de me recevoir” at 00:10" in reasons

    def test_minutes_go_on_past_the_hour(self, sample: TranscriptDraft) -> None:
        late = tuple(
            u.model_copy(update={"start": u.start + 3600, "end": u.end + 3600}) for u in sample.utterances
        )
        request = exchanged(AnalysisInput(sample.model_copy(update={"utterances": late})), "I", "C")
        assert any(" at 60:" in reason for reason in check_speakers(request).reasons)

    def test_are_the_same_each_time(self, sample: TranscriptDraft) -> None:
        request = exchanged(AnalysisInput(sample), "I", "C")
        assert check_speakers(request) == check_speakers(request)
