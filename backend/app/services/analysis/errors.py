"""How a model can fail. The class alone decides what happens next: wait, or take the next engine."""

from __future__ import annotations

from app.core.errors import ProviderRejected


class BudgetSpent(ProviderRejected):
    """The interview's or the day's budget does not cover the next call."""

    code = "analysis_budget_spent"


class QuotaExhausted(ProviderRejected):
    """The account has no credit left; asking again soon cannot help."""

    code = "model_quota_exhausted"


class ModelKeyRefused(ProviderRejected):
    code = "model_key_refused"


class ModelNotFound(ProviderRejected):
    code = "model_not_found"


class ContextOverflow(ProviderRejected):
    """The input is longer than the model takes."""

    code = "model_context_overflow"


class ModelUnusable(ProviderRejected):
    """The model refused, or answered in another form than it was asked for, and did so again."""

    code = "model_unusable"
