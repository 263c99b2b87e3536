"""Short invented talks. A interviews and B applies, unless it says otherwise."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.models.transcript import Engine, EngineKind, Speaker, TranscriptDraft, Utterance


def transcript(script: str, speakers: Sequence[Speaker], *, language: str) -> TranscriptDraft:
    """One utterance for each line `A: …`, ten seconds apart. An indented line goes on with the one before."""
    whole = re.sub(r"\n +", " ", script.strip())
    lines = [line.partition(": ") for line in whole.splitlines()]
    return TranscriptDraft(
        engine=Engine(name="import:text", version="1", kind=EngineKind.IMPORTED),
        language=language,
        duration=10.0 * len(lines),
        speakers=tuple(speakers),
        utterances=tuple(
            Utterance(id=f"u{n}", speaker=who, start=n * 10.0, end=n * 10.0 + 9, text=text)
            for n, (who, _, text) in enumerate(lines)
        ),
    )


ASKS_BACK = """
A: Thanks for coming in. I've got a list of questions, then it's your turn.
B: Great. Before that, is the job in this building or at the harbour?
A: Both, mostly here. Tell me about your current job.
B: I drive a reach truck for a builder's merchant, and I've been there five years. What do you use here?
A: The same, two of them. What did you do when one broke down?
B: I took it out of use and hired one for the week. Who pays for that with you?
A: The branch does, out of its own pocket every time. What's your notice period?
B: My notice is two weeks. How many people would I have on a shift?
A: Six, and one who is learning from the others.
B: And is there a bus in the morning for the early ones?
A: There is one at five, and it is nearly always on time.
B: Do the weekends pay more than the days in the week?
A: Time and a half on Saturday, and double on Sunday.
B: Who decides, and when will I know?
A: You'll hear from us on Friday.
"""

SHORT_INTERVIEWER = """
A: Tell me about yourself.
B: I have been a nurse for nine years, first on a surgical ward and then for six years in the community, where I drove
   from farm to farm and learned to work without anybody to ask, which suits me more than I would have thought.
A: Why did you apply?
B: Because I miss a team. In my current role I see my colleagues on Mondays, and by Thursday I talk to the car.
A: A difficult day?
B: There was one in the winter when three calls came at once, and I had to decide who could wait, so I rang all three.
A: What happened?
B: The second of them needed an ambulance, which I heard in her breathing, and the other two were fine until evening.
A: Your notice period?
B: It is a month, I think, and I could perhaps leave earlier if they find somebody for the north of the district.
A: Any questions for me?
B: No, I think you have told me everything.
"""

LONG_INTERVIEWER = """
A: Welcome to the interview. I'm Petra, I run the bakery with my brother, and I should tell you how we got
   here, because it explains the ovens. Our grandfather bought the first one from a ship, and nobody knows
   why a ship had one. We put it in the yard, and it stood there for eleven winters. Then my brother said
   that we bake or we sell. So we bake. What about you, tell me about a bread that you are proud of?
B: A rye with caraway, forty hours.
A: Forty hours! My father would have liked you. He thought that anything under a day was a cake, and he said
   so to customers, which is one reason why my mother did the selling. We are hiring because she retires.
   What did you do when it went wrong?
B: I baked it again, and paid for the flour.
A: That is the answer. We had somebody who sold it as a special. When could you start, and are the nights
   all right for you?
B: I could start in May. Nights are fine.
A: Good. We'll be in touch by Wednesday, my brother writes the letters, and you will need patience with his
   hand.
