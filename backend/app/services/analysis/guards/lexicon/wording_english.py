"""English words about a person's inner state, personality, speech, looks, origin and health; their uses for things."""

from __future__ import annotations

from typing import Final

from app.services.analysis.guards.phrases import patterns

_NAMES: Final = {
    "third": (
        r"(?:customers?|clients?|users?|stakeholders?|teams?)(?!-| ?(?:player|lead|leader|member|"
        r"mate|manager|engineer|"
        r"candidate|success manager))"
    ),
    "who": (
        r"(?:candidates?|applicants?|interviewees?|interviewers?|he|she|they|who|person|individual|"
        r"engineer|developer|"
        r"\[?(?:candidate|(?:interviewer|person)_\d+)\]?)"
    ),
    "be": (
        r"(?:'s|is|was|were|are|be|seem(?:s|ed)?|appear(?:s|ed)?|comes? (?:across|over)|"
        r"came (?:across|over)|sound(?:s|ed)?|"
        r"look(?:s|ed)?|feel(?:s|ing)?|felt|became|becomes?|remain(?:s|ed)?|stay(?:s|ed)?|got|gets|"
        r"has been|had been|"
        r"presents? (?:himself|herself|themselves))"
    ),
    "degree": (
        r"(?:(?:very|quite|a bit|a little|rather|really|so|too|always|often|also|both|as|an?|the|"
        r"somewhat|more|less|most|not|"
        r"never|still|to be|being|like|pretty|\w+ly|\w+ and|\w+,) )*"
    ),
    "feeling": (
        r"(?:nervous|anxious|enthusiastic|excited|eager|hesitant|confident|worried|relaxed|bored|"
        r"annoyed|irritated|frustrated|"
        r"angry|upset|sad|happy|unhappy|proud|disappointed|stressed|overwhelmed|afraid|scared|"
        r"uncomfortable|uneasy|tired|"
        r"exhausted|furious|delighted|emotional|defensive|embarrassed|tense|passionate|motivated|"
        r"calm|burn(?:ed|t) ?out)"
    ),
    "feelings": (
        r"(?:frustration|anger|anxiety|excitement|confidence|enthusiasm|fear|burn-?out|happiness|"
        r"disappointment)"
    ),
    "human": (
        r"(?:honest|humble|kind|calm|friendly|modest|trustworthy|motivated|unmotivated|ambitious|"
        r"warm|composed|energetic|"
        r"dedicated|sensitive|dominant|mature|smart|bright|intelligent|clever|brilliant|gifted|"
        r"sharp|reserved|quiet|loud|"
        r"authentic|cooperative|polite|rude|tough|optimistic|pessimistic|attractive|beautiful|pretty|tall|"
        r"old|young|older|younger|healthy|unhealthy|sick|ill|weak|strong-willed|well-mannered|"
        r"exhausted|professional-looking|"
        r"cold|distant|lazy|aggressive|pushy|naive|driven|tense|approachable|foreign|blind|deaf|disabled)"
    ),
}

