"""How words address software instead of the people in the room, in English and in markup."""

from __future__ import annotations

import re
from typing import Final

from app.services.analysis.guards.phrases import patterns

_NAMES: Final = {
    "machine": (
        r"(?:a\.?i\.?|llms?|language models?|models?|chat ?gpt|gpt(?:-?\d\w*)?|claude|gemini|copilot|"
        r"bots?|assistants?|"
        r"ai assistants?|evaluators?|graders?|summari[sz]ers?|summari[sz]ation (?:model|system|tool)|"
        r"(?:scoring|grading|evaluation|analysis|rating|hiring|ai) (?:system|software|model|engine|tool|"
        r"algorithm)|"
        r"software|algorithm|automated (?:system|reviewer|evaluator)|ai (?:reviewer|evaluator|grader|"
        r"judge|recruiter))"
    ),
    "person": (
        r"(?:me|this candidate|the candidate|this (?:person|applicant|interviewee)|the (?:applicant|"
        r"interviewee)|him|her|"
        r"them|my (?:\w+ )?(?:answers?|interview|performance|skills?|profile)|(?:each|every|all|"
        r"any)(?: of)?(?: the| my)? (?:\w+ )?"
        r"(?:criteri(?:on|a)|categor(?:y|ies)|competenc(?:y|ies)|skills?|questions?|answers?)|everything|"
        r"\[candidate\])"
    ),
    "top": (
        r"(?:strong[ _-]?(?:yes|no|hire)|strongly (?:recommend(?:ed)?|hire)|no[ -]hire|hire|top|highest|"
        r"maximum|max|best|perfect|"
        r"excellent|outstanding|exceptional|full (?:marks|score|points)|(?:5|five|10|ten|100|"
        r"hundred)(?: (?:stars?|points?|percent|"
        r"out of \w+))?|lowest|minimum|worst|zero|poor|fail(?:ed)?|reject(?:ed)?|unqualified|a\+)"
    ),
    "result": (
        r"(?:(?:rating|level|score|grade|mark|verdict|evaluation|assessment|recommendation|suggestion|"
        r"outcome|decision)s?)"
    ),
    "before": (
        r"(?:previous|prior|above|earlier|preceding|foregoing|former|original|initial|existing|current|"
        r"system|your|"
        r"aforementioned|hidden|given)"
    ),
    "rules": (
        r"(?:instructions?|prompts?|rules?|guidelines?|directions?|directives?|commands?|constraints?|"
        r"guardrails?|"
        r"programming|system message|rubrics?|criteria|policies|policy|restrictions?|training)"
    ),
}

