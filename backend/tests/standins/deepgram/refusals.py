"""Answers that say no, in the two forms that Deepgram documents."""

from __future__ import annotations

from typing import Final

from tests.standins.deepgram.journal import Json

_CODES: Final = {
    400: "Bad Request",
    401: "INVALID_AUTH",
    402: "ASR_PAYMENT_REQUIRED",
    403: "INSUFFICIENT_PERMISSIONS",
    413: "PAYLOAD_TOO_LARGE",
    429: "TOO_MANY_REQUESTS",
    500: "INTERNAL_SERVER_ERROR",
    503: "SERVICE_UNAVAILABLE",
    504: "GATEWAY_TIMEOUT",
}
_TEXTS: Final = {
    401: "Invalid credentials.",
    402: "Project does not have enough credits for an ASR request and does not have an overage agreement.",
    403: "Project does not have access to the requested model.",
    429: "Too many requests. Please try again later",
}


class Refused(Exception):
    def __init__(self, status: int, code: str, text: str, details: str | None = None) -> None:
        super().__init__(text)
        self.status, self.code, self.text, self.details = status, code, text, details
        self.on_demand = False

    @classmethod
    def by_switch(cls, status: int) -> Refused:
        refused = cls(status, _CODES.get(status, "UNKNOWN"), _TEXTS.get(status, "On demand."))
        refused.on_demand = True
        return refused

    def body(self, request_id: str) -> Json:
        if self.details is not None:
            return {
                "category": self.code,
                "message": self.text,
                "details": self.details,
                "request_id": request_id,
            }
        return {"err_code": self.code, "err_msg": self.text, "request_id": request_id}
