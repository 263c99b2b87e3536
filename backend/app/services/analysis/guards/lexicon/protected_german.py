"""What German speakers say and ask about protected topics: the core, not all of it."""

from __future__ import annotations

from typing import Final

from app.models.analysis import ProtectedTopic
from app.services.analysis.guards.lexicon.shape import ProtectedLexicon
from app.services.analysis.guards.phrases import patterns

_NAMES: Final = {
    "ich": r"(?:ich bin|bin ich|ich war|ich wurde)",
    "sind": r"(?:sind sie|bist du|waren sie|warst du)",
    "habe": r"(?:ich habe|habe ich|ich hab|wir haben|ich hatte|haben sie|hast du)",
    "mein": (
        r"(?:mein|meine|meinen|meinem|meiner|unser|unsere|unseren|ihr|ihre|ihren|ihrem|ihrer|"
        r"dein|deine|deinen|deiner)"
    ),
}
_TOPICS: Final[dict[ProtectedTopic, str]] = {
    ProtectedTopic.AGE: """
        wie alt (?:sind sie|bist du)|(?:sind sie|bist du|ich bin) (?:\\w+ )?(?:zu alt|zu jung)~
        <ich> (?:\\w+ )?[2-7]\\d(?: jahre(?: alt)?)?(?=\\s*(?:[.,!?]|$|und ))~
        (?:<mein>|in) (?:alter von|geburtsdatum|geburtstag|geburtsjahr)|wann sind sie geboren~
        ich bin \\w+ geboren|jahre alt(?=\\s*(?:[.,!?]|$|und ))~
        in (?:meinem|ihrem|deinem) alter|(?:wann|bis) (?:gehen sie|ich) in (?:die )?rente
    """,
    ProtectedTopic.FAMILY: """
        <mein> (?:\\w+ )?(?:frau|mann|ehemann|ehefrau|kind|kinder|sohn|tochter|familie|eltern|mutter|vater
            |freundin|verlobte[rn]?|familienstand|kinderbetreuung|elternzeit|familienplanung
            |lebensgefahrt\\w*)(?! (?:von produkten|prozess))
        <habe> (?:\\w+ ){0,3}(?:kind|kinder|sohn|tochter|familie|zwillinge|ehepartner
            |partner)(?=\\s*(?:[.,!?]|$|und |zu hause|haben ))~
        (?:<ich>|<sind>) (?:\\w+ )?(?:verheiratet|geschieden|ledig|verwitwet|verlobt|alleinerziehend
            |schwanger geworden|single)
        (?:alleinerziehend\\w*|familienstand|familienplanung)|(?:ich|in) (?:\\w+ ){0,3}elternzeit
        wer (?:passt|kummert sich) (?:\\w+ )?(?:auf|um) (?:die|ihre) kinder
    """,
    ProtectedTopic.PREGNANCY: """
        (?:<ich>|<sind>|ich) (?:\\w+ ){0,2}schwanger|schwangerschaft|mutterschutz|kinderwunsch
        (?:planen|wollen|mochten) sie (?:\\w+ ){0,2}(?:kinder|nachwuchs)
        wir erwarten (?:\\w+ ){0,2}(?:kind|baby)
    """,
    ProtectedTopic.HEALTH: """
        <mein> (?:\\w+ )?(?:gesundheit|krankheit|erkrankung|depression|therapie|burnout|operation|krebs\\w*
            |diagnose|medikamente|gesundheitszustand|allergie\\w*)
        (?:<ich>|<sind>) (?:\\w+ ){0,3}(?:krank|krankgeschrieben|depressiv|gesund|chronisch krank
            |in therapie|geimpft)(?=\\s*(?:[.,!?]|$|und |gewesen|geworden|geschrieben))~
        <habe> (?:\\w+ ){0,3}(?:krebs|burnout|burn-out|depressionen|diabetes|epilepsie|vorerkrankungen
            |eine krankheit|migrane|erkrankung\\w*)
        rauchen sie|nehmen sie medikamente
    """,
    ProtectedTopic.DISABILITY: """
        (?:schwer)?behindert(?=\\s*(?:[.,!?]|$|und ))~
        schwerbehinder\\w*~
        (?:<mein>|eine|einer) (?:\\w+ )?(?:behinderung|schwerbehindertenausweis)|im rollstuhl|<mein> rollstuhl
        (?:<ich>|<sind>) (?:\\w+ )?(?:gehorlos|blind|taub|autist(?:in|isch)?)
        <habe> (?:\\w+ )?(?:adhs|autismus|legasthenie)
    """,
    ProtectedTopic.ORIGIN: """
        woher (?:kommen|stammen) (?:sie|ihre eltern)|woher kommst du
        <mein> (?:\\w+ )?(?:herkunft|nationalitat|staatsangehorigkeit|muttersprache|akzent|hautfarbe
            |migrationshintergrund|heimatland|abstammung)
        wo (?:sind sie|bist du|wurden sie) (?:\\w+ )?(?:geboren|aufgewachsen)
        ich (?:komme|stamme) (?:\\w+ )?aus (?:der |dem |den )?(?:turkei|syrien|polen|russland|ukraine
            |indien|iran|irak|afghanistan|italien|spanien|frankreich|china|rumanien|bulgarien|ungarn|serbien
            |kroatien|griechenland|marokko|tunesien|agypten|vietnam|osterreich|schweiz|deutschland|england|usa
            |brasilien|mexiko|nigeria|ghana)
        (?:<ich>|<sind>) (?:\\w+ )?(?:turke|turkin|deutsche[r]?|auslander(?:in)?|migrant(?:in)?|fluchtling
            |geflüchtet|muttersprachler(?:in)?|pole|polin|russe|russin|syrer(?:in)?|italiener(?:in)?)
    """,
    ProtectedTopic.RELIGION: """
        <mein> (?:\\w+ )?(?:religion|glaube|glauben|konfession|kirche|moschee|gemeinde|kopftuch)
        (?:welche|welcher) (?:religion|konfession)|gehen sie in die kirche|glauben sie an gott
        tragen sie (?:ein )?kopftuch
        (?:<ich>|<sind>) (?:\\w+ )?(?:muslim(?:in|a)?|christ(?:in)?|jude|judin|judisch|katholisch
            |evangelisch|religios|glaubig|atheist(?:in)?|hindu|buddhist(?:in)?)
    """,
    ProtectedTopic.ORIENTATION: """
        (?:<ich>|<sind>) (?:\\w+ )?(?:schwul|lesbisch|homosexuell|bisexuell|queer|hetero(?:sexuell)?)
        sexuelle (?:orientierung|neigung)
    """,
    ProtectedTopic.GENDER: """
        (?:als|fur eine) (?:\\w+ )?frau(?=\\s*(?:[.,!?]|$|in |ist |hat |haben |im ))~
        <mein> (?:geschlecht|geschlechtsidentitat)
        (?:<ich>|<sind>) (?:\\w+ )?(?:trans(?:gender|sexuell)?|nichtbinar|non-binar)
    """,
    ProtectedTopic.POLITICS: """
        (?:wen|was|welche partei) (?:wahlen|haben) sie(?: gewahlt)?
        <mein> (?:\\w+ )?(?:partei|parteimitgliedschaft|politische\\w* \\w+)
        ich wahle (?:\\w+ )?(?:spd|cdu|afd|grun\\w*|fdp|linke)
        (?:<ich>|<sind>) (?:\\w+ ){0,3}(?:mitglied (?:in )?(?:einer|der) (?:\\w+ )?partei|parteimitglied
            |politisch aktiv)
        in einer (?:politischen )?partei
    """,
    ProtectedTopic.UNION: """
        gewerkschaft\\w*~
        betriebsrat\\w*~
        (?:<ich>|<sind>) (?:\\w+ ){0,3}(?:ver\\.?di|ig metall)
    """,
    ProtectedTopic.FINANCES: """
        <mein> (?:\\w+ )?(?:schulden|kredite?|hypothek|vermogen|finanzielle\\w* \\w+|schufa\\w*|privatinsolvenz)
        <habe> (?:\\w+ ){0,2}(?:schulden|einen kredit)
        (?:<ich>|<sind>) (?:\\w+ )?(?:verschuldet|pleite|insolvent)|lohnpfandung
    """,
}

GERMAN: Final = ProtectedLexicon(
    harmless=patterns(
        """
        technische\\w* schulden|unsere? (?:technischen? )?schulden im code~
        (?:kind|eltern)[ -]?(?:klasse|prozess|knoten|element|komponente)\\w*~
        produktfamilie\\w*~
        familie von \\w+~
        unser\\w* familienunternehmen|arbeitserlaubnis|aufenthaltstitel|arbeitsgenehmigung|visum
        meine (?:alte|letzte|erste) gemeinde|ihre partei(?:en)? im vertrag|datenbankgesundheit|gesundheitswesen
        <mein> (?:\\w+ )?(?:familie von|mutter ?gesellschaft|tochter ?gesellschaft|tochter ?firma)
        muttergesellschaft|tochtergesellschaft
    """,
        **_NAMES,
    ),
    topics={topic: patterns(lines, **_NAMES) for topic, lines in _TOPICS.items()},
    question=patterns("""
        (?:wie|was|wer|wen|wann|wo|woher|warum|wieso|welche[rsn]?|sind|bist|haben|hast|konnen|wurden
            |mochten|planen|gehen|rauchen|glauben) \\w+
        erzahlen sie|darf ich fragen
    """),
)
