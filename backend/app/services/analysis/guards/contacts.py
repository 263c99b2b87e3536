"""How a person can be reached: e-mail addresses, phone numbers and profiles, written and spoken.

Everything here looks at folded text. Other numbers (salaries, years, versions, addresses of machines) are none of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class ContactKind(StrEnum):
    EMAIL = "EMAIL"
    PHONE = "PHONE"
    LINK = "LINK"


@dataclass(frozen=True, slots=True)
class Contact:
    """A stretch of the folded text. `key` is the same for every spelling of one address or number."""

    kind: ContactKind
    start: int
    end: int
    key: str


_PART: Final = r"[^\s@<>()\[\],;:\"\\]"
_LABEL: Final = r"[\w-]{1,63}"
_EMAIL: Final = re.compile(
    rf"{_PART}{{1,64}}@{_PART}{{1,253}}\.[^\W\d_]{{2,63}}(?:--{_LABEL})?|{_PART}{{1,64}}@{_PART}{{0,253}}xn--{_LABEL}"
)

_DOT: Final = r"(?:\s+(?:dot|punkt|point|punto|ponto)\s+|\s?\.\s?)"
_AT: Final = r"\s+(?:at|at sign|ad|at-zeichen|klammeraffe|arobase|arroba|chiocciola)\s+"
_LINKED: Final = rf"(?:{_DOT}|\s+(?:underscore|dash|hyphen|minus|unterstrich|bindestrich|tiret|guion)\s+)"
_TOP_LEVEL: Final = (
    r"(?:com|org|net|io|dev|me|co|ai|app|eu|edu|gov|info|biz|test|example|invalid|uk|de|at|ch|fr|es|it|nl|be|pl|pt|"
    r"se|no|dk|fi|ie|cz|ru|ua|in|cn|jp|kr|br|mx|ca|au|nz|il|us)"
)
_DOMAIN: Final = rf"{_LABEL}(?:{_DOT}{_LABEL}){{0,3}}?{_DOT}{_TOP_LEVEL}(?:{_DOT}{_TOP_LEVEL})?(?!\w)"
_SPOKEN_EMAIL: Final = re.compile(
    rf"(?<!\w)(?P<local>{_LABEL}(?:{_LINKED}{_LABEL}){{0,5}}){_AT}(?P<domain>{_DOMAIN})"
)
_HALF_SPOKEN: Final = re.compile(
    rf"(?<!\w)(?P<local>{_LABEL}(?:{_LINKED}{_LABEL}){{0,5}})\s?@\s?(?P<domain>{_DOMAIN})"
)
_MAILBOXES: Final = re.compile(
    r"(?:g(?:oogle\s?)?mail|outlook|hotmail|yahoo|i\s?cloud|proton(?:\s?mail)?|gmx|web|fastmail|hey|live|aol|qq|163)\b"
)
_ABOUT_MAIL: Final = re.compile(
    r"(?:e-?\s?mail|\bmail\b|address|adresse|correo|reach|contact|courriel|write to|\bid\b)"
)
_DIGIT: Final = re.compile(r"\d|\b(?:zero|one|two|three|four|five|six|seven|eight|nine)\b")

_SEPARATED: Final = r"(?:[\s().\-/]{0,3}\d)"
_PHONES: Final = (
    # With the country's code; `+ 100000` in a sum has too few digits.
    re.compile(rf"(?:\+\s?\(?|(?<![\d.,])00)\d{_SEPARATED}{{7,14}}(?!\d)"),
    re.compile(r"(?<![\d.,])(?:1[\s.\-])?\(?[2-9]\d{2}\)?[\s.\-]{1,2}\d{3}[\s.\-]\d{4}(?![\d,])"),
    re.compile(r"(?<!\w)\([2-9]\d{2}\)\s?\d{3}[\s.\-]?\d{4}(?!\d)"),
    # With the prefix for trunk calls.
    re.compile(r"(?<![\d.,/:\-])\(?0\d{1,5}\)?(?:[\s/.\-]{1,3}\d{2,8}){1,6}(?![\d%])"),
    re.compile(r"(?<![\d.,])0[1-9]\d{7,12}(?!\d)"),
    # Written in one, ten or eleven digits; a round sum is no number of a phone.
    re.compile(r"(?<![\d.,#$€£¥])(?:1?[2-9]\d{9}|1[3-9]\d{9})(?![\d%])"),
    re.compile(r"(?<![\d.,])(?:1[3-9]\d[\s\-]\d{4}[\s\-]\d{4}|[6-9]\d{4}[\s\-]\d{5})(?!\d)"),
)
_LOCAL: Final = re.compile(r"(?<![\d.,#$€£¥/\-])(?P<exchange>[2-9]\d{2})-(?P<line>\d{4})(?![\d%]|[.,\-/]\d)")
"""Without the code of an area, as people tell it who live there."""
_ANY_NUMBER: Final = re.compile(rf"(?<![\d$€£¥])\(?\d{_SEPARATED}{{6,14}}(?![\d%])")
_ABOUT_PHONE: Final = re.compile(
    r"phone|mobile|\bcell|\bcall me|text me|(?:my|his|her|the|your) number|number is|reach me|whats\s?app|signal|"
    r"telegram|telefon|handy|rufnummer|meine nummer|telefono|movil|mi numero|portable|mon numero|telemovel|\btel\b|"
    r"电话|手机|号码|電話|番号|전화|번호|هاتف|טלפון"
)
_NO_PHONE: Final = re.compile(
    r"\d{1,4}[./\-]\d{1,2}[./\-]\d{1,4}|\d{1,3}(?:[. ]\d{3})+|(?:19|20)\d{2}\s?[-/]\s?(?:19|20)\d{2}|"
    r"\d{1,3}(?:\.\d{1,3}){3}|\d+0{5,}|\d{1,2}\.\d+(?:\.\d+)*"
)
_SPOKEN_DIGIT: Final = (
    r"(?:zero|oh|o|nought|naught|one|two|three|four|five|six|seven|eight|nine|double|triple|hash|star|\d{1,4}"
    r"|null|eins|zwei|zwo|drei|vier|funf|sechs|sieben|acht|neun|doppel"
    r"|un|deux|trois|quatre|cinq|sept|huit|neuf"
    r"|cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|due|tre|quattro|sei|sette|otto|nove"
    r"|um|dois|quatro|sete|oito|zwei|een|twee|drie|vijf|zes|zeven|negen|nul)"
)
_SPOKEN_PHONE: Final = re.compile(
    rf"(?<!\w)(?:plus[\s,.\-]+)?{_SPOKEN_DIGIT}(?:[\s,.\-]+(?:and\s+|then\s+)?{_SPOKEN_DIGIT}){{6,24}}(?!\w)"
)
_WORD: Final = re.compile(r"[^\W_]+")

_HOSTS: Final = (
    r"(?:linkedin|github|gitlab|bitbucket|xing|twitter|facebook|instagram|behance|dribbble|kaggle|medium|"
    r"stackoverflow|mastodon|threads|tiktok|youtube|calendly|angellist|wellfound|codepen|hackerrank|leetcode)"
)
_LINK: Final = re.compile(
    rf"(?<!\w)(?:https?://)?(?:{_LABEL}\.)?(?:{_HOSTS}\.(?:com|org|net|social)|(?:x\.com|t\.me|about\.me|bsky\.app|wa\.me|"
    r"linktr\.ee|keybase\.io|dev\.to|hf\.co|huggingface\.co))/[^\s<>\"]*[\w/]"
)
_GITHUB_PAGES: Final = re.compile(
    rf"(?<!\w)(?:https?://)?{_LABEL}\.(?:github|gitlab)\.io(?:/[^\s<>\"]*[\w/])?"
)
_SPOKEN_LINK: Final = re.compile(
    rf"(?<!\w){_HOSTS}{_DOT}com(?:\s*(?:/|\bslash\b)\s*(?:{_LABEL}(?:{_LINKED}{_LABEL}){{0,3}})){{1,3}}"
)
_ANY_LINK: Final = re.compile(
    r"(?:https?://|www\.)[^\s<>\"]*[\w/]|(?<![\w@.])(?:[\w-]{1,63}\.){1,5}[a-z]{2,8}(?:/[^\s<>\"]*[\w/])?"
)


def find_contacts(text: str, *, is_name: Callable[[str], bool]) -> Iterator[Contact]:
    """Contacts in a folded text, which may overlap. `is_name` knows the words of the names of those present."""
    yield from _emails(text, is_name)
    yield from _phones(text)
    for pattern in (_LINK, _GITHUB_PAGES, _SPOKEN_LINK):
        for match in pattern.finditer(text):
            yield Contact(ContactKind.LINK, *match.span(), _link_key(match.group()))
    for match in _ANY_LINK.finditer(text):
        if any(is_name(part) for part in re.split(r"[^a-z]+", match.group())):
            yield Contact(ContactKind.LINK, *match.span(), _link_key(match.group()))


def _emails(text: str, is_name: Callable[[str], bool]) -> Iterator[Contact]:
    for match in _EMAIL.finditer(text):
        yield Contact(ContactKind.EMAIL, *match.span(), match.group().strip(".'"))
    for match in _HALF_SPOKEN.finditer(text):
        yield Contact(ContactKind.EMAIL, *match.span(), _email_key(match))
    for match in _SPOKEN_EMAIL.finditer(text):
        local, domain = match["local"], match["domain"]
        before = text[max(0, match.start() - 60) : match.start()]
        if (
            re.search(_LINKED, local)
            or _DIGIT.search(local)
            or _MAILBOXES.match(domain)
            or any(is_name(part) for part in _WORD.findall(local))
            or _ABOUT_MAIL.search(before)
        ):
            yield Contact(ContactKind.EMAIL, *match.span(), _email_key(match))


def _email_key(match: re.Match[str]) -> str:
    return _written(match["local"]) + "@" + _written(match["domain"])


def _written(spoken: str) -> str:
    spoken = re.sub(_DOT, ".", spoken)
    spoken = re.sub(r"\s+(?:underscore|unterstrich)\s+", "_", spoken)
    return re.sub(r"\s+(?:dash|hyphen|minus|bindestrich|tiret|guion)\s+", "-", spoken)


def _phones(text: str) -> Iterator[Contact]:
    for pattern in _PHONES:
        for match in pattern.finditer(text):
            if _is_phone(match.group(), least=8):
                yield _phone(match)
    for match in _LOCAL.finditer(text):
        # A range ("200-1500 requests") has round ends.
        if int(match["exchange"]) % 10 or int(match["line"]) % 10:
            yield _phone(match)
    for match in _ANY_NUMBER.finditer(text):
        before = text[max(0, match.start() - 50) : match.start()]
        if _ABOUT_PHONE.search(before) and _is_phone(match.group(), least=7):
            yield _phone(match)
    for match in _SPOKEN_PHONE.finditer(text):
        # A list of figures ("200, 300, 404 …") is written in digits only; a spoken number is not.
        if re.search(r"[a-z]", match.group()) or _digits_one_by_one(match.group()):
            yield _phone(match)


def _digits_one_by_one(text: str) -> bool:
    return all(len(word) == 1 for word in _WORD.findall(text))


def _is_phone(text: str, *, least: int) -> bool:
    digits = sum(c.isdigit() for c in text)
    return least <= digits <= 15 and not _NO_PHONE.fullmatch(text.strip())


def _phone(match: re.Match[str]) -> Contact:
    words = _WORD.findall(match.group())
    digits = "".join(words) if not match.group().islower() else " ".join(words)
    return Contact(ContactKind.PHONE, *match.span(), digits)


def _link_key(link: str) -> str:
    return re.sub(r"^(?:https?://)?(?:www\.)?|/+$", "", link)
