"""What messages say: their words, their form, and what no name can do to them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.notification import Topic
from app.services.notification.rendering.facts import Entry, Facts, Form, one_line
from app.services.notification.rendering.render import render

NOON = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
BARE = Facts(
    topic=Topic.DEBRIEF_READY,
    organisation="Acme",
    link="https://hr.example.com/interviews/i1",
    settings_link="https://hr.example.com/settings/notifications",
)
HOSTILE = st.one_of(
    st.text(min_size=1, max_size=80),
    st.sampled_from(
        [
            "<script>alert(1)</script>",
            '"><img src=x onerror=alert(1)>',
            "Eve\r\nBcc: everybody@example.com",
            "{{ 7 * 7 }} {% raw %}",
            "\u202egnp.exe",
            "محمد علي 🙂👩‍👩‍👧",
            "&lt;b&gt;",
            "\x00\x1b[31m",
        ]
    ),
)


class Elements(HTMLParser):
    """Names of the elements and attributes of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name == "href"]


class TestEveryMessage:
    @pytest.mark.parametrize("topic", Topic)
    def test_has_a_link_and_says_who_sent_it_and_how_to_change_it_in_both_forms(self, topic: Topic) -> None:
        message = render(replace(BARE, topic=topic))
        assert message.subject
        for form in (message.text, message.html):
            assert "https://hr.example.com/interviews/i1" in form
            assert "Debrief sent this for" in form
            assert "https://hr.example.com/settings/notifications" in form

    @pytest.mark.parametrize("topic", Topic)
    def test_the_page_loads_nothing_and_has_one_button(self, topic: Topic) -> None:
        page = Elements(render(replace(BARE, topic=topic)).html)
        assert not {"img", "script", "link", "style", "iframe", "form"} & set(page.names)
        assert page.links == [BARE.link, BARE.settings_link]

    def test_in_a_room_it_says_that_an_admin_chose_it(self) -> None:
        message = render(replace(BARE, personal=False))
        assert "An admin chooses what is written here" in message.text
        assert "An admin chooses what is written here" in message.html


class TestWords:
    def test_a_failure_tells_its_code(self) -> None:
        message = render(replace(BARE, topic=Topic.INTERVIEW_FAILED, code="recording_silent"))
        assert "(recording_silent)" in message.text

    def test_an_endpoint_that_wants_no_more_is_not_said_to_have_failed(self) -> None:
        failing, gone = (
            render(replace(BARE, topic=Topic.ENDPOINT_DISABLED, code=code)).text
            for code in ("failing", "gone")
        )
        assert "took nothing for so long" in failing
        assert "wants no more messages (410 Gone)" in gone
        assert "took nothing" not in gone

    def test_with_content_the_interview_is_named(self) -> None:
        message = render(replace(BARE, title="First round", candidate="Daniel", position="Engineer"))
        assert message.subject == "Debrief ready: First round"
        for form in (message.text, message.html):
            assert all(name in form for name in ("First round", "Daniel", "Engineer"))

    def test_a_request_says_who_asks_and_by_when(self) -> None:
        message = render(replace(BARE, topic=Topic.SCORECARD_REQUESTED, by="Bo", due_at=NOON))
        assert "Tuesday, 3 March 2026, 12:00 UTC" in message.text
        assert "asks for your scorecard" in message.text

    def test_whoever_asked_hears_whose_card_is_overdue(self) -> None:
        message = render(replace(BARE, topic=Topic.SCORECARD_OVERDUE, yours=False, whose="Bo", due_at=NOON))
        assert message.subject == "A scorecard is overdue"
        assert re.search(r"The scorecard of .Bo. after an interview was due", message.text)

    def test_a_digest_lists_what_happened(self) -> None:
        entries = (
            Entry(Topic.DEBRIEF_READY, "https://x.test/1", NOON, "First round"),
            Entry(Topic.MENTION, "https://x.test/2", NOON),
        )
        message = render(replace(BARE, form=Form.DIGEST, entries=entries, more=3))
        assert message.subject == "Debrief: 5 things to know"
        for form in (message.text, message.html):
            assert "First round" in form
            assert "You were mentioned" in form
            assert "https://x.test/2" in form
            assert "3 more" in form


class TestHostileNames:
    @given(title=HOSTILE, name=HOSTILE, organisation=HOSTILE, topic=st.sampled_from(Topic))
    def test_no_name_changes_the_form_of_a_message(
        self, title: str, name: str, organisation: str, topic: Topic
    ) -> None:
        plain = replace(
            BARE, topic=topic, title="x", candidate="x", position="x", by="x", whose="x", reason="x"
        )
        written = replace(
            plain,
            title=title,
            candidate=name,
            position=name,
            by=name,
            whose=name,
            reason=title,
            organisation=organisation,
        )
        usual, message = render(plain), render(written)
        expected, page = Elements(usual.html), Elements(message.html)
        assert page.names == expected.names
        assert page.attributes == expected.attributes
        assert page.links == expected.links
        assert message.subject.splitlines() in ([message.subject], [])
        assert len(message.text.splitlines()) == len(usual.text.splitlines())

    @given(HOSTILE)
    def test_one_line_is_one_line_without_hidden_characters(self, text: str) -> None:
        line = one_line(text)
        assert len(line.splitlines()) <= 1
        assert not re.search(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]", line)
        assert len(line) <= 200
        assert one_line(line) == line

    def test_emoji_and_other_scripts_stay_whole(self) -> None:
        assert one_line("محمد 👩‍👩‍👧 Zoë") == "محمد 👩‍👩‍👧 Zoë"
