"""What Spanish speakers say and ask about protected topics: the core, not all of it."""

from __future__ import annotations

from typing import Final

from app.models.analysis import ProtectedTopic
from app.services.analysis.guards.lexicon.shape import ProtectedLexicon
from app.services.analysis.guards.phrases import patterns

_NAMES: Final = {
    "soy": r"(?:soy|yo soy|estoy|estaba|estuve|es usted|eres|esta usted|esta|estas)",
    "tengo": r"(?:tengo|tenemos|tuve|tiene|tienes|tiene usted)",
    "mi": r"(?:mi|mis|nuestro|nuestra|nuestros|nuestras|su|sus|tu|tus)",
}
_TOPICS: Final[dict[ProtectedTopic, str]] = {
    ProtectedTopic.AGE: """
        (?:que edad|cuantos anos) (?:tiene|tienes)(?: usted)?(?! de )
        (?:tengo|tiene) (?:[2-7]\\d|veinti\\w+|treinta|cuarenta|cincuenta
            |sesenta)(?: y \\w+)? anos(?! (?:de|en|como|trabajando|usando|con) )
        a (?:mi|su|tu) edad|(?:mi|su|tu) (?:edad|fecha de nacimiento)|naci en (?:19|20|mil|el ano)
        (?:soy|es|eres) (?:demasiado |muy )(?:joven|mayor|viej[oa])|cuando se jubila
    """,
    ProtectedTopic.FAMILY: """
        <mi> (?:marido|mujer|esposa|esposo|hij[oa]s?|familia|padres|madre|padre|bebe|novi[oa]|estado civil
            |permiso de paternidad|suegr[oa]s?)(?! de (?:productos|protocolos))
        <tengo> (?:\\w+ ){0,2}(?:hij[oa]s?|familia|ninos|pareja|gemelos|un bebe)
        <soy> (?:\\w+ )?(?:casad[oa]|divorciad[oa]|solter[oa]|viud[oa]|comprometid[oa] con mi|madre
            |padre)(?! de (?:la|este|todo) )
        estado civil|quien cuida (?:de |a )?(?:los|sus|tus) (?:hijos|ninos)
    """,
    ProtectedTopic.PREGNANCY: """
        (?:<soy>|quede|quedarse|me quede) (?:\\w+ )?embarazada|embarazo
        (?:baja|permiso|licencia) (?:de|por) maternidad
        (?:piensa|quiere|planea|piensas|quieres) (?:\\w+ ){0,2}tener (?:mas )?(?:hijos|ninos|un bebe)
        esperando (?:un bebe|un hijo)
    """,
    ProtectedTopic.HEALTH: """
        <mi> (?:\\w+ )?(?:salud|enfermedad|depresion|cancer|tratamiento medico|terapia|ansiedad
            |operacion medica|baja medica)(?! (?:del|de la|de los) )
        <soy> (?:\\w+ ){0,2}(?:enferm[oa]|de baja|deprimid[oa]|diabetic[oa]|hospitalizad[oa]|vacunad[oa])
        <tengo> (?:\\w+ ){0,3}(?:cancer|depresion|diabetes|epilepsia|enfermedad|problemas? de salud)
        (?:fuma|toma) usted|sufri (?:un burnout|una depresion)
    """,
    ProtectedTopic.DISABILITY: """
        <soy> (?:\\w+ )?(?:discapacitad[oa]|minusvalid[oa]|sord[oa]|cieg[oa]|autista|dislexic[oa])
        <tengo> (?:\\w+ ){0,3}(?:discapacidad|minusvalia|tdah|autismo|dislexia)
        <mi> (?:discapacidad|silla de ruedas|minusvalia)|en silla de ruedas
    """,
    ProtectedTopic.ORIGIN: """
        de donde (?:es|eres|viene|vienes)(?: usted)?(?! (?:el|la|ese|esa) )
        <mi> (?:nacionalidad|origen|lengua materna|acento|raza|color de piel|pais de origen
            |etnia)(?! de (?:datos|los) )
        donde nacio
        <soy> (?:\\w+ )?(?:de origen \\w+|extranjer[oa]|inmigrante|refugiad[oa]|mexican[oa]|colombian[oa]
            |venezolan[oa]|argentin[oa]|peruan[oa]|espanol[a]?|marroqui|cuban[oa]|ecuatorian[oa]|chilen[oa]
            |gitan[oa])
        vengo de (?:mexico|colombia|venezuela|argentina|peru|marruecos|cuba|ecuador|chile|bolivia|rumania|china)
    """,
    ProtectedTopic.RELIGION: """
        <mi> (?:religion|fe|iglesia|mezquita|sinagoga|parroquia|velo)|que religion
        <soy> (?:\\w+ )?(?:musulman[a]?|cristian[oa]|judi[oa]|catolic[oa]|protestante|ate[oa]|creyente
            |practicante|evangelic[oa])
        (?:cree|crees) en dios|(?:va|voy|vas) a (?:misa|la iglesia|la mezquita)
    """,
    ProtectedTopic.ORIENTATION: """
        <soy> (?:\\w+ )?(?:gay|lesbiana|homosexual|bisexual|heterosexual|queer)|orientacion sexual
    """,
    ProtectedTopic.GENDER: """
        (?:como|siendo|ser) (?:la unica )?mujer
        <soy> (?:\\w+ )?(?:trans|transexual|transgenero|no binari[oae])
        <mi> (?:sexo|genero|identidad de genero)(?! de )
    """,
    ProtectedTopic.POLITICS: """
        (?:a|por) quien (?:vota|voto|votas|votaste)
        (?:mi|su|tu)s? (?:\\w+ )?(?:ideas politicas|ideologia|partido politico|opinion politica|partido)(?! de )
        <soy> (?:\\w+ )?(?:de izquierdas?|de derechas?|militante|afiliad[oa] a un partido)
        vote (?:a|por) (?:el |la )?(?:psoe|pp|vox|podemos|sumar)
    """,
    ProtectedTopic.UNION: """
        sindicat\\w*~
        <soy> (?:\\w+ ){0,3}(?:sindicad[oa]|sindicalista|en comisiones obreras|ugt)
        (?:hizo|hice|fui a la) huelga|comite de empresa
    """,
    ProtectedTopic.FINANCES: """
        <mi> (?:\\w+ )?(?:deudas|hipoteca|situacion financiera|situacion economica|prestamo|alquiler
            |ahorros)(?! tecnicas?)
        <tengo> (?:\\w+ ){0,2}(?:deudas|hipoteca|embargo)(?! tecnicas?)
        <soy> (?:\\w+ )?(?:endeudad[oa]|en bancarrota|arruinad[oa])|casa propia
    """,
}

SPANISH: Final = ProtectedLexicon(
    harmless=patterns(
        """
        deudas? tecnicas?|(?:clase|proceso|nodo|componente)s? (?:padre|hij[oa]|madre)s?
        (?:nodos?|procesos?|clases?) hij[oa]s?|familias? de (?:productos|protocolos|fuentes)|empresa matriz
        placa madre
        permiso de trabajo|permiso de residencia|autorizacion para trabajar
        tiene hijos (?:el|un|este) (?:nodo|proceso)
    """,
        **_NAMES,
    ),
    topics={topic: patterns(lines, **_NAMES) for topic, lines in _TOPICS.items()},
    question=patterns("""
        (?:que|cual|quien|cuando|donde|de donde|como|por que|cuantos|cuantas|a quien|tiene|tienes|esta|eres
            |es usted|piensa|quiere|fuma|cree|va|puede|vive) \\w+
        hableme|cuenteme
    """),
)
