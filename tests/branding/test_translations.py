"""Nouns are filled in where Django looks a sentence up: at once and lazily, in code and in templates, singular and plural."""

import pytest
from django.template import engines
from django.utils import translation
from django.utils.translation import gettext, gettext_lazy, ngettext

from branding.actions import change_brand
from branding.queries import current_brand

pytestmark = pytest.mark.django_db

LAZY = gettext_lazy("See upcoming %(appointments)s.")


@pytest.fixture
def school(cast):
    change_brand(current_brand(), by=cast.nora, vocabulary="school")


def drawn(source: str) -> str:
    return engines["django"].from_string("{% load i18n themes %}" + source).render({"number": 2, "name": "<b>"})


@pytest.mark.parametrize(
    ("language", "read"),
    [
        ("en", "See upcoming lessons."), ("de", "Kommende Stunden sehen."), ("es", "Ver las próximas clases."),
        ("fr", "Voir les cours à venir."),
    ],
)  # fmt: skip
def test_sentences_have_the_organizations_nouns(school, language, read):
    with translation.override(language):
        assert gettext("See upcoming %(appointments)s.") == str(LAZY) == read


def test_plurals_have_them(school):
    said = "%(count)s %(invoice)s was made.", "%(count)s %(invoices)s were made."
    assert [ngettext(*said, n) % {"count": n} for n in (1, 2)] == ["1 invoice was made.", "2 invoices were made."]


@pytest.mark.parametrize(
    ("source", "read"),
    [
        ('{% translate "See upcoming %(appointments)s." %}', "See upcoming lessons."),
        ('{% translate "Add %(client:a|an)s %(client)s" as label %}[{{ label }}]', "[Add a student]"),
        ("{% blocktranslate %}{{ number }} of %(clients)s, 5 %{% endblocktranslate %}", "2 of students, 5 %"),
        ("{% blocktranslate %}{{ name }}: {{ Clients }}{% endblocktranslate %}", "&lt;b&gt;: Students"),
        ("{% blocktranslate count n=number %}one %(client)s{% plural %}{{ n }} %(clients)s{% endblocktranslate %}", "2 students"),
        ('{{ _("%(Clients)s") }}', "Students"),
    ],
)  # fmt: skip
def test_templates_have_them(school, source, read):
    assert drawn(source) == read


def test_outside_an_organization_the_neutral_words_stand():
    with translation.override("de"):
        assert gettext("See upcoming %(appointments)s.") == "Kommende Termine sehen."


def test_an_untranslated_sentence_has_english_nouns(school):
    with translation.override("de"):
        assert gettext("Nobody translated this about %(clients)s.") == "Nobody translated this about students."
