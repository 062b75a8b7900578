"""The words themselves: neutral ones for every language, then what a clinic, a school, coaching, an agency or a law firm says instead.

docs/rules/vocabulary.md has a worked table.
"""

from collections.abc import Mapping
from dataclasses import dataclass

# The genders of the languages that have them, in the order in which a sentence gives its forms (`%(invoice:der|die|das)s`).
GENDERS = {"de": ("m", "f", "n"), "es": ("m", "f"), "fr": ("m", "f")}
# Their nominative articles by gender: indefinite, definite, definite plural.
ARTICLES = {
    "de": {"m": ("ein", "der", "die"), "f": ("eine", "die", "die"), "n": ("ein", "das", "die")},
    "es": {"m": ("un", "el", "los"), "f": ("una", "la", "las")},
    "fr": {"m": ("un", "le", "les"), "f": ("une", "la", "les")},
}


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun as it stands inside a sentence; gender m, f or n where the language has one."""

    singular: str
    plural: str
    gender: str = ""
    article: str = ""  # English only, where sound and spelling differ ("an hour", "a user")


_EN = {
    "client": Noun("client", "clients"),
    "practitioner": Noun("practitioner", "practitioners"),
    "appointment": Noun("appointment", "appointments"),
    "session": Noun("session", "sessions"),
    "agent": Noun("agent", "agents"),
    "staff_member": Noun("staff member", "staff"),
    "guardian": Noun("guardian", "guardians"),
    "payer": Noun("payer", "payers"),
    "group": Noun("group", "groups"),
    "room": Noun("room", "rooms"),
    "service": Noun("service", "services"),
    "invoice": Noun("invoice", "invoices"),
    "organization": Noun("organization", "organizations"),
}

_DE = {
    "client": Noun("Klient:in", "Klient:innen", "f"),
    "practitioner": Noun("Fachkraft", "Fachkräfte", "f"),
    "appointment": Noun("Termin", "Termine", "m"),
    "session": Noun("Sitzung", "Sitzungen", "f"),
    "agent": Noun("Vertretung", "Vertretungen", "f"),
    "staff_member": Noun("Teammitglied", "Teammitglieder", "n"),
    "guardian": Noun("sorgeberechtigte Person", "Sorgeberechtigte", "f"),
    "payer": Noun("zahlende Person", "Zahlende", "f"),
    "group": Noun("Gruppe", "Gruppen", "f"),
    "room": Noun("Raum", "Räume", "m"),
    "service": Noun("Leistung", "Leistungen", "f"),
    "invoice": Noun("Rechnung", "Rechnungen", "f"),
    "organization": Noun("Organisation", "Organisationen", "f"),
}

_ES = {
    "client": Noun("cliente", "clientes", "m"),
    "practitioner": Noun("profesional", "profesionales", "m"),
    "appointment": Noun("cita", "citas", "f"),
    "session": Noun("sesión", "sesiones", "f"),
    "agent": Noun("agente", "agentes", "m"),
    "staff_member": Noun("miembro del equipo", "miembros del equipo", "m"),
    "guardian": Noun("tutor", "tutores", "m"),
    "payer": Noun("pagador", "pagadores", "m"),
    "group": Noun("grupo", "grupos", "m"),
    "room": Noun("sala", "salas", "f"),
    "service": Noun("servicio", "servicios", "m"),
    "invoice": Noun("factura", "facturas", "f"),
    "organization": Noun("organización", "organizaciones", "f"),
}

_FR = {
    "client": Noun("client", "clients", "m"),
    "practitioner": Noun("professionnel", "professionnels", "m"),
    "appointment": Noun("rendez-vous", "rendez-vous", "m"),
    "session": Noun("séance", "séances", "f"),
    "agent": Noun("mandataire", "mandataires", "m"),
    "staff_member": Noun("membre de l’équipe", "membres de l’équipe", "m"),
    "guardian": Noun("responsable légal", "responsables légaux", "m"),
    "payer": Noun("payeur", "payeurs", "m"),
    "group": Noun("groupe", "groupes", "m"),
    "room": Noun("salle", "salles", "f"),
    "service": Noun("prestation", "prestations", "f"),
    "invoice": Noun("facture", "factures", "f"),
    "organization": Noun("organisation", "organisations", "f"),
}
_CLINIC = {
    "en": {
        "practitioner": Noun("therapist", "therapists"),
        "organization": Noun("clinic", "clinics"),
    },
    "de": {
        "practitioner": Noun("Therapeut:in", "Therapeut:innen", "f"),
        "organization": Noun("Praxis", "Praxen", "f"),
    },
    "es": {
        "practitioner": Noun("terapeuta", "terapeutas", "m"),
        "organization": Noun("clínica", "clínicas", "f"),
    },
    "fr": {
        "client": Noun("patient", "patients", "m"),
        "practitioner": Noun("thérapeute", "thérapeutes", "m"),
        "organization": Noun("cabinet", "cabinets", "m"),
    },
}
_SCHOOL = {
    "en": {
        "client": Noun("student", "students"),
        "practitioner": Noun("teacher", "teachers"),
        "appointment": Noun("lesson", "lessons"),
        "session": Noun("lesson", "lessons"),
        "agent": Noun("sponsor", "sponsors"),
        "guardian": Noun("parent", "parents"),
        "group": Noun("class", "classes"),
        "room": Noun("classroom", "classrooms"),
        "service": Noun("course", "courses"),
        "organization": Noun("school", "schools"),
    },
    "de": {
        "client": Noun("Schüler:in", "Schüler:innen", "f"),
        "practitioner": Noun("Lehrkraft", "Lehrkräfte", "f"),
        "appointment": Noun("Stunde", "Stunden", "f"),
        "session": Noun("Stunde", "Stunden", "f"),
        "agent": Noun("Kostenträger", "Kostenträger", "m"),
        "guardian": Noun("Elternteil", "Eltern", "n"),
        "group": Noun("Klasse", "Klassen", "f"),
        "room": Noun("Klassenraum", "Klassenräume", "m"),
        "service": Noun("Kurs", "Kurse", "m"),
        "organization": Noun("Schule", "Schulen", "f"),
    },
    "es": {
        "client": Noun("alumno", "alumnos", "m"),
        "practitioner": Noun("docente", "docentes", "m"),
        "appointment": Noun("clase", "clases", "f"),
        "session": Noun("clase", "clases", "f"),
        "agent": Noun("patrocinador", "patrocinadores", "m"),
        "guardian": Noun("padre o madre", "padres", "m"),
        "room": Noun("sala de clase", "salas de clase", "f"),  # "aula" is feminine, and takes "el"
        "service": Noun("curso", "cursos", "m"),
        "organization": Noun("escuela", "escuelas", "f"),
    },
    "fr": {
        "client": Noun("élève", "élèves", "m"),
        "practitioner": Noun("enseignant", "enseignants", "m"),
        "appointment": Noun("cours", "cours", "m"),
        "session": Noun("cours", "cours", "m"),
        "agent": Noun("organisme payeur", "organismes payeurs", "m"),
        "guardian": Noun("parent", "parents", "m"),
        "group": Noun("classe", "classes", "f"),
        "service": Noun("matière", "matières", "f"),
        "organization": Noun("école", "écoles", "f"),
    },
}
_COACHING = {
    "en": {
        "client": Noun("coachee", "coachees"),
        "practitioner": Noun("coach", "coaches"),
        "appointment": Noun("session", "sessions"),
        "agent": Noun("sponsor", "sponsors"),
        "service": Noun("programme", "programmes"),
        "organization": Noun("practice", "practices"),
    },
    "de": {
        "client": Noun("Coachee", "Coachees", "m"),
        "practitioner": Noun("Coach", "Coaches", "m"),
        "appointment": Noun("Coaching", "Coachings", "n"),
        "agent": Noun("Auftraggeber", "Auftraggeber", "m"),
        "service": Noun("Programm", "Programme", "n"),
        "organization": Noun("Praxis", "Praxen", "f"),
    },
    "es": {
        "client": Noun("coachee", "coachees", "m"),
        "practitioner": Noun("coach", "coaches", "m"),
        "appointment": Noun("sesión", "sesiones", "f"),
        "agent": Noun("patrocinador", "patrocinadores", "m"),
        "service": Noun("programa", "programas", "m"),
        "organization": Noun("consultoría", "consultorías", "f"),
    },
    "fr": {
        "client": Noun("coaché", "coachés", "m"),
        "practitioner": Noun("coach", "coachs", "m"),
        "appointment": Noun("séance", "séances", "f"),
        "agent": Noun("commanditaire", "commanditaires", "m"),
        "service": Noun("programme", "programmes", "m"),
        "organization": Noun("cabinet", "cabinets", "m"),
    },
}
_AGENCY = {
    "en": {
        "client": Noun("customer", "customers"),
        "practitioner": Noun("consultant", "consultants"),
        "appointment": Noun("meeting", "meetings"),
        "session": Noun("call", "calls"),
        "agent": Noun("account holder", "account holders"),
        "guardian": Noun("authorized person", "authorized persons"),
        "group": Noun("team", "teams"),
        "room": Noun("meeting room", "meeting rooms"),
        "organization": Noun("agency", "agencies"),
    },
    "de": {
        "client": Noun("Kund:in", "Kund:innen", "f"),
        "practitioner": Noun("Berater:in", "Berater:innen", "f"),
        "appointment": Noun("Besprechung", "Besprechungen", "f"),
        "session": Noun("Online-Besprechung", "Online-Besprechungen", "f"),
        "agent": Noun("Auftraggeber", "Auftraggeber", "m"),
        "guardian": Noun("bevollmächtigte Person", "Bevollmächtigte", "f"),
        "group": Noun("Team", "Teams", "n"),
        "room": Noun("Besprechungsraum", "Besprechungsräume", "m"),
        "organization": Noun("Agentur", "Agenturen", "f"),
    },
    "es": {
        "practitioner": Noun("consultor", "consultores", "m"),
        "appointment": Noun("reunión", "reuniones", "f"),
        "session": Noun("videollamada", "videollamadas", "f"),
        "agent": Noun("titular de la cuenta", "titulares de la cuenta", "m"),
        "guardian": Noun("persona autorizada", "personas autorizadas", "f"),
        "group": Noun("equipo", "equipos", "m"),
        "room": Noun("sala de reuniones", "salas de reuniones", "f"),
        "organization": Noun("agencia", "agencias", "f"),
    },
    "fr": {
        "practitioner": Noun("consultant", "consultants", "m"),
        "appointment": Noun("réunion", "réunions", "f"),
        "session": Noun("visioconférence", "visioconférences", "f"),
        "agent": Noun("donneur d’ordre", "donneurs d’ordre", "m"),
        "guardian": Noun("personne habilitée", "personnes habilitées", "f"),
        "group": Noun("équipe", "équipes", "f"),
        "room": Noun("salle de réunion", "salles de réunion", "f"),
        "organization": Noun("agence", "agences", "f"),
    },
}
_LEGAL = {
    "en": {
        "practitioner": Noun("lawyer", "lawyers"),
        "appointment": Noun("consultation", "consultations"),
        "session": Noun("video consultation", "video consultations"),
        "agent": Noun("legal expenses insurer", "legal expenses insurers"),
        "guardian": Noun("legal representative", "legal representatives"),
        "service": Noun("matter", "matters"),
        "organization": Noun("law firm", "law firms"),
    },
    "de": {
        "client": Noun("Mandant:in", "Mandant:innen", "f"),
        "practitioner": Noun("Rechtsbeistand", "Rechtsbeistände", "m"),
        "appointment": Noun("Beratung", "Beratungen", "f"),
        "session": Noun("Online-Beratung", "Online-Beratungen", "f"),
        "agent": Noun("Rechtsschutzversicherung", "Rechtsschutzversicherungen", "f"),
        "guardian": Noun("gesetzliche Vertretung", "gesetzliche Vertretungen", "f"),
        "service": Noun("Mandat", "Mandate", "n"),
        "invoice": Noun("Kostennote", "Kostennoten", "f"),
        "organization": Noun("Kanzlei", "Kanzleien", "f"),
    },
    "es": {
        "practitioner": Noun("abogado", "abogados", "m"),
        "appointment": Noun("consulta", "consultas", "f"),
        "session": Noun("videoconsulta", "videoconsultas", "f"),
        "agent": Noun("aseguradora", "aseguradoras", "f"),
        "guardian": Noun("representante legal", "representantes legales", "m"),
        "service": Noun("asunto", "asuntos", "m"),
        "invoice": Noun("minuta", "minutas", "f"),
        "organization": Noun("bufete", "bufetes", "m"),
    },
    "fr": {
        "practitioner": Noun("avocat", "avocats", "m"),
        "appointment": Noun("consultation", "consultations", "f"),
        "session": Noun("visioconsultation", "visioconsultations", "f"),
        "agent": Noun("assureur de protection juridique", "assureurs de protection juridique", "m"),
        "guardian": Noun("représentant légal", "représentants légaux", "m"),
        "service": Noun("dossier", "dossiers", "m"),
        "invoice": Noun("note d’honoraires", "notes d’honoraires", "f"),
        "organization": Noun("cabinet d’avocats", "cabinets d’avocats", "m"),
    },
}
# preset → language → key → word; the neutral preset is complete, the others say only what differs.
PRESETS: dict[str, dict[str, dict[str, Noun]]] = {
    "neutral": {"en": _EN, "de": _DE, "es": _ES, "fr": _FR},
    "clinic": _CLINIC,
    "school": _SCHOOL,
    "coaching": _COACHING,
    "agency": _AGENCY,
    "legal": _LEGAL,
}
LANGUAGES = tuple(PRESETS["neutral"])


def register(key: str, words: Mapping[str, Mapping[str, Noun]]) -> None:
    """Add a noun, as preset → language → word. RuntimeError when it is there already, or lacks a neutral word in one of the languages."""
    if key in PRESETS["neutral"]["en"]:
        raise RuntimeError(f"two apps have the term {key}")
    if set(words.get("neutral", {})) != set(LANGUAGES):
        raise RuntimeError(f"the term {key} needs a neutral word in each language")
    for preset, languages in words.items():
        for language, word in languages.items():
            PRESETS[preset].setdefault(language, {})[key] = word
