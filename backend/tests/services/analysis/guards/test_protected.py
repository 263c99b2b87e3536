"""What touches a protected topic is cut; what only sounds like it stays."""

from __future__ import annotations

import pytest

from app.models.analysis import ProtectedTopic
from app.services.analysis.guards.protected import Protected, find_protected
from tests.services.analysis.guards.talks import CANDIDATE, INTERVIEWER, UNKNOWN, roles, utterances

T = ProtectedTopic
ROLES = roles(i=INTERVIEWER, c=CANDIDATE)


def found(*said: tuple[str, str], language: str | None = "en") -> Protected:
    return find_protected(utterances(*said), ROLES, language=language)


def cut_texts(*said: tuple[str, str], language: str | None = "en") -> list[str]:
    texts = {u.id: u.text for u in utterances(*said)}
    spans = dict.fromkeys(c.span for c in found(*said, language=language).cuts)
    return [texts[s.utterance_id][s.start : s.end] for s in spans]


ASKED = [
    (T.AGE, "How old are you, if I may ask?"),
    (T.AGE, "What year were you born?"),
    (T.AGE, "When do you plan to retire?"),
    (T.AGE, "I'm guessing you're what, forty-eight?"),
    (T.AGE, "Aren't you a bit old for this role?"),
    (T.AGE, "What year did you graduate from high school?"),
    (T.FAMILY, "Do you have children?"),
    (T.FAMILY, "Are you married?"),
    (T.FAMILY, "What does your husband do for a living?"),
    (T.FAMILY, "Who looks after the kids while you work?"),
    (T.FAMILY, "Do you plan to start a family?"),
    (T.FAMILY, "Tell me about your family situation."),
    (T.FAMILY, "So, any kids?"),
    (T.FAMILY, "Have you got little ones at home?"),
    (T.FAMILY, "And who's at home with you?"),
    (T.PREGNANCY, "Are you pregnant?"),
    (T.PREGNANCY, "Are you planning to have children in the near future?"),
    (T.PREGNANCY, "How long was your maternity leave?"),
    (T.HEALTH, "How is your health?"),
    (T.HEALTH, "Do you have any medical conditions we should know of?"),
    (T.HEALTH, "How many sick days did you take last year?"),
    (T.HEALTH, "Have you ever had a burnout?"),
    (T.HEALTH, "Do you smoke?"),
    (T.DISABILITY, "Do you have a disability?"),
    (T.DISABILITY, "Are you disabled in any way?"),
    (T.ORIGIN, "Where are you really from?"),
    (T.ORIGIN, "Where were you born?"),
    (T.ORIGIN, "What is your nationality?"),
    (T.ORIGIN, "Is that an Indian name?"),
    (T.ORIGIN, "Is English your first language?"),
    (T.ORIGIN, "I hear an accent, where do your parents come from?"),
    (T.RELIGION, "What religion do you practice?"),
    (T.RELIGION, "Do you go to church?"),
    (T.RELIGION, "Are you a Muslim?"),
    (T.ORIENTATION, "Are you gay?"),
    (T.ORIENTATION, "What is your sexual orientation?"),
    (T.GENDER, "As a woman, how do you deal with a team of men?"),
    (T.GENDER, "What are your pronouns?"),
    (T.POLITICS, "Who did you vote for?"),
    (T.POLITICS, "What are your political views?"),
    (T.POLITICS, "What do you think about Brexit?"),
    (T.UNION, "Are you a member of a trade union?"),
    (T.UNION, "Have you ever been in a union?"),
    (T.FINANCES, "What is your credit score?"),
    (T.FINANCES, "Do you own your home or do you rent?"),
    (T.FINANCES, "Have you ever declared bankruptcy?"),
]

