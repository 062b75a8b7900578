"""The words themselves: neutral ones for every language, then what a clinic or a school says instead.

docs/rules/vocabulary.md has a worked table.
"""

from collections.abc import Mapping
from dataclasses import dataclass

LANGUAGES = ("en", "de", "es")


@dataclass(frozen=True, slots=True)
class Word:
    """A noun as it stands inside a sentence; gender m, f or n where the language has one."""

    singular: str
    plural: str
    gender: str = ""
    article: str = ""  # English only, where sound and spelling differ ("an hour", "a user")


_EN = {
    "client": Word("client", "clients"),
    "practitioner": Word("practitioner", "practitioners"),
    "appointment": Word("appointment", "appointments"),
    "session": Word("session", "sessions"),
    "agent": Word("agent", "agents"),
    "staff_member": Word("staff member", "staff"),
    "guardian": Word("guardian", "guardians"),
    "resource": Word("resource", "resources"),
    "invoice": Word("invoice", "invoices"),
    "service": Word("service", "services"),
    "organization": Word("organization", "organizations"),
    "goal": Word("goal", "goals"),
    "note": Word("note", "notes"),
    "request": Word("booking request", "booking requests"),
}
_DE = {
    "client": Word("Klient", "Klienten", "m"),
    "practitioner": Word("Fachkraft", "Fachkräfte", "f"),
    "appointment": Word("Termin", "Termine", "m"),
    "session": Word("Sitzung", "Sitzungen", "f"),
    "agent": Word("Vertretung", "Vertretungen", "f"),
    "staff_member": Word("Teammitglied", "Teammitglieder", "n"),
    "guardian": Word("Sorgeberechtigte Person", "Sorgeberechtigte", "f"),
    "resource": Word("Material", "Materialien", "n"),
    "invoice": Word("Rechnung", "Rechnungen", "f"),
    "service": Word("Leistung", "Leistungen", "f"),
    "organization": Word("Organisation", "Organisationen", "f"),
    "goal": Word("Ziel", "Ziele", "n"),
    "note": Word("Notiz", "Notizen", "f"),
    "request": Word("Terminanfrage", "Terminanfragen", "f"),
}
_ES = {
    "client": Word("cliente", "clientes", "m"),
    "practitioner": Word("profesional", "profesionales", "m"),
    "appointment": Word("cita", "citas", "f"),
    "session": Word("sesión", "sesiones", "f"),
    "agent": Word("agente", "agentes", "m"),
    "staff_member": Word("miembro del equipo", "miembros del equipo", "m"),
    "guardian": Word("tutor", "tutores", "m"),
    "resource": Word("recurso", "recursos", "m"),
    "invoice": Word("factura", "facturas", "f"),
    "service": Word("servicio", "servicios", "m"),
    "organization": Word("organización", "organizaciones", "f"),
    "goal": Word("objetivo", "objetivos", "m"),
    "note": Word("nota", "notas", "f"),
    "request": Word("solicitud de cita", "solicitudes de cita", "f"),
}
_CLINIC = {
    "en": {
        "practitioner": Word("therapist", "therapists"),
        "organization": Word("clinic", "clinics"),
    },
    "de": {
        "practitioner": Word("Therapeutin", "Therapeutinnen", "f"),
        "organization": Word("Praxis", "Praxen", "f"),
    },
    "es": {
        "practitioner": Word("terapeuta", "terapeutas", "m"),
        "organization": Word("clínica", "clínicas", "f"),
    },
}
_SCHOOL = {
    "en": {
        "client": Word("student", "students"),
        "practitioner": Word("teacher", "teachers"),
        "appointment": Word("lesson", "lessons"),
        "session": Word("lesson", "lessons"),
        "guardian": Word("parent", "parents"),
        "resource": Word("material", "materials"),
        "service": Word("course", "courses"),
        "organization": Word("school", "schools"),
        "request": Word("lesson request", "lesson requests"),
    },
    "de": {
        "client": Word("Schüler", "Schüler", "m"),
        "practitioner": Word("Lehrkraft", "Lehrkräfte", "f"),
        "appointment": Word("Stunde", "Stunden", "f"),
        "session": Word("Stunde", "Stunden", "f"),
        "guardian": Word("Elternteil", "Eltern", "n"),
        "service": Word("Kurs", "Kurse", "m"),
        "organization": Word("Schule", "Schulen", "f"),
        "request": Word("Stundenanfrage", "Stundenanfragen", "f"),
    },
    "es": {
        "client": Word("alumno", "alumnos", "m"),
        "practitioner": Word("profesor", "profesores", "m"),
        "appointment": Word("clase", "clases", "f"),
        "session": Word("clase", "clases", "f"),
        "guardian": Word("padre o madre", "padres", "m"),
        "resource": Word("material", "materiales", "m"),
        "service": Word("curso", "cursos", "m"),
        "organization": Word("escuela", "escuelas", "f"),
        "request": Word("solicitud de clase", "solicitudes de clase", "f"),
    },
}
# preset → language → key → word; the neutral preset is complete, the others say only what differs.
PRESETS: dict[str, dict[str, dict[str, Word]]] = {
    "neutral": {"en": _EN, "de": _DE, "es": _ES},
    "clinic": _CLINIC,
    "school": _SCHOOL,
}


def register(key: str, words: Mapping[str, Mapping[str, Word]]) -> None:
    """Add a noun, as preset → language → word. RuntimeError when it is there already, or lacks a neutral word in one of the languages."""
    if key in PRESETS["neutral"]["en"]:
        raise RuntimeError(f"two rooms have the term {key}")
    if set(words.get("neutral", {})) != set(LANGUAGES):
        raise RuntimeError(f"the term {key} needs a neutral word in each language")
    for preset, languages in words.items():
        for language, word in languages.items():
            PRESETS[preset].setdefault(language, {})[key] = word
