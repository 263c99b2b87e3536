"""Claims that say the same are found again, however they are worded and numbered."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.models.analysis import Claim, Evidence
from app.services.claim_matching import Matching, match_claims

texts = st.text("aei nrst", min_size=1, max_size=12)
claims = st.lists(
    st.builds(
        Claim,
        id=st.uuids().map(str),
        text=texts,
        evidence=st.lists(
            st.builds(
                Evidence,
                utterance_id=st.sampled_from(["u1", "u2"]),
                quote=texts,
                start=st.just(0),
                end=st.just(1),
            ),
            max_size=2,
        ).map(tuple),
    ),
    max_size=6,
)


def claim(text: str, quote: str, utterance: str = "u1", id: str = "c") -> Claim:
    return Claim(id=id, text=text, evidence=(Evidence(utterance_id=utterance, quote=quote, start=0, end=1),))


def match(before: list[Claim], after: list[Claim], *, same_transcript: bool = True) -> Matching[Claim]:
    return match_claims(before, after, same_transcript=same_transcript)


MOVED = claim("Moved the billing system to Kafka", "I moved our billing to Kafka")
MOVED_TOO = claim("Candidate moved billing onto Kafka", "I moved our billing to Kafka", id="other")
LED = claim("Led six people", "there were six of us and I led them", "u2")


class TestMatching:
    def test_the_same_place_in_other_words_is_kept(self) -> None:
        matching = match([LED, MOVED], [MOVED_TOO])
        assert matching.kept == ((MOVED, MOVED_TOO),)
        assert (matching.added, matching.removed) == ((), (LED,))

    def test_another_place_and_other_words_are_added_and_removed(self) -> None:
        matching = match([LED], [MOVED])
        assert (matching.added, matching.removed, matching.kept) == ((MOVED,), (LED,), ())

    def test_of_two_that_fit_the_more_similar_is_taken(self) -> None:
        nearer = claim("Moved the billing system to Kafka!", "I moved our billing to Kafka", id="nearer")
        matching = match([MOVED], [MOVED_TOO, nearer])
        assert matching.kept == ((MOVED, nearer),)
        assert matching.added == (MOVED_TOO,)

    def test_in_the_same_transcript_the_utterance_counts(self) -> None:
        elsewhere = claim("Wants to go further", "I moved our billing to Kafka", "u9")
        assert match([MOVED], [elsewhere]).kept == ()

    def test_in_another_revision_the_words_of_the_quote_count(self) -> None:
        renumbered = claim("Billing now runs on Kafka", "I moved our billing to Kafka", "u9")
        assert match([MOVED], [renumbered], same_transcript=False).kept == ((MOVED, renumbered),)

    def test_languages_without_spaces_are_compared_too(self) -> None:
        before = claim("候选人将计费系统迁移到了Kafka", "我把计费系统迁移到了Kafka")
        after = claim("将计费系统迁移到Kafka", "我把计费系统迁移到了Kafka")
        assert match([before], [after]).kept == ((before, after),)


class TestAnyClaims:
    @given(claims, claims, st.booleans())
    def test_every_claim_is_in_one_place(
        self, before: list[Claim], after: list[Claim], same_transcript: bool
    ) -> None:
        matching = match(before, after, same_transcript=same_transcript)
        earlier = [c.id for c in matching.removed] + [one.id for one, _ in matching.kept]
        later = [c.id for c in matching.added] + [other.id for _, other in matching.kept]
        assert sorted(earlier) == sorted(c.id for c in before)
        assert sorted(later) == sorted(c.id for c in after)

    @given(claims)
    def test_a_list_with_words_and_quotes_keeps_all_of_itself(self, some: list[Claim]) -> None:
        worded = [c for c in some if c.text.strip() and any(e.quote.strip() for e in c.evidence)]
        assert len(match(worded, worded).kept) == len(worded)
