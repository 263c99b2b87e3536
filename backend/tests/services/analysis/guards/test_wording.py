"""What a debrief must not say of a person, and what it may say of things, of work and of customers."""

from __future__ import annotations

import pytest

from app.services.analysis.guards.wording import refused_wording

REFUSED = """
The candidate seemed nervous when asked about testing.
The candidate answered nervously.
She was confident throughout the interview.
[CANDIDATE] showed confidence in the discussion.
He is enthusiastic about the role.
The candidate is passionate about distributed systems.
Their passion for clean code is visible.
The candidate was hesitant to name a number.
He hesitated before he answered.
She appeared anxious.
The candidate sounded insincere.
The answer was sincere.
The candidate seems dishonest about the dates.
[CANDIDATE] was honest about the outage.
The candidate lied about the role.
He became defensive about the criticism.
The candidate was evasive.
She felt uncomfortable with the question.
The candidate was frustrated with the last manager.
He is angry at his former employer.
The candidate is unhappy in the current job.
The candidate is proud of the migration.
She was excited to join.
The candidate is eager to learn.
He was bored by the small talk.
The candidate looked stressed.
The candidate stayed calm under questions.
Daniel was calm when the questions became hard.
Daniel Reyes is honest.
The candidate got emotional.
The mood was good.
The candidate is introverted.
An extroverted and outgoing engineer.
He comes across as arrogant.
She is humble.
[CANDIDATE] is likeable.
The candidate is charismatic.
A friendly and approachable candidate.
The candidate is warm and kind.
The candidate is ambitious.
She is highly motivated.
He is a lazy engineer.
The candidate is stubborn.
A curious mind with a growth mindset.
The candidate has a positive attitude.
The candidate has a strong personality.
Good cultural fit.
She is a team player.
The candidate is intelligent.
A smart person.
The candidate shows empathy.
The candidate's integrity is clear.
The candidate is mature for the level.
The candidate speaks with an accent.
The candidate is fluent in English.
Her English is fluent.
He speaks slowly.
The candidate answered quickly and at length.
The candidate used many filler words.
He stutters at times.
The candidate is articulate.
She is well-spoken.
The candidate has poor pronunciation.
His voice was quiet.
The tone of voice was flat.
The candidate made long pauses.
The candidate rambled.
The candidate speaks broken English.
Good eye contact.
The body language was open.
The candidate smiled a lot.
She laughed at the question.
The candidate was well-dressed.
He has a professional appearance.
The candidate looks tired.
A young woman with experience in Go.
An older candidate with much experience.
She is a native speaker.
The candidate is in her forties.
The candidate is 45 years old.
The Indian candidate knows Kafka.
A female engineer.
As a mother she needs flexibility.
The candidate is pregnant.
The candidate seems healthy.
The candidate suffered from burnout.
The candidate is depressed.
The candidate may have ADHD.
The interviewer was rude.
The interviewer seemed bored.
Der Kandidat wirkte nervös.
Die Kandidatin ist selbstbewusst.
Er spricht mit Akzent.
Sie ist sympathisch und extrovertiert.
Eine junge Frau mit Erfahrung.
Er hielt Blickkontakt.
Le candidat était nerveux.
La candidate est passionnée par le cloud.
Il est timide et parle avec un accent.
Une jeune femme très souriante.
El candidato parecía nervioso.
La candidata es apasionada y simpática.
Habla con acento.
Es una mujer joven.
""".strip().splitlines()

