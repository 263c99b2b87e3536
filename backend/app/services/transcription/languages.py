"""Which languages a transcript is in: what was asked for, what was found, and what a language does not have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from app.models.transcript import MIXED, EngineKind, LanguageMode, TranscriptDraft


@dataclass(frozen=True, slots=True)
class Languages:
    """Fields of a transcript."""

    language: str | None
    languages: tuple[str, ...]
    language_mode: LanguageMode
    warnings: tuple[str, ...]


def languages_of(draft: TranscriptDraft, asked: str | None, *, wants_findings: bool) -> Languages:
    """`asked` is the interview's language; `wants_findings`: the vendor is to find topics and the like."""
    mode = LanguageMode.of(asked)
    if draft.engine.kind is EngineKind.IMPORTED:
        mode = LanguageMode.IMPORTED
    heard = _heard(draft)
    told = asked if asked != MIXED else None
    language = draft.language or told or next(iter(heard), None)
    about = _Doubts(draft, mode, language, heard)
    return Languages(
        language=language,
        languages=heard or ((language,) if language else ()),
        language_mode=mode,
        warnings=(*draft.warnings, *about.found(wants_findings=wants_findings)),
    )


def _heard(draft: TranscriptDraft) -> tuple[str, ...]:
    """The languages that utterances are said to be in, that of most words first."""
    amount: Counter[str] = Counter()
    for utterance in draft.utterances:
        if utterance.language:
            amount[utterance.language] += len(utterance.text)
    return tuple(language for language, _ in amount.most_common())


@dataclass(frozen=True, slots=True)
class _Doubts:
    draft: TranscriptDraft
    mode: LanguageMode
    language: str | None
    heard: tuple[str, ...]

    def found(self, *, wants_findings: bool) -> Iterator[str]:
        if self.mode is LanguageMode.MIXED and not self.heard and self.draft.utterances:
            yield "Several languages were asked for, and the engine does not say which words are in which."
        if self.draft.engine.kind is not EngineKind.VENDOR or not self.draft.utterances:
            return
        if wants_findings and self.draft.intelligence is None and not self._is_english and not self._is_told:
            yield f"No summary, topics or intents: Deepgram finds them in English alone, and this is {self._name}."
        if self.draft.diarization is None and len(self.draft.speakers) < 2:
            yield f"Nobody was told apart: Deepgram named no speakers in this recording ({self._name})."

    @property
    def _is_english(self) -> bool:
        return self.mode is not LanguageMode.MIXED and (
            self.language is None or self.language.lower().split("-")[0] == "en"
        )

    @property
    def _is_told(self) -> bool:
        """The vendor itself says what it left out."""
        return any("detected language" in w.lower() or "english" in w.lower() for w in self.draft.warnings)

    @property
    def _name(self) -> str:
        if self.mode is LanguageMode.MIXED:
            return "in several languages"
        return f"in “{self.language}”" if self.language else "in an unknown language"
