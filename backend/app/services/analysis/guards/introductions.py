"""People whom nobody knows of until they are named in the talk: `my name is …`, `my manager, …`, `… here`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from app.services.analysis.guards.folding import fold
from app.services.analysis.guards.name_words import PARTICLES, is_ordinary
from app.services.analysis.guards.phrases import word_set

_CAPITAL: Final = r"[^\W\d_a-zà-öø-ÿ][\w'’\-]{0,40}[^\W\d_]"
_PARTICLE: Final = r"(?:van|von|der|den|de|del|della|di|da|dos|la|le|bin|al|el|y|[A-Z]\.)"
_NAME: Final = rf"(?P<name>{_CAPITAL}(?:\s+(?:{_PARTICLE}\s+){{0,2}}{_CAPITAL}){{0,2}})"
_WORD: Final = r"(?P<name>[^\W\d_][^\W\d_'’\-]{2,40})"
_RELATION: Final = (
    r"(?:manager|boss|supervisor|director|mentor|colleague|coworker|co-worker|teammate|team\s?mate|team\s+lead|lead|"
    r"tech\s+lead|partner|co-?founder|founder|architect|intern|report|peer|friend|wife|husband|brother|sister|son|"
    r"daughter|professor|CTO|CEO|CFO|COO|VP|head|chef|chefin|kollege|kollegin|vorgesetzter|vorgesetzte|jefe|jefa|"
    r"collègue|responsable)"
)
_HI: Final = (
    r"(?:hi|hello|hey|good\s+(?:morning|afternoon|evening)|thanks|thank\s+you|welcome|hallo|guten\s+(?:morgen|tag|abend)"
    r"|danke|bonjour|bonsoir|merci|hola|buenos\s+d[ií]as|buenas\s+tardes|gracias|ciao|buongiorno|olá|obrigad[oa]|cześć)"
)
_SELF: Final = (
    r"(?:my\s+name(?:'s|’s|\s+is)|i\s+am\s+called|mein\s+name\s+ist|ich\s+hei(?:ß|ss)e|je\s+m['’]appelle|mon\s+nom\s+est|"
    r"me\s+llamo|mi\s+nombre\s+es|mi\s+chiamo|meu\s+nome\s+é|eu\s+me\s+chamo|mijn\s+naam\s+is|ik\s+heet|nazywam\s+się|"
    r"mam\s+na\s+imię|меня\s+зовут)"
)
_WITH_CAPITAL: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?i:\b{_SELF})\s+{_NAME}",
        rf"\b(?i:my|our|the|his|her|their|mein|meine|meinem|meiner|mon|ma|mi)\s+(?:\w+\s+){{0,2}}?(?i:{_RELATION})\s*,\s*{_NAME}(?=[\s,.;!?)]|$)",
        rf"\b(?i:my|our|mein|meine|meinem|meiner|mon|ma|mi)\s+(?:\w+\s+){{0,2}}?(?i:{_RELATION})\s+(?:(?i:is|was|called|named)\s+)?{_NAME}",
        rf"\b(?i:this\s+is)\s+{_NAME}(?=\s+(?i:from|here|speaking|and|again)\b|[,.!?]|$)",
        rf"\b(?:I['’]m|I\s+am|[Ii]ch\s+bin|[Jj]e\s+suis|[Ss]oy|[Ii]k\s+ben|[Ss]ono|[Ss]ou)\s+{_NAME}(?=\s*[,.!]|\s+(?i:from|and\s+i|and\s+i['’]|und|et|y|von)\b|$)",
        rf"(?:^|[.!?]\s+|(?i:{_HI})[\s,.!]+){_NAME}\s+(?i:here|speaking)\b",
        rf"\b(?i:report(?:ed|ing|s)?\s+(?:directly\s+)?(?:in)?to|mentored\s+by|managed\s+by|hired\s+by|introduced\s+by|joined\s+by|referred\s+by)\s+{_NAME}",
        rf"\b(?i:together\s+with|along\s+with|meet|with\s+me\s+is|a\s+(?:colleague|friend)\s+(?:called|named))\s+{_NAME}(?=\s+(?i:from|who|and\s+i)\b|[,.!?])",
        rf"(?:^|[.!?]\s+)(?i:{_HI})\s*,?\s+{_NAME}(?=\s*[,.!?]|$)",
    )
)
_IN_ANY_CASE: Final = (
    re.compile(rf"(?i:\b{_SELF})\s+{_WORD}"),
    re.compile(r"(?:我叫|我的名字是|我的名字叫|我是)(?P<name>[\u4e00-\u9fff]{2,4})(?=[,，。.!！、\s]|$)"),
    re.compile(r"(?:我叫|我的名字是|我的名字叫)(?P<name>[\u4e00-\u9fff]{2,3})"),
    re.compile(r"(?:私は|わたしは)?(?P<name>[\u4e00-\u9fff\u30a0-\u30ff]{2,6})と申します"),
    re.compile(r"(?:私は|わたしは|私の名前は)(?P<name>[\u4e00-\u9fff\u30a0-\u30ff]{2,6})です"),
    re.compile(
        r"(?:제 이름은|저는)\s*(?P<name>[\uac00-\ud7a3]{2,4}?)(?:입니다|이고|이라고|라고|예요|이에요)"
    ),
)
_NO_NAME: Final = word_set("""
    i i'm i'd i'll i've it it's we you he she they this that there the a an my our your his her and but so or if
    when while because what which who how why where not now then also just very really quite actually basically
    honestly everyone everybody all guys folks team world again too both anyway sir madam ladies gentlemen much
    monday tuesday wednesday thursday friday saturday sunday january february march april june july august
    september october november december today tomorrow yesterday senior junior lead staff principal engineer
    developer manager director head chief python java javascript typescript kotlin swift scala ruby rust golang
    go kafka redis postgres postgresql mysql mongodb kubernetes docker terraform ansible jenkins react angular
    vue django flask fastapi spring rails node linux windows aws azure gcp google amazon microsoft apple
    facebook meta netflix spotify uber ibm oracle sap github gitlab jira slack zoom teams excel sql nosql
    graphql rest api apis ci cd qa ux ui hr it cto ceo cfo coo vp sre devops agile scrum english german french
    spanish italian polish dutch chinese japanese indian american british european russian portuguese turkish
    arabic muslim christian jewish catholic hindu berlin london paris madrid munich europe germany france spain
    italy india china america canada england ireland poland brazil from based currently originally at in on of
    for with is was are were still called not happy glad sorry sure fine good great here available open done
    ready excited wirklich sehr auch nicht und aber der die das ein eine le la les un une et el los las muy
""")


def introduced(text: str) -> Iterator[str]:
    """Names that the text introduces, as they are written there, in the order of the rules."""
    for pattern in (*_WITH_CAPITAL, *_IN_ANY_CASE):
        for match in pattern.finditer(text):
            name = _trimmed(match["name"])
            if name is not None:
                yield name


def _trimmed(name: str) -> str | None:
    """Up to the first word that belongs to the sentence and not to the name."""
    kept: list[str] = []
    for word in name.split():
        plain = fold(word).replace("'s", "")
        if plain in _NO_NAME or (word.isupper() and len(word) > 1 and word.isascii()):
            break
        kept.append(re.sub(r"['’]s$", "", word))
    while kept and fold(kept[-1]).strip(".") in PARTICLES:
        kept.pop()
    if not kept or (len(kept) == 1 and len(fold(kept[0])) < 2) or all(map(is_ordinary_lower, kept)):
        return None
    return " ".join(kept)


def is_ordinary_lower(word: str) -> bool:
    """An ordinary word without a capital cannot be taken for a name of somebody unknown."""
    return word[:1].islower() and is_ordinary(word)
