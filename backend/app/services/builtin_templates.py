"""Two templates that every organisation has from the start.

Behavioural anchors say what an interviewer can observe, so that two people give the same level for the same answer.
They are part of the program: a new release may add a version, and what an interview pinned stays readable.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from app.models.template import Criterion, Level, Template, TemplateQuestion, TemplateVersion

_SINCE: Final = datetime(2026, 1, 1, tzinfo=UTC)


def _question(id: str, competency: str, text: str, *, required: bool = False) -> TemplateQuestion:
    return TemplateQuestion(id=id, text=text, competency=competency, required=required)


def _criterion(
    id: str, name: str, description: str, *, weight: float, anchors: tuple[str, str, str, str]
) -> Criterion:
    levels = (Level.STRONG_NO, Level.NO, Level.YES, Level.STRONG_YES)
    return Criterion(
        id=id,
        name=name,
        description=description,
        weight=weight,
        anchors=dict(zip(levels, anchors, strict=True)),
    )


_SOFTWARE_ENGINEER: Final = TemplateVersion(
    version=1,
    name="Software engineer: technical interview",
    description="Past work, system design, quality and collaboration, in about an hour.",
    questions=(
        _question(
            "background",
            "experience",
            "Please walk me through your background and what you work on today.",
            required=True,
        ),
        _question(
            "proud-project",
            "ownership",
            "Which project are you most proud of, and what was your own part in it?",
            required=True,
        ),
        _question("impact", "results", "How did you measure whether that work was a success?"),
        _question(
            "design",
            "system design",
            "How would you design a rate limiter for an API that thousands of clients use?",
            required=True,
        ),
        _question(
            "incident",
            "learning from failure",
            "Tell me about something you deployed that broke in production. What changed afterwards?",
            required=True,
        ),
        _question(
            "testing", "quality", "How do you make sure that your code works before others rely on it?"
        ),
        _question("debugging", "problem solving", "Describe the hardest bug you have tracked down."),
        _question(
            "disagreement", "collaboration", "Tell me about a disagreement with a colleague and how it ended."
        ),
        _question("mentoring", "leadership", "How have you helped another engineer to grow?"),
        _question("motivation", "motivation", "What are you looking for in your next role?"),
        _question("logistics", "logistics", "What are your notice period and your salary expectations?"),
    ),
    criteria=(
        _criterion(
            "technical-depth",
            "Technical depth",
            "Understands the systems they built beyond their own change.",
            weight=2,
            anchors=(
                "Cannot explain the choices in their own project.",
                "Explains what was built, not why; trade-offs stay vague.",
                "Explains choices with alternatives and limits for at least one system.",
                "Connects choices to figures, failure modes and what they would do differently.",
            ),
        ),
        _criterion(
            "system-design",
            "System design",
            "Finds a workable design and knows where it breaks.",
            weight=2,
            anchors=(
                "No workable design, or ignores the stated requirements.",
                "A design for the easy case; scale and failure come up only when asked.",
                "A sound design with state, scale and one failure mode named unprompted.",
                "Weighs several designs, names limits and how they would be observed and operated.",
            ),
        ),
        _criterion(
            "ownership",
            "Ownership",
            "Takes responsibility for outcomes, good and bad.",
            weight=1.5,
            anchors=(
                "Blames others or the process for every problem.",
                "Describes an incident without saying what their part was.",
                "Names their part in an incident and the repair.",
                "Names their part, the repair, and a lasting change they brought about.",
            ),
        ),
        _criterion(
            "quality",
            "Quality and testing",
            "Has a deliberate way to know that the work is right.",
            weight=1,
            anchors=(
                "Leaves checking to others.",
                "Tests sometimes, without a reason for what and when.",
                "Chooses kinds of tests by risk and can give an example.",
                "Improved how a whole team finds defects, with an effect they can name.",
            ),
        ),
        _criterion(
            "collaboration",
            "Collaboration",
            "Works through disagreement to a result.",
            weight=1,
            anchors=(
                "Disparages colleagues or avoids every conflict.",
                "Describes disagreement without understanding the other side.",
                "States both positions fairly and how it was settled.",
                "Sought the disagreement early, changed their mind or others' with evidence.",
            ),
        ),
    ),
    created_at=_SINCE,
)

_FIRST_INTERVIEW: Final = TemplateVersion(
    version=1,
    name="Structured first interview (any role)",
    description="The same questions for everybody in the first half hour, whatever the role.",
    questions=(
        _question(
            "introduction", "experience", "What in your experience fits this role best?", required=True
        ),
        _question(
            "achievement",
            "results",
            "Tell me about a result you achieved that you are proud of. What was the situation before and after?",
            required=True,
        ),
        _question(
            "setback",
            "learning from failure",
            "Tell me about something that did not go as you planned. What did you learn?",
            required=True,
        ),
        _question("teamwork", "collaboration", "Describe work that depended on people outside your team."),
        _question("priorities", "organisation", "How do you decide what to do when everything is urgent?"),
        _question("motivation", "motivation", "Why this role, and why now?", required=True),
        _question(
            "expectations", "logistics", "What are your notice period, location and salary expectations?"
        ),
        _question("questions", "motivation", "What would you like to know from us?"),
    ),
    criteria=(
        _criterion(
            "relevant-experience",
            "Relevant experience",
            "Has done work that carries over to this role.",
            weight=2,
            anchors=(
                "No example that relates to the role.",
                "Related tasks, with a small or unclear part in them.",
                "At least one example with a clear part and result.",
                "Several examples of the same difficulty as this role or more.",
            ),
        ),
        _criterion(
            "results",
            "Results",
            "Can say what changed because of their work.",
            weight=1.5,
            anchors=(
                "Describes duties only.",
                "Names results without a before and after.",
                "One result with a before and after.",
                "Several results with figures and their own contribution set apart.",
            ),
        ),
        _criterion(
            "learning",
            "Learning",
            "Draws conclusions from what went wrong.",
            weight=1,
            anchors=(
                "Reports no setback, or only other people's.",
                "A setback without a conclusion.",
                "A setback with a conclusion.",
                "A conclusion that was applied later, with an example.",
            ),
        ),
        _criterion(
            "communication",
            "Clarity of answers",
            "Answers the question that was asked. Accent, pace and fluency are never rated.",
            weight=1,
            anchors=(
                "Answers do not relate to the questions.",
                "Needs several follow-ups to reach the point.",
                "Answers the question with an example.",
                "Answers, gives context and says what is left open.",
            ),
        ),
        _criterion(
            "motivation",
            "Motivation for the role",
            "Knows what the role is and wants it.",
            weight=1,
            anchors=(
                "Cannot say what the role is.",
                "General reasons that fit any employer.",
                "A reason that belongs to this role.",
                "Reasons that connect this role with what they did before.",
            ),
        ),
    ),
    created_at=_SINCE,
)


@lru_cache(maxsize=256)
def builtin_templates(organisation_id: str) -> dict[str, Template]:
    """The built-in templates by id, as an organisation sees them."""
    return {
        id: Template(
            id=id,
            organisation_id=organisation_id,
            builtin=True,
            version=edition.version,
            versions=(edition,),
            created_at=_SINCE,
            updated_at=_SINCE,
        )
        for id, edition in (
            ("builtin-software-engineer", _SOFTWARE_ENGINEER),
            ("builtin-first-interview", _FIRST_INTERVIEW),
        )
    }
