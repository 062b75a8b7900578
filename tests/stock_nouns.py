"""The nouns of every pack, which an organization may replace, and what may be said although it sounds like one of them, with the reason."""

import re
from functools import cache

from branding.rules.nouns import PRESETS
from branding.rules.sentences import PLACE

LIQUID = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
ENDINGS = {"de": "(?:e?s|e?n)?"}  # cases; the other languages have none

SETS = "the sets of words are called by what they are for, and what each noun means is told in plain words"
PAYMENTS = "whoever processes payments, or another company's service on the internet"
SIGNED_IN = "from signing in to signing out, in one browser"
THIRD = "somebody else's: a payer's, or one where people work or learn"
OFFICE = "the office behind an agent, whatever the organization calls itself"
PLATFORM = "all organizations of the platform, and what is no organization's own"
CALLING = "what is said of the connection, or of a telephone"
WAITING = "the waiting room is a part of the product with a name of its own"
SPACE = "space"
TAGLINE = "the first tagline of a school, which is its own text from then on"
SAMPLE = "an example of an address"
FILES = "a folder, or what is kept on one person"
COURSE = "what goes on or is under way"
PROGRAMS = "computer programs"
TEAM = "who works together, whatever a group is called"
HOURS = "sixty minutes"
SUBJECT = "the subject of a mail"
BUILDING = "rooms of a building, and what stands in them, which are booked"
LOOKUPS = "questions to the DNS or to the payment processor"
OTHERWISE = "a word that also means something else: a quotation, to bill"
STYLESHEET = "classes of a stylesheet"
ALLOWED = {
    "en": {
        STYLESHEET: r"elements, classes and ids",
        SETS: r"^(Clinic|School|Consulting agency|Law firm|A meeting online)$",
        PAYMENTS: r"payment service|another service|calendar services?|[Rr]emove services",
        SIGNED_IN: r"every session|A session ends by itself|Your session has ended",
        THIRD: r"At work or school|[Ss]chool, (an )?insurer|agencies, schools, insurers|Parents, partners and helpers",
        OFFICE: r"^Agency$|address or agency",
        PLATFORM: r"Other organizations|another organization|Every organization has logins",
        CALLING: r"it is urgent, call|Call it off|Call to action|[Ww]hat you call|This call needs|in the call|Encrypted calls|"
        r"Addresses of calls|Calls to other programs",
        WAITING: r"waiting room",
        SPACE: r"Room for pictures|no room on the disk",
        TAGLINE: r"one lesson at a time",
        BUILDING: r"[Rr]ooms? (or|and) equipment|^All rooms$|^Rooms?$|Add a room:",
        SAMPLE: r"clinic\.example\.org|like team",
    },
    "de": {
        STYLESHEET: r"Elemente, Klassen und IDs",
        SETS: r"^(Praxis|Schule|Coaching|Kanzlei)$",
        SIGNED_IN: r"Ihre Sitzung ist beendet",
        THIRD: r"in der Schule|Schule, (eine )?Versicherung|Träger, Schulen, Versicherungen|Eltern, Partner und Helfende",
        PLATFORM: r"Andere Organisationen|einer anderen Organisation|Mandanten-Zulassungs|Jede Organisation hat eigene",
        TAGLINE: r"Stunde für Stunde",
        BUILDING: r"Räume und Ausstattung|^Alle Räume$|^R(aum|äume)$|[Ee]inen Raum|Welcher Raum",
        PROGRAMS: r"Programm(en?)?\b",
        SAMPLE: r"praxis\.ihr-name\.de|etwa team",
        TEAM: r"aus dem Team|Ihrem Team|Ihr Team ein|für das Team",
        HOURS: r"[Pp]ro Stunde|halbe Stunde|manchmal Stunden|viele Stunden|24 Stunden|%\(\w+\)s Stunden?|\d+ Stunden?|… Stunden|die Stunden und|"
        r"ganze Stunden|[Ff]ür jede Stunde|^Stunde$",
    },
    "es": {
        STYLESHEET: r"elementos, clases e id",
        SETS: r"^(Clínica|Escuela|Agencia de consultoría|Bufete)$",
        PAYMENTS: r"servicios? de (pagos?|calendario)|otro servicio|los servicios que ya no usa|en servicio|En servicio",
        SIGNED_IN: r"[Ii]nici\w+ (la )?sesión|sesión iniciada|([Cc]err\w+|[Cc]ierr\w+) (la |su )?sesión|[Ii]nicio de sesión|[Cc]ierre de sesión|"
        r"sesión (de ese dispositivo|abierta)|abierta la sesión|Una sesión termina|la sesión en (este|los)|Su sesión|demás sesiones|"
        r"todas (sus|las) sesiones|La sesión de (%\(login\)s|se cierra)|ninguna sesión|porque una sesión",
        THIRD: r"o en la escuela|[Ee]scuela, (una )?aseguradora|una empresa, una aseguradora|agencias, escuelas, seguros|Padres, parejas y ayudantes",
        PLATFORM: r"Otras organizaciones|otra organización|Cada organización tiene",
        WAITING: r"sala de espera",
        TAGLINE: r"clase a clase",
        BUILDING: r"(una )?[Ss]alas? (o|y) (un )?equipo|^Salas?$|una sala|^Equipo$|[Tt]odas las salas",
        PROGRAMS: r"programas?\b",
        SAMPLE: r"citas\.su-nombre\.es|como equipo",
        TEAM: r"del equipo|para el equipo|a su equipo",
        COURSE: r"en curso",
        OTHERWISE: r"^Cita$|se factura",
        SUBJECT: r"el asunto|^Asunto|un asunto",
        LOOKUPS: r"Consulta de un|Consulta de una grabación|%\(most\)s consultas|^Consultas:",
    },
    "fr": {
        STYLESHEET: r"éléments, classes et identifiants",
        SETS: r"^(École|Cabinet|Agence de conseil|Cabinet d’avocats)$",
        THIRD: r"à l’école|[ÉEé]cole, (un )?assureur|agences, écoles, assurances|Parents, conjoints et aidants",
        PLATFORM: r"Autres organisations|une autre organisation|Listes verte/rouge du client|Chaque organisation a",
        WAITING: r"salle d’attente",
        BUILDING: r"[Ss]alles? (ou|et) (un |quel )?matériel|^Salles?$|une salle|Toutes les salles",
        TAGLINE: r"un cours après l’autre",
        PROGRAMS: r"[Pp]rogrammes?\b",
        TEAM: r"votre équipe",
        COURSE: r"[Ee]n cours|au cours|cours des",
        FILES: r"[Dd]ossiers?\b",
        CALLING: r"clôture facture|se facture",
    },
}  # fmt: skip