THINGS: Final = patterns(
    """
    (?:high |low |statistical |model )?confidence (?:intervals?|levels?|scores?|thresholds?|bounds?|bands?
        |values?|limits?)
    confidence in (?:the |each |every |our |their |its )?(?:\\w+ )?(?:releases?|deployments?|tests?|data
        |results?|numbers|code|rollbacks?|systems?|pipelines?|services?|suite|builds?|figures?|backups?)
    (?:data|referential|transactional) integrity|nervous systems?|vote of confidence
    accent(?:ed)?[ -](?:colou?rs?|characters?|letters?|insensitive|folding|marks?)
    accents (?:in|on|from) (?:\\w+ )?(?:names|letters|characters|words|text|search)
    fluent (?:api|apis|interface|builder|validation|bit|ui|design|assertions?|syntax)
    fluent in (?:python|go|golang|java|javascript|typescript|sql|rust|kotlin|c|scala|ruby|php|swift
        |terraform|bash|kubernetes)
    (?:robust )?voice (?:api|apis|assistants?|interfaces?|recognition|calls?|apps?|products?|channels?
        |over ip|bots?|messages?|data|traffic|services?|platform|search|commands?|team|of the customer)
    (?:happy|sad|unhappy|angry)[ -](?:paths?|cases?|flow|eyeballs)
    relaxed (?:consistency|constraints?|ordering|memory|schema|isolation|requirements?|the|a|an|these|those
        |some)
    energy (?:company|companies|sector|grid|market|consumption|meters?|data|use|usage|efficien\\w*|costs?
        |prices?|suppliers?|industry)
    energetic particles?
    eager(?:ly)? (?:load(?:ing|ed|s)?|evaluat\\w*|fetch\\w*|initiali[sz]\\w*)
    lazy[ -]?(?:load\\w*|evaluat\\w*|initiali[sz]\\w*)|excited states?
    defensive (?:programming|coding|cop(?:y|ies)|checks?|design|measures?|code)|\\w+-friendly
    stress[ -](?:test\\w*|load)
    (?:touch|swipe|mouse|hand|pinch) gestures?|gesture (?:recognition|api|control|handling|detection)
    security posture|(?:tls|ssl|tcp|websocket|protocol) handshakes?
    (?:alert|notification|pager|meeting|decision) fatigue~
    (?:users?|people|customers?|patients?|employees|students) with \\w+~
    m[ae]n-in-the-middle|man[ -](?:hours?|days?|months?|pages?)
    (?:male|female) (?:connectors?|plugs?|sockets?)|mother ?boards?
    women(?:'s)? (?:health|clothing|shoes|in tech)
    young (?:compan(?:y|ies)|startups?|products?|teams?|industry|projects?|code ?bases?|markets?|generation
        |objects?|fields?)
    proud owner
    lying (?:in|under|around|behind|beneath|on|between)|(?:smiley|smile) (?:faces?|icons?|emoji)
    (?:emotion|sentiment|smile|accent|emotional|age|gender) (?:detection|recognition|analysis|classifier
        |tags?|tone analysis)
    (?:clothing|clothes|fashion|hair|attire) (?:retailer|shop|store|brand|company|e-?commerce|start-?up
        |marketplace|industry|catalogue?|products?|salon|business)
    (?:depression|burn-?out|anxiety|autism|adhd|disability|medication|pregnancy|religious|ethnic\\w*
        |nationality) (?:app|apps|product|data|field|research|register|study|prevention|module|records?
        |platform|benefits system)
    (?:ethnicity|nationality|gender|race|age) (?:fields?|columns?|attributes?|data)
    (?:character|emotional support) (?:set|encoding|limit|animal)|empathy maps?|passion fruit
    pronunciation (?:dictionary|api|model|data|app|feature)|(?:parser|context-free|the language'?s) grammar
    tired (?:hardware|disks)
    (?:personality|attitude) (?:test|tests|quiz|module|control)|attitude (?:sensor|estimation)
    filler (?:data|text|content|values?|rows?|bytes)
    genuine(?:ly)? (?:bugs?|users?|requests?|traffic|errors?|alerts?|different|distributed|parallel
        |concurrent|idempotent|duplicates?|parts?|hardware)
    """,
    **_NAMES,
)
"""Looked away from first."""

OTHERS: Final = patterns(
    """
    <third> (?:who |that )?<be> <degree><feeling>(?: (?:and|or) <feeling>)?
    <degree><feeling>(?: (?:and|or) <feeling>)? <third>
    (?:made|make|making|left|leave|leaving|kept|keep|keeping) (?:the |all |some |many |a |
        an )?(?:\\w+ )?<third> (?:very |quite |more |less )?<feeling>
    <third>(?:'s|s')? <feelings>
    <feelings> (?:of|among|from|in|with|by) (?:the |some |many |all |our |their )?(?:\\w+ )?<third>
    (?:gave|give|giving|gives|win|won|lost|losing|restored|regained|built) (?:the |its |
        their )?(?:\\w+ )?<third>(?:'s)? (?:more |the )?<feelings>
    """,
    **_NAMES,
)
"""Feelings of customers and teams, told as part of the story."""

