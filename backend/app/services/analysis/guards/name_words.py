"""What a word of a name is besides: an ordinary word, a particle, a title, a label of nobody."""

from __future__ import annotations

import re
from typing import Final

from app.services.analysis.guards.folding import fold
from app.services.analysis.guards.phrases import word_set

PARTICLES: Final = word_set("""
    de da do dos das del della di du la le los las van von vom zu zur zum der den dem ter ten te bin ibn bint
    ben al el ap af av san mac mc st y e i 't d' bar abu umm
""")
TITLES: Final = word_set("""
    mr mrs ms miss mx dr prof professor sir dame lord lady herr frau hr fr monsieur madame mme mlle m señor
    señora sr sra don doña dipl ing ir jr snr sr ii iii iv phd md msc bsc mba esq dott
""")
ORDINARY: Final = word_set("""
    able abbey ace add ad all am an and any april archer art ash at august august austin autumn baker ball banks
    bank bar barber barker bay beach bean bear bell berry best bill bird bishop black blue bloom blossom bond
    bonds book booth branch brand brave bridge bridges bright brook brooks brown buck bud bull burns bush butler
    can candy card carol carpenter carry cash case castle chance chandler chase cherry chip christian church
    clay clear clerk cliff close cloud coal cook cool cooper corn count cover crane cream crisp cross crystal
    cup daily dale dash date dawn day days deal dean deep dell diamond dice do dock dollar dove down drake draw
    drew dusty early earl east eden elder elm ember english ever eve even fair faith fall fan farmer fast fern
    field fields fine finch fire first fish fisher flood flora flower ford forest foster fox france frank free
    freed french friend frost full gale gates gene gentle georgia german gift gill ginger glass glen go gold
    golden good goods grace gray grand grant graves gray green grey grove guest guy hall ham hand hands hardy
    harmony harper harvest haven hay head heart heath heaven herb high hill hills holiday home honey honor
    honour hood hook hooks hope horn house how hull hunt hunter ice ireland iron israel ivory ivy jack jay jean
    jet jewel job jobs jordan joy joyce judge juice july june just justice keen key keys kind king kings kit
    kite knight know lake lamb land lane lark last law laws lee lemon liberty light like lion little live lo
    lock long lot love low lucky ma mace mage main major man mann many mark marks mason master mat max may mead
    meadow mercy merit merry miles mill miller mills mine mint miss mon money moon moor more moss most mountain
    my nice nick night no noble nor north nova now oak ocean off office old olive on one opal or orange osprey
    own page pan park parker parks pat patience pearl pepper perry pen penny person pike piper pitt pitts place
    poll pond pool poor pope porter post potter pound power powers precious price prince pride prior prudence
    queen quick rabbit rain raven ray read ready red reed reef rich rice right rider ring rising river rivers
    road rob robin rock rocks rod roman root rose rough rowan ruby rush russ rusty sage sales salt sand sandy
    sands savage say scarlet scout seal sears season self sergeant shade shadow sharp shell shepherd short
    silver simple singer sky small smart smith snow so song south spark sparks spears spring stack star stark
    steel stem sterling stern steward still stone storm straw street strong sue summer summers sun sung sunny
    sunshine sure swan sweet swift tab tan tanner tailor temple thank than that the thorn tide to ton toy trace
    trip troy true trust turner turn um underwood up van vale victory violet viola vista walker wall walls ward
    warden ware warner waters water way weaver week weeks well wells west wheat while white will willow wills
    win winter winters wise wish wolf won wood woods wool work worth wren wright yang yes yet you young alt
    braun ernst groß gross gut hahn haas herz jung kaiser klein koch könig kraft krieg kurz lang licht mai neu
    recht reich richter sauer schwarz sommer stark stein stolz vogel voll weiß wild wolf zimmermann zorn beau
    belle blanc bon bonnet chevalier clair fort jolie lune marin mer noir neuf petit roux bueno blanco luz mar
    paz sol soledad
""")
"""Names that are words of a language, and so are hidden only where they are written like a name."""

_GENERIC: Final = re.compile(
    r"(?:unnamed speaker|speaker|spk|spkr|participant|person|guest|user|unknown|unidentified|unnamed|voice|channel|"
    r"caller|host|me|you|sprecher(?:in)?|teilnehmer(?:in)?|locuteur|hablante|orador|falante|interlocutor)"
    r"(?:[ _#-]{0,2}(?:speaker|user|participant|person|[0-9]{1,4})|[ _#-]{1,2}[a-z])?"
    r"|[a-z]|[a-z]?[0-9]{1,4}"
)
_ROLE_LABEL: Final = re.compile(
    r"(?:the |lead |hiring |technical |hr )*(?:interviewers?|recruiter|hiring[ -]manager|manager|hr|panel|panell?ist|"
    r"candidate|interviewee|applicant|observer|shadow|note-?taker|interviewerin|personaler(?:in)?|bewerber(?:in)?|"
    r"kandidat(?:in)?|recruteu(?:r|se)|intervieweu(?:r|se)|candidat[eoa]?|entrevistad[ora]+|intervistatore)"
    r"(?:[ _#-]{0,2}[0-9a-z]{1,2})?"
)
_ADDITION: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\S+@\S+")
_ROLE_ADDED: Final = re.compile(r"\s[-–—|/]\s?(?P<role>[^-–—|/]+)$")


def is_generic(label: str) -> bool:
    """A label that is nobody's name: `Speaker 2`, `Guest`, `Interviewer`."""
    plain = " ".join(fold(label).split())
    return not plain or bool(_GENERIC.fullmatch(plain) or _ROLE_LABEL.fullmatch(plain))


def bare(name: str) -> str:
    """A name without titles, roles and notes, given name first (`Reyes, Dr. Daniel (Candidate)`)."""
    name = _ADDITION.sub(" ", name)
    added = _ROLE_ADDED.search(name)
    if added is not None and is_generic(added["role"]):
        name = name[: added.start()]
    last, comma, first = name.partition(",")
    if comma and fold(first).strip(" .") not in TITLES:
        name = f"{first} {last}"
    words = (word.strip('.,;:"“”()') for word in name.replace(",", " ").split())
    return " ".join(word for word in words if word and fold(word).replace(".", "") not in TITLES)


def is_ordinary(word: str) -> bool:
    """Also every word of one or two letters of an alphabet: too short to tell a name by itself."""
    plain = fold(word)
    return plain in ORDINARY or plain in PARTICLES or len(plain) <= 2