TOLD = [
    (T.AGE, "I'm fifty two years old."),
    (T.AGE, "I am 47."),
    (T.AGE, "I was born in 1979."),
    (T.AGE, "At my age one learns slower."),
    (T.AGE, "I'm in my late forties."),
    (T.FAMILY, "My wife works at a bank."),
    (T.FAMILY, "I have two kids."),
    (T.FAMILY, "I am married and we moved last year."),
    (T.FAMILY, "As a single mother I need a fixed schedule."),
    (T.FAMILY, "I have to pick up my daughter from school at four."),
    (T.FAMILY, "I was on parental leave for a year."),
    (T.PREGNANCY, "I'm pregnant and due in May."),
    (T.PREGNANCY, "We are expecting our second child."),
    (T.PREGNANCY, "I just came back from my maternity leave."),
    (T.HEALTH, "I had cancer two years ago."),
    (T.HEALTH, "I was on sick leave because of a burnout."),
    (T.HEALTH, "My doctor says that my health is fine."),
    (T.HEALTH, "I struggled with depression for a while."),
    (T.HEALTH, "I take medication for it."),
    (T.DISABILITY, "I am deaf in one ear."),
    (T.DISABILITY, "I have ADHD."),
    (T.DISABILITY, "I use a wheelchair."),
    (T.DISABILITY, "I'm on the autism spectrum."),
    (T.ORIGIN, "I'm originally from Nigeria."),
    (T.ORIGIN, "I grew up in Poland."),
    (T.ORIGIN, "I am Turkish, by the way."),
    (T.ORIGIN, "I came here as a refugee, my parents are from Syria."),
    (T.ORIGIN, "My native language is Farsi."),
    (T.RELIGION, "I'm a practising Catholic."),
    (T.RELIGION, "I pray at noon."),
    (T.RELIGION, "My church runs a shelter."),
    (T.RELIGION, "I can't work late during Ramadan."),
    (T.ORIENTATION, "I'm gay and out at work."),
    (T.ORIENTATION, "I came out to my last team."),
    (T.GENDER, "I'm a trans woman."),
    (T.GENDER, "I was the only woman on the team."),
    (T.POLITICS, "I voted for the Greens."),
    (T.POLITICS, "I am a member of the Labour party."),
    (T.UNION, "I was the union representative there."),
    (T.UNION, "I sat on the works council for two years."),
    (T.FINANCES, "I have a lot of debts."),
    (T.FINANCES, "I still pay off my student loans."),
]

HARMLESS = [
    "We use union types everywhere in TypeScript.",
    "A SQL union of both tables was enough.",
    "I implemented union find for the graph.",
    "We shipped to the whole European Union.",
    "It is a family of products with one API.",
    "Our product family grew fast.",
    "We changed the font family and the column family.",
    "The parent class calls the hook first.",
    "The parent process waits for the child process.",
    "You kill the child and restart it.",
    "Each node has children, and the children of the node are sorted.",
    "The child component re-renders.",
    "The old version had no tests.",
    "Legacy age is not the problem, the old code is.",
    "I added a health check and a health endpoint.",
    "I built a healthcare product for hospitals.",
    "We monitor the health of the cluster.",
    "I worked on a mental health app.",
    "I religiously tested every release.",
    "We are religious about code review.",
    "It was a race condition in the cache.",
    "There was a data race between two workers.",
    "There is a gender field in the schema.",
    "After a pregnant pause the build went green.",
    "I was a developer evangelist for two years.",
    "We had a lot of technical debt.",
    "My technical debts list was long.",
    "It was a third party library.",
    "The leader election failed, and we voted for option B.",
    "I avoid office politics.",
    "I made a conservative estimate.",
    "We went straight to production.",
    "Object orientation is not everything.",
    "It is a cloud native service, I am fluent in React Native.",
    "I use a screen reader to test the forms.",
    "The feature was disabled by a flag.",
    "It was a blind spot for us.",
    "I was sick of flaky tests.",
    "I got tired of it and left.",
    "We worked on cancer research data.",
    "Our customers are families and schools.",
    "I built the parental leave feature of the payroll.",
    "Are you authorised to work in the European Union?",
    "Do you need a visa or a work permit for Germany?",
    "I'm eligible to work in the UK.",
    "I have been an engineer for 25 years.",
    "I am 90 percent sure.",
    "I'm 20 minutes away from the office.",
    "How old is the system?",
    "The company is ten years old.",
    "I'm from the platform team.",
    "I come from a Java background.",
    "Where are you based?",
    "I'm engaged in open source.",
    "My team is in India, I work with the India office.",
    "I wrote a credit score service for a bank.",
    "I broke production once.",
    "I was in debt collection software before.",
    "I have a master of science, and I'm a scrum master.",
    "What are your salary expectations?",
    "Our sister company uses the same stack.",
    "I support the mortgage product.",
    "The single tenant setup is simple.",
    "We were married to the vendor.",
    "I transitioned to management last year.",
    "It strikes me as odd.",
    "We moved it to a transaction.",
    "I'm blind to that kind of thing without metrics.",
    "My baby was that project, honestly.",
    "I was working in Germany for two years.",
    "I'm in Spain right now.",
    "I'm poor at drawing.",
    "I had an operation that failed in the API.",
    "I had a stroke of luck.",
    "I turned 40 servers off.",
    "I was depressed about the state of the code.",
    "Your family name, please?",
    "I'm straight with people.",
    "Thanks for being straight, that helps.",
    "My lead would say I'm straight.",
    "We fixed the little ones first and the large outage later.",
    "One of the boys of the night shift found it.",
    "I'm American Express certified.",
    "I tested for colour contrast and disabilities.",
]


