"""From a vendor's stretch of words to the words of our utterances; properties that hold for any text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.models.transcript import Utterance
from app.services.analysis.providers.deepgram.parts import Departure, depart
from app.services.analysis.providers.deepgram.payload import Segment
from app.services.analysis.providers.deepgram.places import Places
from app.services.analysis.redaction import Replacement


def said(*texts: str) -> list[Utterance]:
    return [Utterance(id=f"u{n}", speaker="a", start=n, end=n + 1, text=text) for n, text in enumerate(texts)]


def departing(*texts: str, most_tokens: int = 1000, **names: str) -> Departure:
    """`names` are replaced by what is given for them."""

    def replace(text: str) -> list[Replacement]:
        found = [(text.find(name), name) for name in names]
        return [Replacement(at, at + len(name), names[name]) for at, name in found if at >= 0]

    return depart(said(*texts), replace, most_tokens=most_tokens)


def quotes(departure: Departure, segment: Segment) -> list[tuple[str, str]]:
    [part] = departure.parts
    return [(e.utterance_id, e.quote) for e in Places(part).of(segment)]


class TestPlaces:
    def test_numbers_and_text_that_agree(self) -> None:
        talk = departing("We used Kafka.", "It held well.")
        assert quotes(talk, Segment(text="It held", start_word=3, end_word=4)) == [("u1", "It held")]

    def test_a_stretch_over_several_utterances_is_a_quote_from_each(self) -> None:
        talk = departing("We used Kafka.", "It held well.")
        assert quotes(talk, Segment(text="kafka it held", start_word=2, end_word=4)) == [
            ("u0", "Kafka."),
            ("u1", "It held"),
        ]

    def test_numbers_alone_are_believed(self) -> None:
        talk = departing("We used Kafka.", "It held well.")
        assert quotes(talk, Segment(start_word=1, end_word=2)) == [("u0", "used Kafka.")]

    def test_numbers_alone_that_lie_outside_are_not(self) -> None:
        talk = departing("We used Kafka.")
        assert quotes(talk, Segment(start_word=1, end_word=9)) == []
        assert quotes(talk, Segment(start_word=2, end_word=1)) == []

    def test_of_two_places_with_the_text_the_nearer_one(self) -> None:
        talk = departing("It held.", "Something else.", "It held.")
        assert quotes(talk, Segment(text="It held.", start_word=5, end_word=6)) == [("u2", "It held.")]
        assert quotes(talk, Segment(text="It held.", start_word=1, end_word=2)) == [("u0", "It held.")]

    def test_a_text_that_nobody_said_has_no_place(self) -> None:
        assert quotes(departing("We used Kafka."), Segment(text="We used Redis", end_word=2)) == []

    def test_marks_that_stand_alone_do_not_disturb(self) -> None:
        talk = departing("We used — well — Kafka.")
        assert quotes(talk, Segment(text="we used well kafka", start_word=0, end_word=3)) == [
            ("u0", "We used — well — Kafka.")
        ]

    def test_what_was_replaced_comes_back_whole(self) -> None:
        talk = departing("I am Ada Okafor, hello.", **{"Ada Okafor": "[PERSON_1]"})
        assert talk.parts[0].text == "I am [PERSON_1], hello."
        assert quotes(talk, Segment(text="[person_1],", start_word=2, end_word=2)) == [("u0", "Ada Okafor,")]

    @given(
        st.lists(st.text(st.sampled_from("ab. N\n—é"), max_size=12), max_size=6),
        st.integers(-2, 20),
        st.integers(-2, 20),
        st.text(st.sampled_from("ab .N"), max_size=6),
    )
    def test_whatever_a_vendor_answers_a_quote_is_verbatim(
        self, texts: list[str], first: int, last: int, text: str
    ) -> None:
        by_id = {u.id: u.text for u in said(*texts)}
        for part in departing(*texts, N="[X]").parts:
            for place in Places(part).of(Segment(text=text, start_word=first, end_word=last)):
                assert place.quote
                assert place.quote in by_id[place.utterance_id]


class TestParts:
    @given(st.lists(st.text(max_size=30), max_size=12), st.integers(1, 12))
    def test_hold_every_utterance_that_says_something_once(self, texts: list[str], most: int) -> None:
        parts = departing(*texts, most_tokens=most).parts
        assert [line.redacted.text for p in parts for line in p.lines] == [t for t in texts if t.strip()]
        assert all(len(p.lines) == 1 or len(p.text) <= most * 4 for p in parts)


class TestRestoring:
    def test_placeholders_become_what_they_stood_for(self) -> None:
        talk = departing("I am Ada.", Ada="[PERSON_1]")
        assert talk.restored("[PERSON_1]'s role, [person_1] says") == "Ada's role, Ada says"

    def test_a_longer_number_is_another_person(self) -> None:
        talk = departing("Ada and Bob.", Ada="Person 1", Bob="Person 12")
        assert talk.restored("Person 12 asks Person 1, not Person 123") == "Bob asks Ada, not Person 123"

    def test_the_full_name_stands_for_its_parts(self) -> None:
        talk = departing("Ada is here.", "Ada Okafor is here.", **{"Ada Okafor": "[P]", "Ada": "[P]"})
        assert talk.restored("[P]") == "Ada Okafor"

    def test_one_word_for_several_things_stays(self) -> None:
        talk = departing("Ada met Bob.", Ada="[PERSON]", Bob="[PERSON]")
        assert talk.restored("[PERSON] met [PERSON]") == "[PERSON] met [PERSON]"