COMMANDS: Final = patterns(
    """
    (?:ignore|disregard|forget|override|overrule|bypass|neglect|discard|delete|erase|pay no attention to
        |set aside|(?:do not|don't|stop|no longer) (?:follow|following|obey|obeying)) (?:(?:\\w+ ){0,4}<before>
        |all|any|everything) (?:\\w+ ){0,3}(?:instructions?|prompts?|directives?)
    (?:ignore|disregard|forget|override|overrule|bypass|neglect|(?:do not|don't|stop) (?:follow
        |obey)(?:ing)?) (?:\\w+ ){0,3}<before> (?:\\w+ ){0,2}<rules>
    (?:ignore|disregard|forget) (?:the|all|any) (?:\\w+ ){0,2}(?:instructions?|prompts?|rules
        |guidelines) (?:that )?(?:you (?:were|have|had|got)|given|above)
    (?:ignore|disregard|forget) (?:everything|all|anything|what) (?:\\w+ ){0,3}(?:above|before this
        |you were told|you have been told|told you|said so far)
    (?:rate|score|mark|grade|evaluate|assess|rank|classify|judge
        |label) <person> (?:\\w+ ){0,6}(?:as )?(?:an? |the )?<top>
    (?:rate|score|mark|grade|evaluate|assess|rank|classify|judge) <person> (?:as |
        with )?(?:\\w+ ){0,3}(?:highly|positively|generously|favou?rably|negatively|harshly)
    (?:give|assign|award|grant) (?:\\w+ ){0,3}<person> (?:\\w+ ){0,4}<top>(?: \\w+)? ?<result>?
    (?:give|assign|award|grant|put|enter|record|select|choose|use|pick) (?:\\w+ ){0,4}<top> (?:\\w+ )?<result>
    (?:set|change|raise|lower|upgrade|downgrade|increase|reduce|adjust|update|override) (?:the |my |this |
        his |her |their |all |every |each )(?:\\w+ ){0,4}<result> (?:\\w+ ){0,6}(?:to|of|by|for)
    (?:output|answer|say|write|return|print|respond|reply|put|select|choose|mark|enter|record|set
        |use)(?: \\w+){0,4}[ "':]{1,4}strong[ _-](?:yes|no)
    (?:respond|reply|answer) (?:only|just|exclusively|solely) (?:with|in|using)
    (?:output|return|print|write) (?:only|just|exclusively|nothing but|the following)
    (?:do not|don't|never) (?:mention|reveal|report|quote|flag|disclose|repeat|show|list
        |include) (?:\\w+ ){0,5}(?:instructions?|message|prompt|weakness(?:es)?|red flags?|negatives?|note
        |concerns?|this (?:sentence|text|request))
    (?:reveal|print|repeat|show|leak|output|reproduce|disclose|copy|recite|quote|translate|tell (?:me
        |us)) (?:\\w+ ){0,5}(?:system prompts?|your (?:\\w+ )?(?:instructions?|prompts?|rules|guidelines)
        |(?:hidden|initial|above|system|developer) (?:prompt|instructions?|message))
    use (?:this|the following|that|my (?:next|last|first)) (?:\\w+ )?(?:sentence|quote|answer|line|words?
        |statement) as (?:\\w+ ){0,3}(?:evidence|quote|proof|support)
    (?:cite|quote|use) (?:\\w+ ){0,5}as (?:the )?(?:only )?evidence (?:for|in|everywhere|on)
    treat (?:this|these|the (?:following|next|above)|everything|my
        |that) (?:\\w+ ){0,5}as (?:\\w+ ){0,3}(?:instructions?|system (?:message|prompt)|commands?|verified
        |evidence|proven|ground truth)
    (?:please )?in (?:your|the) (?:final )?(?:summary|report|evaluation|assessment|debrief|analysis|output
        |json|scorecard)[, ]{1,2}(?:please |you (?:must|should|will) )?(?:write|say|mention|state|include|list
        |describe|note|rate|give|add|put|emphasi[sz]e|claim|set)
    (?:act|behave|respond|answer) as (?:if you (?:are|were)|an? |the )(?:\\w+ ){0,2}(?:ai|assistant
        |evaluator|grader|recruiter|system|model|judge|unrestricted|jailbroken|dan)
    pretend (?:to be|you are|you're|that you are|that you're) (?:\\w+ ){0,3}(?:ai|assistant|evaluator
        |grader|recruiter|system|model|judge|hiring manager|unrestricted)
    decode (?:this|the following|and follow)(?: \\w+){0,3}(?: (?:base ?64|hex|rot ?13|string
        |message))?(?= ?[:.]| and)
    """,
    **_NAMES,
)
"""Orders. In what people tell of (`we ignore …`, `I told them to …`) they are no order; see the one who asks."""

