"""One utterance becomes two, or neighbours become one. No word is lost on the way."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from app.models.transcript import Utterance, Word
from app.services.transcript_editing.alignment import between, ordered, spread
from app.services.transcript_editing.characters import is_boundary, join
from app.services.transcript_editing.errors import CutInvalid


def split(utterance: Utterance, at: int, new_id: str) -> tuple[Utterance, Utterance]:
    """The parts before and from the character at `at`. They meet in time. Raises `CutInvalid`."""
    texts = utterance.text[: max(at, 0)].rstrip(), utterance.text[max(at, 0) :].lstrip()
    if not all(text.strip() for text in texts):
        raise CutInvalid("Cut between the first and the last word of the utterance.")
    if not is_boundary(utterance.text, at):
        raise CutInvalid("This would cut a character in two; move the cut by one.")
    start, end = utterance.start, max(utterance.start, utterance.end)
    words = ordered(utterance.words, start, end)
    first, second = _divided(words, _letters(texts[0]), _letters(utterance.text))
    meet = between(start, end, _letters(texts[0]) / _letters(utterance.text))
    if second and first:
        meet = second[0].start
    elif second:
        meet = min(meet, second[0].start)
    elif first:
        meet = max(meet, first[-1].end)
    before = {"text": texts[0], "end": meet, "words": ordered(first, start, meet), "edited": True}
    after = {
        "id": new_id,
        "text": texts[1],
        "start": meet,
        "end": end,
        "words": ordered(second, meet, end),
        "edited": True,
    }
    return utterance.model_copy(update=before), utterance.model_copy(update=after)


def joined(parts: Sequence[Utterance]) -> Utterance:
    """One utterance of several, under the id of the first."""
    first = parts[0]
    end = max(part.end for part in parts)
    weight = sum(len(part.text) for part in parts)
    confidences = [part.confidence for part in parts if part.confidence is not None]
    is_sure = len(confidences) == len(parts) and weight > 0
    return first.model_copy(
        update={
            "text": join([part.text for part in parts]),
            "end": end,
            "words": ordered(_words_of(parts), first.start, end),
            "confidence": round(
                sum(c * len(p.text) for c, p in zip(confidences, parts, strict=True)) / weight, 4
            )
            if is_sure
            else None,
            "channel": first.channel if all(p.channel == first.channel for p in parts) else None,
            "language": first.language if all(p.language == first.language for p in parts) else None,
            "edited": True,
        }
    )


def _words_of(parts: Sequence[Utterance]) -> list[Word]:
    """Where some parts have times for their words, the others get some: half a sentence would be played as the whole."""
    if not any(part.words for part in parts):
        return []
    return [word for part in parts for word in part.words or spread(part.text, part.start, part.end)]


def _letters(text: str) -> int:
    return sum(not character.isspace() for character in text)


def _divided(words: Sequence[Word], before: int, total: int) -> tuple[list[Word], list[Word]]:
    """The words of the first `before` of `total` letters, and the rest.

    An importer's words may be spelled otherwise than its text: then the share counts, and no word is cut.
    """
    ends = list(accumulate(_letters(word.text) for word in words))
    if not ends:
        return [], []
    is_same = ends[-1] == total
    cut = before if is_same else round(before * ends[-1] / total)
    first, second = [], []
    for word, reached in zip(words, ends, strict=True):
        length = _letters(word.text)
        inside = cut - (reached - length)
        if inside >= length:
            first.append(word)
        elif inside <= 0:
            second.append(word)
        elif not is_same or length != len(word.text):
            (first if 2 * inside >= length else second).append(word)
        else:
            meet = between(word.start, word.end, inside / length)
            first.append(word.model_copy(update={"text": word.text[:inside], "end": meet}))
            second.append(word.model_copy(update={"text": word.text[inside:], "start": meet}))
    return first, second
