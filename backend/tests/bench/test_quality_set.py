"""The labelled set: whatever is in the folder can be relied on."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.quality.gold import TrapType
from bench.quality.interview import FOLDER, BadInterview, LabelledInterview, load, names
from bench.quality.script import BadScript, stamp, utterances_of

SCRIPT = """\
# Invented.
u001 [00:02] A: Morning. What did you do last?
u002 [00:06] C: I ran the depot in Hull.
u003 [00:09] C: I can start in two weeks.
"""
GOLD = """\
title = "Depot lead"
position = "Depot lead"
language = "en"
style = "structured"
[speakers.A]
name = "Ida"
role = "interviewer"
[speakers.C]
name = "Bo"
role = "candidate"
[template]
name = "Depot"
not_asked = ["safety"]
questions = [{ id = "last", text = "What did you do last?" }, { id = "safety", text = "How do you keep people safe?" }]
[[template.criteria]]
id = "lead"
name = "Leads"
description = "Has led people."
anchors = { strong_no = "a", no = "b", yes = "c", strong_yes = "d" }
[[pairs]]
question = "u001"
answer = ["u002-u003"]
template = "last"
[[criteria]]
id = "lead"
levels = ["yes", "strong_yes"]
evidence = ["u002", "u003"]
[[facts]]
kind = "start_date"
utterances = ["u003"]
says = ["two weeks"]
[[traps]]
type = "retraction"
utterances = ["u003"]
quote = "two weeks"
must_not = ["count_for"]
note = "Says nothing about leading."
"""


def read(folder: Path, *, script: str = SCRIPT, gold: str = GOLD) -> LabelledInterview:
    (folder / "depot.txt").write_text(script, encoding="utf-8")
    (folder / "depot.gold.toml").write_text(gold, encoding="utf-8")
    return load("depot", folder)


class TestTheSet:
    def test_has_at_least_six_interviews(self) -> None:
        assert len(names()) >= 6

    def test_has_no_file_that_is_not_read(self) -> None:
        read_files = {f"{name}{end}" for name in names() for end in (".txt", ".gold.toml")}
        assert {path.name for path in FOLDER.iterdir()} == read_files

    def test_has_the_traps_that_every_interview_is_to_have_somewhere(self) -> None:
        types = {trap.type for name in names() for trap in load(name).gold.traps}
        assert {
            TrapType.INJECTION,
            TrapType.PROTECTED,
            TrapType.INTERVIEWER_CLAIM,
            TrapType.HYPOTHETICAL,
        } <= types

    @pytest.mark.parametrize("name", names())
    def test_every_interview_fits_its_labels_and_has_the_length_and_pace_of_a_real_one(
        self, name: str
    ) -> None:
        interview = load(name)
        assert 10 <= interview.minutes <= 60
        assert 125 <= interview.words / interview.minutes <= 160

    @pytest.mark.parametrize("name", names())
    def test_every_interview_has_labels_of_each_kind(self, name: str) -> None:
        gold = load(name).gold
        assert len(gold.pairs) >= 6
        assert len({trap.type for trap in gold.traps}) >= 4
        assert gold.template.not_asked
        assert any(c.not_assessed for c in gold.criteria)

    @pytest.mark.parametrize("name", names())
    def test_an_analyzer_gets_the_words_and_the_template_and_no_label(self, name: str) -> None:
        interview = load(name)
        request = interview.request()
        assert request.transcript.utterances == interview.utterances
        assert request.template is not None
        assert [c.id for c in request.template.criteria] == [c.id for c in interview.gold.template.criteria]
        assert all(trap.note not in repr(request) for trap in interview.gold.traps)

    @pytest.mark.parametrize("name", names())
    def test_every_address_is_of_a_domain_that_belongs_to_nobody(self, name: str) -> None:
        text = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
        domains = [part.split("@")[1] for part in text.split() if "@" in part]
        assert all("example." in domain for domain in domains)


class TestLoading:
    def test_a_range_means_the_lines_of_who_says_the_first(self, tmp_path: Path) -> None:
        interview = read(tmp_path)
        assert interview.ids(("u001-u003",)) == {"u001"}
        assert interview.ids(("u002-u003",)) == {"u002", "u003"}

    @pytest.mark.parametrize(
        ("before", "after", "complaint"),
        [
            ('answer = ["u002-u003"]', 'answer = ["u002-u009"]', "there is no u002-u009"),
            ('answer = ["u002-u003"]', 'answer = ["u003-u002"]', "there is no u003-u002"),
            ('answer = ["u002-u003"]', 'answer = ["u001"]', "answers their own question"),
            ('evidence = ["u002", "u003"]', 'evidence = ["u001"]', "u001 is not said by the candidate"),
            ('quote = "two weeks"', 'quote = "six weeks"', "the quote is not in u003"),
            ('says = ["two weeks"]', 'says = ["six weeks"]', "none of its wordings"),
            ('not_asked = ["safety"]', "", "safety is neither asked nor not asked"),
            ('not_asked = ["safety"]', 'not_asked = ["safety", "last"]', "last is asked and not asked"),
            ('template = "last"', 'template = "first"', "first is no question of the template"),
            ('yes = "c", ', "", "an anchor for each level"),
            ('levels = ["yes", "strong_yes"]', "", "`levels` or `not_assessed = true`"),
            ('levels = ["yes", "strong_yes"]', 'levels = ["maybe"]', "criteria.0.levels.0"),
            ('style = "structured"', 'style = "structured"\nmood = "calm"', "mood"),
            ('name = "Bo"\nrole = "candidate"', 'name = "Bo"\nrole = "observer"', "one candidate"),
            ('quote = "two weeks"\n', "", "trap 1: u003 is evidence as well"),
            ("[speakers.C]", "[speakers.D]", "speaker C is only in one of script and labels"),
        ],
    )
    def test_a_label_that_points_at_nothing_is_named(
        self, tmp_path: Path, before: str, after: str, complaint: str
    ) -> None:
        assert before in GOLD
        with pytest.raises(BadInterview) as refused:
            read(tmp_path, gold=GOLD.replace(before, after, 1))
        assert complaint in str(refused.value)

    def test_all_problems_are_named_at_once(self, tmp_path: Path) -> None:
        gold = GOLD.replace('not_asked = ["safety"]', "").replace(
            'evidence = ["u002", "u003"]', 'evidence = ["u044"]'
        )
        with pytest.raises(BadInterview) as refused:
            read(tmp_path, gold=gold)
        assert len(refused.value.problems) == 2

    def test_roles_are_given_to_an_analyzer_as_the_transcript_has_them(self, tmp_path: Path) -> None:
        gold = GOLD.replace('role = "candidate"', 'role = "candidate"\nlabelled = "interviewer"')
        interview = read(tmp_path, gold=gold)
        assert [s.role for s in interview.request().transcript.speakers] == ["interviewer", "interviewer"]
        assert interview.role("u002") == "candidate"


class TestScripts:
    def test_an_utterance_ends_before_the_next_begins(self) -> None:
        first, second, third = utterances_of(SCRIPT)
        assert first.start == 2.0
        assert first.end <= second.start
        assert second.end <= third.start < third.end

    @pytest.mark.parametrize(
        ("script", "complaint"),
        [
            ("", "no lines"),
            ("A: Hello.", "no id and time"),
            ("u001 [00:02] A: Hi.\nu001 [00:04] C: Hi.", "u001 is there twice"),
            ("u001 [00:04] A: Hi.\nu002 [00:04] C: Hi.", "does not begin after u001"),
            ("u001 [00:61] A: Hi.", "not of the form"),
            ("just words", "not of the form"),
        ],
    )
    def test_a_line_that_cannot_be_relied_on_is_refused(self, script: str, complaint: str) -> None:
        with pytest.raises(BadScript, match=complaint):
            utterances_of(script)

    def test_a_line_put_in_later_leaves_the_other_ids(self) -> None:
        stamped = stamp("A: One.\nC: Two.\n")
        lines = stamped.splitlines()
        again = stamp("\n".join([lines[0], "C: Between.", "C: And more.", lines[1]]))
        assert [u.id for u in utterances_of(again)] == ["u001", "u001a", "u001b", "u002"]

    @given(
        st.lists(
            st.tuples(
                st.sampled_from("AC"),
                st.text(st.characters(categories=("L", "P")), min_size=1).filter(lambda t: bool(t.strip())),
            ),
            min_size=1,
        )
    )
    def test_what_was_stamped_can_be_read_and_is_not_changed_by_stamping_again(
        self, said: list[tuple[str, str]]
    ) -> None:
        stamped = stamp("\n".join(f"{speaker}: {text}" for speaker, text in said))
        assert [(u.speaker, u.text) for u in utterances_of(stamped)] == said
        assert stamp(stamped) == stamped
