"""Where links in messages lead: pages of the web application."""

from __future__ import annotations


class Links:
    def __init__(self, app_url: str) -> None:
        self._app_url = app_url.rstrip("/")

    def interview(self, interview_id: str) -> str:
        return f"{self._app_url}/interviews/{interview_id}"

    @property
    def inbox(self) -> str:
        return f"{self._app_url}/notifications"

    @property
    def preferences(self) -> str:
        return f"{self._app_url}/settings/notifications"

    @property
    def channels(self) -> str:
        return f"{self._app_url}/settings/channels"

    @property
    def endpoints(self) -> str:
        return f"{self._app_url}/settings/webhooks"
