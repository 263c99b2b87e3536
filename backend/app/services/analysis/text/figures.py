"""How people say durations, dates, sums of money and places in English: patterns, for rules to put together.

All are to be compiled with `IGNORECASE`, on text whose apostrophes are straight (`straightened`).
"""

from __future__ import annotations

from typing import Final

_WORDS: Final = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|"
    "eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred"
)
# Bounded: nobody says more, and sums of sums would be looked at again and again.
_SPELT: Final = rf"\b(?:an?\s+hundred|(?:{_WORDS}))\b(?:[\s-]+(?:and\s+)?(?:{_WORDS})\b){{0,5}}"
_DIGITS: Final = r"(?<![\w.,])(?:\d{1,3}(?:[.,' ]\d{3})+|\d+(?:[.,]\d+)?)"
NUMBER: Final = rf"(?:{_DIGITS}|{_SPELT})"
ABOUT: Final = (
    r"(?:(?:around|about|roughly|approximately|at least|a minimum of|minimum|up to|maybe|something like|somewhere|"
    r"something|in the (?:range|region) of|north of|between|from|circa|probably|the)\s+)*"
)
_OR: Final = r"\s*(?:to|and|or|-|–)\s*"

# ----- durations -----

_SOME: Final = rf"(?:{NUMBER}|an?|a couple of|a few|half an?|another)"
DURATION: Final = (
    rf"{ABOUT}{_SOME}(?:{_OR}{_SOME})?[\s-]+(?:(?:calendar|working|business|full)\s+)?"
    r"(?:days?|weeks?|months?|quarters?)\b(?:'s?)?(?:\s+and\s+a\s+half)?"
    r"(?:,?\s+to the end of (?:the|a) (?:month|quarter|year))?"
)

# ----- dates -----

_MONTH: Final = (
    r"(?:january|february|march|april|june|july|august|september|october|november|december|"
    r"jan|feb|aug|sept?|oct|nov|dec)\b"
)
_ANY_MONTH: Final = rf"(?:{_MONTH}|may\b)"
"""`may` is a month only where its neighbours say so."""
_UNITS_OF_DAYS: Final = "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth"
_ORDINAL: Final = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)|(?:twenty|thirty)[\s-]+(?:{_UNITS_OF_DAYS})|{_UNITS_OF_DAYS}|tenth|eleventh|twelfth|"
    r"thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth)\b"
)
_DAY: Final = rf"(?:{_ORDINAL}|\d{{1,2}})"
_WEEKDAY: Final = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
_YEAR: Final = r"(?:,?\s+20\d\d)?"
_SEASON: Final = r"(?:spring|summer|autumn|fall|winter)"
NOW: Final = (
    r"(?:immediately|right away|straight ?away|at once|as soon as possible|asap|"
    r"any ?time(?! (?:after|from|before|in|next)\b))\b"
)
DATE: Final = (
    rf"(?:{NOW}|tomorrow\b|(?:in|within|after)\s+{DURATION}|"
    rf"{DURATION}\s+(?:from now|after (?:signing|an offer|the offer))|"
    rf"(?:from\s+)?next\s+(?:week|month|quarter|year|{_WEEKDAY}|{_SEASON})\b|"
    r"(?:(?:right|straight|just|directly|soon)\s+)?after\s+(?:christmas|easter|new year|the new year|the summer)\b|"
    r"in the new year\b|"
    rf"(?:(?:at|by|from|in|towards?)\s+)?(?:the\s+)?(?:beginning|start|end|middle)\s+of\s+(?:(?:the|this|next)\s+)?"
    rf"(?:week|month|quarter|year|{_ANY_MONTH}){_YEAR}|"
    rf"(?:early|mid|late)[\s-]+{_ANY_MONTH}{_YEAR}|"
    rf"(?:(?:on|by|as of|(?:any ?time )?(?:from|after))\s+)?(?:{_WEEKDAY},?\s+)?"
    rf"(?:the\s+)?{_DAY}\s+(?:of\s+)?{_ANY_MONTH}{_YEAR}|"
    rf"(?:on|in|from|by|as of|around)\s+{_ANY_MONTH}(?:\s+(?:the\s+)?{_DAY}\b)?{_YEAR}|"
    rf"{_MONTH}(?:\s+(?:the\s+)?{_DAY}\b)?{_YEAR}|(?:in|this)\s+(?:the\s+)?{_SEASON}\b|\bq[1-4]\b{_YEAR}|"
    r"\b\d{1,2}[./]\d{1,2}[./](?:20)?\d\d\b|\b20\d\d-\d\d-\d\d\b)"
)
DAY: Final = (
    rf"(?:(?:on|from)\s+)?(?:{_WEEKDAY},?\s+)?the\s+{_ORDINAL}"
    r"(?:\s+of\s+(?:next|the\s+(?:next|following))\s+month\b|(?=\s*(?:$|[,.;!?]|(?:or|at|if|then|when|because|I)\b)))"
)
"""A day without its month: a date only as an answer to the question about one."""