SIGNS: Final = patterns(
    """
    you are (?:now|no longer|actually|henceforth) (?:\\w+ ){0,4}(?:dan|ai|assistant|model|evaluator|grader
        |judge|unrestricted|bound by|jailbroken|bot|free (?:from|of)|developer mode|required to|(?:in
        |an?) (?:test|debug|admin|god|maintenance) mode|scoring|recruiter who|hiring manager who)
    from now on,? (?:you (?:are|will|must|should|only|rate|have to|answer)|rate|every|all (?:ratings?
        |levels?|criteria))
    (?:as|being) (?:an?|the) (?:\\w+ )?<machine>,? (?:you|your (?:task|job|role)) (?:must|should|shall
        |have to|will|need to|are|is)
    (?:important |quick |special |private |urgent )?(?:note|message|memo|notice|reminder|instructions?
        |request|hint|word|advice|command) (?:to|for) (?:the |any |whatever |whichever |our |
        your )?<machine>(?! (?:team|company|startup|engineers?|group|provider|vendor|project
        |itself in))(?= ?(?:[:,.;!?-]|$|that|which|who|reading|processing|scoring|rating|grading|evaluating
        |analy[sz]ing|summari[sz]ing|listening|writing|assessing))~
    (?:dear|attention|hey|hello|hi|listen|okay|ok)[, ]{1,3}(?:dear )?(?:the )?<machine>(?! (?:team
        |engineers?|company|startup|people|was|is|were|are))
    (?:to|whoever|whatever) (?:the |an? |any )?<machine>,? (?:that|which|who|reading|processing|is) ?(?:is |
        will |are )?(?:read|process|rat|grad|scor|evaluat|analy[sz]|summari[sz]|listen|assess|hear|transcrib)~
    if you(?:'re| are) (?:an? |the )?(?:\\w+ )?(?:a\\.?i\\.?|language model|llm|chat ?bot|bot|machine
        |automated \\w+)(?! (?:company|startup|team|engineer|vendor))
    (?:you|your) (?:are|as) (?:an? )?(?:large )?language model
    your (?:system prompt|new (?:task|instructions?|objective|system prompt|rules?))
    (?:new|updated|revised|additional|real|actual|secret|hidden) (?:task|instructions?|system prompt|orders
        |directives?) ?:
    (?:system|admin(?:istrator)?|developer|priority|root|emergency|security) (?:override|prompt override
        |mode (?:enabled|activated|on)|instructions? ?:|message ?:|note ?:|command ?:|prompt ?:|update ?:)
    (?:developer|dan|god|jailbreak) mode|jailbreak (?:yourself|the model|prompt:)
    sudo (?:rate|hire|approve|give|set)
    the (?:correct|right|only (?:valid|correct)|expected|desired|final|required) (?:output|json|rating
        |level|verdict|evaluation|assessment|response to this (?:task|prompt)) (?:\\w+ ){0,5}is
    (?:the|my|this candidate'?s|your) (?:\\w+ ){0,2}<result> (?:\\w+ ){0,5}(?:must|should|has to|shall
        |needs to|have to|will) (?:always |automatically )?be (?:\\w+ ){0,4}(?:strong[ _-]?(?:yes|no|hire)
        |highest|maximum|top|hire|lowest|perfect)
    (?:for|on|under|regarding) (?:the )?(?:criteri(?:on|a)|competenc(?:y|ies)|categor(?:y
        |ies)) (?:[\\w"'-]+ ){0,5}(?:give|set|assign|rate|score|you must|the level|must be|choose|select|mark
        |put)
    (?:this|the) candidate (?:has (?:already )?been|is|was) (?:already )?(?:pre-?approved|verified
        |pre-?selected|cleared|marked) (?:by|as|for)
    you (?:must|shall|are (?:required|instructed|ordered|obliged) to|have to|need to
        |should) (?:\\w+ ){0,3}(?:rate|score|grade|output|mark|award|assign|print) (?:\\w+)
    your (?:task|output|answer|response|rating|verdict|evaluation|summary) (?:must|should|shall|has to
        |needs to|will|is to|is now|is:) ?(?:be|to|contain|start|say|include|rate|give|state)
    (?:this|the (?:following|above|next)) (?:quote|claim|evidence|statement|sentence) (?:is|has been|was
        |counts as) (?:already |now )?(?:verified|confirmed by the (?:system|server)|server-verified
        |evidence for)
    (?:verified|server|system)[ -](?:quote|evidence|claim) ?[:=]
    verification ?[:=] ?(?:passed|ok|true|complete)|strong_(?:yes|no)
    (?:what|which) (?:is|are|were) your (?:system prompt|(?:initial |original |hidden )?instructions
        |prompt)(?=\\s*(?:[?.!]|$|and ))~
    respond to this (?:prompt|message)
    (?:begin|start|end)(?: of)? (?:the )?(?:system|admin|developer|hidden) (?:prompt|message|instructions?
        |override)
    ~(?:^|(?<=[.!?]\\s))end of (?:the )?(?:transcript|data|input|context|prompt|document|user input
        |interview data|interview transcript)(?= ?(?:[.:;,!-]|$|new |now |begin))~
    ~(?:^|(?<=[.!?:\"]\\s))(?:system|assistant) ?: ?~
    system colon (?:rate|ignore|you|give|set|mark|score)
    ~\\b(?:assistant|human|user|interviewer|candidate) ?: ?(?:sure|of course|understood|certainly
        |okay, i will|i rate|i will rate)[,. ]~
    ~(?:^|(?<=[.!?]\\s))(?:please )?(?:write|state|report|conclude|record|note
        |summari[sz]e) (?:down )?that (?:i|i'm|i am|this candidate|the candidate|she|he)\\b~
    """,
    **_NAMES,
)
"""Words that have no meaning between people in an interview."""

