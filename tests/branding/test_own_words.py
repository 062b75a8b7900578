"""What a person reads has the organization's nouns: no sentence of an app names one by itself."""

import ast
import re
from pathlib import Path

import pytest
from django.utils import translation

from branding.models import Brand
from branding.queries import current_brand, in_own_words, term
from branding.rules.own_words import in_own_words as with_words
from branding.rules.vocabulary import Vocabulary
from core.people.roles import ROLES
from tests.rules_tables import rows

# Nouns for which some organizations have another word.
NOUNS = re.compile(r"\b(appointment|client|practitioner|session|guardian)s?\b", re.IGNORECASE)
GETTEXT = {"translate", "translate_plural", "gettext_noop", "_", "gettext", "gettext_lazy", "ngettext"}
APPS = ("core", "billing")
# Shown through `in_own_words`, or written once as the organization's own text; labels of choices that no page shows as they stand.
NAMED = {Path("core/people/roles.py"), Path("core/pages/first_pages.py")}
LABELS = {"Guardian", "The client", "A login of the client"}


def sentences(path):
    """Every text that a translator gets from this file."""
    for call in ast.walk(ast.parse(path.read_text())):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in GETTEXT:
            for part in call.args:
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    yield part.value


def test_no_sentence_names_a_noun_that_organizations_have_a_word_for():
    found = [
        f"{path}: {text}"
        for app in APPS
        for path in sorted(Path(app).rglob("*.py"))
        if path not in NAMED
        for text in sentences(path)
        if text not in LABELS and NOUNS.search(re.sub(r"%\(\w+\)s", "", text))
    ]
    assert found == []


@pytest.mark.parametrize(("preset", "language", "said", "read"), rows("own-words"))
def test_nouns_are_replaced_as_whole_words(preset, language, said, read):
    assert with_words(said, Vocabulary(preset=preset, language=language)) == read


@pytest.fixture
def school(north):
    Brand.objects.update(vocabulary="school")
    current_brand().refresh_from_db()


@pytest.mark.parametrize(("language", "name"), [("en", "Teacher"), ("de", "Lehrkraft"), ("es", "Docente")])
def test_role_is_called_as_the_school_calls_it(cast, school, language, name):
    with translation.override(language):
        assert ROLES["practitioner"].name == name
        assert term("appointment") == {"en": "lesson", "de": "Stunde", "es": "clase"}[language]


def test_without_an_organization_the_sentence_stands():
    assert in_own_words("See upcoming appointments.") == "See upcoming appointments."


@pytest.mark.parametrize("path", ["/people/staff/", "/people/roles/", "/people/staff/new/"])
def test_pages_show_the_role_by_the_schools_word(cast, school, visit, path):
    page = visit(cast.nora).get(path).content.decode()
    assert "Teacher" in page
    assert "Practitioner" not in page and "practitioner:" not in page
