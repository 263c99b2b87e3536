"""Where links in messages lead: pages of the web application."""

from __future__ import annotations


class Links:
    def __init__(self, app_url: str) -> None:
        self._app_url = app_url.rstrip("/")

    def interview(self, interview_id: str) -> str:
        return f"{self._app_url}/interviews/{interview_id}"

    def moment(self, interview_id: str, seconds: float) -> str:
        """The page of the interview with its player at this second, or a little before."""
        tenths = int(seconds * 10)
        return f"{self.interview(interview_id)}?t={tenths // 10}{f'.{tenths % 10}' if tenths % 10 else ''}"

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
