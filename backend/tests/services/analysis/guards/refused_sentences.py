"""Sentences that a debrief must not say, by what they tell of a person."""

from __future__ import annotations

from typing import Final

EMOTION: Final = """
Seemed nervous.
He was not nervous.
[CANDIDATE] was nervous about the question.
[CANDIDATE] appeared confident.
She answered confidently.
They lacked confidence.
His confidence grew during the talk.
Shows great confidence in himself.
Was enthusiastic about the product.
Spoke with enthusiasm about testing.
[CANDIDATE] hesitated... answered hesitantly.
A hesitant answer about the outage.
Sounded anxious when asked about deadlines.
Passionate about accessibility.
[CANDIDATE] is passionate about clean code.
Shows passion for teaching.
Answered honestly.
Was honest about the failure.
[CANDIDATE] came across as insincere.
Comfortable with ambiguity.
Comfort with ambiguity
[CANDIDATE] is comfortable with Kubernetes.
Was uncomfortable discussing the conflict.
Excited about the role.
Got excited when talking about Rust.
Stayed calm.
He remained calm during the outage.
Calmly handled the question.
[CANDIDATE] was calm and polite.
Frustrated with the old process.
He felt overwhelmed.
She was proud of the migration.
Loves mentoring.
[CANDIDATE] enjoys working on compilers.
He hates meetings.
""".strip().splitlines()

PERSONALITY: Final = """
An introverted developer.
Introvert.
Arrogant.
Came across as arrogant.
A likeable person.
Is humble.
[CANDIDATE] is a team player.
A people person who listens.
Has a positive attitude.
Highly motivated.
Self-motivated and hard-working.
[CANDIDATE] was defensive.
Got defensive when challenged.
Became aggressive in the discussion.
Is patient with juniors.
Shows empathy.
A quick learner.
A good cultural fit.
Has a strong personality.
""".strip().splitlines()

VOICE_AND_FLUENCY: Final = """
Speaks with a heavy accent.
Strong accent.
Speaks fluently.
[CANDIDATE] is fluent in German.
Speaks broken English.
Good English.
A native speaker of English.
Non-native speaker.
Spoke very quickly.
Talked at a fast pace.
Uses many filler words.
Stuttered at first.
Spoke in a monotone voice.
Her voice was soft.
His voice trembled.
Pauses before answering.
Is articulate.
Well-spoken.
""".strip().splitlines()

LOOKS_AND_BODY: Final = """
Made little eye contact.
Good body language.
Smiled a lot.
Was well dressed.
Wore a suit.
Neat appearance.
An attractive candidate.
""".strip().splitlines()

AGE_GENDER_ORIGIN: Final = """
A young woman with two degrees.
He is an older man.
A 45-year-old engineer.
[CANDIDATE] is 52 years old.
In her early thirties.
Mother of two.
As a single mother, wants part-time work.
[CANDIDATE] is married.
She is pregnant.
Returned from maternity leave.
Has two kids.
An Indian engineer.
He is Polish.
Of Turkish origin.
Originally an immigrant.
""".strip().splitlines()

HEALTH: Final = """
[CANDIDATE] was sick last year.
He is healthy.
Has a disability.
Suffers from depression.
He has diabetes.
On sick leave for two months.
""".strip().splitlines()

OF_WHOM: Final = """
Candidate's calm manner
A confident communicator.
He told the customer nervously that it failed.
In front of the customer [CANDIDATE] was nervous.
The candidate in front of the customer was nervous.
How confident are you with Terraform?
Are you comfortable with on-call work?
over-confident
A nervous-looking reply.
The team member was nervous.
Handled the outage and was calm.
During the outage, stayed calm.
They were angry.
She isn't confident.
He's nervous.
""".strip().splitlines()

IN_OTHER_LANGUAGES: Final = """
Wirkte nervös.
Der Kandidat ist selbstbewusst.
Spricht fließend Englisch.
Eine junge Frau.
Mutter von zwei Kindern.
Er blieb ruhig.
Starker Akzent.
Le candidat semble nerveux.
Elle est timide.
Il parle couramment anglais.
Une jeune femme.
Il est resté calme.
El candidato parece nervioso.
Es una persona muy tímida.
Habla con fluidez.
Madre de dos hijos.
Está tranquilo.
El candidato es honesto.
Ist ein Teamplayer.
Das Auftreten war selbstsicher.
Er ist sehr ehrlich.
Sie wirkt freundlich und ruhig.
Ein arroganter Bewerber
Guter Blickkontakt
Sie ist schwanger.
Begeisterung für Java
Muttersprachler
Er spricht schnell.
Elle a un fort accent.
Très enthousiaste à propos du projet
Le candidat est passionné par le cloud.
Sûr de lui.
Contact visuel limité
Muy seguro de sí mismo.
Contacto visual escaso
Mujer joven con experiencia
Se mostró nerviosa
""".strip().splitlines()

