"""The core of the lists of `wording` in German, French and Spanish, and the words by which a sentence says who is meant.

Entries and lines are as in `wording_words` and `wording_phrases`.
"""

from __future__ import annotations

from typing import Final

from app.services.analysis.guards.phrases import patterns, word_set

OF_PEOPLE: Final = r"""
    nervös(?:e[rsnm]?)? nervosität aufgeregt(?:e[rsnm]?)? ängstlich(?:e[rsnm]?)? angst
    unsicher(?:e[rsnm]?|heit)? selbstsicher(?:e[rsnm]?|heit)? selbstbewusst(?:e[rsnm]?|sein)? selbstvertrauen
    schüchtern(?:e[rsnm]?|heit)? begeister(?:t|te[rsnm]?|ung) enthusiastisch(?:e[rsnm]?)?
    leidenschaft(?:lich|liche[rsnm]?)? zögerlich(?:e[rsnm]?)? verunsichert(?:e[rsnm]?)? gestresst(?:e[rsnm]?)?
    wütend(?:e[rsnm]?)? verärgert(?:e[rsnm]?)? traurig(?:e[rsnm]?)? glücklich(?:e[rsnm]?)? stolz(?:e[rsnm]?)?
    unehrlich(?:e[rsnm]?|keit)? ehrlichkeit aufrichtig(?:e[rsnm]?|keit)? introvertiert(?:e[rsnm]?|heit)?
    extravertiert(?:e[rsnm]?)? extrovertiert(?:e[rsnm]?)? arrogant(?:e[rsnm]?)? arroganz
    sympathisch(?:e[rsnm]?)? unsympathisch(?:e[rsnm]?)? bescheidenheit überheblich(?:e[rsnm]?)?
    charmant(?:e[rsnm]?)? teamplayer(?:in)? persönlichkeit ungeduldig(?:e[rsnm]?)? einfühlsam(?:e[rsnm]?)?
    akzent stottert(?:e)? nuschelt(?:e)? füllwörter(?:n)? körpersprache blickkontakt augenkontakt mimik
    muttersprachler(?:in|innen)? muttersprache aussprache sprechtempo schwanger(?:e[rsnm]?|schaft)?
    verheiratet(?:e[rsnm]?)? geschieden(?:e[rsnm]?)? alleinerziehend(?:e[rsnm]?)? schwerbehindert(?:e[rsnm]?)?
    staatsangehörigkeit gekleidet lächel(?:t|te) jugendlich(?:e[rsnm]?) nerveu(?:x|se|ses|sement) nervosité
    anxieu(?:x|se|ses) anxiété timid(?:e|es|ité)? enthousias(?:te|tes|me) passionn(?:é|ée|és|ées)
    confian(?:t|te|ts) hésitant(?:e|es|s)? stressé(?:e|es|s)? inqui(?:et|ète|étude) fièrement timidement
    malhonnête sincère(?:s|ment)? sincérité honnêteté arrogant(?:e|es|s)? introverti(?:e|es|s)?
    extraverti(?:e|es|s)? sympathique humilité charismatique personnalité impatient(?:e|es|s)? bégaie bégayait
    bégaiement couramment élocution prononciation enceinte mariée divorcée nationalité handicapée?
    souri(?:t|ait|ant) habillée? vêtue? nervios(?:o|a|os|as|ismo|idad|amente) ansios(?:o|a|os|as) ansiedad
    tímid(?:o|a|os|as|amente) timidez entusiasta(?:s)? entusiasm(?:o|ado|ada) emocionad[oa]s? apasionad[oa]s?
    estresad[oa]s? inquiet[oa]s? enfadad[oa]s? enojad[oa]s? triste feliz insegur[oa]s? orgullos[oa]s?
    sincer[oa]s? sinceridad honestidad arrogantes? introvertid[oa]s? extrovertid[oa]s? simpátic[oa]s? humildad
    carismátic[oa]s? personalidad tartamude(?:a|o|aba) muletillas acento acentos fluidez embarazada casad[oa]
    divorciad[oa] nacionalidad discapacitad[oa] sonreía sonríe
"""
OF_PEOPLE_OR_THINGS: Final = r"""
    ehrlich(?:e[rsnm]?)? ruhig(?:e[rsnm]?)? bescheiden(?:e[rsnm]?)? freundlich(?:e[rsnm]?)?
    entspannt(?:e[rsnm]?)? motiviert(?:e[rsnm]?)? jung(?:e[rsnm]?)? calme(?:s|ment)? honnêtes? détendue?s?
    modestes? humbles? motivée?s? tranquil[oa]s? honest[oa]s? relajad[oa]s? humildes? modest[oa]s? motivad[oa]s?
    jóvenes joven
"""
AFTER_THEIR_NOUN: Final = r"""
    calme(?:s)? honnêtes? détendue?s? modestes? tranquil[oa]s? honest[oa]s? relajad[oa]s? humildes? modest[oa]s?
    joven jóvenes
"""
"""Adjectives that stand behind what they describe."""

