"""The words themselves: neutral ones for every language, then what a clinic or a school says instead.

docs/rules/vocabulary.md has a worked table.
"""

from collections.abc import Mapping
from dataclasses import dataclass

LANGUAGES = ("en", "de", "es")


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
    "resource": Noun("resource", "resources"),
    "invoice": Noun("invoice", "invoices"),
    "service": Noun("service", "services"),
    "organization": Noun("organization", "organizations"),
    "goal": Noun("goal", "goals"),
    "note": Noun("note", "notes"),
    "request": Noun("booking request", "booking requests"),
}
_DE = {
    "client": Noun("Klient", "Klienten", "m"),
    "practitioner": Noun("Fachkraft", "Fachkräfte", "f"),
    "appointment": Noun("Termin", "Termine", "m"),
    "session": Noun("Sitzung", "Sitzungen", "f"),
    "agent": Noun("Vertretung", "Vertretungen", "f"),
    "staff_member": Noun("Teammitglied", "Teammitglieder", "n"),
    "guardian": Noun("Sorgeberechtigte Person", "Sorgeberechtigte", "f"),
    "resource": Noun("Material", "Materialien", "n"),
    "invoice": Noun("Rechnung", "Rechnungen", "f"),
    "service": Noun("Leistung", "Leistungen", "f"),
    "organization": Noun("Organisation", "Organisationen", "f"),
    "goal": Noun("Ziel", "Ziele", "n"),
    "note": Noun("Notiz", "Notizen", "f"),
    "request": Noun("Terminanfrage", "Terminanfragen", "f"),
}
_ES = {
    "client": Noun("cliente", "clientes", "m"),
    "practitioner": Noun("profesional", "profesionales", "m"),
    "appointment": Noun("cita", "citas", "f"),
    "session": Noun("sesión", "sesiones", "f"),
    "agent": Noun("agente", "agentes", "m"),
    "staff_member": Noun("miembro del equipo", "miembros del equipo", "m"),
    "guardian": Noun("tutor", "tutores", "m"),
    "resource": Noun("recurso", "recursos", "m"),
    "invoice": Noun("factura", "facturas", "f"),
    "service": Noun("servicio", "servicios", "m"),
    "organization": Noun("organización", "organizaciones", "f"),
    "goal": Noun("objetivo", "objetivos", "m"),
    "note": Noun("nota", "notas", "f"),
    "request": Noun("solicitud de cita", "solicitudes de cita", "f"),
}
_CLINIC = {
    "en": {
        "practitioner": Noun("therapist", "therapists"),
        "organization": Noun("clinic", "clinics"),
    },
    "de": {
        "practitioner": Noun("Therapiefachkraft", "Therapiefachkräfte", "f"),
        "organization": Noun("Praxis", "Praxen", "f"),
    },
    "es": {
        "practitioner": Noun("terapeuta", "terapeutas", "m"),
        "organization": Noun("clínica", "clínicas", "f"),
    },
}
_SCHOOL = {
    "en": {
        "client": Noun("student", "students"),
        "practitioner": Noun("teacher", "teachers"),
        "appointment": Noun("lesson", "lessons"),
        "session": Noun("lesson", "lessons"),
        "guardian": Noun("parent", "parents"),
        "resource": Noun("material", "materials"),
        "service": Noun("course", "courses"),
        "organization": Noun("school", "schools"),
        "request": Noun("lesson request", "lesson requests"),
    },
    "de": {
        "client": Noun("Schüler", "Schüler", "m"),
        "practitioner": Noun("Lehrkraft", "Lehrkräfte", "f"),
        "appointment": Noun("Stunde", "Stunden", "f"),
        "session": Noun("Stunde", "Stunden", "f"),
        "guardian": Noun("Elternteil", "Eltern", "n"),
        "service": Noun("Kurs", "Kurse", "m"),
        "organization": Noun("Schule", "Schulen", "f"),
        "request": Noun("Stundenanfrage", "Stundenanfragen", "f"),
    },
    "es": {
        "client": Noun("alumno", "alumnos", "m"),
        "practitioner": Noun("docente", "docentes", "m"),
        "appointment": Noun("clase", "clases", "f"),
        "session": Noun("clase", "clases", "f"),
        "guardian": Noun("padre o madre", "padres", "m"),
        "resource": Noun("material", "materiales", "m"),
        "service": Noun("curso", "cursos", "m"),
        "organization": Noun("escuela", "escuelas", "f"),
        "request": Noun("solicitud de clase", "solicitudes de clase", "f"),
    },
}
# preset → language → key → word; the neutral preset is complete, the others say only what differs.
PRESETS: dict[str, dict[str, dict[str, Noun]]] = {
    "neutral": {"en": _EN, "de": _DE, "es": _ES},
    "clinic": _CLINIC,
    "school": _SCHOOL,
}


def register(key: str, words: Mapping[str, Mapping[str, Noun]]) -> None:
    """Add a noun, as preset → language → word. RuntimeError when it is there already, or lacks a neutral word in one of the languages."""
    if key in PRESETS["neutral"]["en"]:
        raise RuntimeError(f"two apps have the term {key}")
    if set(words.get("neutral", {})) != set(LANGUAGES):
        raise RuntimeError(f"the term {key} needs a neutral word in each language")
    for preset, languages in words.items():
        for language, word in languages.items():
            PRESETS[preset].setdefault(language, {})[key] = word