class TestWhatIsCut:
    @pytest.mark.parametrize(("topic", "text"), ASKED)
    def test_questions_about_a_topic(self, topic: ProtectedTopic, text: str) -> None:
        result = found(("i", text))
        assert topic in {c.topic for c in result.cuts}
        assert topic in {c.topic for c in result.questions}

    @pytest.mark.parametrize(("topic", "text"), TOLD)
    def test_disclosures(self, topic: ProtectedTopic, text: str) -> None:
        result = found(("c", f"We used Kafka. {text} Then we shipped it."))
        assert topic in {c.topic for c in result.cuts}
        assert {c.span.start for c in result.cuts} == {len("We used Kafka. ")}
        assert not result.questions

    @pytest.mark.parametrize("text", HARMLESS)
    def test_false_friends_stay(self, text: str) -> None:
        assert found(("c", text)).cuts == ()
        assert find_protected(utterances(("i", text)), ROLES).cuts == ()

    def test_only_the_sentence_goes(self) -> None:
        assert cut_texts(("c", "I led the migration. I have two kids. We used Kafka.")) == [
            "I have two kids."
        ]

    def test_a_sentence_without_an_end_goes_by_its_clause(self) -> None:
        work = "and then we moved the billing service to new machines and measured every request for a week "
        text = f"so i led the team {work * 3}and to be honest i have two kids at home {work * 3}"
        cut = cut_texts(("c", text))
        assert len(cut) == 1
        assert "two kids" in cut[0]
        assert len(cut[0].split()) < 40


class TestAnswers:
    def test_a_short_answer_goes_whole(self) -> None:
        said = (
            ("i", "Do you have kids?"),
            ("c", "Yes, two. They love it here."),
            ("i", "Nice. Why Go?"),
            ("c", "It is fast."),
        )
        assert cut_texts(*said) == ["Do you have kids?", "Yes, two.", "They love it here."]

    def test_of_a_long_answer_the_beginning_goes_and_what_comes_back_to_it(self) -> None:
        work = "We moved the billing service and measured every request for a week. " * 6
        answer = f"Two of them. They are small. {work}My wife helps. I like Go."
        cut = cut_texts(("i", "Do you have children?"), ("c", answer))
        assert cut == ["Do you have children?", "Two of them.", "They are small.", "My wife helps."]

    def test_an_answer_may_come_in_several_utterances(self) -> None:
        said = (("i", "Are you married?"), ("c", "Well."), ("c", "Not yet."), ("i", "I see."))
        assert cut_texts(*said) == ["Are you married?", "Well.", "Not yet."]

    def test_asking_back_is_no_answer(self) -> None:
        said = (("i", "How old are you?"), ("c", "Sorry?"), ("i", "Your age."), ("c", "Forty two."))
        assert cut_texts(*said)[-1] == "Forty two."

    def test_the_answer_has_the_topic_of_the_question(self) -> None:
        result = found(("i", "Do you smoke?"), ("c", "No."))
        assert [c.topic for c in result.cuts] == [T.HEALTH, T.HEALTH]

    def test_an_answer_to_another_question_stays(self) -> None:
        said = (
            ("i", "Where are you based?"),
            ("c", "In Berlin."),
            ("i", "How old is the system?"),
            ("c", "Ten years."),
        )
        assert cut_texts(*said) == []