REFUSED_PHRASES: Final = patterns(
    r"""
    (?:alter?|alten|junger?|jungen|ältere[rn]?) (?:mann|frau|dame|herr|mensch|kandidat(?:in)?|bewerber(?:in)?)
    (?:mutter|vater) von (?:zwei|drei|vier|\d)
    \d+ jahre alt
    (?:gebrochenes|fließendes|schlechtes|gutes|perfektes|fließend) (?:deutsch|englisch|französisch)
    (?:spricht|sprach|redet|redete) (?:\w+ )?(?:fließend|schnell|langsam|leise|laut|undeutlich|monoton)
    (?:seine|ihre|die) (?:stimme|körperhaltung) (?:war|ist|zitterte|klang)
    (?:un)?sicheres auftreten
    jeune (?:femme|homme|fille|candidate?|mère|père)
    (?:vieil homme|vieille femme|homme âgé|femme âgée|dame âgée)
    (?:mère|père) de (?:deux|trois|quatre|\d)
    (?:est|était) (?:marié|divorcé)
    langue maternelle
    contact visuel
    langage corporel
    (?:parle|parlait) (?:\w+ )?(?:couramment|vite|lentement|doucement|bas)
    (?:son|un|fort|léger|avec) accent
    accent (?:étranger|fort|prononcé)
    (?:sûre?|confiance) (?:de|en) (?:soi|lui|elle)
    à l'aise
    mots de remplissage
    (?:âgée? de )?\d+ ans(?=\s*(?:[.,;]|$))
    (?:joven (?:mujer|candidat[oa]|madre)|(?:mujer|hombre|chica|chico) joven|hombre mayor|mujer mayor)
    (?:madre|padre) de (?:dos|tres|cuatro|\d)
    lengua materna
    hablante nativ[oa]
    contacto visual
    lenguaje corporal
    (?:habla|hablaba|habló) (?:\w+ )?(?:con fluidez|rápido|despacio|lento|bajo)
    segur[oa] de s[ií] mism[oa]
    confianza en s[ií] mism[oa]
    \d+ años de edad
    trabaja(?:dor)? en equipo nato
    """
)
ALLOWED_PHRASES: Final = patterns(
    r"""
    système nerveux
    sistema nervioso
    (?:zentrales |vegetatives )?nervensystem
    (?:couleur|caractère) d'accent
    acento (?:gráfico|agudo)
    (?:página|caracteres?) con acentos?
    nutzer(?:innen)?akzeptanz
    fonction monotone
    """
)