B: Thank you for having me.
"""

INTERVIEWS_OTHERS = """
A: Thank you for joining us. How do you hire people for your team?
B: I always begin with tell me about a time when you changed your mind, and then I ask them to walk me through it.
A: And what did you learn from that?
B: That I should be silent. I ask do you have any questions for me at the beginning, not at the end, and it helps.
A: Give me an example of somebody you nearly turned down.
B: In my last role we had a tester who hardly spoke. I asked him to describe a time when he was right, and he drew it.
A: What would you do differently today?
B: I would send the questions a day before, so that nobody has to be quick on their feet to get in.
A: What are your salary expectations?
B: I'd be looking for seventy thousand, and my notice period is three months.
A: Do you have any questions for me?
B: Who would I report to?
A: To me. We'll get back to you next week.
"""

SAME_TRADE = """
A: Hello, thanks for joining. In my last job I was where you are now, so I know the depot. I've been there, as they say.
B: Hello. Then you know the gate as well, I suppose, and the man who sits at it.
A: I do. Tell me about your day there.
B: I plan forty tours in the morning, and in the afternoon I find out why thirty-eight of them were late.
A: Why did you apply?
B: I applied because I want to plan for trains. At my current company there are only lorries.
A: Before that I was with trains too. What did you do about the late ones?
B: I rang the customers before they rang me, and I wrote the reasons on a wall for everybody to read.
A: When could you start?
B: My notice period is six weeks.
A: Any questions for me?
B: How many tours are there on a normal day?
A: A hundred and ten. You'll hear from us on Monday.
"""

SALES_CALL = """
A: Hi, I'm the recruiter for the sales roles. Is now a good moment?
B: Yes, it is, I have shut the door.
A: Good. I'll do most of the asking. Are you looking to move?
B: I am, yes. I saw the advert on Sunday and it was the first one in months that named a figure.
A: What are you looking for?
B: I'd be looking for around sixty, and something that is not only telephone.
A: How soon could you start?
B: I'm on three months' notice.
A: The next step would be a talk with the head of sales.
B: That sounds good to me.
"""

CODING = """
A: So this returns the wrong page. What would you look at first?
B: I would look at the cache, because the second request is right and only the first one is not.
A: Why did you pick the cache over the database?
B: Since the query is the same in both of them, and the header says that it was a hit the first time.
A: How would you test that?
B: I would turn it off for one user and send the same request to both, and compare what comes back.
A: Have you done that before, on a live system?
B: Once, in my previous job, with a flag for one in a hundred, and I watched it for a whole afternoon.
A: What was your part in it?
B: I wrote the flag, and a colleague wrote the report that told us who had seen which of the pages.
A: Good. Did you find anything that you had not expected?
B: We did, there was a clock that was four minutes slow, so half of the entries were old at birth.
A: Do you have any questions for us?
B: Which language would my team use?
"""

UNPUNCTUATED = """
A: good morning thank you for coming can you walk me through your background
B: sure i have been working as a welder for eleven years mostly on bridges and for two years on a dry dock
A: what did you do on the bridges
B: i did the seams at the bearings and i trained two people who are now better than i am
A: why are you leaving
B: because in my current job we are away for three weeks of every four and i have had enough of hotels
A: what is your notice period
B: my notice period is one month
A: do you have any questions for me
B: what would my first week look like
"""

GERMAN = """
A: Guten Tag, schön, dass Sie da sind. Ich leite heute das Gespräch.
B: Guten Tag, vielen Dank für die Einladung.
A: Erzählen Sie uns etwas von Ihrer aktuellen Stelle.
B: Ich arbeite seit vier Jahren als Disponentin bei einer Spedition und plane die Touren nach Norden.
A: In Ihrem Lebenslauf steht ein halbes Jahr ohne Stelle. Was war da?
B: Davor habe ich in einer Werkstatt gearbeitet, und die wurde in dem Frühling geschlossen.
A: Was sind Ihre Gehaltsvorstellungen?
B: Ich würde mir etwa dreitausend im Monat wünschen, und meine Kündigungsfrist beträgt drei Monate.
A: Haben Sie noch Fragen an uns?
B: Ja. Wie viele Leute arbeiten in der Schicht?
A: Acht. Wir melden uns bis Ende der Woche bei Ihnen.
"""

GERMAN_INFORMAL = """
A: Hallo, danke, dass du heute gekommen bist. Erzähl mal, was machst du gerade?
B: Ich bin derzeit als Entwickler bei einer Bank und baue dort die Schnittstellen zu den anderen Banken.
A: Und warum möchtest du da weg?
B: In meiner jetzigen Firma dauert jede Änderung ein Vierteljahr, das ist mir auf Dauer zu langsam.
A: In deinem Lebenslauf steht Kotlin. Wie viel hast du damit gemacht?
B: Zwei Jahre lang, fast jeden Tag, und danach nur noch, wenn etwas kaputt war.
A: Hast du noch Fragen an mich?
B: Wann könnte ich anfangen? Ich kann ab Mai anfangen.
A: Mai passt gut. Wir melden uns nächste Woche.
"""

FRENCH = """
A: Bonjour. Merci d'être venue aujourd'hui.
B: Bonjour, merci de me recevoir.
A: Parlez-moi de votre parcours.
B: Je travaille depuis six ans dans une librairie, et je m'occupe surtout des commandes des écoles.
A: Pourquoi souhaitez-vous partir ?
B: Dans mon poste actuel, je ne vois presque plus les lecteurs, et c'est pour eux que j'ai choisi ce métier.
A: Quelles sont vos prétentions ?
B: Je souhaiterais environ deux mille quatre cents, et mon préavis est de trois mois.
A: Avez-vous des questions ?
B: Combien de personnes y a-t-il dans l'équipe ?
A: Nous sommes sept. Nous reviendrons vers vous la semaine prochaine.
"""

SPANISH = """
A: Buenos días, gracias por venir.
B: Buenos días, gracias por la oportunidad.
A: Cuénteme algo de su trayectoria.
B: Trabajo desde hace cinco años en un hotel, y en mi puesto actual llevo las reservas de los grupos.
A: ¿Por qué quiere cambiar?
B: En mi último trabajo aprendí mucho, pero en este ya no aprendo nada nuevo desde el verano.
A: ¿Cuáles son sus expectativas de sueldo?
B: Mis expectativas son unos dos mil, y mi preaviso es de quince días.
A: ¿Tiene alguna pregunta para nosotros?
B: ¿Cuántas habitaciones tiene el hotel?
A: Ciento veinte. Le llamaremos el lunes.
"""

SMALL_TALK = """
A: Hello, can you hear me?
B: Yes, very well. And you?
A: Also. What a rain, the whole street is a river and the bus stood in it like a boat.
B: It was the same here in the morning, and now the sun is out as if nothing had been.
A: Shall we begin?
B: Yes, let's.
"""

NEUTRAL = """
A: The bridge is closed until spring, so everybody goes round by the mill now.
B: Then the mill will be glad, they sell bread to those who wait.
A: They have put up prices twice since then, and nobody has said a word about it.
B: In the end it is the only bread there is on that road.
A: That is what monopolies are, I suppose, one road and one oven.
B: And a long queue, with a dog in it.
"""

ONLY_QUESTIONS = """
A: How many people work in the kitchen at the moment?
B: There are nine of them, four in the morning and five in the evening and night.
A: Is the oven the old one, or was it replaced?
B: It was replaced two years ago, and we kept the old one for the bread on Sundays.
A: Which suppliers bring the vegetables?
B: Two farms from the valley, and the market in town for everything that is out of season.
A: Are there many guests in winter?
B: Fewer than in summer, but those who come stay longer and they eat in the house.
A: Is the rota fixed for the month?
B: It is fixed for two weeks, and after that we try to keep to what people ask for.
A: Where does the waste go?
B: It goes to a farm with pigs, which is the oldest contract that this house has.
A: What happens when the power fails?
B: There is a generator in the cellar that will run the cold store for a day and a half.
A: Is the menu written every week?
B: It is written every Thursday, and it hangs on the door of the cold store on Friday.
A: Who washes up in the evening?
B: There are two students who come at seven and stay until everything is dry and away.
"""

NAMES = """
A: Hi Daniel. I'm Sarah.
B: Hello Sarah, it is good to see you.
A: It is. The room was hard to find, I hear.
B: It was, but a man with a ladder knew the way.
"""

PANEL = """
A: Thanks for coming in, Yusuf. I'm Ines, I look after the lab, and this is Tom. Mia only listens today.
D: Hello. I only listen, please forget that I am here.
C: Thank you for having me. Nice to meet you all.
A: Tell us about your current job.
C: I've been working as a technician in a water lab for four years, and I run the mornings there alone.
B: Before that I was in water too, by the way. What did you do when a sample was lost?
C: I rang the customer, took a new one the same day, and since then each bottle has two labels on it.
B: How would you set up a second shift here?
C: I would begin with the machines that nobody uses after four, and with one person who likes the evening.
A: What's your notice period?
C: My notice period is six weeks.
D: Sorry, I have to leave for the train. It was a pleasure.
A: Do you have any questions for us?
C: Who would I work with, and how is the weekend covered?
B: With me, mostly. The weekend goes round, one in five for everybody.
A: You'll hear from us by Friday. Thanks, Yusuf.
"""
