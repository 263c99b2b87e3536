"""What English speakers say and ask about protected topics, and what only sounds like it."""

from __future__ import annotations

from typing import Final

from app.models.analysis import ProtectedTopic
from app.services.analysis.guards.lexicon.shape import ProtectedLexicon
from app.services.analysis.guards.phrases import any_of, patterns, word_set

_NAMES: Final = {
    "im": r"(?:i'?m|i am|i was|i'?ve been|i have been)",
    "ive": r"(?:i'?ve|i do have|i have|i had|i've had|we have|we had|we've)",
    "my": r"(?:my|our)",
    "ten": r"(?:twenty|thirty|forty|fifty|sixty|seventy)",
    "one": r"(?:one|two|three|four|five|six|seven|eight|nine)",
    "age": (
        r"(?:1[6-9]|[2-7]\d|sixteen|seventeen|eighteen|nineteen|"
        r"(?:twenty|thirty|forty|fifty|sixty|seventy)(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?)"
    ),
    "kids": (
        r"(?:kids?|child|children|sons?|daughters?|twins|toddlers?|bab(?:y|ies)|newborn|grandchild(?:ren)?|grandkids|"
        r"stepchild(?:ren)?|boys and girls|(?:little|wee|young) ones?)"
    ),
    "kin": (
        r"(?:wife|husband|spouse|kids?|child|children|sons?|daughters?|family|mother|father|mum|mom|dad|parents?|"
        r"girlfriend|boyfriend|fianc[e]{1,2}|toddler|baby|twins|grandchild(?:ren)?|grandmother|grandfather|"
        r"in-laws|ex-wife|ex-husband|little one|marriage|divorce|wedding)"
    ),
    "illness": (
        r"(?:cancer|leukaemia|leukemia|depression|depressive episode|burn-?\s?out|diabetes|diabetic|epilepsy|migraines?|"
        r"asthma|arthritis|hiv|anxiety disorder|panic attacks?|bipolar(?: disorder)?|ptsd|heart attack|stroke|surgery|"
        r"an operation|chemo(?:therapy)?|long covid|crohn'?s|multiple sclerosis|endometriosis|eating disorder|"
        r"breakdown|slipped disc|chronic (?:pain|illness|fatigue|condition))"
    ),
    "faith": (
        r"(?:muslim|christian|jewish|jew|catholic|protestant|hindu|buddhist|sikh|atheist|mormon|orthodox|evangelical|"
        r"jehovah'?s witness|agnostic|quaker|baptist)"
    ),
    "country": any_of(
        word_set("""
            afghanistan albania algeria argentina armenia australia austria bangladesh belarus belgium bolivia
            bosnia brazil bulgaria cameroon canada chile china colombia congo croatia cuba cyprus czechia
            denmark ecuador egypt england eritrea estonia ethiopia finland france germany ghana greece hungary
            iceland india indonesia iran iraq ireland israel italy jamaica japan jordan kazakhstan kenya korea
            kosovo latvia lebanon libya lithuania malaysia mexico moldova mongolia morocco nepal netherlands
            nigeria norway pakistan palestine peru philippines poland portugal romania russia scotland senegal
            serbia singapore slovakia slovenia somalia spain sudan sweden switzerland syria taiwan tanzania
            thailand tunisia turkey uganda ukraine uruguay uzbekistan venezuela vietnam wales yemen zambia
            zimbabwe africa asia
        """)
    ),
    "people": any_of(
        word_set("""
            african albanian algerian american arab arabic argentinian armenian asian australian austrian
            bangladeshi belgian black brazilian british bulgarian canadian chilean chinese colombian croatian
            cuban czech danish dutch egyptian english ethiopian european filipino finnish french german
            ghanaian greek hispanic hungarian indian indonesian iranian iraqi irish israeli italian jamaican
            japanese kenyan korean kurdish latina latino latvian lebanese lithuanian malaysian mexican
            moroccan nepali nigerian norwegian pakistani palestinian persian peruvian polish portuguese
            romanian russian scottish serbian slovak somali spanish sudanese swedish swiss syrian taiwanese
            thai tunisian turkish ukrainian venezuelan vietnamese welsh roma immigrant refugee
        """)
    ),
}