MIXED: Final = """
Seemed unsure.
Unsure of himself.
Works well under pressure.
Handles stress well.
Good sense of humour.
High energy.
Her energy was good.
An intelligent and creative person.
[INTERVIEWER_1] was angry.
The candidates' nervous manner
A kind and gentle man
Leads an incident calmly
He is smart.
The candidate is reliable.
A smart engineer
Motivated.
A woman in her fifties
The candidate was shy.
[CANDIDATE] explained the outage and sounded confident about the fix.
[CANDIDATE] showed enthusiasm for the customer's problem.
He was friendly to the customer.
He described the angry customer and grew nervous.
Very friendly and open.
A pleasant, friendly candidate.
Friendly.
Curious about the product.
Genuine interest in the mission
What makes you happy at work?
How do you stay calm under pressure?
The candidate's honesty about the mistake
An honest answer
Confidence
Her confidence in the test suite
Confidence in his own skills
With confidence, [CANDIDATE] explained the design.
Emotionally intelligent.
Emotional state
Ambitious.
[CANDIDATE] is ambitious.
He was, however, nervous.
Neither nervous nor calm.
[CANDIDATE] remained composed.
Composure under questioning
He seems introverted, yet capable.
Young and energetic.
He is young.
Too old for the role.
Is a woman.
Was born in Turkey and is Turkish.
He wears glasses and was wearing a hoodie.
Laughed when asked.
[CANDIDATE] laughed and nodded.
Her English is fluent
Their spoken English is poor.
Poor English
An accent made the talk hard to follow.
He speaks slowly and clearly.
Fillers such as um were frequent; used fillers.
Speech is full of ums and ahs.
Has a lisp.
Tone of voice
His tone was friendly
He was stressed out.
Was relaxed.
Seems trustworthy.
He seemed disengaged.
She is autistic.
Burned out in the last job.
Was depressed.
He is blind.
A deaf candidate.
He is religious.
He is a devout Muslim.
Is gay.
She and her husband plan to move.
[CANDIDATE], a father of three, wants remote work.
A handsome man
Personality
Eager to learn
Keen and eager.
Patience with users
Humility
He was rude to the interviewer.
[PERSON_1] was arrogant
Not a team player
He lied about his degree.
Dishonest about dates
Felt comfortable leading the team
The team lead was nervous
A nervous team lead
With the customer on the phone, he became angry.
The customers said they were angry.
He's a confident, calm engineer.
Thoughtful and creative thinker.
She sounds happy about the move.
The interviewer was impatient.
[CANDIDATE] was visibly shaken and nervous
Extremely self-confident
Her mood was low.
Strong emotions while describing the outage
Mumbled the answer
While the design was sound, [CANDIDATE] seemed hesitant to defend it.
[CANDIDATE] handled objections confidently and calmly.
[CANDIDATE] explained the sharding in detail and was visibly excited by it.
The answer on testing was hesitant.
[CANDIDATE] gave a passionate account of the rewrite.
Showed curiosity about the roadmap.
[CANDIDATE] expressed frustration with the review process.
[CANDIDATE] seems to be a warm person.
He is a warm, kind colleague.
[CANDIDATE] was not at all arrogant.
Demonstrated humility when describing the failed launch.
[CANDIDATE] felt guilty about the data loss.
[CANDIDATE], who was nervous, named three causes.
Honest, calm and friendly.
Very calm in incidents
Calm under pressure
Resilient under pressure, he stayed positive and calm.
Enjoyed the challenge.
Displayed a lack of confidence when asked about indexes.
Low confidence when speaking.
[CANDIDATE] spoke with confidence about Kafka.
[CANDIDATE] had confidence in the release.
What emotions did you feel?
Emotional resilience
Self-confidence
Is there anything that makes you anxious?
""".strip().splitlines()