ALWAYS: Final = patterns(
    """
    nervous(?:ly|ness)?|anxious(?:ly|ness)?|anxiety|anxieties|enthusias(?:m|tic|tically|ts?)
    passion(?:s|ate|ately)?|excited(?:ly)?|excitement
    eager(?:ly|ness)?|hesitan(?:t|tly|ce|cy)|hesitat(?:e|ed|es|ing|ion|ions)|reluctan(?:t|tly|ce)
    (?:self-|over)?confiden(?:t|tly|ce)|self-(?:assured|doubt|esteem|conscious|critical|aware)
    insecur(?:e|ity|ities)|(?:unsure|sure|full) of (?:himself|herself|themselves|themself)|uneas(?:y|iness)
    uncomfortable|embarrass(?:ed|ment)|ashamed|afraid|scared
    frightened|fear(?:ful|s|ed)?(?=\\s*(?:[.,;!?]|$|of|and|about|that|in))~
    timid(?:ly|ity)?|shy(?:ly|ness)?|worried|worries|worrying|relaxed|bor(?:ed|edom)|annoy(?:ed|ance)
    irritat(?:ed|ion)|irritable|frustrat(?:ed|ion)|ang(?:ry|er|rily)|furious(?:ly)?
    upset|sad(?:ly|ness)?|happ(?:y|ily|iness)|unhapp(?:y|ily|iness)|cheerful(?:ly)?|joy(?:ful)?|proud(?:ly)?
    pride|disappoint(?:ed|ment)|jealous(?:y)?|envious|bitter(?:ly|ness)?|resentful
    defensive(?:ly|ness)?|evasive(?:ly|ness)?|insincer(?:e|ely|ity)|sincer(?:e|ely|ity)|dishonest(?:y|ly)?
    lied|lying|liar|decepti(?:ve|on)|deceitful|disingenuous|genuine(?:ly|ness)?
    (?:un)?emotional(?:ly)?|emotions?|moody|mood|stressed|overwhelmed|agitated|flustered|tearful|crying|cried
    ecstatic|thrilled|delighted|feelings?|inner (?:state|conflict)
    (?:introver|extrover|extraver)(?:t|ts|ted|sion)|arrogan(?:t|tly|ce)|humility|(?:un)?lik(?:e)?able
    charisma(?:tic)?|charm(?:ing)?|personable|outgoing|sociable|narcissis(?:t|tic|m)
    ego(?:s|tistical|istic|centric|tism)?|stubborn(?:ly|ness)?|assertive(?:ly|ness)?|hard-?working
    diligent(?:ly)?|conscientious(?:ness)?|neurotic(?:ism)?|agreeable(?:ness)?
    (?:open|narrow|strong)-minded(?:ness)?
    empath(?:y|etic|ic)|compassion(?:ate)?|immatur(?:e|ity)|personalit(?:y|ies)|temperament|demeanou?r
    (?:positive|negative|bad|good|great|can-do|poor|right|wrong) attitude|attitude
    vibes?|(?:growth |fixed |right |positive )?mindset|cultur(?:e|al) (?:fit|add)|curios(?:ity)|curious(?:ly)?
    self-motivated|easy-?going|down-to-earth|bubbly|witty|sense of humou?r|sarcas(?:m|tic)
    team player|introspective|impatien(?:t|tly|ce)|patience|selfish(?:ness)?|manipulative|bossy|cocky|boastful
    pretentious|condescending|smug|vain|aloof|standoffish|intimidated|intimidating
    accents?|accented|fluen(?:t|tly|cy)|(?:dis)?fluencies|filler words?|fillers|(?:ums?|uhs?|ehs?|ums and uhs)
    stutter(?:s|ed|ing)?|stammer(?:s|ed|ing)?|mumbl(?:e|es|ed|ing)|lisp
    (?:soft|well|quick|fast|plain)-?spoken|articulate(?:ly)?|inarticulate|eloquen(?:t|tly|ce)|pronunciation~
    intonation|diction|enunciat\\w*~
    (?:broken|poor|perfect|good|excellent|flawless|limited|bad|weak|strong|accented) english
    english (?:skills|proficiency|level)|monoton(?:e|ous)|speech (?:pattern|rate|pace|impediment|disorder)s?
    tone of voice|rambl(?:e|es|ed|ing)
    (?:his|her|their|candidate's|\\]'s|quiet|loud|soft|calm|clear|shaky|trembling|deep|steady
        |high) (?:\\w+ )?voice
    vocal (?:tone|delivery|fry)|(?:long|awkward|frequent|many|nervous) pauses?
    paus(?:ed|es) (?:a lot|often|frequently|before|for)
    (?:his|her|their|calm|friendly|cold|warm|harsh|monotone) tone
    (?:spoke|speaks?|speaking|talk(?:s|ed|ing)?|answer(?:s|ed|ing)?|respond(?:s|ed|ing)?|repl(?:y|ies|ied)
        |explain(?:s|ed)?|describe[sd]?|communicate[sd]?|present(?:s|ed)) (?:\\w+ ){0,4}?(?:calmly|honestly
        |warmly|coldly|slowly|quickly|too fast|fast|softly|loudly|quietly|rapidly|hastily|freely
        |at a \\w+ pace)(?! \\w+ing)
    body language|eye contact|facial expressions?|postures?|gestur(?:e|es|ed|ing)|smil(?:e|es|ed|ing|ey)
    laugh(?:s|ed|ing|ter)?|giggl(?:e|es|ed|ing)|frown(?:s|ed|ing)?|nodd(?:ed|ing)|fidget(?:s|y|ed|ing)?
    sweat(?:y|s|ing|ed)?|blush(?:es|ed|ing)?|sigh(?:s|ed|ing)?|tattoos?|piercings?|hair(?:cut|style)?
    overweight|obese|physique|(?:well|smartly|poorly|casually|badly|formally|neatly) ?-?dressed|dressed
    clothes|clothing|outfit|attire|(?:well|un|ill)-?groomed|groomed|handsome|good-looking|good looks
    (?:physical |personal |professional |neat |tidy |youthful |smart |his |her |their )appearance
    (?:firm|weak|limp) handshake
    (?:looks|looked|looking) (?:young|old|tired|professional|nervous|healthy|pale|unkempt|smart)
    elderly|middle-aged|youthful|youngster
    (?:young|old|older|younger|mature) (?:wom[ae]n|m[ae]n|lady|person|people|candidate|guy|girl|boy
        |professional|engineer|developer|talent)
    wom[ae]n|m[ae]n|lady|ladies|gentlem[ae]n|girls?|boys?|female|male|mother|father|mum|mom|dad|husband|wife
    (?:non-?)?native (?:\\w+ )?speakers?|non-?native|mother tongue|foreigners?|immigrants?|refugee
    nationalit(?:y|ies)|ethnic(?:ity|ally)?|skin colou?r|religious(?:ly)?|religion|muslim|christian|jewish
    hindu|pregnan(?:t|cy)|gay|lesbian|transgender|maternity leave
    years? old(?! (?:system|code|service|company|product))
    (?:his|her|their) (?:early |mid |late |mid-|early-|late-)?(?:twenties|thirties|forties|fifties|sixties)
    for (?:his|her|their) age|(?:his|her|their) age
    (?:african|asian|indian|german|chinese|russian|american|british|french|polish|turkish|arab|black|white
        |hispanic|latino|eastern european) (?:candidate|woman|man|applicant|person|engineer|developer|accent
        |background|origin|descent)
    tired(?:ness)?|fatigued?|burn(?:ed|t)[ -]?out|burn-?out|depress(?:ed|ion|ive)|adhd|autis(?:m|tic)
    dyslexi(?:a|c)|mental(?:ly)? (?:health|ill|illness|unstable|stable)|disabilit(?:y|ies)|unwell|hung ?over
    medication|(?:his|her|their) health|health (?:problems?|issues?|condition)|wheelchair|hearing impaired
    insomnia|trauma(?:tized)?
    """,
    **_NAMES,
)
"""Refused wherever they are left, because no sentence about work needs them."""

