"""Makes a past analysis again from what is stored, and compares: nothing is asked of any vendor.

The requests follow from the transcript, the template, the people and the options that the analysis names; the answers
are those that were kept. If every request has the hash that was written down, this is the input that was used.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.core.errors import NotFound, ProviderRejected
from app.models.analysis import Analysis, AnalysisDraft
from app.models.interview import TemplateRef
from app.models.provenance import CallOutcome, CallPurpose, Parameter, Provenance
from app.repositories.base import Repositories
from app.services.analysis.base import AnalysisInput, AnalysisRun, AnswerBook
from app.services.analysis.errors import ContextOverflow, ModelUnusable
from app.services.analysis.llm.answers import KEPT_ANSWER
from app.services.analysis.llm.prompts import PROMPT_HASH, PROMPT_VERSION
from app.services.analysis.model import ModelAnswer, ModelFacts, ModelRequest, input_hash
from app.services.analysis.service import AnalysisService
from app.services.analysis.transcript_hash import transcript_hash
from app.services.debriefing.answers import StoredAnswers
from app.services.debriefs import DebriefService
from app.services.storage.base import ObjectStore
from app.services.templates import TemplateService
from app.services.transcript_editing.revisions import Revisions

_COMPARED: Final = frozenset(AnalysisDraft.model_fields) - {"engine", "provenance", "warnings"}


class NotReplayable(NotFound):
    """There is nothing to make again: no language model was asked."""

    code = "analysis_not_replayable"


class Verdict(StrEnum):
    IDENTICAL = "identical"
    """Every request has its hash, and the same result follows from the answers."""
    DIFFERENT = "different"
    OTHER_PROMPTS = "other_prompts"
    """Made with instructions that this release does not have any more."""
    INPUT_GONE = "input_gone"
    """The transcript, the template or an answer is not stored any more."""


@dataclass(frozen=True, slots=True)
class RebuiltRequest:
    """`expected`: the analysis names a request with this hash."""

    purpose: CallPurpose
    input_hash: str
    expected: bool
    instructions: str
    content: str


@dataclass(frozen=True, slots=True)
class Replay:
    verdict: Verdict
    detail: str
    requests: tuple[RebuiltRequest, ...] = ()
    missing: tuple[str, ...] = ()
    """Hashes that the analysis names and that no rebuilt request has."""
    differing: tuple[str, ...] = ()
    """Fields of the result that came out otherwise."""


class AnswerGone(ModelUnusable):
    code = "answer_gone"


class _Recorded:
    """`LanguageModel` that gives the answers of a book, and notes what it was asked."""

    def __init__(self, made_by: Provenance, answers: AnswerBook) -> None:
        known = dict(made_by.parameters)
        context, output = known.pop("context_tokens", None), known.pop("max_output_tokens", None)
        self.parameters: Mapping[str, Parameter] = known
        self.facts = ModelFacts(
            name=str(known.get("model")),
            context_tokens=int(context or 0),
            max_output_tokens=int(output or 0),
        )
        self._answers = answers
        self._named = {call.input_hash: call for call in made_by.calls}
        self.requests: list[RebuiltRequest] = []
        self.gone = False

    async def complete(self, request: ModelRequest) -> ModelAnswer:
        key = input_hash(request, self.parameters)
        self.requests.append(
            RebuiltRequest(request.purpose, key, key in self._named, request.instructions, request.content)
        )
        named = self._named.get(key)
        if named is not None and named.outcome is CallOutcome.FAILED:
            raise ProviderRejected(named.detail or "")
        found = await self._answers.find(key)
        if found is None:
            self.gone = True
            raise AnswerGone(f"The answer to a request of kind {request.purpose} is not stored any more.")
        kept = KEPT_ANSWER.validate_json(found)
        if kept.answer is None:
            raise ContextOverflow("The request was too long for the model.")
        return kept.answer


class ReplayService:
    def __init__(
        self,
        repositories: Repositories,
        debriefs: DebriefService,
        templates: TemplateService,
        store: ObjectStore,
    ) -> None:
        self._repositories = repositories
        self._debriefs = debriefs
        self._templates = templates
        self._store = store

    async def replay_revision(self, organisation_id: str, interview_id: str, revision: int) -> Replay:
        """As `replay`; raises `AnalysisMissing` as well."""
        debrief = await self._debriefs.get(organisation_id, interview_id, revision=revision)
        return await self.replay(debrief.analysis)

    async def replay(self, analysis: Analysis) -> Replay:
        """Raises `NotReplayable` for an analysis that was made without a language model."""
        made_by = analysis.provenance
        if made_by.prompt_version is None:
            raise NotReplayable(
                "This analysis was made without a language model; there is no request to rebuild."
            )
        if (made_by.prompt_version, made_by.prompt_hash) != (PROMPT_VERSION, PROMPT_HASH):
            return Replay(
                Verdict.OTHER_PROMPTS,
                f"It was made with version {made_by.prompt_version} of the instructions; this release has "
                f"{PROMPT_VERSION}. The release that made it can rebuild its input.",
            )
        request = await self._request(analysis)
        if request is None:
            return Replay(
                Verdict.INPUT_GONE, "The transcript or the template is not what the analysis was made of."
            )
        return await self._compared(analysis, request)

    async def _request(self, analysis: Analysis) -> AnalysisInput | None:
        """What the analysis was made of; None when it is gone or was changed."""
        transcript = await Revisions(self._repositories).get(
            analysis.organisation_id, analysis.interview_id, analysis.transcript_revision
        )
        if (
            transcript is None
            or transcript_hash(transcript.utterances) != analysis.provenance.transcript_hash
        ):
            return None
        template = None
        if analysis.template_id is not None and analysis.template_version is not None:
            reference = TemplateRef(id=analysis.template_id, version=analysis.template_version)
            template = await self._templates.edition(analysis.organisation_id, reference)
            if template is None:
                return None
        return AnalysisInput(transcript, template, analysis.people, analysis.options)

    async def _compared(self, analysis: Analysis, request: AnalysisInput) -> Replay:
        named = frozenset(call.input_hash for call in analysis.provenance.calls)
        answers = StoredAnswers(
            self._store, analysis.organisation_id, analysis.interview_id, str(analysis.revision)
        )
        model = _Recorded(analysis.provenance, answers)
        # Imported here: the rules that it brings along are needed by nobody else who reads.
        from app.services.analysis.llm.analyzer import LlmAnalyzer  # noqa: PLC0415

        analyzer = LlmAnalyzer(model, name=analysis.engine.name, label=analysis.engine.label)
        try:
            again = await AnalysisService(analyzer).analyse(request, AnalysisRun())
        except (AnswerGone, ModelUnusable):
            again = None
        requests = tuple(sorted(model.requests, key=lambda r: (r.purpose, r.input_hash)))
        missing = tuple(sorted(named - {r.input_hash for r in requests}))
        if model.gone or again is None:
            return Replay(Verdict.INPUT_GONE, "An answer is not stored any more.", requests, missing)
        differing = tuple(sorted(n for n in _COMPARED if getattr(again, n) != getattr(analysis, n)))
        same = not missing and not differing and all(r.expected for r in requests)
        return Replay(
            Verdict.IDENTICAL if same else Verdict.DIFFERENT,
            f"{len(requests)} requests were rebuilt; {sum(r.expected for r in requests)} have the hash that was kept.",
            requests,
            missing,
            differing,
        )