# ----- money -----

_SYMBOL: Final = r"(?:[€$£¥₹]|\b(?:eur|usd|gbp|chf)\b)"
_CURRENCY: Final = (
    r"(?:[€$£¥₹]|(?:euros?|eur|dollars?|usd|bucks|pounds?|gbp|quid|francs?|chf|rupees?|inr|kronor|zloty)\b)"
)
_SCALE: Final = r"(?:\s*(?:k|thousand|grand|lakhs?)\b)"
_PER: Final = (
    r"(?:\s+(?:(?:a|an|per)\s+(?:year|annum|month|day|hour)|gross|net|base|basic|annually|yearly)\b|"
    r"\s*/\s*(?:year|month|day|hour)\b)*"
)
_ENDS: Final = (
    r"(?=\s*(?:$|[.,;:!?)—–]|(?:gross|net|base|plus|before|after|or so|ish|depending|and|but|if|for|with|all|"
    r"would|is|which|because|given|minimum|maximum|in total|total)\b))"
)
"""What may follow a plain number that is money; before a noun it counts something else (`70k requests`)."""
_WITH_CURRENCY: Final = (
    rf"(?:{_SYMBOL}\s*{NUMBER}{_SCALE}?(?:\s*{_CURRENCY})?|{NUMBER}{_SCALE}?\s*{_CURRENCY})"
)
_THOUSANDS: Final = rf"(?:{NUMBER}{_SCALE}|(?<![\w.,])\d{{2,3}}[.,' ]?\d{{3}}\b)"
_FIRST: Final = rf"(?:{NUMBER}{_SCALE}?{_OR})?"
MONEY: Final = (
    rf"{ABOUT}(?:{_FIRST}{_WITH_CURRENCY}(?:{_OR}(?:{_WITH_CURRENCY}|{_THOUSANDS}|{NUMBER}{_ENDS}))?{_PER}|"
    rf"{_FIRST}{_THOUSANDS}{_PER}{_ENDS})"
)
"""A sum that is one by itself: it has a currency, or it goes into thousands and counts nothing."""
BARE_SUM: Final = rf"{ABOUT}{NUMBER}(?:{_OR}{NUMBER})?{_PER}{_ENDS}"
"""A number that is a sum only as an answer to the question about one (`Around seventy.`)."""

# ----- places -----

_AREA: Final = (
    r"(?:(?:the|a|small|little|village|town|city|outskirts|suburbs?|cent(?:re|er)|north|south|east|west|northern|southern|"
    r"eastern|western|area|part|region|of|near|outside|close to|in)\s+)*"
)
_NO_PLACE: Final = (
    r"(?:january|february|march|april|june|july|august|september|october|november|december|(?:mon|tues|wednes|thurs|fri|"
    r"satur|sun)day|marketing|sales|finance|engineering|operations|product|support|hr|it|excel|jira|slack|figma|"
    r"salesforce|github|outlook|notion|photoshop|python|sql|vim|emacs)\b"
)
"""Where people work or `live` all day, with a capital letter as well."""
_PROPER: Final = rf"(?!{_NO_PLACE})(?-i:(?!I\b|I'|And\b|But\b|So\b)[A-ZÀ-Þ][\w'.-]*\w(?!\w))"
PLACE: Final = (
    rf"{_AREA}{_PROPER}(?:(?:\s+|,\s+)(?:(?:in|near|am|upon|de|la|of)\s+)?{_PROPER}){{0,3}}"
    r"(?!\s+(?:team|department|group|squad|division|unit|land)\b)"
)
"""Named by a word with a capital letter."""
LOWER_PLACE: Final = (
    r"(?!(?:fear|hope|peace|harmony|the|a|an|this|that|my|our|interesting|constant)\b)[a-z]{3,}"
    r"(?:\s+(?!(?:but|and|so|at|right|now|with|for|since|because|which|where|i|we|currently|near|in|the|you)\b)[a-z]+)?"
)
"""The same in text that has no capital letters at all."""


def straightened(text: str) -> str:
    """The text with one kind of apostrophe, every character in its place."""
    return text.replace("’", "'").replace("‘", "'")
