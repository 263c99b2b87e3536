"""Whatever somebody sends: a template, or a refusal that says what is understood."""

from __future__ import annotations

import json
import re
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from app.services.template_formats.base import ImportedTemplate, TemplateUnreadable
from app.services.template_formats.json_values import plain_text
from app.services.template_formats.reader import read_template

NAMES = re.findall(
    r"\w+",
    "format format_version name title description questions criteria id text competency required weight anchors "
    "interviews interview_kit kit content question is_required scorecard scorecard_template sections categories "
    "attributes type note rating ratings overall_recommendation formDefinition feedbackFormDefinition fields field "
    "path selectableValues label value isArchived isRequired descriptionPlain descriptionHtml results",
)
TEXTS = [
    "debrief.template",
    "Score",
    "ValueSelect",
    "RichText",
    "Overall recommendation",
    "4 - Yes",
    "no",
    "<b>",
]

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.just(10**400)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(TEXTS)
    | st.text(max_size=20)
    | st.just("x" * 6000)
)
documents = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=5), inner, max_size=6)
    ),
    max_leaves=40,
)


def read_or_refuse(body: bytes) -> ImportedTemplate | None:
    try:
        return read_template(body)
    except TemplateUnreadable:
        return None


def keeps_the_limits(read: ImportedTemplate) -> bool:
    draft = read.draft
    ids = Counter(q.id for q in draft.questions), Counter(c.id for c in draft.criteria)
    return (
        0 < len(draft.name) <= 200
        and len(draft.description) <= 5000
        and all(count == 1 for kind in ids for count in kind.values())
        and all(0 < len(i) <= 200 for kind in ids for i in kind)
        and all(0 < len(q.text) <= 5000 for q in draft.questions)
        and all(0 < len(c.name) <= 200 and 0 <= c.weight <= 100 for c in draft.criteria)
        and len(read.left_out) <= 121
    )


class TestAnyJson:
    @given(documents)
    def test_is_read_within_the_limits_or_refused(self, document: object) -> None:
        read = read_or_refuse(json.dumps(document).encode())
        assert read is None or keeps_the_limits(read)

    @given(st.dictionaries(st.sampled_from(NAMES), documents, max_size=8))
    def test_of_our_format_too(self, members: dict[str, object]) -> None:
        document = members | {"format": "debrief.template", "format_version": 1, "name": "n"}
        assert keeps_the_limits(read_template(json.dumps(document).encode()))

    @given(st.binary(max_size=200))
    def test_any_bytes_are_read_or_refused(self, body: bytes) -> None:
        read = read_or_refuse(body)
        assert read is None or keeps_the_limits(read)


class TestPlainText:
    @given(st.text(st.sampled_from("<>/abp&;!- \n"), max_size=60))
    def test_has_no_empty_lines_and_nothing_around(self, html: str) -> None:
        plain = plain_text(html)
        assert plain == plain.strip()

    def test_time_grows_with_the_length_alone(self) -> None:
        # A parser that begins anew at every bracket would need minutes for these.
        for hostile in ("<a ", "<!--", "<a b='", "</"):
            assert len(plain_text("</p>" + hostile * 200_000)) > 100_000
