"""What interviewers say, in English, German, French and Spanish."""

from __future__ import annotations

from typing import Final

from app.services.analysis.guards.speaker_cues import Cue, wordings

_I_AM: Final = r"(?:i'm|i am|my name is|my name's)"

HOLDS_THE_TALK: Final = Cue(
    "holds the talk",
    2.0,
    3,
    wordings(r"""
        (?:thanks|thank you)(?: so much| very much)? for (?:joining|coming|applying|your application|your interest)
        welcome to (?:the|this|your) (?:interview|call|conversation|talk)
        i(?:'ll| will) be (?:interviewing you|asking you|doing (?:most of )?the asking|doing the more technical)
        i(?:'ll| will) do (?:most of )?the asking
        i(?:'m| am) (?:the|your) (?:hiring manager|recruiter|interviewer)
        i(?:'m| am) (?:the )?(?:recruiter|hiring manager) (?:for|here|at|on)
        i(?:'ve got| have|'ve) (?:about |around |a list of )?(?:a few |some |\w+ )questions (?:for you|and then)
        i(?:'ve got| have|'ve) (?:a list of |a set of |a few |some |\w+ )questions (?:that we|to go)
        i(?:'ve got| have) a (?:set )?list(?: of questions)?
        (?:the )?questions (?:that )?we ask (?:everybody|everyone|all)
        everybody gets the same (?:ones|questions)
        you can (?:then )?ask (?:me|us) (?:anything|whatever|your questions|questions)
        there(?:'s| is| are| will be) (?:\w+ ){1,3}at the end for (?:you|your questions)
        (?:we|i)(?:'ll| will) leave (?:you )?(?:some |a bit of )?time (?:at the end|for your questions)
        (?:vielen |herzlichen )?dank,? dass (?:sie|du) (?:da|hier|gekommen|sich|dir|heute)(?: \w+)?
        schon,? dass (?:sie|du) (?:da|hier|gekommen|es|heute)(?: \w+)?
        ich (?:fuhre|leite) (?:heute )?(?:das|dieses) (?:gesprach|interview)
        am ende (?:haben sie|hast du|konnen sie|kannst du) (?:zeit|gelegenheit|fragen)(?: \w+)?
        merci d'(?:etre (?:venue?|la|ici|avec)|avoir (?:postule|accepte))
        je suis (?:la |le |votre )?(?:recruteur|recruteuse|responsable du recrutement)
        gracias por (?:venir|acompanarnos|postular\w*|estar aqui|su interes|tu interes)
        soy (?:el|la) (?:reclutador|reclutadora|responsable de seleccion)
    """),
)
ASKS_ABOUT_THE_OTHER: Final = Cue(
    "asks about the other's work",
    1.0,
    5,
    wordings(r"""
        (?:walk|talk|take) (?:me|us) through (?:your|that|it|one|a|an|the|how|what)
        tell (?:me|us)(?: a (?:bit|little))?(?: more)? about (?:yourself|your|a|an|one|the|something|that|how)
        describe (?:a time|a situation|a project|your|an)
        start by telling (?:me|us)
        (?:give|have you) (?:me |us )?(?:got )?an example(?: of)?
        (?:on|in|at|through|from|read|reading|opened|seen|of) your (?:cv|resume|application|cover letter|portfolio)
        what(?:'s| is) your (?:notice|notice period|current salary|approach|experience|background)
        your (?:salary expectations?|notice period|expected salary)
        (?:when|how soon) (?:could|can|would) you (?:start|be here|join|begin)(?: \w+)?
        (?:what (?:salary |money )?are|are) you (?:after|looking for|hoping for|looking to earn)
        why (?:do you want|did you apply|are you (?:looking|leaving|interested)|would you like)(?: to \w+)?
        (?:made|makes) you (?:apply|want (?:this|to join|to work)|interested)
        what (?:interests|attracts|attracted|drew) you
        where do you see yourself
        what (?:was|is) your (?:role|part|contribution|biggest|greatest)
        what (?:did|do|would) you (?:personally|actually) (?:do|say)
        (?:erzahlen sie|erzahl|erzahle)(?: \w+){0,3} (?:von|uber|mal|was|etwas|wie)
        (?:beschreiben|schildern) sie
        stellen sie sich (?:bitte|kurz|doch|uns|mir)(?: \w+)*? vor
        (?:in|aus|auf) (?:ihrem|deinem) lebenslauf
        (?:ihre|deine|ihrer|ihren) (?:kundigungsfrist|gehaltsvorstellung(?:en)?|berufserfahrung|starken|schwachen)
        (?:ihre|deine|ihrer|ihren) (?:bisherige|aktuelle|letzte|derzeitige)n? \w+
        warum (?:mochten|wollen|haben) sie(?: sich)?(?: \w+){0,3} (?:beworben|wechseln|arbeiten|verlassen)
        wann (?:konnten|konnen) sie (?:anfangen|beginnen|starten|bei uns)
        (?:parlez|racontez|decrivez|presentez)[ -](?:moi|nous|vous)(?: \w+)?
        pouvez[ -]vous (?:me |nous |vous )?(?:presenter|decrire|raconter|parler|expliquer)
        (?:votre|dans votre) (?:cv|parcours|preavis|experience|poste actuel|dernier poste)
        vos (?:pretentions|attentes salariales|points forts|points faibles|experiences)
        pourquoi (?:voulez|souhaitez|avez)[ -]vous(?: \w+){0,2}
        (?:hable(?:me|nos)|cuente(?:me|nos)|cuenta(?:me|nos)|habla(?:me|nos))
        describ(?:a|e|ame|eme) (?:una?|su|tu)
        (?:su|tu) (?:curriculum|cv|experiencia|trayectoria|(?:trabajo|puesto) actual|preaviso|ultimo trabajo)
        (?:sus|tus) (?:expectativas|pretensiones|puntos fuertes|fortalezas)
        por que (?:quiere|quieres|le|te|se)(?: \w+)?
    """),
)
INVITES_QUESTIONS: Final = Cue(
    "invites questions",
    2.0,
    2,
    wordings(r"""
        (?:do you have|have you(?: got)?|got) (?:any(?: other| more)?|some) questions(?: (?:for|about) (?:me|us))?
        (?:any|what|your) questions (?:do you have )?(?:for|to) (?:me|us)
        what would you like to (?:know|ask)
        anything (?:else )?(?:that )?you(?:'d| would) like to (?:ask|know)(?: \w+)?
        anything (?:that )?we should(?:'ve| have) asked you
        what have you got for us
        (?:haben sie|hast du) (?:noch |denn |sonst )*(?:irgendwelche )?fragen(?: an (?:uns|mich))?
        welche fragen (?:haben sie|hast du)
        (?:avez[ -]vous|as[ -]tu) (?:des|d'autres) questions
        (?:tiene|tienes) (?:alguna|algunas|mas)? ?preguntas?(?: para (?:mi|nosotros))?
    """),
)
TELLS_WHAT_COMES_NEXT: Final = Cue(
    "tells what comes next",
    2.0,
    2,
    wordings(r"""
        you(?:'ll| will) hear (?:back )?from (?:us|me|\w+ in)
        we(?:'ll| will) (?:get back to you|be in touch|let you know|come back to you|contact you|write to you)
        i(?:'ll| will) (?:ring|call|phone|write to) you either way
        the next (?:step|stage|round) (?:is|would be|will be)
        wir (?:melden uns|werden uns (?:\w+ )*melden|geben (?:ihnen|dir) bescheid)
        (?:nous reviendrons|on reviendra|nous allons revenir) vers (?:vous|toi)
        nous vous (?:recontacterons|rappellerons|tiendrons)
        (?:le|te|les) (?:llamaremos|contactaremos|avisaremos|diremos)
        nos pondremos en contacto
    """),
)
SPEAKS_FOR_THE_EMPLOYER: Final = Cue(
    "speaks for the employer",
    1.0,
    4,
    wordings(r"""
        here at
        we(?:'re| are) (?:hiring|recruiting|looking for (?:a|an|someone|somebody|people))
        we expect (?:our |every |all )?\w+ to
        the (?:band|range|budget) for (?:this|the)
        the (?:job|role|position) (?:that )?(?:we're|we are) (?:talking about|hiring|filling|looking)
        (?:in|for) this (?:role|position|job),? you(?:'d| would|'ll| will)
        you(?:'d| would|'ll| will) be (?:working|reporting|joining|building|responsible|leading|based)
        we(?:'d| would) put you
        (?:wir|unser team) (?:suchen|sucht)(?: \w+)? (?:jemanden|eine|einen|verstarkung)
        sie (?:wurden|waren) (?:bei uns|in dieser rolle|mit|verantwortlich)
        (?:nous|on) (?:recherchons|recherche|cherchons|recrutons)
        (?:buscamos|estamos buscando) (?:a alguien|una?|personas)
    """),
)
INTRODUCED_AS_HOST: Final = Cue(
    "introduces themselves as who recruits",
    1.5,
    1,
    wordings(rf"""
        {_I_AM} \w+[\w' -]{{0,20}}?,?(?: and)? i (?:lead|run|manage|look after|head|started|founded)
        {_I_AM} \w+[\w' -]{{0,20}}?,?(?: and)?(?: i'm| i am)? (?:the )?(?:head|director|vp|manager|founder) of
        (?:ich bin|mein name ist|ich heisse) \w+[\w' -]{{0,20}}?,?(?: und)?(?: ich)? (?:leite|fuhre)(?: hier)?
        (?:je suis|je m'appelle) \w+[\w' -]{{0,20}}?,?(?: et)? je (?:dirige|gere|recrute)
        (?:soy|me llamo) \w+[\w' -]{{0,20}}?,?(?: y)? (?:dirijo|lidero|soy responsable)
    """),
)

QUESTION_ABOUT_DEEDS: Final = wordings(r"""
    (?:did|were|had|would|could) you
    have you (?:ever|done|used|worked|had|led|managed|built|been|got|made|tried)
    how (?:do|would|did) you
    what(?:'s| is| was| were)? your (?:role|part|own|approach|day|process|favourite|favorite)
    (?:haben|hatten|wurden|sind|waren|konnten) sie
    (?:avez|etiez|feriez|seriez|aviez)[ -]vous
    (?:ha|has|haria|harias|hizo|hiciste|fue|fuiste) \w+
""")
"""What one asks whose deeds are of interest: interviewers ask it of candidates more often than the reverse."""

INTERVIEWER_CUES: Final = (
    HOLDS_THE_TALK,
    ASKS_ABOUT_THE_OTHER,
    INVITES_QUESTIONS,
    TELLS_WHAT_COMES_NEXT,
    SPEAKS_FOR_THE_EMPLOYER,
    INTRODUCED_AS_HOST,
)
