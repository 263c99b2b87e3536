"""What both databases must do with users, organisations, members, invitations and tickets."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from app.models.notification import Topic, TopicWish, Wish
from app.models.organisation import (
    AnalysisRule,
    Analyst,
    NotificationRule,
    Role,
    Transcriber,
    TranscriptionRule,
    Visibility,
    WhenDown,
)
from app.repositories.base import PageKey, Repositories
from tests.fixtures.documents import (
    NOON,
    a_membership,
    a_ticket,
    a_user,
    an_invitation,
    an_organisation,
    minutes,
)


class TestUsers:
    async def test_an_identity_has_one_user_also_when_it_signs_in_twice_at_once(
        self, repositories: Repositories
    ) -> None:
        people = repositories.people
        users = await asyncio.gather(*(people.insert_user(a_user("oidc:https://id|7")) for _ in range(20)))
        assert len({user.id for user in users}) == 1
        assert await people.find_user("oidc:https://id|7") == users[0]
        assert await people.get_user(users[0].id) == users[0]
        assert await people.find_user("oidc:https://id|8") is None

    async def test_changes_are_kept(self, repositories: Repositories) -> None:
        user = await repositories.people.insert_user(a_user(email="a@example.com"))
        changed = user.model_copy(update={"email": None, "name": "Ann"})
        await repositories.people.update_user(changed)
        assert await repositories.people.get_user(user.id) == changed


class TestOrganisations:
    async def test_a_second_insert_changes_nothing(self, repositories: Repositories) -> None:
        organisation = an_organisation(name="First")
        await repositories.people.insert_organisation(organisation)
        await repositories.people.insert_organisation(organisation.model_copy(update={"name": "Second"}))
        assert await repositories.people.get_organisation(organisation.id) == organisation

    async def test_what_is_given_is_changed(self, repositories: Repositories) -> None:
        organisation = an_organisation()
        await repositories.people.insert_organisation(organisation)
        update = repositories.people.update_organisation
        renamed = await update(organisation.id, NOON + minutes(1), name="Ⓐcme", transcription=None)
        assert renamed == organisation.model_copy(update={"name": "Ⓐcme", "updated_at": NOON + minutes(1)})
        assert await repositories.people.get_organisation(organisation.id) == renamed
        rule = TranscriptionRule(transcriber=Transcriber.OFFLINE, when_down=WhenDown.NEXT)
        ruled = await update(organisation.id, NOON + minutes(2), name=None, transcription=rule)
        assert ruled == renamed.model_copy(update={"transcription": rule, "updated_at": NOON + minutes(2)})
        assert await repositories.people.get_organisation(organisation.id) == ruled
        assert await update("gone", NOON, name="x", transcription=None) is None

    async def test_the_rules_of_debriefs_and_the_visibility_are_changed_one_by_one(
        self, repositories: Repositories
    ) -> None:
        organisation = an_organisation()
        await repositories.people.insert_organisation(organisation)
        update = repositories.people.update_organisation
        rule = AnalysisRule(
            analyst=Analyst.OPENAI, when_down=WhenDown.WAIT, eu_mode=True, daily_tokens=5_000_000_000
        )
        ruled = await update(organisation.id, NOON + minutes(1), analysis=rule)
        assert ruled == organisation.model_copy(update={"analysis": rule, "updated_at": NOON + minutes(1)})
        hidden = await update(organisation.id, NOON + minutes(2), visibility=Visibility.AFTER_OWN)
        assert hidden is not None
        assert (hidden.visibility, hidden.analysis) == (Visibility.AFTER_OWN, rule)
        assert await repositories.people.get_organisation(organisation.id) == hidden

    async def test_the_rule_of_notifications_is_kept_whole(self, repositories: Repositories) -> None:
        wish = TopicWish(in_app=False, email=Wish.DIGEST)
        first = NotificationRule(topics={Topic.SPEAKERS_NEEDED: wish}, scorecard_hours=24)
        organisation = an_organisation(notifications=first)
        await repositories.people.insert_organisation(organisation)
        assert await repositories.people.get_organisation(organisation.id) == organisation
        rule = NotificationRule(content=True, topics=dict.fromkeys(Topic, TopicWish(channels=Wish.NOW)))
        changed = await repositories.people.update_organisation(
            organisation.id, NOON + minutes(1), notifications=rule
        )
        assert changed == organisation.model_copy(
            update={"notifications": rule, "updated_at": NOON + minutes(1)}
        )
        renamed = await repositories.people.update_organisation(organisation.id, NOON, name="New")
        assert renamed is not None
        assert renamed.notifications == rule
        assert await repositories.people.get_organisation(organisation.id) == renamed


class TestMemberships:
    async def test_a_member_is_added_once_and_keeps_the_role(self, repositories: Repositories) -> None:
        people = repositories.people
        first = a_membership("acme", "ann", role=Role.ADMIN)
        assert await people.insert_membership(first)
        assert not await people.insert_membership(a_membership("acme", "ann", role=Role.VIEWER))
        assert await people.memberships_of("ann") == [first]

    async def test_a_persons_memberships_come_oldest_first(self, repositories: Repositories) -> None:
        people = repositories.people
        for organisation, age in (("b", 1), ("a", 2), ("c", 3)):
            await people.insert_membership(a_membership(organisation, "ann", created_at=NOON - minutes(age)))
        await people.insert_membership(a_membership("a", "bo"))
        assert [m.organisation_id for m in await people.memberships_of("ann")] == ["c", "a", "b"]

    async def test_members_come_newest_first_in_pages(self, repositories: Repositories) -> None:
        people = repositories.people
        for n in range(5):
            await people.insert_membership(a_membership("acme", f"u{n}", created_at=NOON + minutes(n // 2)))
        first = await people.list_members("acme", after=None, limit=3)
        rest = await people.list_members("acme", after=PageKey(first[-1].created_at, first[-1].id), limit=3)
        assert [m.user_id for m in (*first, *rest)] == ["u4", "u3", "u2", "u1", "u0"]

    async def test_roles_change_and_admins_are_counted(self, repositories: Repositories) -> None:
        people = repositories.people
        await people.insert_membership(a_membership("acme", "ann", role=Role.ADMIN))
        await people.insert_membership(a_membership("acme", "bo"))
        await people.insert_membership(a_membership("other", "cy", role=Role.ADMIN))
        changed = await people.set_role("acme", "bo", Role.ADMIN)
        assert changed == a_membership("acme", "bo", role=Role.ADMIN)
        assert await people.memberships_of("bo") == [changed]
        assert await people.count_admins("acme") == 2
        assert await people.set_role("other", "bo", Role.ADMIN) is None

    async def test_a_member_leaves_one_organisation_only(self, repositories: Repositories) -> None:
        people = repositories.people
        for organisation in ("acme", "other"):
            await people.insert_membership(a_membership(organisation, "ann"))
        assert await people.delete_membership("acme", "ann")
        assert not await people.delete_membership("acme", "ann")
        assert [m.organisation_id for m in await people.memberships_of("ann")] == ["other"]


class TestInvitations:
    async def test_a_second_one_for_the_address_replaces_the_first(self, repositories: Repositories) -> None:
        people = repositories.people
        await people.put_invitation(an_invitation("bo@example.com", id="first"))
        await people.put_invitation(an_invitation("Bo@Example.com", id="second", role=Role.ADMIN))
        await people.put_invitation(an_invitation("bo@example.com", "other", id="third"))
        assert [i.id for i in await people.list_invitations("acme", after=None, limit=9)] == ["second"]
        assert {i.id for i in await people.invitations_for("BO@example.com", NOON)} == {"second", "third"}
        assert await people.take_invitation("first", "bo@example.com", NOON) is None

    async def test_are_listed_newest_first_in_pages(self, repositories: Repositories) -> None:
        people = repositories.people
        for n in range(5):
            created = NOON + minutes(n // 2)
            await people.put_invitation(an_invitation(f"u{n}@example.com", id=f"i{n}", created_at=created))
        first = await people.list_invitations("acme", after=None, limit=3)
        after = PageKey(first[-1].created_at, first[-1].id)
        rest = await people.list_invitations("acme", after=after, limit=3)
        assert [i.id for i in (*first, *rest)] == ["i4", "i3", "i2", "i1", "i0"]

    async def test_an_expired_one_is_not_offered_and_not_taken(self, repositories: Repositories) -> None:
        people = repositories.people
        await people.put_invitation(an_invitation(id="i", expires_at=NOON))
        assert await people.invitations_for("bo@example.com", NOON) == []
        assert await people.take_invitation("i", "bo@example.com", NOON) is None
        assert len(await people.list_invitations("acme", after=None, limit=9)) == 1

    async def test_is_taken_once_and_only_by_its_address(self, repositories: Repositories) -> None:
        people = repositories.people
        invitation = an_invitation(id="i")
        await people.put_invitation(invitation)
        assert await people.take_invitation("i", "eve@example.com", NOON) is None
        takers = await asyncio.gather(
            *(people.take_invitation("i", "Bo@example.com", NOON) for _ in range(20))
        )
        assert [t for t in takers if t is not None] == [invitation]

    async def test_is_withdrawn_by_its_organisation(self, repositories: Repositories) -> None:
        people = repositories.people
        await people.put_invitation(an_invitation(id="i"))
        assert not await people.delete_invitation("other", "i")
        assert await people.delete_invitation("acme", "i")
        assert not await people.delete_invitation("acme", "i")


class TestTickets:
    async def test_of_many_takers_one_gets_it(self, repositories: Repositories) -> None:
        ticket = a_ticket()
        await repositories.tickets.put(ticket)
        takers = await asyncio.gather(*(repositories.tickets.take(ticket.id, NOON) for _ in range(30)))
        assert [t for t in takers if t is not None] == [ticket]

    async def test_an_expired_one_is_not_given(self, repositories: Repositories) -> None:
        ticket = a_ticket(expires_at=NOON)
        await repositories.tickets.put(ticket)
        assert await repositories.tickets.take(ticket.id, NOON) is None

    async def test_the_expired_are_swept(self, repositories: Repositories) -> None:
        tickets = repositories.tickets
        for seconds in (-1, 0, 1):
            await tickets.put(a_ticket(id=f"t{seconds}", expires_at=NOON + timedelta(seconds=seconds)))
        assert await tickets.delete_expired(NOON) == 2
        assert await tickets.delete_expired(NOON) == 0
        assert await tickets.take("t1", NOON) is not None


class TestEverybody:
    async def test_users_come_newest_first_in_pages(self, repositories: Repositories) -> None:
        people = repositories.people
        made = [await people.insert_user(a_user(f"nextauth:{n}", id=f"01{n}")) for n in range(5)]
        first = await people.list_users(after=None, limit=3)
        rest = await people.list_users(after=first[-1].id, limit=3)
        assert [*first, *rest] == made[::-1]
        assert await people.list_users(after=None, limit=0) == []
        assert await people.list_users(after=rest[-1].id, limit=3) == []

    async def test_organisations_come_newest_first_in_pages(self, repositories: Repositories) -> None:
        people = repositories.people
        made = [an_organisation(id=f"01{n}", personal=n % 2 == 0) for n in range(5)]
        for organisation in made:
            await people.insert_organisation(organisation)
        first = await people.list_organisations(after=None, limit=4)
        rest = await people.list_organisations(after=first[-1].id, limit=4)
        assert [*first, *rest] == made[::-1]
        assert await people.list_organisations(after=None, limit=0) == []
