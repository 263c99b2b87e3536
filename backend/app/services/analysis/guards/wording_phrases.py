"""Whole phrases in English that a debrief must not say of a person, and those that only look like one.

Each line is a pattern as in `phrases`.
"""

from __future__ import annotations

from typing import Final

from app.services.analysis.guards.phrases import patterns

_LANGUAGES: Final = (
    "(?:english|german|french|spanish|italian|dutch|polish|portuguese|russian|mandarin|chinese|hindi|arabic)"
)
_PEOPLES: Final = (
    "(?:american|british|english|irish|scottish|german|french|spanish|italian|dutch|polish|portuguese|romanian|"
    "russian|ukrainian|turkish|greek|swedish|indian|pakistani|chinese|japanese|korean|vietnamese|filipino|arab|"
    "iranian|syrian|egyptian|nigerian|african|asian|european|brazilian|mexican|latino|latina|hispanic|caucasian)"
)
_WHO: Final = (
    "(?:man|woman|person|candidate|applicant|engineer|developer|manager|designer|nurse|lady|guy|girl|boy|speaker|"
    "colleague|individual|citizen|national|mother|father|mum|mom|dad|parent)"
)
_WHOSE: Final = r"(?:his|her|their|your|\[candidate\]'s|candidate's|applicant's)"
_SEEMS: Final = r"(?:seem(?:s|ed)?|sound(?:s|ed)?|appear(?:s|ed)?|look(?:s|ed)?)"
_SPEAKS: Final = r"(?:spoke|speaks?|speaking|talk(?:s|ed|ing)?)"
_VERY: Final = r"(?: (?:very|too|rather|quite|so|really|a bit|somewhat|extremely|fairly|not))*"
_ABOUT: Final = (
    "(?:docs|documentation|translations?|texts?|version|copy|market|customers?|users?|law|process|policy|system|"
    "forms?|workflow|requests?|module|rules?|calculation|data|feature|reports?|cover)"
)
_ILLNESS: Final = (
    "(?:condition|depression|anxiety|cancer|diabetes|epilepsy|asthma|migraines?|disease|disorder|injury)"
)
_OWN: Final = r"(?:he|she|they|candidate|\[candidate\]|who)"
_NUMBER: Final = r"(?:[2-6]\d|twenty|thirty|forty|fifty|sixty)"
_SELF: Final = "(?:(?:him|her|them|one|your|my)(?:self|selves)|(?:his|her|their|your|the candidate'?s?) )"
_OWNING: Final = (
    *("his", "her", "their", "your", "candidate]'s", "candidate's"),
    *("has", "had", "have", "shows", "showed", "lacks", "lacked", "expressed", "great"),
)
_LEAVE: Final = "(?:maternity|paternity|parental|sick|medical|stress) leave"

