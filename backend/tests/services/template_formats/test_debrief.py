"""Our own format: nothing is lost on the way out and in again."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.template import Criterion, Level, TemplateQuestion, TemplateVersion
from app.services.builtin_templates import builtin_templates
from app.services.template_formats.base import Source, TemplateUnreadable
from app.services.template_formats.debrief import write
from app.services.template_formats.reader import read_template
from tests.fixtures.documents import NOON

words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40).map(str.strip).filter(bool)
anchors = st.dictionaries(st.sampled_from(Level), words)
questions = st.builds(
    TemplateQuestion, id=words, text=words, competency=st.none() | words, required=st.booleans()
)
criteria = st.builds(
    Criterion,
    id=words,
    name=words,
    description=st.just("") | words,
    weight=st.floats(0, 100, allow_nan=False),
    anchors=anchors,
)
editions = st.builds(
    TemplateVersion,
    version=st.integers(1, 9),
    name=words,
    description=st.just("") | words,
    questions=st.lists(questions, max_size=5, unique_by=lambda q: q.id).map(tuple),
    criteria=st.lists(criteria, max_size=5, unique_by=lambda c: c.id).map(tuple),
    created_at=st.just(NOON),
)


def file_with(**members: Any) -> bytes:
    document = {"format": "debrief.template", "format_version": 1, "name": "Engineering"}
    return json.dumps(document | members).encode()


class TestRoundTrip:
    @given(editions)
    def test_what_is_written_is_read_exactly(self, edition: TemplateVersion) -> None:
        read = read_template(json.dumps(write(edition)).encode())
        assert (read.source, read.left_out) == (Source.DEBRIEF, ())
        assert read.draft.name == edition.name
        assert read.draft.description == edition.description
        assert read.draft.questions == edition.questions
        assert read.draft.criteria == edition.criteria

    @pytest.mark.parametrize("name", sorted(builtin_templates("acme")))
    def test_the_built_in_ones_survive_it(self, name: str) -> None:
        edition = builtin_templates("acme")[name].current
        read = read_template(json.dumps(write(edition)).encode())
        assert (read.draft.questions, read.draft.criteria) == (edition.questions, edition.criteria)
        assert read.left_out == ()


class TestWhatPeopleChanged:
    def test_unknown_members_and_levels_are_named(self) -> None:
        read = read_template(
            file_with(
                colour="blue",
                questions=[{"id": "a", "text": "Why?", "hint": "x"}, {"id": "b"}],
                criteria=[{"id": "c", "name": "Depth", "anchors": {"maybe": "?", "yes": "explains"}}],
            )
        )
        assert [q.id for q in read.draft.questions] == ["a"]
        assert read.draft.criteria[0].anchors == {Level.YES: "explains"}
        assert read.left_out == (
            "The member “colour” of the template: it means nothing here.",
            "The member “hint” of the question “Why?”: it means nothing here.",
            "A question without a text.",
            "The anchor “maybe” of “Depth”: there is no such level.",
        )

    def test_missing_and_double_ids_become_unique_the_same_way_every_time(self) -> None:
        body = file_with(questions=[{"text": "Why?"}, {"text": "Why?"}, {"text": "为什么?"}, {"text": "?!"}])
        ids = [q.id for q in read_template(body).draft.questions]
        assert ids == ["why", "why-2", "为什么", "question"]
        assert [q.id for q in read_template(body).draft.questions] == ids

    def test_what_is_too_long_or_too_much_is_cut_and_named(self) -> None:
        read = read_template(
            file_with(
                name="n" * 201,
                questions=[{"id": f"{n}", "text": f"q{n}"} for n in range(101)],
                criteria=[{"name": "Depth", "weight": 101}, {"name": "Speed", "weight": 10**400}],
            )
        )
        assert len(read.draft.name) == 200
        assert len(read.draft.questions) == 100
        assert [c.weight for c in read.draft.criteria] == [1.0, 1.0]
        assert any("“q100”" in note for note in read.left_out)
        assert any("weight of “Depth”" in note for note in read.left_out)


class TestUnreadable:
    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"\xff",
            b"hello",
            b"[]",
            b"null",
            b"{}",
            b'{"hello": "world"}',
            b"[" * 100_000,
            b'{"name": NaN}',
            file_with(format_version=2),
            file_with(format_version=True),
            file_with(name=" "),
            file_with(name=7),
        ],
    )
    def test_says_what_is_understood(self, body: bytes) -> None:
        with pytest.raises(TemplateUnreadable, match=r"Understood are: .*Greenhouse.*Ashby") as refused:
            read_template(body)
        assert (refused.value.status, refused.value.code) == (422, "template_unreadable")