_HARMLESS: Final = """
    (?:sql|tagged|discriminated|set|type|disjoint|c|postgis|credit|european|customs|soviet|western) unions?
    unions? (?:types?|all|find|select|operators?|quer(?:y|ies)|clause|of|view|table|schema|square|distinct
        |step|node)
    famil(?:y|ies) of \\w+~
    (?:product|font|column|instance|job|address|model|protocol|chip|type|gene|typeface)[ -]famil(?:y|ies)
    family[- ](?:owned|run|business|friendly|office|name column|tree algorithm)
    (?:parents?|child|children)[ -](?:class(?:es)?|process(?:es)?|company|companies|nodes?|director(?:y
        |ies)|components?)
    (?:parents?|child|children)[ -](?:spans?|ids?|tickets?|commits?|tasks?|elements?|records?|tables?|rows?
        |issues?|jobs?)
    (?:parents?|child|children)[ -](?:threads?|workflows?|pipelines?|modules?|accounts?|widgets?|contexts?
        |keys?|pages?)
    parent[ -]child|kill(?:ed|s|ing)? (?:the|a|its|each|every|all) child(?:ren)?|child welfare
    children'?s (?:books?|hospital|toys)
    child(?:ren)? of (?:the|a|each|every|that) (?:node|process|root|tree|element|component|span|class|widget)
    (?:old|older|legacy|young|younger|aged?) (?:versions?|codes?|systems?|code ?bases?|apis?|browsers?|data
        |records?|generation)
    health (?:checks?|endpoints?|probes?|status|dashboards?|metrics?|monitoring|score|data|records?|page
        |route|insurance|app)
    (?:mental|digital|public|women'?s) health (?:app|apps|product|company|platform|start-?up|space|service
        |sector|industry|data)
    (?:service|system|cluster|node|team|code|data|pipeline|code ?base|project|customer|account|server
        |database|queue)'? health
    health ?care|health ?tech|health of (?:the|our|a|my|each|every) \\w+~
    religious(?:ly)? (?:about|tested?|testing|reviewed?|follow(?:ed)?|writ(?:e|ing|es)|document(?:ed)?|war
        |debates?|arguments?)~
    religiously|(?:developer|technical|product|tech|java|cloud) evangelists?|alonzo church
    church (?:encoding|numerals?)
    (?:data |arms |horse )?race (?:conditions?|detectors?|to|between|against|for)|data races?
    gender (?:fields?|columns?|attributes?|enum|values?|dropdown|gap|bias(?:es)?|labels?|data|pay gap
        |neutral|classifier)
    pregnant pause|pregnant with meaning
    (?:cloud|react|digital|platform|kubernetes|mobile|i?os|android|aws|ai) native
    native (?:app|apps|code|mobile|module|driver)
    (?:technical|tech|design|code|test|security|documentation|our|some|that|this|the) debts?
    (?:object|service|event|customer|product|result|goal|detail|data) orientation
    orientation (?:week|day|sensor|event|change)
    (?:third|first|3rd|1st|second|multi)[ -]part(?:y|ies)|party (?:library|libraries|vendor|api|tool)
    (?:office|company|internal|corporate) politics|political science
    (?:authori[sz]ed|eligible|allowed|entitled|permitted|right|rights|legally|permission) to (?:live and )?work~
    work(?:ing)? (?:rights?|permits?|visas?|authori[sz]ation|eligibility)|visas?|sponsorship|residence permit
    blue card
    screen readers? (?:to test|for testing|support|tests?)|blind (?:spots?|review|copy|test)|double[ -]blind
    (?:sick|tired) of|home ?sick|sick (?:pay|leave|day) (?:feature|module|calculation|policy|workflow|request)
    (?:maternity|paternity|parental|sick) leave (?:feature|module|calculation|policy|workflow|request|cover
        |screen)
    (?:our|the|my|a) sister (?:company|team|project|site|product|brand)|daughter compan(?:y|ies)|mother ?board
    mother ship
    (?:cancer|diabetes|depression|epilepsy|asthma) (?:research|patients?|screening|data|app|drug|treatment
        |study|detection)
    great depression|straight (?:forward|away|to|into|from|out|up|line|through|talk)
    my (?:baby|child) (?:was|is) (?:the|that|this) (?:project|product|service|platform|system)
    (?:like|as) (?:a|my|one) (?:big|happy)? ?family|work(?:ed)? (?:with|for) (?:\\w+ )?famil(?:y|ies)
    my (?:old|whole|entire|first|previous|current|former) (?:team|company) (?:was|is) (?:like )?(?:a )?family
    native (?:ads|integration|support|library|build|binary|client|image)|mother of all
"""

