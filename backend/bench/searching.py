"""Searching hours of speech in the embedded database, beside a bare FTS5 query over the same words in the same run.

Measured is the use case, from the question to the hits with their snippets, without HTTP. The peer is the least that
SQLite can do: ids of rows, newest first or by rank, from a table that has nothing but the words.

    python -m bench.searching --interviews 1000
"""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import numpy as np

from app.models.base import new_id
from app.models.interview import Interview, Participant, Status
from app.models.transcript import Engine, EngineKind, Speaker, SpeakerRole, Transcript, Utterance, Word
from app.repositories.base import Repositories, SearchOrder, SearchQuery
from app.repositories.factory import open_repositories
from app.services.search.service import SearchService
from bench.report import Ratio, show

_ORGANISATION: Final = "bench"
_WORDS_AN_HOUR: Final = 9_000
_WORDS_AN_UTTERANCE: Final = 15
_UTTERANCES: Final = _WORDS_AN_HOUR // _WORDS_AN_UTTERANCE
_VOCABULARY: Final = 30_000
_PAGE: Final = 20
_ROUNDS: Final = 200
_BEGIN: Final = datetime(2026, 1, 5, 9, tzinfo=UTC)
_SYLLABLES: Final = [f"{c}{v}" for c in "bdfgklmnprstvz" for v in "aeiou"]


@dataclass(frozen=True, slots=True)
class Kind:
    """Questions of one kind, and the server time that they may take."""

    name: str
    questions: tuple[str, ...]
    goal: float
    """Milliseconds, p95."""
    order: SearchOrder = SearchOrder.NEWEST


@dataclass(frozen=True, slots=True)
class Measured:
    kind: Kind
    ours: Sequence[float]
    bare: Sequence[float]
    """Milliseconds."""
    worked: Sequence[float]
    """Of ours, those in which a processor worked for it: what is left on a machine that has others to serve."""

    def ratios(self) -> Iterator[Ratio]:
        ours, bare = p95(self.ours), p95(self.bare)
        what = (
            f"search, {self.kind.name} (p50 {statistics.median(self.ours):.2f} ms, p95 {ours:.2f} ms; "
            f"of CPU {statistics.median(self.worked):.2f} ms, p95 {p95(self.worked):.2f} ms)"
        )
        peer = f"bare FTS5 query (p50 {statistics.median(self.bare):.2f} ms, p95 {bare:.2f} ms)"
        yield Ratio(what, peer, ours / bare, unit="×")
        yield Ratio(
            f"search, {self.kind.name}, p95", f"{self.kind.goal:.0f} ms", ours / self.kind.goal, at_most=1.0
        )


def measure(folder: Path, interviews: int = 50) -> list[Ratio]:
    return [ratio for measured in asyncio.run(_measure(folder, interviews)) for ratio in measured.ratios()]


async def _measure(folder: Path, interviews: int) -> list[Measured]:
    corpus = Corpus(interviews)
    async with open_repositories(None, "bench", folder / "ours") as repositories:
        service = SearchService(repositories)
        bare = _bare_index(folder / "bare.db")
        for number in range(interviews):
            said = corpus.utterances(number)
            await _add(repositories, service, number, said)
            _add_bare(bare, number, said)
        measured = [await _compare(service, bare, kind) for kind in _kinds(corpus)]
        bare.close()
    return measured


class Corpus:
    """Words whose frequencies fall as in natural language (Zipf), the same in every run."""

    def __init__(self, interviews: int) -> None:
        random = np.random.default_rng(6)
        self.words = _vocabulary(random)
        chances = 1 / np.arange(1, _VOCABULARY + 1)
        ranks = random.choice(
            _VOCABULARY, (interviews, _UTTERANCES, _WORDS_AN_UTTERANCE), p=chances / chances.sum()
        )
        self._ranks = ranks.astype(np.uint16)

    def utterances(self, number: int) -> list[list[str]]:
        return [[self.words[rank] for rank in row] for row in self._ranks[number]]

    def counts(self) -> list[tuple[str, int]]:
        """Words and how often they occur, the most common first."""
        counted = Counter(dict(enumerate(np.bincount(self._ranks.ravel(), minlength=_VOCABULARY).tolist())))
        return [(self.words[rank], count) for rank, count in counted.most_common()]


def _vocabulary(random: np.random.Generator) -> list[str]:
    words: dict[str, None] = {}
    while len(words) < _VOCABULARY:
        # Ends in a consonant that no stemmer takes for an ending.
        words["".join(random.choice(_SYLLABLES, random.integers(1, 4))) + "k"] = None
    return list(words)