OF_PERSONS: Final = patterns(
    """
    <who>,? (?:who )?(?:<be>|has|had|shows?|showed|have)(?: \\w+ly)? <degree><human>(?! with the (?:schema
        |code|data))
    <human>,? (?:and \\w+ |but \\w+ )?(?:candidates?|persons?|people|individuals?|applicants?|communicator
        |listener|speaker|personalit\\w*|manner|presence|impression|character|nature|spirit|guy|mind|soul)
    (?:candidate|applicant|interviewee|\\[candidate\\]|his|her|their)(?:'s)? (?:\\w+ )?(?:energy|warmth
        |kindness|honesty|modesty|integrity|friendliness|calmness|maturity|intelligence|ambition|aggressiveness
        |politeness|openness|charm|character|appearance|looks|face|voice|tone|pace|vocabulary|grammar)
    <human> (?:young |old )?(?:engineer|developer|leader|colleague|manager)(?! (?:tools?|experience|team
        |portal|docs|platform))
    """,
    **_NAMES,
)
"""Words for things, too: refused only where they are said of a person."""

OF_NAMES: Final = patterns(
    """
    <be> <degree>(?:honest|humble|kind|calm|friendly|modest|trustworthy|motivated|ambitious|warm|energetic
        |dedicated|polite|rude|optimistic|pessimistic|intelligent|clever|lazy|naive|approachable|tall
        |pretty)(?! (?:by|with the (?:schema|code)|load\\w*|cache))
    """,
    **_NAMES,
)
"""After a name, which may be that of a machine: only what nobody says of machines."""
