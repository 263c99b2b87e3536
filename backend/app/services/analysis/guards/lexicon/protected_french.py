"""What French speakers say and ask about protected topics: the core, not all of it."""

from __future__ import annotations

from typing import Final

from app.models.analysis import ProtectedTopic
from app.services.analysis.guards.lexicon.shape import ProtectedLexicon
from app.services.analysis.guards.phrases import patterns

_NAMES: Final = {
    "je": r"(?:je suis|j'etais|j'ai ete|etes-vous|vous etes|es-tu|tu es|est-ce que vous etes)",
    "jai": r"(?:j'ai|j'avais|nous avons|avez-vous|vous avez|as-tu|tu as|est-ce que vous avez)",
    "mon": r"(?:mon|ma|mes|notre|nos|votre|vos|ton|ta|tes)",
}
_TOPICS: Final[dict[ProtectedTopic, str]] = {
    ProtectedTopic.AGE: """
        quel age (?:avez-vous|as-tu|vous avez)|quel est votre age
        <jai> (?:[2-7]\\d|vingt|trente|quarante|cinquante|soixante)(?:[ -]\\w+)? ans(?! (?:d'|de |dans |chez ))
        (?:a|pour) (?:mon|votre|ton) age|<mon> (?:age|date de naissance|anniversaire|retraite)~
        (?:<je>|je suis) (?:trop )?(?:jeune|vieux|vieille|age|agee)(?=\\s*(?:[.,!?]|$|pour ))~
        je suis nee? en
    """,
    ProtectedTopic.FAMILY: """
        <mon> (?:\\w+ )?(?:mari|femme|epou(?:x|se)|conjointe?|enfants?|fils|fille|famille|parents|mere|pere
            |bebe|copine|copain|situation familiale|conge parental|divorce|mariage)(?! (?:de produits
            |de protocoles))
        <jai> (?:\\w+ ){0,2}(?:enfants?|fils|filles?|bebe|famille|jumeaux)(?! de produits)
        <je> (?:\\w+ )?(?:mariee?|divorcee?|celibataire|veu(?:f|ve)|fiancee?|pacsee?)
        situation (?:familiale|matrimoniale)|qui garde (?:les|vos) enfants|parent isole
    """,
    ProtectedTopic.PREGNANCY: """
        <je> (?:\\w+ )?enceinte|grossesse|conge (?:de )?maternite
        (?:voulez-vous|souhaitez-vous|pensez-vous|comptez-vous
            |envisagez-vous) (?:\\w+ ){0,2}(?:avoir )?(?:des |d'autres )?enfants
        attends? un (?:bebe|enfant)|tomber enceinte
    """,
    ProtectedTopic.HEALTH: """
        <mon> (?:\\w+ )?(?:sante|maladie|depression|cancer|traitement medical|burn-?out|therapie
            |diagnostic medical|antecedents medicaux|arret maladie)
        <je> (?:\\w+ ){0,2}(?:malade|depressi(?:f|ve)|en arret maladie|hospitalisee?|vaccinee?|en bonne sante)
        <jai> (?:\\w+ ){0,3}(?:cancer|depression|burn-?out|diabete|epilepsie|maladie|problemes? de sante)
        fumez-vous|prenez-vous des medicaments|j'ai fait (?:un burn-?out|une depression)
    """,
    ProtectedTopic.DISABILITY: """
        <je> (?:\\w+ )?(?:handicapee?|sourde?|aveugle|autiste|dyslexique|malvoyante?|malentendante?)
        <mon> (?:handicap|fauteuil roulant|invalidite)|<jai> (?:\\w+ ){0,2}handicap|en fauteuil roulant
        travailleur handicape|rqth
    """,
    ProtectedTopic.ORIGIN: """
        d'ou venez-vous|d'ou viens-tu|d'ou vient votre (?:famille|nom)
        <mon> (?:\\w+ )?(?:origines?|nationalite|langue maternelle|accent|couleur de peau|pays d'origine|ethnie)
        ou etes-vous nee?|de quelle (?:origine|nationalite)
        <je> (?:\\w+ )?(?:d'origine \\w+|etranger|etrangere|immigree?|refugiee?|algerien(?:ne)?|marocaine?
            |tunisien(?:ne)?|senegalaise?|francaise?|italien(?:ne)?|espagnole?|portugaise?|polonaise?|turque?
            |chinoise?)(?! de )
        je viens (?:du |de la |de l'|d'|de )(?:maroc|algerie|tunisie|senegal|cameroun|italie|espagne
            |portugal|pologne|turquie|chine|syrie|liban|roumanie|cote d'ivoire)
    """,
    ProtectedTopic.RELIGION: """
        <mon> (?:religion|foi|eglise|mosquee|synagogue|paroisse|voile|croyances)|(?:quelle|votre) religion
        <je> (?:\\w+ )?(?:musulmane?|chretien(?:ne)?|juif|juive|catholique|protestante?|athee|croyante?
            |pratiquante?|bouddhiste)
        (?:pratiquez|priez|croyez)-vous (?:\\w+ )?(?:une religion|en dieu|religion)?|portez-vous le voile
        pendant le ramadan
    """,
    ProtectedTopic.ORIENTATION: """
        <je> (?:\\w+ )?(?:gay|lesbienne|homosexuel(?:le)?|bisexuel(?:le)?|hetero(?:sexuel(?:le)?)?|queer)
        orientation sexuelle
    """,
    ProtectedTopic.GENDER: """
        en tant que (?:seule )?femme|<je> (?:\\w+ )?(?:transgenre|trans|non[ -]binaire)
        <mon> (?:sexe|genre|identite de genre)(?! (?:de |d'))
    """,
    ProtectedTopic.POLITICS: """
        pour qui (?:votez|avez|allez)-vous
        <mon> (?:opinions? politiques?|parti(?: politique)?|engagement politique)(?! (?:pris|des? ))
        <je> (?:\\w+ ){0,2}(?:de gauche|de droite|militante? politique|membre d'un parti|encarte)
        j'ai vote (?:pour )?(?:macron|le pen|melenchon)|je vote (?:macron|le pen|melenchon|a gauche|a droite)
    """,
    ProtectedTopic.UNION: """
        <je> (?:\\w+ ){0,3}(?:syndiquee?|delegue syndical|syndicaliste|membre d'un syndicat|au syndicat
            |a la cgt|cfdt)
        <mon> syndicat|(?:un|le|au) syndicat(?! de (?:copropriete|initiative))|avez-vous fait greve
        j'ai fait greve
    """,
    ProtectedTopic.FINANCES: """
        <mon> (?:\\w+ )?(?:dettes|credit immobilier|situation financiere|pret immobilier|loyer
            |surendettement|epargne)
        <jai> (?:\\w+ ){0,2}(?:dettes|un credit (?:immobilier|a rembourser))
        <je> (?:\\w+ )?(?:endettee?|surendettee?|proprietaire de votre|en faillite personnelle)
    """,
}

FRENCH: Final = ProtectedLexicon(
    harmless=patterns(
        """
        dettes? techniques?|(?:class|process)\\w* (?:parente?|enfant|fille|mere)s?
        famill?es? de (?:produits|protocoles|polices)|maison mere|societe mere|cartes? meres?
        permis de travail|titre de sejour|autorisation de travail
        enceintes? (?:connectees?|acoustiques?|bluetooth)|pere de ce projet|notre (?:dette|famille de \\w+)
    """,
        **_NAMES,
    ),
    topics={topic: patterns(lines, **_NAMES) for topic, lines in _TOPICS.items()},
    question=patterns("""
        (?:quel|quelle|quels|quelles|qui|que|ou|d'ou|quand|comment|pourquoi|combien|pour qui|est-ce que) ~
        (?:etes|avez|voulez|souhaitez|pensez|comptez|fumez|prenez|pratiquez|croyez|portez|votez|pouvez)-vous
        (?:es|as|viens)-tu|parlez-moi
    """),
)
