"""What candidates say, in English, German, French and Spanish."""

from __future__ import annotations

from typing import Final

from app.services.analysis.guards.speaker_cues import Cue, wordings

_NUMBER: Final = (
    r"(?:\d\S*|one|two|three|four|five|six|seven|eight|nine|ten|twelve|a|an|half|several|many|some)"
)

THANKS_FOR_THE_INVITATION: Final = Cue(
    "thanks for being invited",
    -2.0,
    2,
    wordings(r"""
        (?:thanks|thank you)(?: so much| very much| a lot)? for (?:having|inviting|seeing|considering|interviewing) me
        (?:thanks|thank you)(?: so much| very much)? for the (?:invitation|opportunity|chance)
        (?:danke|dank)(?: schon| sehr)? fur die (?:einladung|gelegenheit|moglichkeit)
        merci de (?:me recevoir|m'avoir (?:recue?|invitee?)|m'accueillir|votre invitation)
        gracias por (?:recibirme|invitarme|la oportunidad|la invitacion|tenerme)
    """),
)
APPLIES: Final = Cue(
    "speaks of applying",
    -2.0,
    2,
    wordings(r"""
        i(?:'ve| have)? applied (?:for (?:this|the|your)|to (?:you|your|this)|because|here because|through)
        (?:when|why) i applied
        my (?:application|cover letter)
        i (?:saw|read|found) (?:the|your|this) (?:advert|ad|job|job ad|posting|vacancy|listing|opening)
        (?:the|your) (?:advert|job ad|posting) (?:said|says|mentioned|asked)
        i(?:'m| am) (?:currently |now )?looking for (?:a|my) (?:new|next) (?:role|job|challenge|position|step)
        i(?:'d| would) (?:love|like) to (?:join|work (?:here|for you|with you))
        ich habe mich (?:\w+ )*?(?:beworben|auf (?:die|diese|ihre) (?:stelle|anzeige))
        meine bewerbung
        (?:j'ai postule|ma candidature)
        (?:me postule|mi candidatura|mi solicitud)
    """),
)
TELLS_OF_OWN_WORK: Final = Cue(
    "tells of their own work",
    -1.0,
    5,
    wordings(rf"""
        in my (?:current|last|previous|present|most recent) (?:role|job|position|company|team|post|place)
        at my (?:current|last|previous|present|old) (?:role|job|company|employer|firm|place|team)
        my (?:current|last|previous) (?:job|role|employer|company)
        i(?:'ve| have) been an? (?:\w+ ){{1,4}}for (?:\w+ ){{0,3}}years
        i(?:'ve| have) been working (?:as|for|at|in|with)
        i(?:'ve| have) (?:been there|worked there|worked (?:as|at|for|with|in))
        i(?:'ve| have) (?:got )?{_NUMBER} (?:\w+ )?years(?:'| of)? (?:of )?experience
        i have been (?:there|at \w+|with \w+)
        before that (?:i|a year|at|it was)(?: \w+)?
        (?:currently|at the moment|right now) i(?:'m| am| work| lead)
        i(?:'m| am) currently (?:a|an|at|working|employed|with)
        i currently (?:work|lead|manage|am)
        my (?:cv|resume|portfolio|references|referees)
        in (?:meiner|meinem) (?:letzten|vorherigen|aktuellen|jetzigen|derzeitigen|fruheren) \w+
        bei meinem (?:letzten|vorherigen|aktuellen|jetzigen|derzeitigen|fruheren) \w+
        ich (?:arbeite|bin) (?:derzeit|aktuell|zurzeit|momentan|seit)(?: \w+){{0,4}} (?:als|bei|in)
        (?:davor|vorher|zuvor) (?:war|habe|arbeitete) ich
        mein lebenslauf
        dans mon (?:dernier|precedent|ancien) (?:poste|emploi|travail)
        dans mon (?:poste|emploi|travail) (?:actuel|precedent)
        je travaille (?:actuellement|depuis|comme)
        (?:avant cela|auparavant),? (?:j'|je)
        en mi (?:ultimo|anterior|actual|trabajo|puesto|empresa)(?: \w+)?
        (?:actualmente trabajo|trabajo actualmente|trabajo (?:como|desde hace))
        antes (?:de eso )?(?:trabaje|estuve|era)
    """),
)
STATES_OWN_TERMS: Final = Cue(
    "states their own terms",
    -2.0,
    3,
    wordings(rf"""
        my notice(?: period)?(?: is|'s| would)
        i(?:'m| am) on (?:\w+ ){{1,2}}(?:weeks?|months?)'? notice
        i have (?:\w+ ){{1,2}}(?:weeks?|months?)'?s? notice
        i(?:'d| would) be (?:looking for|looking at|hoping for|asking for)(?! (?:some|a person|people|you|candidates))
        i(?:'m| am) looking for (?:around|about|something (?:around|between|like)|between|\d)
        i(?:'d| would) (?:expect|want|need|hope for) (?:a salary|around|about|at least|between|\d\S*|a hundred)
        i(?:'d| would) (?:expect|want|need|hope for) {_NUMBER} thousand
        my (?:salary expectations?|expectations? (?:is|are)|current salary)
        i (?:could|can) start (?:on|in|from|at|by|as|immediately|next|within)
        (?:when|how soon) (?:would|will|do|can) i (?:hear|know|expect|start)
        (?:who|what|where|how many|how much|how often) (?:would|will) (?:i|my)(?: \w+)?
        (?:would|will) (?:it|that) be you i(?:'d| would)
        meine (?:kundigungsfrist|gehaltsvorstellung(?:en)?)
        ich (?:konnte|kann) (?:ab|zum|am|im|sofort) \w+(?: \w+)? (?:anfangen|beginnen|starten)
        ich (?:wurde|hatte) (?:mir |gern |gerne )?(?:ein gehalt|etwa|ungefahr|rund|zwischen)
        (?:mon preavis|mes pretentions|mes attentes salariales)
        je (?:souhaiterais|demanderais) (?:environ|autour|entre|un salaire)
        je (?:pourrais|peux) commencer
        (?:mi preaviso|mis expectativas|mis pretensiones)
        (?:podria|puedo) (?:empezar|incorporarme)
    """),
)

CANDIDATE_CUES: Final = (THANKS_FOR_THE_INVITATION, APPLIES, TELLS_OF_OWN_WORK, STATES_OWN_TERMS)