REFUSED_PHRASES: Final = patterns(
    r"""
    (?:good |poor |strong |positive |bad )?(?:team|people) player
    (?:natural|born|charismatic) leader
    (?:people|nice|good|kind|decent|lovely) person
    (?:quick|fast|slow) learner
    (?:cultur(?:e|al)) (?:add|fit)
    growth mindset
    (?:can-do|positive|negative|good|great|bad|poor|winning|cheerful) attitude
    <whose> (?:attitude|energy|voice|tone|appearance|looks|character|vibe|face|eyes|skin|hair|weight|height|speech)
    <whose> (?:age|gender|sex|religion|race|ethnicity|(?:mental )?health|kids|children|sons?|daughters?|partner)
    (?:high|low|great|good|positive|full of|lots of|brings?|brought) energy(?! (?:use|usage|cost|price|bill)s?(?!\w))
    tone of voice
    (?:soft|loud|shaky|trembling|deep|quiet|nervous|warm|clear|pleasant|flat|weak|strong|high|confident) voice
    voice (?:shook|trembled|cracked|wavered|quivered|faltered)
    (?:warm|cold|friendly|harsh|flat|aggressive|positive|negative|enthusiastic|confident|nervous|calm) tone
    <speaks><very> (?:quick|slow|soft|quiet|loud|clear|poor|halting|rapid|hurried|natural|warm|expressive|unclear)ly
    <speaks><very> (?:fast|well|easily|freely)
    <speaks> (?:at|with|in) an? (?:\w+ ){0,3}(?:pace|speed|voice|tone|accent|lisp|stutter|rhythm)
    (?:speaking|talking|speech) (?:pace|speed|rate|rhythm|tempo|style)
    (?:pace|speed|rate|rhythm) of (?:speech|speaking|talking)
    (?:with|has|had) a (?:slight |strong |heavy )?lisp
    filler words?
    (?:many|few|frequent|some|of|no|with|verbal|used|uses|using) fillers
    (?:said|says|saying) (?:um|uh|erm|like) (?:a lot|often|many times|frequently)
    (?:ums|uhs|umms) and (?:ahs|uhs|ers|ums)
    (?:long|frequent|many|awkward|nervous|short|few) pauses
    pauses? before answering
    (?:broken|poor|perfect|flawless|excellent|good|bad|weak|limited|native|fluent|basic|rusty) <language>(?! <about>)
    <whose> (?:spoken |written )?<language>(?= (?:is|was|skills?|sounds?|sounded|seems?|seemed|improved)|\W*$)
    (?:english|german|french|spanish) (?:skills?|proficiency|level)
    command of <language>
    (?:non-?)?native(?:-level|-like)?(?: <language>)? speakers?
    (?:non-)native <who>
    mother tongue
    eye contact
    body language
    facial expressions?
    (?:physical|personal|outward|neat|tidy|sloppy|scruffy) appearance
    (?:leaned|leaning|leans) (?:back|forward|in)
    (?:crossed|folded|crossing) (?:his|her|their|arms)(?: arms)?
    looked (?:away|down|at the floor)
    \d+[- ]years?[- ]old <who>
    <own> (?:is|was|are|were) (?:\w+ )?<number>(?:-\w+)?(?: years old)?(?=\s*(?:[.,;!?]|$))
    <own> (?:is|was|are|were) (?:\w+ )?<number>(?:-\w+)? years old
    in (?:his|her|their) (?:early |mid-?\s?|late )?(?:teens|twenties|thirties|forties|fifties|sixties|[2-6]0s)
    (?:too|very|quite|rather|so) (?:old|young)(?= (?:for|to) |\W*$)
    (?:close to|near|nearing|approaching|past) retirement(?! (?:plan|plans|fund|planning|of))
    (?:retirement|pensionable) age
    (?:single|working|stay-at-home) parents?
    (?:a|proud|new|young) parent(?: of (?:\w+ )?(?:child|children|kids|two|three|four|a|an))?(?= of|[.,;]|$)
    parent of (?:two|three|four|five|one|\d|young|small)
    (?:has|have|had|with|raising) (?:\w+ )?(?:small |young |little )?(?:kids|children)
    expecting (?:a|her|his|their) (?:baby|child|first|second)
    (?:on|after|during|from|took|takes|taking|had|has) (?:her |his |their |a )?<leave>(?! <about>)
    sexual orientation
    (?:devout|practi[sc]ing|observant|strict) (?:christian|muslim|hindu|jew|buddhist|catholic)
    marital status
    family (?:status|situation|planning)
    (?:of )?<people> (?:origin|descent|heritage|ancestry|background|nationality|accent)
    <people> <who>
    (?:migrant|migration|immigrant|ethnic|religious) background
    (?:is|was|he's|she's) (?:originally |actually )?(?:an? )?<people>(?=\s*(?:[.,;!?]|$|by birth|and))
    (?:is|was|comes|he's|she's) originally from
    (?:black|white|brown|asian) <who>
    (?:pregnant|disabled|blind|deaf) <who>
    skin (?:colou?r|tone)
    (?:medical|mental|chronic) (?:condition|problems?|issues?|disorder|struggles)
    (?:his|her|their|had|has|have|with) health (?:condition|problems?|issues?)
    suffer(?:s|ed|ing)? from (?:\w+ ){0,2}<illness>
    (?:he|she|they|who|candidate|\[candidate\]) (?:has|had) (?:\w+ )?<illness>
    (?:he|she|they|candidate|\[candidate\]) (?:came|comes|coming) across(?: as)?
    (?:came|comes|coming) across as
    (?:gave|gives|left|made) (?:a|an) (?:\w+ ){0,2}impression
    <seems><very> (?:un)?(?:sure|certain|interested|engaged|prepared|genuine)
    unsure of (?:him|her|them)sel(?:f|ves)
    (?:sure|full) of (?:him|her|them)sel(?:f|ves)
    takes? pride
    (?:handles?|handled|copes? with|coped with|deals? with) (?:stress|pressure)
    (?:works?|worked|performs?|thrives?|thrived) (?:well |badly |poorly |best )?under (?:pressure|stress)
    (?:highly|deeply|truly|fully|very|self-) ?(?:committed|driven|motivated)
    (?:strong|weak|good|poor|soft|excellent|great) (?:people|interpersonal|social) skills
    emotional intelligence
    sense of humou?r
    (?:strong|strength of|of good|of strong|weak) character(?! \w)
    (?:good|great|positive|bad|weird|nice) vibes?
    comfort zone
    burn(?:ed|t) out
    lov(?:e|es|ed) (?:for|of) (?=\w)
    (?:bad|ill|poor|good) health
    trouble (?:speaking|expressing)
    """,
    whose=_WHOSE,
    language=_LANGUAGES,
    people=_PEOPLES,
    who=_WHO,
    seems=_SEEMS,
    speaks=_SPEAKS,
    very=_VERY,
    leave=_LEAVE,
    about=_ABOUT,
    illness=_ILLNESS,
    own=_OWN,
    number=_NUMBER,
)
"""Refused whoever the sentence is about."""