def _kinds(corpus: Corpus) -> list[Kind]:
    counts = corpus.counts()
    rare = tuple(word for word, count in counts if 1 <= count <= 40)[:20]
    total = sum(count for _, count in counts)
    medium = tuple(word for word, count in counts if total / 4000 >= count >= total / 40_000)[:20]
    common = counts[0][0]
    pairs = [(said[0], said[1]) for said in corpus.utterances(0)]
    phrases = tuple(f'"{first} {second}"' for first, second in pairs)[:20]
    relevance = SearchOrder.RELEVANCE
    return [
        Kind("rare words", rare, 5),
        Kind("medium words", medium, 5),
        Kind("the most common word", (common,), 30),
        Kind("phrases of two words", phrases, 30),
        Kind("medium words by relevance", medium, 30, relevance),
        Kind("the most common word by relevance", (common,), 30, relevance),
    ]


async def _compare(service: SearchService, bare: sqlite3.Connection, kind: Kind) -> Measured:
    """In turns, so that whatever else the machine does hits both."""
    ours, worked, theirs = [], [], []
    for round_ in range(_ROUNDS):
        question = kind.questions[round_ % len(kind.questions)]
        begun, busy = time.perf_counter(), time.process_time()
        page = await service.search(
            _ORGANISATION, question, SearchQuery(), order=kind.order, cursor=None, limit=_PAGE
        )
        ours.append((time.perf_counter() - begun) * 1000)
        worked.append((time.process_time() - busy) * 1000)
        assert page.hits, question
        theirs.append(_timed(lambda q=question: _ask_bare(bare, q, kind.order)))
    return Measured(kind, ours, theirs, worked)


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def p95(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def _bare_index(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE VIRTUAL TABLE said USING fts5(text, content = '')")
    return connection


def _add_bare(connection: sqlite3.Connection, number: int, said: Sequence[Sequence[str]]) -> None:
    rows = [(number * _UTTERANCES + at + 1, " ".join(words)) for at, words in enumerate(said)]
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO said (rowid, text) VALUES (?, ?)", rows)
    connection.execute("COMMIT")


def _ask_bare(connection: sqlite3.Connection, question: str, order: SearchOrder) -> list[object]:
    by = "rowid DESC" if order is SearchOrder.NEWEST else "rank"
    query = f"SELECT rowid FROM said WHERE said MATCH ? ORDER BY {by} LIMIT {_PAGE}"  # noqa: S608
    return connection.execute(query, (question,)).fetchall()


async def _add(
    repositories: Repositories, service: SearchService, number: int, said: Sequence[Sequence[str]]
) -> None:
    at = _BEGIN + timedelta(hours=number)
    interview_id = new_id()
    interview = Interview(
        id=interview_id,
        organisation_id=_ORGANISATION,
        title=f"Backend engineer, round {number % 4}",
        candidate=Participant(name=f"Candidate {number}"),
        position="Backend Engineer",
        created_by="bench",
        created_at=at,
        updated_at=at,
        idempotency_key=interview_id,
        status=Status.DONE,
        transcript_revision=1,
    )
    transcript = Transcript(
        id=new_id(),
        organisation_id=_ORGANISATION,
        interview_id=interview_id,
        revision=1,
        epoch=1,
        engine=Engine(name="bench", version="1", kind=EngineKind.IMPORTED),
        language="en",
        duration=3600,
        speakers=(
            Speaker(id="s0", label="Speaker 1", role=SpeakerRole.INTERVIEWER),
            Speaker(id="s1", label="Speaker 2", role=SpeakerRole.CANDIDATE),
        ),
        utterances=tuple(_utterance(at, words) for at, words in enumerate(said)),
        created_at=at,
    )
    await repositories.interviews(_ORGANISATION).insert(interview)
    await repositories.transcripts(_ORGANISATION).put(transcript)
    await service.index(interview, transcript)


def _utterance(number: int, said: Sequence[str]) -> Utterance:
    begin = number * 3600 / _UTTERANCES
    words = tuple(
        Word(text=word, start=round(begin + n * 0.4, 3), end=round(begin + n * 0.4 + 0.3, 3), confidence=0.97)
        for n, word in enumerate(said)
    )
    return Utterance(
        id=f"u{number:04d}",
        speaker=f"s{number % 2}",
        start=words[0].start,
        end=words[-1].end,
        text=" ".join(said),
        words=words,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Search beside a bare FTS5 query.")
    parser.add_argument("--interviews", type=int, default=1000, help="Of one hour each")
    parser.add_argument("--folder", type=Path, default=None, help="Where the databases are put, for this run")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="debrief-bench-", dir=options.folder) as folder:
        begun = time.perf_counter()
        ratios = measure(Path(folder), options.interviews)
        print(f"{options.interviews:,} interviews of an hour, {time.perf_counter() - begun:.0f} s in all")
        show(ratios)


if __name__ == "__main__":
    main()
