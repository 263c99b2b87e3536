"""Words for what a person feels or is, in English: the lists behind `wording`.

Each entry is a regular expression for one whole word, written with its accents and matched over folded text.
"""

from __future__ import annotations

import re
from typing import Final

from app.services.analysis.guards.folding import fold


def whole_words(*lists: str) -> re.Pattern[str]:
    """One expression for any entry of the lists."""
    return re.compile("|".join(fold(entry) for words in lists for entry in words.split()))


OF_PEOPLE: Final = r"""
    nervous(?:ly|ness)? nerves anxi(?:ous|ously|ety|eties) worr(?:y|ies|ied|iedly) fear(?:ful|fully|less|lessly)
    afraid scared frightened terrified panick(?:ed|y|ing) apprehensi(?:ve|vely|on) uneas(?:y|ily|iness) jittery
    hesitan(?:t|tly|cy|ce) hesitat(?:ion|ions|ingly) timid(?:ly|ity)? shy(?:ly|ness)? insecur(?:ity|ities)
    confident(?:ly)? (?:over|under|un|self)-?confiden(?:t|tly|ce) confidence unself-?conscious
    self-?conscious(?:ness)? self-?(?:assured|assurance|esteem|doubt|doubts|worth) assertive(?:ly|ness)?
    unassertive boastful(?:ly)? enthus(?:iasm|iastic|iastically|ed|iast|iasts) unenthusiastic(?:ally)?
    excite(?:d|dly|ment) eager(?:ly|ness)? passion(?:s|ate|ately)? impassioned dispassionate(?:ly)? keenness
    zeal(?:ous)? exuberan(?:t|tly|ce) honesty honestly dishonest(?:y|ly)? (?:in)?sincer(?:e|ely|ity)
    truthful(?:ly|ness)? untruthful(?:ly)? candou?r candid(?:ly)? integrity deceitful(?:ly)? liars?
    evasive(?:ly|ness)? happily happier happiness unhapp(?:y|ily|iness) sad(?:ly|ness|dened)?
    depress(?:ed|ion|ive) miserable gloomy cheer(?:ful|fully|fulness|y) joy(?:ful|fully|ous) delighted thrilled
    elated overjoyed euphoric glad(?:ly)? ang(?:er|ered|ry|rily) annoy(?:ed|ance) irritat(?:ed|ion)?
    irritab(?:le|ility) furious(?:ly)? frustrat(?:ed|ion|ions) resent(?:ful|fully|ment) bitter(?:ness|ly)
    hostil(?:e|ity) agitat(?:ed|ion) upset exasperat(?:ed|ion) embarrass(?:ed|ment) asham(?:ed) shame(?:ful)?
    guilt(?:y)? proud(?:ly|er)? pride disappoint(?:ed|ment) discourag(?:ed|ement) demotivated unmotivated
    self-?motivat(?:ed|ion) hopeful hopeless(?:ness)? desperat(?:e|ely|ion) bored(?:om)? boredom jaded apathetic
    apathy indifferen(?:t|ce) tired(?:ness|ly)? weary stress(?:y)? overwhelmed flustered rattled overexcited
    emotion(?:s|al|ally|less)? unemotional(?:ly)? moods? mood(?:y|ily) feelings jealous(?:y|ly)? envious
    insecurely lonely homesick grumpy grouchy sulk(?:y|ed|ing) surprised astonished shocked composure poise
    unflappable unfazed imperturbable level-?headed(?:ness)? even-?tempered hot-?tempered short-?tempered
    good-?natured good-?humou?red temper discomfort uncomfortabl[ey] introver(?:t|ts|ted|sion)
    extr[ao]ver(?:t|ts|ted|sion) arrogan(?:t|tly|ce) cock(?:y|iness) conceited pompous smug(?:ly)?
    narcissis(?:t|tic|m) egotistic(?:al)? ego(?:s)? vain selfish(?:ly|ness)? selfless(?:ly|ness)? humility
    like?able lik(?:e)?ability lovable charming(?:ly)? charism(?:a|atic) personable sociable unsociable
    pleasantness condescending(?:ly)? patroni[sz]ing(?:ly)? patron[sz]ingly rude(?:ly|ness)? impolite(?:ly)?
    polite(?:ly|ness)? courteous(?:ly)? empath(?:y|etic|ic|etically|i[sz]es|i[sz]ed) unempathetic
    compassion(?:ate|ately)? sympathetic(?:ally)? kind(?:ness|hearted) kind-hearted caring(?:ly)? warmth
    curiosity inquisitive(?:ly|ness)? perfectionis(?:t|ts|m) workaholic(?:s)? hard-?working industrious
    diligen(?:t|tly|ce) conscientious(?:ly|ness)? open-?minded(?:ness)? close[d]?-?minded(?:ness)?
    narrow-?minded(?:ness)? strong-?willed headstrong easy-?going laid-?back happy-go-lucky down-to-earth
    detail-oriented trustworthiness impatien(?:t|tly|ce) patience patiently extraverted personalit(?:y|ies)
    temperament(?:al)? demeanou?r mannerisms? people-person go-getters? self-?starters? loners? know-it-all
    bossy domineering obnoxious quick-?witted witty humou?r(?:ous|less)? likableness impulsive(?:ly|ness)?
    reckless(?:ly|ness)? neurotic(?:ism)? agreeableness conscientiousness maturity-wise immatur(?:e|ity)
    childish(?:ly)? charitable well-?mannered ill-?mannered talkative outspoken soft-?spoken well-?spoken
    eloquen(?:t|tly|ce) inarticulate(?:ly)? articulately monoton(?:e|ous|ously) fluently fluency
    disfluen(?:t|cy|cies) stammer(?:s|ed|ing)? mumbl(?:e|es|ed|ing) babbl(?:e|es|ed|ing) lisping accents?
    accented pronunciation intonation enunciat(?:es|ed|ion) high-?pitched diction hoarse(?:ly)?
    smil(?:e|es|ed|ing|ey) smirk(?:s|ed|ing)? frown(?:s|ed|ing)? grimac(?:e|es|ed|ing) blush(?:es|ed|ing)?
    giggl(?:e|es|ed|ing) laugh(?:s|ed|ing|ter)? chuckl(?:e|es|ed|ing) sigh(?:s|ed|ing)? sweat(?:y|ed|ing)
    fidget(?:s|ed|ing|y)? trembl(?:e|es|ed|ing) nodd(?:ed|ing) shrugg(?:ed|ing) slouch(?:es|ed|ing)? posture
    gestures? gestur(?:ed|ing) gesticulat(?:es|ed|ing) dressed attire outfit cloth(?:es|ing) wore wearing
    well-?dressed well-?groomed unkempt dishevelled disheveled handsome good-?looking overweight obes(?:e|ity)
    bald beard(?:ed)? tattoo(?:s|ed)? hairstyle haircut blonde? brunette woman man lady gentleman girl boy
    (?:fe)?male elderly middle-?aged youthful youngster millennials? teenagers? teenage
    (?:grand)?(?:mother|father)s? mums? moms? dad(?:s|dy)? husband wife married divorced widow(?:ed|er)?
    pregnan(?:t|cy) nationality ethnic(?:ity)? immigrants? foreigners? foreign-born gay lesbian homosexual
    bisexual transgender skin-colou?r illness(?:es)? autis(?:m|tic) adhd dyslexi(?:a|c) neurodivergen(?:t|ce)
    burn-?out burn[te]d?-out disabilit(?:y|ies) unwell
"""
"""Said of people and, for a debrief, of nobody but customers and their kin in a story."""

