"""Mentions: colleagues who are named in a scorecard's notes or in the reason of a review.

A notice is put down before what it tells of is saved, so that a crash between the two loses nothing. It is told once
the place says what it claims: what was never saved is forgotten after a while. The notice holds no word of the text;
who may not see that yet only learns that they are mentioned.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Final

import structlog

from app.core.errors import AppError
from app.models.base import utc_now
from app.models.notification import Notice, Topic
from app.models.scorecard import Review, ReviewEvent, Scorecard, SubmittedCard
from app.repositories.base import PageKey, Repositories
from app.services.notification.addresses import mentioned_addresses
from app.services.notification.service import NotificationService

log = structlog.get_logger(__name__)

_SWEEP_AFTER: Final = timedelta(seconds=10)
_UNSAVED_KEPT: Final = timedelta(minutes=1)
"""How long a place may take to be saved after the notice about it."""
_PAGE: Final = 500


class Place(StrEnum):
    SCORECARD = "scorecard"
    REVIEW = "review"


class MentionService:
    def __init__(self, repositories: Repositories, notifications: NotificationService) -> None:
        self._repositories = repositories
        self._notifications = notifications

    async def announce_in_card(self, before: Scorecard, after: Scorecard) -> tuple[Notice, ...]:
        """Note whom the card mentions that it did not mention when it was submitted last; `after` is not saved yet."""
        new = mentioned_addresses(_notes(after.last_submitted)) - mentioned_addresses(
            _notes(before.last_submitted)
        )
        place: Mapping[str, str | int] = {"place": Place.SCORECARD.value, "version": after.version}
        name = f"mention.{after.id}.{after.version}"
        return await self._announce(
            after.organisation_id, after.interview_id, after.user_id, new, name, place
        )

    async def announce_in_review(self, before: Review, after: Review) -> tuple[Notice, ...]:
        """The same for the acts that `after` has more than `before`."""
        notices: list[Notice] = []
        for event in after.history[len(before.history) :]:
            if event.withdrawn:
                continue
            new = mentioned_addresses([_reason(event)]) - mentioned_addresses(
                [_replaced_reason(before, event)]
            )
            place: Mapping[str, str | int] = {
                "place": Place.REVIEW.value,
                "revision": after.revision,
                "act": _name_of(event),
            }
            name = f"mention.{after.id}.{_name_of(event)}"
            notices += await self._announce(
                after.organisation_id, after.interview_id, event.by, new, name, place
            )
        return tuple(notices)

    async def tell(self, notices: Iterable[Notice]) -> None:
        """Tell them now that the place is saved. What fails is left to the sweep."""
        for notice in notices:
            try:
                await self.settle(notice)
            except AppError as error:
                log.warning("mention.not_told", notice_id=notice.id, code=error.code)

    async def settle(self, notice: Notice) -> None:
        """Tell a notice if its place says so by now, and forget it when it is told or never will be."""
        if await self._is_said(notice):
            await self._notifications.tell(notice)
        elif utc_now() - notice.created_at < _UNSAVED_KEPT:
            return
        await self._repositories.notices.delete(notice.id)

    async def _announce(
        self,
        organisation_id: str,
        interview_id: str,
        by: str,
        addresses: frozenset[str],
        name: str,
        place: Mapping[str, str | int],
    ) -> tuple[Notice, ...]:
        """A notice for each member behind the addresses but the writer. The name makes a repeated request the same."""
        if not addresses:
            return ()
        now, members = utc_now(), await self._members(organisation_id)
        meant = {user_id for address in addresses for user_id in members.get(address, ())} - {by}
        notices = tuple(
            Notice(
                id=f"{name}.{user_id}",
                organisation_id=organisation_id,
                topic=Topic.MENTION,
                interview_id=interview_id,
                payload={**place, "by": by, "user_id": user_id},
                created_at=now,
                due_at=now + _SWEEP_AFTER,
            )
            for user_id in sorted(meant)
        )
        for notice in notices:
            await self._repositories.notices.put(notice)
        return notices

    async def _members(self, organisation_id: str) -> Mapping[str, list[str]]:
        """User ids by folded address."""
        found: dict[str, list[str]] = defaultdict(list)
        after = None
        while True:
            page = await self._repositories.people.list_members(organisation_id, after=after, limit=_PAGE)
            for membership in page:
                if membership.email:
                    found[membership.email.casefold()].append(membership.user_id)
            if len(page) < _PAGE:
                return found
            after = PageKey(page[-1].created_at, page[-1].id)

    async def _is_said(self, notice: Notice) -> bool:
        """Whether the place is saved, in the version that the notice is about or a later one, and mentions them."""
        texts = await self._texts(notice)
        if not texts:
            return False
        memberships = await self._repositories.people.memberships_of(str(notice.payload["user_id"]))
        addresses = {
            m.email.casefold() for m in memberships if m.email and m.organisation_id == notice.organisation_id
        }
        return not addresses.isdisjoint(mentioned_addresses(texts))

    async def _texts(self, notice: Notice) -> list[str]:
        payload, organisation_id = notice.payload, notice.organisation_id
        interview_id = notice.interview_id or ""
        if payload["place"] == Place.SCORECARD:
            card = await self._repositories.scorecards(organisation_id).get(interview_id, payload["by"])
            if card is None or card.version < payload["version"]:
                return []
            return _notes(card.last_submitted)
        review = await self._repositories.reviews(organisation_id).get(interview_id, payload["revision"])
        events = review.history if review else ()
        return [_reason(e) for e in events if not e.withdrawn and _name_of(e) == payload["act"]]


def _notes(card: SubmittedCard | None) -> list[str]:
    return [] if card is None else [card.notes, *(rating.notes for rating in card.ratings)]


def _name_of(event: ReviewEvent) -> str:
    """The same for the same act, however often its saving is tried; another for any other act."""
    on = "confirmation"
    if event.override is not None:
        on = f"override {event.override.criterion_id}"
    elif event.dismissal is not None:
        on = f"dismissal {event.dismissal.claim_id}"
    return sha256(f"{event.by} {event.at.isoformat()} {on}".encode()).hexdigest()[:32]


def _reason(event: ReviewEvent) -> str:
    act = event.override or event.dismissal or event.confirmation
    return act.reason if act else ""


def _replaced_reason(review: Review, event: ReviewEvent) -> str:
    """The reason that stood where this act's stands now."""
    if event.override is not None:
        criterion = event.override.criterion_id
        return next((o.reason for o in review.overrides if o.criterion_id == criterion), "")
    if event.dismissal is not None:
        claim = event.dismissal.claim_id
        return next((d.reason for d in review.dismissals if d.claim_id == claim), "")
    return review.confirmation.reason if review.confirmation else ""
