"""The core of the refused words in German, French and Spanish."""

from __future__ import annotations

from typing import Final

from app.services.analysis.guards.phrases import patterns

THINGS: Final = patterns("""
    nervensystem|konfidenz\\w*|akzentfarbe\\w*|vertrauensintervall\\w*|\\w+freundlich\\w*~
    fließende[rnms]? (?:übergang|wechsel|migration|daten)\\w*
    système nerveux|intervalles? de confiance|couleurs? d'accent|niveaux? de confiance
    accents? (?:dans|sur) les (?:noms|lettres|caractères)
    sistema nervioso|intervalos? de confianza|colores de acento|color de acento|nivel de confianza
    (?:kunden?|nutzer|teams?|anwender) (?:war|waren|wurde|wurden) (?:\\w+ )?(?:wütend|frustriert|verärgert
        |begeistert|unzufrieden|gestresst|nervös)
    (?:clients?|utilisateurs?|équipe) (?:était|étaient|est|sont) (?:\\w+ )?(?:frustrée?s?|fâchée?s?|anxieux
        |nerveux|stressée?s?|mécontente?s?|contente?s?|enthousiastes?)
    (?:clientes?|usuarios?|equipo) (?:estaban?|quedó|quedaron) (?:\\w+ )?(?:frustrad[oa]s?|enfadad[oa]s?
        |nervios[oa]s?|estresad[oa]s?|content[oa]s?)
""")

ALWAYS: Final = patterns("""
    nervös\\w*|nervosität|ängstlich\\w*|selbstbewusst\\w*|selbstsicher\\w*|selbstvertrauen
    begeister(?:t|te|ter|ung)|enthusias(?:tisch\\w*|mus)|leidenschaftlich\\w*|leidenschaft
    zögerlich\\w*|zögernd\\w*|zögerte?|unehrlich\\w*|aufrichtig\\w*|arrogan(?:t\\w*|z)|sympathisch\\w*~
    schüchtern\\w*|(?:intro|extro|extra)vertiert\\w*|charismatisch\\w*|charisma|überheblich\\w*~
    eingebildet\\w*
    akzent|muttersprachler(?:in|innen)?|stotter(?:t|te|n)|nuschelt\\w*
    fließend(?:es|em)? (?:deutsch|englisch|französisch|spanisch)|spricht fließend|aussprache|füllwörter\\w*
    körpersprache|(?:augen|blick)kontakt|mimik|gestik
    (?:junge[rn]?|ältere[rn]?|alte[rn]?) (?:frau|mann|dame|herr|mensch\\w*|bewerber\\w*|kandidat\\w*)
    lächel(?:t|te|n|nd)|lacht(?:e|en)?|müde|gestresst\\w*|aufgeregt\\w*|traurig\\w*|wütend\\w*
    frustrier(?:t\\w*|ung)|verärgert|depressiv\\w*|schwanger\\w*|erscheinungsbild|gepflegt\\w*
    ausländer(?:in)?|migrationshintergrund|persönlichkeit|unsicher wirk\\w*
    wirkt\\w* (?:\\w+ )?(?:unsicher|ruhig|entspannt|krank|freundlich|ehrlich|bescheiden|motiviert|kalt)
    nerveu(?:x|se|sement)|nervosité|anxieu(?:x|se)|anxiété|confiant(?:e)?
    (?:sûre?|confiance) (?:de lui|d'elle|en lui|en elle|en soi)|enthousias(?:te|me)|passionnée?|passion
    hésitant(?:e)?|hésité|hésitation
    arrogant(?:e)?|sympathique|timide|timidité|(?:intro|extra)vertie?|charismatique|humble|sincère|malhonnête
    accent|bégaie\\w*|bégaiement|langage corporel|contact visuel|jeune (?:femme|homme)|femme
    langue maternelle|souriant(?:e)?|sourire|fatiguée?|stressée?|frustrée?|en colère|triste|enceinte
    personnalité|(?:parle|anglais|français) (?:\\w+ )?courant|couramment|élocution|tenue vestimentaire
    nervios(?:o|a|ismo)|ansios[oa]|ansiedad|segur[oa] de sí(?: mism[oa])?|entusias(?:ta|mo|mad[oa])
    apasionad[oa]|pasión|titube\\w*|dubitativ[oa]|tímid[oa]|timidez|simpátic[oa]|arrogante
    (?:intro|extro)vertid[oa]|carismátic[oa]|humilde|sincer[oa]|deshonest[oa]
    acento|tartamude\\w*|lenguaje corporal|contacto visual|(?:mujer|hombre|chica|chico) joven
    joven (?:mujer|hombre)|mujer|hablante nativ[oa]|lengua materna|sonri(?:ente|ó|e|sa)|cansad[oa]
    estresad[oa]|frustrad[oa]|enfadad[oa]|triste|embarazada|personalidad|habla con fluidez|muletillas
""")