ALLOWED_PHRASES: Final = patterns(
    r"""
    (?:model|statistical|recognition|classifier|prediction|transcript|match)[- ]confidence
    (?:low|medium|high)-confidence
    (?:low|medium|high) confidence (?:transcripts?|predictions?|match|matches|results?|labels?)
    confidence (?:interval|level|score|bound|band|threshold|value|region|limit|rating|vote)s?
    (?:developer|deployment|release|business|consumer|market|data|test|build|public|investor|operator)s?'?s? confidence
    (?:gives?|gave|giving|rais\w+|buil[dt]\w*|restor\w+|increas\w+|of|on) (?:\w+ )?confidence in (?!<self>)~
    ~^\W*confidence in (?!<self>)~
    <nobodys>confidence in the (?:releases?|tests?|test suite|data|numbers|deployments?|pipeline|build|results?)
    (?:central |peripheral |autonomic )?nervous systems?
    accent (?:colou?rs?|marks?|characters?|letters?|folding|insensitive|stripping|lighting|tiles?|walls?)
    accented (?:characters?|letters?|words|vowels|text)
    (?:stripping|folding|remov\w+|handl\w+|acute|grave) accents?
    happy (?:paths?|to|flow|cases?|hour)
    fluent (?:interfaces?|apis?|builders?|design|syntax|assertions?|bit|validation|ui|style|icons?)
    stress[- ](?:test\w*|load|analysis|suite)
    calm(?:s|ed|ing)? (?:down|the|them|him|her|a|an|things)
    (?:past|present|future|verb) tense
    passion projects?
    kinds? of
    (?:are you|you are|you're|you were|were you) (?:most |particularly |especially )?proud of
    (?:optimistic|pessimistic)(?:ally)? (?:lock\w*|concurrency|updates?|ui|offline|scenario)
    (?:security|risk|compliance|threat|cloud|data|privacy|defen[cs]ive) posture
    (?:swipe|touch|pinch|hand|mouse|multi-?touch|user|trackpad|click) gestures?
    gestures? (?:recognition|recogni[sz]ers?|api|control|handlers?|navigation)
    (?:clothing|clothes|outfit) (?:retail\w*|stores?|brands?|shops?|company|chain|industry|sizes?|catalog\w*)
    man[- ](?:month|months|hours?|days?|pages?|in[- ]the[- ]middle)
    (?:women|girls|men|woman) (?:in|who code|in tech|in engineering)
    (?:women|men|girl|boy)'s (?:\w+ )?(?:clothing|shoes|wear|department|fashion|sports?|health|ward|league|team|range)
    (?:fe)?male (?:connectors?|headers?|plugs?|sockets?|thread|to|users?|patients?|ends?)
    male/female
    mother[- ]?boards?
    mother (?:ships?|node|company|house|plant)
    (?:data|referential|structural|message|file|signal|database|system|transaction|record|backup) integrity
    integrity (?:checks?|constraints?|rules?|errors?|violations?|tests?|of (?:the|our) \w+)
    (?:data|referential|transactional|message|file|signal|database|system|transaction|record|backup) integrity
    sentiment and emotion (?:model|analysis|classifier)
    emotion (?:recognition|detection|model|classifier|css|library|labels?|tags?)
    mood ?boards?
    empathy (?:maps?|mapping)
    fear of (?:missing|change|regressions?|breaking)
    alert fatigue
    monotone (?:function|sequence|increasing)
    stress(?:ed|es)? (?:that|the|how|why|on|importance)
    (?:smile|smiley) (?:icons?|curves?|emoji)
    pronunciation (?:dictionary|dictionaries|lexicons?|rules?|models?|guides?)
    laughter detection
    christian (?:charity|charities|school|aid)
    (?:catholic|jewish|muslim|hindu) (?:school|schools|hospital|hospitals|charity|holidays?|university)
    (?:disability|disabilities) (?:access|benefits?|insurance|act|claims?|services?|standards?)
    pregnancy (?:tests?|app|ward|trackers?|care|clinic)
    (?:reading|data|number) fluency
    (?:gaussian|white|compressed|thermal|passenger|rider|patient) comfort
    comfort (?:noise|letters?|stops?)
    guilty (?:commit|change|deploy|pull request|line)
    sad path
    tired (?:hardware|codebase|code|process)
    temper(?:ed)? (?:glass|expectations)
    hostile (?:takeovers?|input|traffic|environment|networks?|data|code)
    frustration(?:s)? (?:of|among|from) (?:the )?(?:users?|customers?|clients?|patients?|guests?|team|callers?)
    blind[- ]spots?
    """,
    self=_SELF,
    nobodys="".join(f"(?<!{owner}\\s)" for owner in _OWNING),
)
"""Said of things although a word of them is on a list."""
