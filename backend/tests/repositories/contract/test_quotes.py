"""What both databases must do to quote single utterances out of many transcripts."""

from __future__ import annotations

from app.models.interview import Participant, Status
from app.models.transcript import Speaker, SpeakerRole, Utterance, Word
from app.repositories.base import Place, Quote, Repositories
from tests.fixtures.documents import NOON, a_transcript, an_interview

SPEAKERS = (
    Speaker(id="s1", label="Speaker 1", role=SpeakerRole.INTERVIEWER),
    Speaker(id="s2", label="Speaker 2", name="Daniel", role=SpeakerRole.CANDIDATE),
)
WORDS = tuple(Word(text="wörd", start=n, end=n + 0.5) for n in range(200))


def spoken(count: int) -> tuple[Utterance, ...]:
    """Enough words that they are stored in several parts."""
    return tuple(
        Utterance(
            id=f"u{n}",
            speaker=f"s{n % 3 + 1}",
            start=n,
            end=n + 0.9,
            text=f"حسنًا 👍 e\u0301 {n}",
            words=WORDS,
        )
        for n in range(count)
    )


async def filled(repositories: Repositories, interview_id: str = "i", **fields: object) -> None:
    person = Participant(name="Zoë", email="zoe@example.com")
    interview = an_interview(
        id=interview_id, title="First round", candidate=person, transcript_revision=1, **fields
    )
    await repositories.interviews("acme").insert(interview)
    await repositories.transcripts("acme").put(
        a_transcript(interview_id, speakers=SPEAKERS, utterances=spoken(30), language="ar")
    )


async def test_gives_an_utterance_and_where_it_is_from(repositories: Repositories) -> None:
    await filled(repositories, position="Engineer")
    place = Place("i", 1, 25)
    assert await repositories.quotes("acme").read([place]) == {
        place: Quote(
            title="First round",
            candidate="Zoë",
            position="Engineer",
            created_at=NOON,
            utterance_id="u25",
            speaker="Daniel",
            role=SpeakerRole.CANDIDATE,
            start=25,
            end=25.9,
            text="حسنًا 👍 e\u0301 25",
            language="ar",
        )
    }


async def test_reads_many_out_of_many_at_once(repositories: Repositories) -> None:
    await filled(repositories)
    await filled(repositories, "j")
    places = [Place(interview, 1, number) for interview in ("i", "j") for number in range(30)]
    found = await repositories.quotes("acme").read(places)
    assert list(found) == places
    assert [one.utterance_id for one in found.values()] == [f"u{n}" for n in range(30)] * 2
    assert [one.speaker for one in found.values()][:3] == ["Speaker 1", "Daniel", "s3"]


async def test_leaves_out_what_is_not_there(repositories: Repositories) -> None:
    await filled(repositories)
    await filled(repositories, "going", status=Status.DELETING)
    quotes = repositories.quotes("acme")
    missing = [Place("i", 1, 30), Place("i", 2, 0), Place("going", 1, 0), Place("nowhere", 1, 0)]
    assert await quotes.read(missing) == {}
    assert await quotes.read([]) == {}
    assert await repositories.quotes("other").read([Place("i", 1, 0)]) == {}
