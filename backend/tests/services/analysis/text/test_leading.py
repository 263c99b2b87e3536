"""Questions that suggest their answer, and those that only look like it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.analysis.text.leading import suggests_its_answer


@pytest.mark.parametrize(
    "sentence",
    [
        "You don't mind overtime, do you?",
        "You don't mind working late?",
        "Wouldn't you agree that testing matters?",
        "Would you agree that testing matters?",
        "You'd agree that testing matters?",
        "Don't you think that is a bit slow?",
        "Isn't it better to write the tests first?",
        "Shouldn't a developer know that?",
        "So you're good with Python, right?",
        "And you are comfortable with on-call, aren't you?",
        "You like working in a team, don't you?",
        "You have led people before, haven't you?",
        "You wouldn't have a problem with travelling, would you?",
        "You won't have any issues with weekend work?",
        "That's an important skill, isn't it?",
        "It was the right decision, don't you think?",
        "You know Kubernetes well, correct?",
        "You can start right away, yes?",
        "You have never missed a deadline, is that right?",
        "I assume you have used Git.",
        "I assume you're fine with that?",
        "I take it you're happy to work on Saturdays.",
        "I suppose you would rather work from home?",
        "I guess you know how a hash map works?",
        "Surely you tested it before the release?",
        "Surely, that was your responsibility.",
        "I'm sure you would have done it differently.",
        "You must be good at this?",
        "Okay, so you enjoy pressure, right?",
        "you're happy with a smaller team right",
        "you don’t mind the commute, do you?",
    ],
)
def test_suggests(sentence: str) -> None:
    assert suggests_its_answer(sentence) is not None


@pytest.mark.parametrize(
    "sentence",
    [
        # Open questions, and closed ones that leave the answer free.
        "What did you build?",
        "How do you feel about overtime?",
        "Would you be comfortable with that?",
        "Do you mind overtime?",
        "Do you agree to a background check?",
        "Have you used Kafka?",
        "Why don't you tell me about your last project?",
        "Is that the left one or the right?",
        "Which of the two would you say is right?",
        "Did you roll it back, or did you fix it?",
        "What would you do?",
        # What makes the talk possible.
        "You found the office all right?",
        "You found the office, right?",
        "Can you hear me, right?",
        "You can hear me, right?",
        "You can see my screen, can't you?",
        "You got my e-mail, didn't you?",
        "You don't mind if I take notes, do you?",
        "You don't mind if we record this?",
        "We have half an hour, right?",
        "You've read the job description, right?",
        "Don't you have any questions for me?",
        "Wouldn't you like some water?",
        "I guess you could start with your background?",
        "It's a nice day, isn't it?",
        "Your name is pronounced Oh-ka-for, right?",
        # What makes sure of something.
        "You said you led three people, right?",
        "Your CV says you worked at Acme, is that correct?",
        "If I understand you correctly, it was your idea, right?",
        # Statements.
        "That's right.",
        "You are right.",
        "Right?",
        "Turn right",
        "I assume nothing.",
        "I think you did well.",
        "Of course you can ask me anything.",
        "You must be joking.",
        "that is right",
        "",
    ],
)
def test_does_not_suggest(sentence: str) -> None:
    assert suggests_its_answer(sentence) is None


@pytest.mark.parametrize(
    ("sentence", "may_check"),
    [
        ("So you led the migration, right?", True),
        ("So you're good with Python, right?", False),
        ("You enjoyed it, didn't you?", True),
        ("You enjoy it, don't you?", False),
        ("Wouldn't you agree that it failed?", False),
    ],
)
def test_tells_whether_it_may_repeat_what_was_said(sentence: str, may_check: bool) -> None:
    suggestion = suggests_its_answer(sentence)
    assert suggestion is not None
    assert suggestion.may_check is may_check


@given(st.text(st.sampled_from("yourigtd'n ,?i"), max_size=200))
def test_any_text_is_looked_at_without_trouble(text: str) -> None:
    found = suggests_its_answer(text)
    assert found is None or text.strip()