PRONOUNS: Final = word_set(
    """
    he she they i you we someone everyone himself herself themselves him er sie il elle ils elles él ella
    """
)
CANDIDATES: Final = PRONOUNS | word_set(
    """
    candidate candidates applicant applicants interviewee interviewer interviewers kandidat kandidatin bewerber
    bewerberin candidat candidate postulant candidato candidata aspirante
    """
)
PERSONS: Final = word_set(
    """
    person people individual individuals man men woman women guy guys lady gentleman girl boy engineer engineers
    developer developers manager managers designer nurse teacher lead leader leaders colleague colleagues
    coworker founder director recruiter speaker speakers communicator presenter listener learner worker employee
    member members programmer architect analyst tester professional thinker mentor mother father parent adult
    lad kid child boss personality nature character temperament disposition manner manners attitude demeanor
    demeanour tone voice presence behaviour behavior style answer answers reply replies response responses
    reaction reactions communication expression impression speech smile look face mood posture presentation
    admission reflection account interest speaking hire junior senior fellow citizen soul mindset way mann frau
    mensch kollege kollegin entwickler entwicklerin leiter ingenieur auftreten art antwort antworten stimme
    homme femme personne développeur collègue ingénieur réponse réponses voix ton attitude hombre mujer persona
    desarrollador ingeniero ingeniera respuesta respuestas voz tono actitud
    """
)
OTHERS: Final = word_set(
    """
    customer customers client clients user users stakeholder stakeholders patient patients guest guests team
    teams caller callers visitor visitors passenger passengers buyer buyers shopper shoppers subscriber
    subscribers resident residents consumer consumers audience audiences tenant tenants relative relatives
    dentist dentists surgeon surgeons supplier suppliers driver drivers traveller travellers traveler travelers
    families parents pupils students shareholder shareholders investor investors vendor vendors donor donors
    merchant merchants retailer retailers landlord landlords kunde kunden kundin kundinnen nutzer nutzerin
    benutzer patientin patienten gast gäste utilisateur utilisateurs utilisatrice cliente clientes équipe
    équipes usuario usuarios paciente pacientes equipo equipos
    """
)
THINGS: Final = word_set("it this these those there itself which what es das ça ceci cela esto eso")
COPULAS: Final = word_set(
    """
    is are was were am be been being isn't aren't wasn't weren't 's 're 'm seem seems seemed seeming sound
    sounds sounded sounding appear appears appeared look looks looked looking feel feels felt feeling become
    becomes became becoming remain remains remained stay stays stayed staying keep keeps kept get gets got
    getting grow grows grew grown go goes went act acts acted acting wirkten klangen blieben wurden schienen ist
    sind war waren wirkt wirkte scheint schien klingt klang blieb bleibt wird wurde semblent semblaient est
    était sont étaient semble semblait paraît paraissait reste restait están estaban son eran parecían está
    estaba fue era parece parecía estuvo seguía
    """
)
DETERMINERS: Final = word_set(
    """
    the a an this that these those its our each every all both some any no two three several many most his her
    their my your 's whose der die das den dem ein eine einen einem einer seine ihre sein ihr le la les un une
    des l'équipe son sa ses el los las unos unas su sus
    """
)
PREPOSITIONS: Final = word_set(
    """
    with to for about of in on at by before after from during under over between behind against towards toward
    near without alongside throughout through within across into mit für von bei vor nach über in avec pour de
    du sur dans chez con para por sobre en
    """
)
SUBORDINATORS: Final = word_set(
    """
    because when while if how why where whether since so although though as until once unless whenever than weil
    wenn als obwohl dass wie parce que quand lorsque si comme porque cuando aunque como
    """
)
CONJUNCTIONS: Final = word_set("and or but yet nor then und oder aber et ou mais y o pero")
ADVERBS: Final = word_set(
    """
    not never always very quite rather too so really still also often sometimes just only even more less least
    much far somewhat pretty almost bit little both perhaps maybe already again soon later first overall clearly
    visibly has have had would could will may might can should do did does doesn't didn't don't to be been being
    hasn't haven't hadn't sehr nicht auch immer noch etwas ziemlich eher recht très pas plus peu assez toujours
    aussi muy no más algo bastante siempre
    """
)
SENIORITY: Final = word_set(
    "senior junior lead principal staff software backend frontend full-stack data female male new former single"
)