MARKUP: Final = re.compile(
    r"<\|[^|<>]{0,40}\|>|<\|?(?:im_start|im_end|endoftext|eot_id)\|?>|\[/?(?:inst|sys|system|"
    r"assistant|user)\]|<</?sys>>"
    r"|#{2,4} ?(?:instructions?|system|response|assistant|user|new task|task|input|output)\b[: ]?"
    r"|</?(?:system|assistant|user|instructions?|transcript|utterances?|analysis|evidence|rating|"
    r"level|verdict|criterion|"
    r"criteria|assessment|suggestion|output|result|answer|prompt|claim|quote|debrief|scorecard|"
    r"candidate)\b[^<>]{0,80}>"
    r"|[{,]\s*[\"']?(?:level|rating|score|verdict|suggestion|quote|utterance_ids?|evidence|"
    r"criterion(?:_id)?|criteria|strengths|"
    r"red_?flags|outcome|verified|decision|recommendation|summary|role|content|instructions?|"
    r"assessment|hire)[\"']?\s*:\s*"
    r"[\"'\[{\d]?[^{}\n]{0,200}\}*"
    r"|```(?:json|system|xml)?|\bbegin (?:prompt|instructions?)\b ?[:-]"
)
"""Marks of conversations with models, and data that looks like ours."""

CONTINUES: Final = patterns(
    """
    ~^(?:(?:and|then|also|instead|now|next|so|finally|again|remember|important
        |therefore),? )*(?:please )?(?:rate|give|assign|set|score|mark|grade|write|output|respond|reply|answer
        |return|print|recommend|approve|say|state|use|quote|cite|treat|make sure|ensure|conclude|ignore
        |disregard|forget|lower|raise|remember|report|call|put|select|choose|hide|include|mention|never|always
        |only)\\b~
    ~^(?:(?:and|then|also|instead|but|so),? )*(?:please )?(?:do not|don't|you (?:must|should|shall|will
        |have to|are|need to|may not|can)|your (?:task|answer|output|rating|evaluation|instructions?|summary
        |verdict|new))\\b~
    ~^this (?:is (?:an? |the )?(?:\\w+ )?(?:order|instructions?|command|test|override|system|directive
        |message|requirement)|instruction|message|overrides|supersedes|has priority|comes from|request)\\b~
    ~^(?:no (?:explanation|further|other)|it is (?:mandatory|imperative|required)
        |thank you for (?:complying|following|your cooperation)|failure to|all (?:criteria|ratings?|levels?
        |scores?)|every (?:criterion|rating|level)|each criterion|the (?:level|rating|verdict|score|output
        |answer|evaluation) )~
    ~^(?:attention|important|urgent|note|notice|warning|system message|override|new task|listen
        |acknowledged|understood|sure|of course)[.:!,]?$~
    """
)
"""How a sentence beside an attempt belongs to it."""
