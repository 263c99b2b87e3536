"""The engines that the settings make possible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from app.core.config import DeepgramSettings, OpenAISettings
from app.models.organisation import Analyst
from app.services.analysis.base import Analyzer
from app.services.analysis.providers.baseline.analyzer import BaselineAnalyzer

OPENAI_LABEL: Final = (
    "Drafted by a language model. Every quote was checked against the transcript; what follows from it was not. "
    "People decide."
)


class _Closable(Protocol):
    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Engines:
    """Every configured engine by its name in an organisation's rule; the offline one is always there."""

    analyzers: Mapping[Analyst, Analyzer]
    _opened: Sequence[_Closable] = ()

    async def close(self) -> None:
        for opened in self._opened:
            await opened.close()


def build_engines(openai: OpenAISettings, deepgram: DeepgramSettings) -> Engines:
    """Nothing is asked of a vendor yet. Their SDKs are imported only when they are configured."""
    baseline = BaselineAnalyzer()
    analyzers: dict[Analyst, Analyzer] = {Analyst.OFFLINE: baseline}
    opened: list[_Closable] = []
    if deepgram.deepgram_api_key is not None:
        from app.services.analysis.guards.pseudonyms import Pseudonyms  # noqa: PLC0415 - see above
        from app.services.analysis.providers.deepgram.analyzer import DeepgramAnalyzer  # noqa: PLC0415
        from app.services.analysis.providers.deepgram.client import DeepgramReader  # noqa: PLC0415

        reader = DeepgramReader(deepgram, deepgram.deepgram_api_key.get_secret_value())
        opened.append(reader)
        analyzers[Analyst.DEEPGRAM] = DeepgramAnalyzer(
            baseline, reader, lambda request: Pseudonyms.of(request).replacements
        )
    if openai.is_configured:
        from app.services.analysis.llm.analyzer import LlmAnalyzer  # noqa: PLC0415 - see above
        from app.services.analysis.providers.openai.client import OpenAIModel  # noqa: PLC0415
        from app.services.analysis.retrying import LimitedModel, RetryingModel  # noqa: PLC0415

        model = RetryingModel(LimitedModel(OpenAIModel(openai), limit=openai.openai_concurrency))
        opened.append(model)
        analyzers[Analyst.OPENAI] = LlmAnalyzer(model, name="openai", label=OPENAI_LABEL)
    return Engines(analyzers, opened)
