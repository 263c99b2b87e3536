"""Sentences and titles of things, of work and of other people in a story, with words that look like the refused."""

from __future__ import annotations

from typing import Final

OF_THINGS_AND_WORK: Final = """
Worked with Christian, Joy and Marie on the billing service.
A real conversation that was honest and stayed calm.
Reported the confidence interval of the A/B test.
The team was under pressure.
Explained the nervous system of the squid.
Changed the accent colour of the page.
Built a robust voice API.
Asked for honest metrics.
The service was healthy.
Added health checks to each service.
A calm deployment.
Replaced the old system.
Shipped a native app.
Designed a fluent interface for queries.
Repaired a mother board.
Worked at a young startup.
Rewrote the sick leave process.
Developer confidence in the test suite
The deployment went calmly.
The rollout was calm.
The rollout was fast and calm.
Tested the happy path first.
Would be happy to relocate.
Ran stress tests on the queue.
Stressed the importance of backups.
A smart pointer frees the memory.
Used optimistic locking.
Aggressive caching cut the load.
Handles sensitive data.
Wrote defensive code.
Lazy loading of images.
The reserved instances were cheaper.
Outgoing traffic was blocked.
Warm standby in a second region.
The cold start took nine seconds.
Disabled the feature flag.
The feature was disabled.
A naive implementation was slow.
The connection pool was exhausted.
Described a race condition.
Parsed the character encoding.
Ambitious roadmap with a fixed date.
A modest budget of 10,000.
A friendly URL scheme.
A user-friendly form.
Security posture of the cluster.
Swipe gesture on the map.
Data integrity checks.
Groomed the backlog weekly.
Works at a clothing retailer.
A low-confidence transcript.
Confidence level of the model
Led four engineers for two years.
Notice period of three months.
Speaks about the migration of 40 services.
Was responsible for patient records.
Explained how the customer was kept informed.
The voice channel dropped one way.
The pace of delivery doubled.
Paused the rollout at ten percent.
Moved from Python to Rust.
Postgres 9 was ten years old.
The codebase was 12 years old.
Energy consumption of the data centre fell.
Lisp and Haskell at university.
Pronounced effect on latency.
The parent company was sold.
A parent class holds the method.
The content was stale.
Explained the content of the contract.
Works in Berlin and can start in May.
Prefers remote work two days a week.
Asked how the on-call rota works.
Willing to relocate to Munich.
The change was motivated by cost.
Did not answer the question about testing.
Trades instead of giving; keeps the price under pressure of time
Translated the English docs.
A sharp drop of latency.
The stable release came in May.
Independent deployments of 12 services.
Driven by events.
Composed of three services.
A healthy debate on design
Open questions on the aging hardware
He fixed the healthy-host threshold.
It was an honest mistake in the script
The job queue was quiet at night.
The migration is old and stable.
The young project had no tests.
An old codebase with 4,000 files
The healthy replicas took over.
The load balancer marks it healthy.
Marks unhealthy hosts.
The engine is reliable.
The protocol is chatty.
Analytical queries on the warehouse
The build was stable for weeks.
The alert threshold is sensitive to spikes.
Uses a clever index.
Brilliant results in the load test
Rigid process at the former company
The state machine is simple.
Rolled back within four minutes.
Cut latency from 900 ms to 210 ms.
Wrote the postmortem and shared it with the team.
Disagreed with the tech lead about sharding and showed a benchmark.
Mentored two juniors.
Expects a salary of 85,000 euros.
Lives in Lyon; open to relocate.
Contradicted the earlier statement on team size.
Did not say how the result was measured.
Used feature flags with care.
Works for a French company.
English version of the manual
The cost of child care subsidies in the product
Fear of regressions slowed releases
Energy usage dropped.
Past tense in commit messages
The schedule was tense.
Comfortable margin before the deadline
The seats were comfortable.
A curious bug in the parser
It was honest work.
He measured how comfortable the seats were.
Sentiment was negative about on-call.
Spoke negatively about on-call.
Spoke positively about mentoring.
Expressed interest in platform work.
Laptop with a worn battery
A humble script of 40 lines
Friendly fire in the test environment
[CANDIDATE] replaced an old batch job with a stream and cut the delay from hours to seconds.
[CANDIDATE] ran the migration at night, so that the rollout was calm.
The rewrite was honest about its limits
[CANDIDATE] kept the old API alive for two quarters.
[CANDIDATE] measured that the service was healthy before the switch.
[CANDIDATE] built a native app for nurses.
[CANDIDATE] named three causes of the outage and the fix for each.
[CANDIDATE] set up dedicated runners.
[CANDIDATE] wrote a stable client and a reliable queue.
[CANDIDATE] was on call for nine months.
[CANDIDATE] made the build reliable.
[CANDIDATE] was an independent contractor.
[CANDIDATE] used a lazy iterator and an aggressive timeout.
[CANDIDATE] got old tests to pass.
[CANDIDATE] keeps sensitive data encrypted.
[CANDIDATE] remains available for night shifts.
[CANDIDATE] quit after the young startup was sold.
""".strip().splitlines()