OF_PEOPLE_OR_THINGS: Final = r"""
    calm(?:ly|er|ness)? relaxed tense(?:ly|d)? honest comfortabl[ey] comfort uncomfortable happy
    content(?:ed|edly) friendly unfriendly friendliness energetic(?:ally)? lively humble(?:d|ness)? humbly
    modest(?:ly|y)? ambitious(?:ly)? ambition(?:s)? curious(?:ly)? genuine(?:ly)? trustworthy approachable
    pleasant(?:ly)? unpleasant(?:ly)? optimis(?:tic|tically|m) pessimis(?:tic|tically|m) cynical(?:ly)?
    sarcastic(?:ally)? fluent halting(?:ly)? stutter(?:s|ed|ing)? charmless awkward(?:ly|ness)?
    dismissive(?:ly)? arrogantly distracted restless(?:ly|ness)? shak(?:y|ily) moody thoughtful(?:ly|ness)?
    attractive(?:ness)? motivated
"""
"""Not refused before the name of a thing (`calm deployment`) or after one (`the rollout was calm`)."""

OF_THINGS_MOSTLY: Final = r"""
    young(?:er|est)? old(?:er|est)? aged ageing aging mature healthy unhealthy fit sick ill disabled frail blind
    deaf native foreign quiet(?:ly|er)? loud(?:ly|er)? reserved outgoing chatty lazy greedy stubborn naive
    passive aggressive(?:ly)? defensive(?:ly)? dominant warm(?:ly)? cold(?:ly)? sensitive resilient reliable
    unreliable flexible inflexible rigid proactive dedicated driven cautious(?:ly)? creative analytical
    disorgani[sz]ed unprofessional smart intelligent clever gifted talented brilliant stupid authentic composed
    poised stable unstable bubbly nice kind patient religious christian muslim hindu jewish buddhist catholic
    atheist tall slim ugly beautiful stressed exhausted fatigued articulate serious assured open-hearted
    insecure independent tough gentle gently sharp loyal ethical generous disengaged disinterested detached
    engaged lied uncertain unsure bipolar ruthless fearsome
"""
"""Refused only where the candidate, or whoever stands for a person, is described by them."""

FEELING: Final = r"""
    lov(?:e|es|ed) ador(?:e|es|ed) enjoy(?:s|ed)? hat(?:e|es|ed) dislik(?:e|es|ed) dread(?:s|ed)? fears?
"""
"""Verbs of feeling, refused with a person as their subject."""