_TOPICS: Final[dict[ProtectedTopic, str]] = {
    ProtectedTopic.AGE: """
        <im> (?:only |just |already |now |almost |nearly |about |around |turning )*<age>(?: years? (?:old
            |of age)| now)?(?=\\s*(?:[.,;!?]|$|and |but |so |years? old))~
        i (?:turn|turned|will turn) <age>(?=\\s*(?:[.,;!?]|$|last|this|next|in|on|and) ?)~
        i was <age> when|at (?:my|your|her|his) age|for (?:my|your) age|(?:my|your) (?:own |real |exact )?age
        <age>[- ]years?[- ]old (?:engineer|developer|person|woman|man|candidate)|years old myself
        (?:guess|guessing|reckon|assume|assuming|bet|say) (?:that )?you(?:'?re| are) (?:\\w+,? ){0,3}<age>
        you(?:'?re| are) what,? <age>|when did you graduate|you graduated when
        how old are you|(?:aren't|are) you (?:not )?(?:too|a bit|a little|rather|quite) (?:old|young)
        your date of birth
        (?:what|which) year (?:were you born|did you (?:graduate|finish) (?:from )?(?:high ?)?school)
        when were you born
        when(?:'s| is) your birthday|i was born (?:in|on) (?:the )?(?:19|20)?\\d\\d(?:'?s)?
        born in (?:nineteen|the (?:sixties|seventies|eighties|nineties))
        in (?:my|your) (?:early |mid |late |mid-|late-|early-)?(?:twenties|thirties|forties|fifties|sixties)
        (?:when|before|until|how long (?:before|until)) (?:do |will |would )?(?:you|i) (?:plan to |want to |
            expect to |intend to )?retire
        (?:close|near) to retirement|before (?:my|your) retirement|retirement age
        (?:my|your) (?:own )?retirement
        (?:my|your) (?:<ten>|\\d0|fortieth|fiftieth|thirtieth|sixtieth)(?:th|ieth)? birthday
        as (?:an older|a younger|an old|a young) (?:person|worker|employee|woman|man|engineer|developer
            |candidate)
        (?:people|someone|somebody|anyone) (?:of )?your age|too (?:old|young) for (?:this|the|a|such|that)~
        (?:<im>|you'?re|you are|are you|aren't you) (?:getting |too |still |quite |rather |pretty |
            very )(?:old|young)(?! (?:code|fashioned))
    """,
    ProtectedTopic.FAMILY: """
        <my> (?:\\w+ )?<kin>(?:'s)?(?! (?:tongue|board|ship|name|of|class|process|name|company|business))
        your (?:\\w+ )?<kin>(?:'s)?(?! (?:tongue|board|ship|name|of|class|process|company|business))
        <my> (?:\\w+ )?(?:partner|brother|sister) (?:and i )?(?:lives?|works?|is|was|has|moved|got|stays?
            |just|wants?|needs?)
        (?:<ive>|i've got|we've got|i got) (?:\\w+ ){0,3}<kids>(?! (?:of|class|process|in the tree))
        <im> (?:\\w+ ){0,2}(?:married|divorced|widowed|separated|a widow|a widower|a newlywed)(?! (?:from
            |to the))
        <im> single(?=\\s*(?:[.,;!?]|$|and |mother|father|parent|mum|mom|dad))~
        <im> engaged(?! (?:in|with|on|by))(?=\\s*(?:[.,;!?]|$|to |and ))~
        (?:i|we) (?:got|get|are getting|am getting|were) (?:married|divorced|engaged)(?! (?:in|with|on|by
            |to the))
        (?:i'?m|i am|as|being) an? (?:\\w+ ){0,2}(?:mother|father|parent|mum|mom|dad|grandmother|grandfather)
        (?:do|don't|did) you (?:\\w+ ){0,2}have (?:\\w+ ){0,3}(?:<kids>|family|wife|husband|partner
            |boyfriend|girlfriend|spouse)
        (?:any|how many|the|no) <kids>(?: at home| yet| of your own)?(?=\\s*(?:[?.]|$| do you))~
        (?:have|has|had) (?:you|he|she|they) got (?:\\w+ ){0,3}<kids>|who(?:'?s| is) at home
        (?:boys?|girls?|lads?|lass(?:es)?) of (?:\\d+|<one>|ten|eleven|twelve)(?! (?:them|us|the))
        are you (?:\\w+ )?(?:married|single|divorced|engaged|widowed|in a relationship
            |living alone)(?! (?:in|with|on) )
        (?:my|your) (?:marital status|maiden name|home life|private life|relationship status|child ?care
            |family (?:situation|status|plans?|planning))
        marital status|family (?:planning|obligations|commitments)|single (?:mother|father|parent|mum|mom|dad)
        (?:start|starting|have|raise|raising|having) a family
        who (?:looks?|will look|takes? care|would look) (?:of |after )*(?:the|your) <kids>
        (?:pick|drop|bring|take)(?:ing)? (?:up |off )?(?:my|the|our) (?:kids?|children|son|daughter) (?:up |
            off )?(?:from|to|at)~
        (?:i|i'?ll|you|i'?d) (?:\\w+ ){0,4}(?:child ?care|day ?care|kindergarten|school run
            |nursery)(?! (?:app|software|product|company|start))
        (?:i|i'?m|i was|i am) (?:\\w+ ){0,4}(?:paternity|parental|family) leave
        (?:my|your) (?:paternity|parental|family) leave
        (?:i|i'?m) (?:\\w+ ){0,2}(?:caring|care|take care|taking care|looking after|look after) (?:for |
            of )?(?:my|our|an elderly)~
        live with my (?:parents|mother|father|mum|mom|partner|wife|husband|girlfriend|boyfriend)
        what does your (?:partner|husband|wife|father|mother|spouse) do|child support|alimony
    """,
    ProtectedTopic.PREGNANCY: """
        (?:i'?m|i am|i was|i got|i became|i get|you'?re|are you|were you|get|getting|you) (?:\\w+ ){0,3}pregnant
        (?:my|your|a|the|during|after|second|first|planned) pregnanc(?:y|ies)
        expecting (?:a|our|my|another|your) (?:\\w+ )?(?:baby|child|kid|son|daughter|first|second|third|twins)
        (?:i'?m|i am|we'?re|we are) expecting(?=\\s*(?:[.,;!?]|$|in ))~
        (?:my|your) maternity leave|(?:i|i'?m|you|i was) (?:\\w+ ){0,4}maternity (?:leave|protection)~
        maternity leave,? i~
        (?:plan|planning|want|wanting|hoping|intend|going|like|trying) (?:\\w+ )?(?:to have|having
            |for) (?:\\w+ ){0,2}(?:kids|children|a baby|a child|babies)
        have (?:\\w+ )?(?:kids|children|a baby) (?:soon|in the (?:near )?future|any time|at some point
            |some ?day|next year)
        i (?:had|have had|suffered) (?:\\w+ )?(?:miscarriage|an abortion|a caesarean|a stillbirth)
        (?:ivf|fertility treatment|breast ?feeding)|i (?:gave|have given|will give) birth|the baby is due
        due date of (?:my|the) baby
    """,
    ProtectedTopic.HEALTH: """
        (?:i'?ve had|<ive>|i suffer(?:ed)? from|i (?:survived|beat|got|take medication for)
            |i was diagnosed with|i'?m recovering from|i recovered from) (?:\\w+ ){0,3}<illness>(?! (?:in|of
            |that|to|on) )
        (?:my|your) (?:\\w+ )?<illness>
        <im> (?:\\w+ ){0,2}(?:diagnosed|hospitali[sz]ed|seriously ill|chronically ill|depressed|burn(?:ed
            |t)[ -]out|diabetic|epileptic|hiv positive|bipolar)(?! about)
        <im> (?:\\w+ )?(?:ill|sick|unwell|unhealthy)(?! (?:of|and tired))
        i (?:fell|got) (?:\\w+ )?(?:ill|sick)|i (?:got |was |am )?burn(?:ed|t)[ -]out
        i (?:don't|never) (?:smoke|drink)(?! (?:from|the))
        (?:my|your) (?:own |physical |mental |general )?(?:health|illness|sickness|medication|therapy
            |therapist|psychiatrist|diagnosis|allerg(?:y|ies)|medical (?:history|condition|records?)
            |health (?:issues?|problems?|condition))
        (?:any|some|serious|have|had|because of|due to) (?:\\w+ )?(?:health|medical) (?:issues?|problems?
            |conditions?|reasons?|restrictions?)
        for (?:health|medical) reasons
        are you (?:\\w+ )?(?:healthy|ill|sick|in good health|vaccinated|depressed)(?! of)
        how (?:is|'s) your health
        do you (?:\\w+ )?(?:smoke|drink alcohol|take (?:any )?(?:medication|drugs|medicine|pills)|suffer from)
        (?:how many|your|my|any|of) sick (?:days?|leave)|(?:i|i'?m|you|i was) (?:\\w+ ){0,4}sick leave
        (?:i|i'?ve|i was|i'?m|you) (?:\\w+ ){0,3}(?:in|to|from) (?:hospital|the hospital|therapy|rehab
            |a clinic)(?! (?:data|it|group|chain|system|software|project))
        have you (?:ever )?(?:been (?:\\w+ )?(?:ill|hospitali[sz]ed|in therapy|depressed)
            |had (?:\\w+ ){0,2}<illness>|suffered)
        i (?:struggled?|struggling|dealt|deal) with (?:\\w+ )?(?:mental health|depression|anxiety|addiction
            |alcohol|insomnia)
        i (?:take|need|took) (?:\\w+ )?(?:medication|insulin|antidepressants|pills)
        i (?:had|got|caught) (?:covid|corona|the flu)
        i (?:had|have|underwent|needed) (?:a |an )?(?:\\w+ )?(?:surgery|operation|transplant)(?! (?:of
            |group|in|that|to|on) )
        recovering alcoholic|i'?m an alcoholic
    """,
    ProtectedTopic.DISABILITY: """
        <im> (?:\\w+ ){0,2}(?:disabled|deaf|blind|dyslexic|autistic|neurodivergent|hard of hearing
            |paraly[sz]ed|colou?r[ -]?blind|handicapped|partially sighted)(?! (?:to|by the))
        <ive> (?:\\w+ ){0,3}(?:disabilit(?:y|ies)|dyslexia|dyscalculia|autism|adhd|asperger'?s?
            |hearing (?:loss|aids?)|impairment|tourette'?s?|prosthe(?:sis|tic)|cerebral palsy|wheelchair)
        (?:do|did) you (?:\\w+ ){0,2}have (?:\\w+ ){0,4}(?:disabilit(?:y|ies)|impairments?|handicaps?|adhd
            |autism|dyslexia)
        are you (?:\\w+ )?(?:disabled|handicapped|deaf|blind|autistic|dyslexic|neurodivergent|physically able)~
        (?:any|a|severe|registered) disabilit(?:y|ies)(?=\\s*(?:[?.]|$|that|we))~
        (?:my|your) (?:\\w+ )?(?:disabilit(?:y|ies)|wheelchair|dyslexia|autism|adhd|hearing (?:aids?|loss)
            |impairment|speech impediment|prosthe(?:sis|tic)|guide dog)
        (?:i|you) (?:\\w+ ){0,3}(?:use|need|am in|sit in|in) a wheelchair
        <im> (?:\\w+ ){0,2}on the (?:autism )?spectrum|<im> in a wheelchair
        i (?:\\w+ )?need (?:\\w+ )?accommodations?|disability (?:status|card|pension|benefits)
        i was diagnosed with (?:adhd|autism|dyslexia|asperger'?s?)|i (?:\\w+ )?(?:stutter|stammer)
    """,
    ProtectedTopic.ORIGIN: """
        where are you (?:really |originally |actually )?from(?=\\s*(?:[?.,]|$|originally|exactly|really))~
        where (?:were|was) (?:you|your (?:parents|family)) (?:born|from|raised)
        where (?:do|did) (?:you|your (?:parents|family)) (?:\\w+ )?(?:come from|grow up)
        (?:my|your) (?:\\w+ )?(?:nationality|ethnicity|ethnic (?:background|origin)|native (?:language
            |tongue)|mother tongue|first language|accent|skin colou?r|race|heritage|country of origin
            |home country|citizenship|ancest(?:ors|ry)|passport|migration background|immigration status)
        (?:what|which) (?:nationality|ethnicity|citizenship|race|passport|accent|tribe|caste)~
        what (?:kind|sort) of (?:a )?(?:name|accent) is~
        is (?:that|it|your (?:last |first |sur)?name) (?:an? )?<people>(?: name)?(?=\\s*(?:[?.]|$))~
        (?:<im>|i come|i came|i grew up|i was raised|i moved here|my (?:parents|family) (?:come|came|are
            |were|moved)|are you|you'?re|do you come|i emigrated|i fled|i immigrated) (?:\\w+ ){0,2}(?:from
            |born in) (?:the |south |north |west |east |southern |northern )?<country>(?! (?:office|team|region
            |data|market|branch))
        (?:i|you|my parents) (?:\\w+ )?(?:grew up|raised|(?:was|were) (?:born|raised)) in (?:the |south |
            north |west |east )?<country>
        (?:i'?m|i am|are you|you'?re|as|being|i was born) (?:\\w+ )?(?:an? )?(?:half[ -]|originally |
            originally an? )?<people>(?=\\s*(?:[.,;!?]|$|and |but |woman|man|person|citizen|by (?:birth|origin)
            |myself|i |in ))~
        are you (?:an? )?(?:\\w+ )?(?:citizen|national|native|foreigner|immigrant|refugee|native speaker)
        i(?:'m| am| was) (?:an? )?(?:\\w+ )?(?:citizen|immigrant|refugee|asylum seeker|foreigner|native speaker)
        i (?:fled|emigrated|immigrated)|people of colou?r~
        (?:english|german|french|spanish) (?:is|isn't|is not) (?:my|your) (?:first|native|mother)~
        is (?:english|german|french|spanish) your (?:first|native|mother)~
        you (?:have|speak with) an? (?:\\w+ )?accent
    """,
    ProtectedTopic.RELIGION: """
        (?:what|which) (?:religion|faith|church|denomination)
        (?:my|your) (?:\\w+ )?(?:religions?|faith|church|mosque|synagogue|parish|hijab|headscarf|head scarf
            |turban|kippah|rabbi|imam|pastor|priest|congregation|prayers?|religious (?:beliefs?|holidays?
            |views?|practices?|background))
        (?:<im>|are you|you'?re|as|being|i was (?:raised
            |brought up)) (?:an? )?(?:\\w+ )?(?:an? )?<faith>(?! (?:bale))
        <im> (?:\\w+ )?religious|are you (?:\\w+ )?religious
        do you (?:\\w+ )?(?:pray|fast|worship|believe in god|attend (?:church|mass|services)
            |go to (?:church|the mosque|mosque|synagogue|temple|mass)|wear (?:a |the )?(?:hijab|headscarf
            |turban|cross|veil)|celebrate (?:christmas|easter|ramadan|eid|hanukkah|diwali)
            |observe (?:the )?(?:sabbath|shabbat|ramadan))
        i (?:\\w+ )?(?:pray|go to (?:church|the mosque|mosque|synagogue|temple|mass)|keep kosher|eat halal
            |fast (?:during|in|for)|observe (?:the )?(?:sabbath|shabbat|ramadan)|believe in god|wear (?:a |
            the )?(?:hijab|headscarf|turban|kippah|veil)|was baptised|was baptized|converted to (?:islam
            |christianity|judaism|buddhism|catholicism))
        (?:during|in|for|because of|on) (?:ramadan|the sabbath|shabbat|lent|eid|yom kippur)
    """,
    ProtectedTopic.ORIENTATION: """
        (?:<im>|are you|you'?re|as|being) (?:an? )?(?:\\w+ )?(?:gay|lesbian|bisexual|queer|asexual
            |pansexual|homosexual|heterosexual)(?=\\s*(?:[.,;!?]
            |$|man|woman|person|and |or |i |couple|in ))~
        (?:gay|bi) or straight|straight (?:man|woman|guy|male|female|couple)
        (?:my|your) (?:sexual|sexuality|same[ -]sex)(?: \\w+)?|sexual (?:orientation|preferences?|identity)
        same[ -]sex (?:partner|couple|marriage)
        i came out (?:as|to my|at work|of the closet)|(?:are you|i'?m|i am) (?:\\w+ ){0,3}lgbt\\w*~
        do you (?:like|date|prefer|sleep with) (?:men|women|girls|guys)
    """,
    ProtectedTopic.GENDER: """
        (?:<im>|are you|as) (?:an? )?(?:trans(?:gender|sexual)?|non-?binary|gender ?fluid
            |cis(?:gender)?)(?! (?:pacific|action|port))(?: (?:man|woman|person))?
        (?:as|being|for|like) (?:an? |the )?(?:\\w+ )?(?:woman|man|female|girl|lady|guy)(?=\\s*(?:[.,;!?]|$
            |in |i |you |engineer|developer|leader|on |myself|working|among|how|do |would |with ))~
        (?:my|your) (?:\\w+ )?(?:gender(?: identity)?|pronouns|sex|dead ?name)|what (?:gender|sex)
        (?:are|were) you (?:an? )?(?:man|woman|male|female|boy|girl)(?! ?-)
        (?:only|first|sole) (?:woman|female|girl|man) (?:on|in|at|of)
        i transitioned (?:from (?:male|female|man|woman)|to (?:male|female|a man|a woman))
        my (?:gender )?transition (?:as|from (?:male|female))
        (?:women|men|girls|guys|females|males) (?:like you|in this (?:role|job|team)|usually|tend to
            |are (?:better|worse|more|less))
        work(?:ing)? (?:with|for|under) (?:only |mostly |a )?(?:men|women|woman)(?! (?:in need))
    """,
    ProtectedTopic.POLITICS: """
        (?:who|whom|what|which party) (?:did|do|will|would) you (?:\\w+ )?(?:vote|support)
        (?:did|do|will) you vote (?:for|in the (?:last )?(?:\\w+ )?election|left|right|labou?r|green
            |republican|democrat)
        (?:my|your) (?:\\w+ )?(?:politics|political \\w+|party membership|vote in the)
        (?:are you|<im>|as) (?:an? )?(?:\\w+ )?(?:democrat|republican|socialist|communist|marxist|anarchist
            |feminist activist|tory|left[ -]wing(?:er)?|right[ -]wing(?:er)?|politically active|trump supporter
            |libertarian)
        are you (?:an? )?(?:conservative|liberal|leftist)(?=\\s*(?:[?.]|$|or ))~
        <im> an? (?:conservative|liberal|leftist)(?=\\s*(?:[.,]|$|and ))~
        i (?:always |usually |have always )?vote(?:d)? (?:for )?(?:the )?(?:trump|biden|harris|obama
            |clinton|labou?r|greens?|conservatives?|democrats?|republicans?|tories|afd|spd|cdu|lib dems|macron
            |le pen|left|right)(?! (?:option|approach|one))
        (?:member|supporter|activist) (?:of|in|for) (?:the |
            a )?(?:\\w+ )?(?:political )?party(?! (?:library|vendor))
        <im> (?:\\w+ )?(?:in|with) the (?:\\w+ )?(?:green|labou?r|democratic|republican|communist|socialist
            |conservative) party
        what do you think (?:of|about) (?:\\w+ )?(?:trump|biden|brexit|the president|the government
            |the elections?|the prime minister|abortion|the war in|gun control)
        i (?:campaign|campaigned|canvassed|ran|demonstrated|protested) (?:for|against|as) (?:the |
            a )?(?:\\w+ )?(?:party|mayor|parliament|government|council|election|trump|climate|war)
    """,
    ProtectedTopic.UNION: """
        (?:trade|labou?r|workers'?)[ -]unions?(?! (?:software|app|data|product|client))
        union (?:member(?:s|ship)?|rep(?:resentative)?|organi[sz]er|dues|official|activist|card|work)
        (?:are|were|have) you (?:\\w+ ){0,4}(?:in|of|to|join|joined) (?:a |the |any )?unions?
        (?:my|your) (?:old |former )?union(?! (?:find|type|all))
        (?:i|i'?m|i am|i was|we) (?:\\w+ ){0,3}(?:in|joined|join|of|organi[sz]ed|started|form(?:ed)?) (?:a |
            the |our )?union(?! (?:find|type|all|select))
        (?:works? council|shop steward|staff council)|unioni[sz](?:e|ed|ing|ation)
        (?:did|have|were|would|do) you (?:\\w+ ){0,4}(?:go |gone |been )?(?:on )?strike(?=\\s*(?:[?.]|$
            |before|at|in|with))~
        i (?:went|was|have been) on strike
    """,
    ProtectedTopic.FINANCES: """
        (?:my|your) (?:\\w+ )?(?:credit (?:score|history|rating|card debt|report)|debts|mortgages?
            |student (?:loans?|debt)|financial (?:situation|circumstances|problems|troubles)|savings|bankruptcy
            |rent|bank account|inheritance)
        <my> (?:personal |own |credit card |huge )debts?~
        (?:<im>|are you|were you) (?:\\w+ ){0,2}(?:in debt|bankrupt|broke|insolvent|rich|wealthy
            |poor)(?=\\s*(?:[.,;!?]|$|and |because))~
        have you (?:ever )?(?:\\w+ )?(?:been|gone|declared|filed(?: for)?) (?:\\w+ )?bankrupt(?:cy)?
        i (?:went|declared|filed for|filed) (?:\\w+ )?bankrupt(?:cy)?
        do you (?:\\w+ )?(?:own (?:your|a) (?:own )?(?:home|house|car|flat|apartment)|rent
            |have (?:\\w+ ){0,2}(?:debts?|savings|loans?|a mortgage|money problems|financial \\w+))
        <ive> (?:\\w+ ){0,3}(?:debts|a mortgage|student loans?|money problems|financial (?:problems
            |difficulties|troubles)|loans? to (?:pay|repay))~
        i (?:\\w+ )?need the money|i owe (?:the bank|money)~
        (?:wages?|salary) (?:\\w+ )?garnish\\w*~
        i live(?:d)? (?:on|off) (?:benefits|welfare|social security|food stamps)
    """,
}

ENGLISH: Final = ProtectedLexicon(
    harmless=patterns(_HARMLESS, **_NAMES),
    topics={topic: patterns(lines, **_NAMES) for topic, lines in _TOPICS.items()},
    question=patterns("""
        (?:what|how|why|when|where|who|whom|whose|which|do|does|did|don't|are|aren't|is|isn't|was|were|have
            |has|haven't|can|could|would|will|should|may) (?:\\w+)
        (?:tell|walk|talk) (?:me|us)|describe|explain|any
    """),
)