OF_CUSTOMERS_AND_THEIR_KIN: Final = """
Got an angry dentist's main number ringing in six minutes and kept the customer
Told an angry relative the truth and had the practice of news by telephone changed
Sees every patient herself after handover; teaches students as she works
More women reached the last stage after the process and the advert changed
The customer was angry.
The customer was angry about the delay and he rang her back.
Calmed the angry customer.
Made the customers happy.
Angry customers called.
Users were frustrated by the form.
Reduced customer frustration by a third.
The team was nervous about the release.
The patient was anxious, so the visit took longer.
Stakeholders were worried about cost.
Clients who were unhappy got a refund.
Guests loved the menu.
The feature was loved by users.
The patient had diabetes.
Elderly patients were seen first.
The team was relaxed about deadlines
[CANDIDATE] rebuilt the search so that customers were happier with results.
[CANDIDATE] calmed the angry customers by phone.
[CANDIDATE] described a patient who was anxious before surgery.
[CANDIDATE] told how the customer was angry and how the refund was agreed.
Explained why users were confident in the new price.
The stakeholders felt comfortable with the date.
Kept the customer happy with weekly calls.
The users' frustration with the form was measured.
Frustration among the users led to a redesign.
Anxiety of the patients fell.
Screen readers for blind customers
The form for pregnant patients
Tell me about a time when a customer was upset.
In her team, the guests were happy
The client is happy now
The customer, a bank, was unhappy with the delay.
[CANDIDATE] listened to users who were frustrated and changed the form.
""".strip().splitlines()

QUESTIONS_AND_TOPICS: Final = """
Which project are you most proud of, and what was your own part in it?
Which kind of database did the team choose?
confidence in tests
Confidence in the release
Which situation shows your work on testing?
team size
on-call rota
Energy sector customers
Content management system
How did you decide between Kafka and RabbitMQ?
What did you do when the migration failed?
Motivation for the role
Women's clothing shop
German and French customers
Good English documentation
Our team's confidence grew
Kind of database
What did the old system look like?
Native mobile development
Foreign keys
Passive replicas
Reliable delivery of events
Resilience testing
Resilient architecture
Dedicated servers in Frankfurt
Proactive monitoring
Creative assets pipeline
An intelligent routing layer
Flexible schema
Voice over IP
One-way voice fault
Speech recognition for calls
Text to speech
Voice assistants
Male connector
Man-in-the-middle attack
Black box tests
White label product
The Chinese market launch
A German bank
Indian customers
Age of the data
Gender-neutral form fields
Accessibility for blind users
Health insurance claims
Mental health app
Health data
Parent and child nodes
Mother node
Family of protocols
Marriage of two datasets
The content was old
Silent data corruption
Fear of breaking production
Sensitive to latency
High energy costs
Tense schedule
Genuine production traffic
Appearance of the dialog
Appears in the logs
Look and feel
Character limit
Ego-free code review
Emotion recognition library
What interests you in the role?
What motivates you to change jobs?
When would you be able to start?
How did you deal with an angry customer?
How did the team react when the release failed?
Tests with real users
Smile icon
Aggregated logs
Manchester office
Scared customers away
Customers were not happy
Satisfied customers
Explained the gestures API
Content team
How many users did the old system have?
What gave you confidence in the release?
How did you build confidence in the numbers?
""".strip().splitlines()

IN_OTHER_LANGUAGES: Final = """
Der Kunde war verärgert.
Das Team war nervös.
Ein ruhiges Deployment.
Le client était nerveux.
Un déploiement calme.
El cliente estaba enfadado.
Un despliegue tranquilo.
Métricas honestas para el equipo.
Bewältigte den Ausfall in vier Minuten.
Die Kunden waren wütend.
Ehrliche Metriken
Ruhige Bereitschaftsdienste
Nervensystem
Junge Firma
Les clients étaient anxieux.
Une API honnête
Système nerveux central
El equipo estaba nervioso.
Los usuarios estaban enfadados.
Sistema nervioso
Un sistema modesto
""".strip().splitlines()

IN_QUOTATION_MARKS: Final = """
The candidate said "I was nervous".
The candidate said “I was nervous”.
Said 'I was nervous at first' about the launch.
Sagte „ich war nervös“ zum Start.
Dit « je suis nerveux ».
[CANDIDATE] said "the team was calm" and named the runbook.
""".strip().splitlines()