# The same of the help articles.
ALLOWED_IN_HELP = {
    "en": {
        OTHERWISE: r"if it matters to you",
        CALLING: r"call \{\{ phone \}\}|, call",
        SPACE: r"how much room there is",
        THIRD: r"at school|a school, an insurer",
        TEAM: r"your place in the team",
        BUILDING: r"^Rooms that you name|\bRooms that you name",
        SETS: r"such as clinic or school",
    },
    "de": {
        THIRD: r"eine Schule, eine Versicherung|in der Schule",
        TEAM: r"Ihr Platz im Team",
        BUILDING: r"Räume, die Sie",
        SETS: r"etwa Praxis oder Schule",
        PLATFORM: r"eine andere Organisation oder",
        HOURS: r"Stunden? (bis zum|lang|zählen|enden|fragen|gelten|Ihrer|ihrer)|Stunden\b[;.]|zwölf Stunden|(eine|ganze) Stunde|geöffnete Stunden",
    },
    "es": {
        THIRD: r"en la escuela|una escuela, un seguro",
        TEAM: r"su lugar en el equipo",
        SUBJECT: r"Cambie asunto",
        BUILDING: r"Las salas que indique",
        SETS: r"como clínica o escuela",
    },
    "fr": {
        THIRD: r"une école, une assurance|à l’école",
        TEAM: r"votre place dans l’équipe",
        BUILDING: r"Les salles que vous",
        SETS: r"comme cabinet ou école",
    },
}  # fmt: skip


@cache
def stock(language: str) -> re.Pattern[str]:
    """Every noun of every pack, as a word of its own."""
    nouns = {
        form
        for pack in PRESETS.values()
        for noun in pack.get(language, {}).values()
        for form in (noun.singular, noun.plural)
    }
    nouns |= {noun.partition(":")[0] for noun in nouns}  # Klient, of Klient:in
    found = "|".join(sorted(map(re.escape, nouns), key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{found}){ENDINGS.get(language, '')}(?!\w)", re.IGNORECASE)


def left_of_article(text: str, language: str) -> str:
    """The same of an article, whose buttons and addresses are not read."""
    bare = re.sub(r"\[\[.*?\]\]|\(/[^)]*\)", " ", text)
    for phrase in ALLOWED_IN_HELP[language].values():
        bare = re.sub(phrase, " ", bare)
    return left(bare, language)


def left(sentence: str, language: str) -> str:
    """What is left without places, without Liquid, and without what may be said."""
    bare = LIQUID.sub(
        " ", PLACE.sub(lambda place: place[0] if place[2] is None and not named(place[1]) else " ", sentence)
    )
    for phrase in ALLOWED[language].values():
        bare = re.sub(phrase, " ", bare)
    return PLACE.sub(" ", bare)


def named(place: str) -> bool:
    return place[:1].isupper() or place.rstrip("s") in PRESETS["neutral"]["en"]
