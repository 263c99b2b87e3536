"""Answers that say no, in the form that OpenAI documents, and in those of servers with its interface."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tests.standins.openai.journal import Json

_INVALID: Final = "invalid_request_error"


@dataclass
class Refused(Exception):
    status: int
    message: str
    type: str = _INVALID
    code: str | None = None
    param: str | None = None
    whole: Json | None = None
    """The body of a server that has a form of its own."""
    on_demand: bool = False

    @property
    def body(self) -> Json:
        if self.whole is not None:
            return self.whole
        error = {"message": self.message, "type": self.type, "param": self.param, "code": self.code}
        return {"error": error}


def on_demand(name: str, quoted: str) -> Refused:
    """The failure of that name or status. Its message quotes what was sent, as the vendor's may do."""
    known = _BY_NAME.get(name)
    if known is None:
        status = int(name)
        kind = "server_error" if status >= 500 else _INVALID
        known = _BY_STATUS.get(status, Refused(status, "On demand.", type=kind))
    return Refused(
        known.status,
        f"{known.message} Near: {quoted}",
        type=known.type,
        code=known.code,
        param=known.param,
        whole=known.whole,
        on_demand=True,
    )


def wrong_key() -> Refused:
    message = "Incorrect API key provided: sk-wrong*. You can find your API key in your account's settings."
    return Refused(401, message, code="invalid_api_key")


def unknown_model(name: str) -> Refused:
    message = f"The model `{name}` does not exist or you do not have access to it."
    return Refused(404, message, code="model_not_found")


def too_long(limit: int, sent: int, wanted: int) -> Refused:
    message = (
        f"This model's maximum context length is {limit} tokens. However, you requested {sent + wanted} tokens ({sent} "
        f"in the messages, {wanted} in the completion). Please reduce the length of the messages or completion."
    )
    return Refused(400, message, param="messages", code="context_length_exceeded")


def invalid_schema(name: str, problems: list[str]) -> Refused:
    message = f"Invalid schema for response_format '{name}': {'; '.join(problems)}"
    return Refused(400, message, param="response_format")


_BY_STATUS: Final = {
    401: wrong_key(),
    403: Refused(
        403, "You have insufficient permissions for this operation.", code="insufficient_permissions"
    ),
    404: unknown_model("gpt-0"),
    429: Refused(429, "Rate limit reached for requests.", type="requests", code="rate_limit_exceeded"),
    503: Refused(503, "The engine is currently overloaded.", type="server_error"),
}
_BY_NAME: Final = {
    "insufficient_quota": Refused(
        429, "You exceeded your current quota.", type="insufficient_quota", code="insufficient_quota"
    ),
    "model_not_found": unknown_model("gpt-0"),
    "context_length_exceeded": too_long(128_000, 204_308, 0),
    "request_too_large": Refused(
        429,
        "Request too large for gpt-4o-mini on tokens per min (TPM): Limit 30000, Requested 40000.",
        type="tokens",
        code="rate_limit_exceeded",
    ),
    "content_filter": Refused(400, "The response was filtered.", code="content_filter"),
    "content_policy_violation": Refused(
        400, "Your request was rejected by our safety system.", code="content_policy_violation"
    ),
    "unsupported_value": Refused(
        400,
        "Unsupported value: 'temperature' does not support 0 with this model.",
        param="temperature",
        code="unsupported_value",
    ),
    "vllm_too_long": Refused(
        400,
        "",
        whole={
            "object": "error",
            "message": "This model's maximum context length is 2048 tokens. However, you requested 6751 tokens.",
            "type": "BadRequestError",
            "param": None,
            "code": 400,
        },
    ),
    "vllm_prompt_too_long": Refused(
        400,
        "",
        whole={
            "error": {
                "message": "The decoder prompt (length 5951) is longer than the maximum model length of 4096.",
                "type": "BadRequestError",
                "param": None,
                "code": 400,
            }
        },
    ),
    "llama_cpp_too_long": Refused(
        400,
        "",
        whole={
            "error": {
                "code": 400,
                "message": "the request exceeds the available context size, try increasing it",
                "type": "exceed_context_size_error",
                "n_prompt_tokens": 14_429,
                "n_ctx": 8192,
            }
        },
    ),
    "llama_cpp_python_too_long": Refused(
        500, "Requested tokens (2285) exceed context window of 2048", type="internal_server_error"
    ),
    "ollama_too_long": Refused(
        400,
        "",
        whole={
            "error": {
                "message": "prompt too long; exceeded max context length by 99 tokens",
                "type": "invalid_request_error",
                "param": None,
                "code": None,
            }
        },
    ),
    "ollama_input_too_long": Refused(400, "", whole={"error": "the input length exceeds the context length"}),
}