ALLOWED = """
The confidence interval was 95 percent.
The tests gave the team confidence.
The canary gave confidence in the release.
The team was under pressure before the launch.
The candidate wrote software for research on the nervous system.
The accent colour of the theme was changed.
Search ignores accents in names.
The candidate built a robust voice API.
The team published honest metrics.
The service was healthy after the rollback.
The customer was angry about the outage.
Customers were unhappy with the latency.
Users were frustrated by the old form.
The stakeholders were worried about the date.
The team was nervous before the migration.
The candidate called the angry client and offered a plan.
The outage left many customers frustrated.
It was a calm deployment.
The happy path has tests.
The candidate designed a fluent API.
The candidate is fluent in Python.
Lazy loading cut the start time by half.
Eager loading removed the extra queries.
The candidate practises defensive programming.
They relaxed the constraints on the table.
The candidate ran stress tests.
The API is developer-friendly.
The candidate built touch gestures for the app.
The security posture was reviewed.
The TLS handshake failed.
Alert fatigue fell after the change.
The candidate prevented a man-in-the-middle attack.
The estimate was twelve man-days.
The candidate joined a young company.
The product helps people with disabilities.
The pool was exhausted, so requests waited.
An aggressive cache policy caused stale reads.
Postgres is mature and Redis was healthy.
The cache was cold after a restart.
The old version had no tests.
Data integrity was checked every night.
The naive algorithm was too slow.
The candidate set an ambitious deadline for the project.
The change was motivated by costs.
The report is composed of three parts.
The candidate led the migration of the billing system.
The candidate said: "I was very frustrated there."
The candidate quoted “I was nervous about it” from the retrospective.
The candidate expects ninety thousand euros.
The notice period is two months.
The candidate does not write many unit tests.
The candidate answered the question about rate limiting with a token bucket.
The candidate named no figure for the error rate.
Response time dropped from nine hundred to two hundred milliseconds.
The candidate asked how the on-call rotation is organised.
The candidate was responsible for cold starts.
The candidate works with sensitive data.
The candidate is strong in SQL.
The answer is specific and has figures.
The answer stays vague about the own part.
A positive balance was required.
The candidate worked for an energy company.
The candidate maintained a fashion retailer, that is, a clothing shop.
The candidate mentored two colleagues.
The candidate disagreed with the manager and wrote a document with the costs.
The race condition was found with a stress test.
The character encoding was wrong.
The candidate built sentiment analysis for reviews.
The gender field was removed from the schema.
The smile emoji broke the parser.
The customer success team owned the tickets.
The voice of the customer was collected each quarter.
The candidate wants growth and a path to a senior position.
Kafka is open source.
The candidate explained the trade-off between both designs.
The foreign key was missing.
The candidate is open to relocation.
The candidate feels that tests slow the team down.
The candidate explained slowly changing dimensions.
The candidate's answer was positive about the vendor.
Pauses in the garbage collector fell to two milliseconds.
Their data integrity checks run each night.
The bright theme was removed.
Das Konfidenzintervall war breit.
Der Kunde war verärgert über den Ausfall.
Die Oberfläche ist benutzerfreundlich.
L'intervalle de confiance était large.
Le client était frustré par la panne.
El intervalo de confianza era amplio.
El cliente estaba enfadado por la caída.
""".strip().splitlines()


class TestRefused:
    @pytest.mark.parametrize("text", REFUSED)
    def test_words_about_a_person(self, text: str) -> None:
        assert refused_wording(text)

    def test_names_the_words_in_their_order(self) -> None:
        assert refused_wording("The candidate was nervous, then enthusiastic, then Nervous.") == (
            "nervous",
            "enthusiastic",
        )

    def test_disguises_do_not_help(self) -> None:
        assert refused_wording("The candidate was ner\u200bvous.") == ("nervous",)

    def test_an_open_quotation_mark_hides_nothing(self) -> None:
        assert refused_wording('The candidate said "yes and was nervous.')

    @pytest.mark.parametrize(
        "text",
        [
            "The candidate, like the team, was nervous.",
            "The candidate is a confident team player.",
            "The candidate was nervous in front of the customer.",
            "The client-facing candidate was anxious.",
            "The team lead was angry.",
        ],
    )
    def test_a_customer_in_the_sentence_excuses_nobody_else(self, text: str) -> None:
        assert refused_wording(text)


class TestAllowed:
    @pytest.mark.parametrize("text", ALLOWED)
    def test_words_about_things_and_work(self, text: str) -> None:
        assert refused_wording(text) == ()

    @pytest.mark.parametrize(
        "quote", ['"I was angry"', "“I was angry”", "„Ich war nervös“", "«J'étais nerveux»", "‘I was sad’"]
    )
    def test_the_candidates_own_words(self, quote: str) -> None:
        assert refused_wording(f"The candidate said {quote} of the outage.") == ()

    def test_an_empty_text(self) -> None:
        assert refused_wording("") == ()