class TestWhoAsked:
    def test_only_interviewers_are_reported(self) -> None:
        said = (("c", "Do you have kids yourself?"), ("i", "Yes, a son."))
        result = found(*said)
        assert result.questions == ()
        assert len(result.cuts) == 2

    def test_nobody_is_reported_while_roles_are_open_but_all_is_cut(self) -> None:
        said = utterances(("i", "Do you have kids?"), ("c", "Two."))
        result = find_protected(said, roles(i=UNKNOWN, c=UNKNOWN))
        assert result.questions == ()
        assert len(result.cuts) == 2

    def test_a_question_mark_is_not_needed(self) -> None:
        assert found(("i", "do you have any children")).questions


OTHER_LANGUAGES = [
    ("de", T.AGE, "Wie alt sind Sie?"),
    ("de", T.FAMILY, "Haben Sie Kinder?"),
    ("de", T.FAMILY, "Ich bin verheiratet."),
    ("de", T.PREGNANCY, "Sind Sie schwanger?"),
    ("de", T.HEALTH, "Ich war lange krank."),
    ("de", T.DISABILITY, "Ich bin schwerbehindert."),
    ("de", T.ORIGIN, "Woher kommen Sie ursprünglich?"),
    ("de", T.RELIGION, "Ich bin Muslimin."),
    ("de", T.ORIENTATION, "Ich bin schwul."),
    ("de", T.POLITICS, "Welche Partei wählen Sie?"),
    ("de", T.UNION, "Ich bin in der Gewerkschaft."),
    ("de", T.FINANCES, "Ich habe Schulden."),
    ("fr", T.AGE, "Quel âge avez-vous ?"),
    ("fr", T.FAMILY, "Avez-vous des enfants ?"),
    ("fr", T.PREGNANCY, "Je suis enceinte."),
    ("fr", T.HEALTH, "J'ai eu des problèmes : j'ai fait un burn-out."),
    ("fr", T.DISABILITY, "Je suis sourd."),
    ("fr", T.ORIGIN, "D'où venez-vous ?"),
    ("fr", T.RELIGION, "Je suis catholique."),
    ("fr", T.POLITICS, "Pour qui votez-vous ?"),
    ("fr", T.UNION, "Je suis syndiqué."),
    ("fr", T.FINANCES, "J'ai des dettes."),
    ("es", T.AGE, "¿Cuántos años tiene?"),
    ("es", T.FAMILY, "Tengo dos hijos."),
    ("es", T.FAMILY, "¿Está casada?"),
    ("es", T.PREGNANCY, "Estoy embarazada."),
    ("es", T.HEALTH, "Tengo diabetes."),
    ("es", T.DISABILITY, "Tengo una discapacidad."),
    ("es", T.ORIGIN, "¿De dónde es usted?"),
    ("es", T.RELIGION, "Soy católica."),
    ("es", T.POLITICS, "¿A quién vota?"),
    ("es", T.UNION, "Estoy en un sindicato."),
    ("es", T.FINANCES, "Tengo muchas deudas."),
]
HARMLESS_ELSEWHERE = [
    ("de", "Wir haben viele technische Schulden."),
    ("de", "Der Kindprozess wird beendet."),
    ("de", "Haben Sie eine Arbeitserlaubnis?"),
    ("de", "Ich bin seit 12 Jahren Entwickler."),
    ("fr", "Nous avons beaucoup de dette technique."),
    ("fr", "C'est une famille de produits."),
    ("fr", "J'ai vingt ans d'expérience."),
    ("es", "Teníamos mucha deuda técnica."),
    ("es", "El proceso hijo termina."),
    ("es", "Tengo veinte años de experiencia."),
]


class TestOtherLanguages:
    @pytest.mark.parametrize(("language", "topic", "text"), OTHER_LANGUAGES)
    @pytest.mark.parametrize("is_known", [True, False])
    def test_the_core_is_found(self, language: str, topic: ProtectedTopic, text: str, is_known: bool) -> None:
        result = found(("i", text), language=language if is_known else None)
        assert topic in {c.topic for c in result.cuts}

    @pytest.mark.parametrize(("language", "text"), HARMLESS_ELSEWHERE)
    def test_false_friends_stay(self, language: str, text: str) -> None:
        assert found(("c", text), language=language).cuts == ()

    def test_the_language_of_the_utterance_decides(self) -> None:
        said = utterances(("c", "Ich bin verheiratet."), language="de-AT")
        assert find_protected(said, ROLES, language="en").cuts
        assert not find_protected(utterances(("c", "Ich bin verheiratet.")), ROLES, language="en").cuts
