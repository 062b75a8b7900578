"""The catalogues are complete, and say the same with the same values."""

import ast
import re
from io import BytesIO
from itertools import combinations
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from branding.rules.sentences import PLACE, fill, term_named, terms_in
from branding.rules.vocabulary import Vocabulary
from deploy.local import messages

pytestmark = pytest.mark.unit
VALUE = re.compile(r"%\((\w+)\)[sd]")
LIQUID = re.compile(r"{{.*?}}|{%.*?%}")  # in the texts of messages
# How many forms what hangs on a noun has: one for each gender, in French another before a vowel.
FORMS = {"de": {3}, "es": {2}, "fr": {2, 3}}
KEYS_OF_THE_KEYBOARD = re.compile(r"Alt(\+[A-Z])?")
SAME_EVERYWHERE = ("min", "PDF", "PNG", "SVG", "CAA")


@pytest.fixture(scope="module")
def said() -> Catalog:
    return messages.said_in_sources()


@pytest.fixture(params=messages.catalogues(), ids=lambda path: path.parts[-3])
def catalogue(request, said) -> Catalog:
    return messages.updated(request.param, said)


def test_sentence_inside_of_an_f_string_is_found() -> None:
    source = BytesIO(b"""f"{bold(translate('At work or school'))}: {_('%(number)s more') % values}" """)

    found = [message[2] for message in messages.from_python(source, messages.KEYWORDS, (), {})]

    assert {"At work or school", "%(number)s more"} <= set(found)


def as_list(text: str | tuple[str, ...]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


def test_there_are_german_spanish_and_french() -> None:
    assert [path.parts[-3] for path in messages.catalogues()] == ["de", "es", "fr"]


def test_every_sentence_of_the_sources_is_translated(catalogue, said) -> None:
    assert len(said) > 1000
    assert list(messages.untranslated(catalogue)) == []


def test_the_committed_file_is_what_the_sources_say(catalogue, said) -> None:
    path = messages.LOCALE / str(catalogue.locale) / "LC_MESSAGES" / "django.po"
    assert {message.id for message in messages.read(path)} == {message.id for message in catalogue}, (
        "run `make messages`"
    )


def test_both_sides_have_the_same_values(catalogue) -> None:
    for message in catalogue:
        for form in map(filled, as_list(message.string)):
            wanted = set(VALUE.findall(filled(as_list(message.id)[-1])))
            assert set(VALUE.findall(form)) == wanted, form
            if message.python_format and wanted:
                assert form % dict.fromkeys(wanted, 1)  # a lone per cent sign would raise


def filled(sentence: str) -> str:
    """A sentence with nouns, so that the places that are left are those of other values."""
    return fill(sentence, Vocabulary())


def test_a_translation_names_no_other_nouns_than_the_sentence(catalogue) -> None:
    for message in catalogue:
        named = {term for form in as_list(message.id) for term in terms_in(form)}
        for form in as_list(message.string):
            assert set(terms_in(form)) <= named, form


def test_what_hangs_on_a_noun_has_a_form_for_each_gender(catalogue) -> None:
    language = str(catalogue.locale)
    for message in catalogue:
        for form in as_list(message.string):
            for found in PLACE.finditer(form):
                if found[2] is not None:
                    assert len(found[2].split("|")) in FORMS[language], form


def test_catalogues_of_two_languages_do_not_say_the_same() -> None:
    """Because a sentence that landed in the wrong catalogue is a translation to every other test."""
    for one, other in combinations(messages.catalogues(), 2):
        there = {message.id: message.string for message in messages.read(other)}
        same = [
            m.id
            for m in messages.read(one)
            if m.id and len(" ".join(as_list(m.string)).split()) > 3 and there.get(m.id) == m.string
        ]
        assert [
            sentence for sentence in same if LIQUID.sub("", VALUE.sub("", as_list(sentence)[0])).strip(" %():,–")
        ] == []


def test_every_language_speaks_formally(catalogue) -> None:
    familiar = {
        "de": r"\b([Dd]u|[Dd]ir|[Dd]ich|[Dd]ein(e[rsnm]?)?)\b",
        "es": r"\b([Tt]ú|[Tt]us?|[Tt]e|[Tt]ienes|[Pp]uedes)\b",
        "fr": r"\b([Tt]u|[Tt]oi|[Tt]es|[Tt]ienne?s?)\b",
    }
    pattern = re.compile(familiar[str(catalogue.locale)])
    assert not [form for message in catalogue for form in as_list(message.string) if pattern.search(form)]


def test_nothing_that_names_a_machine_or_a_tool_lands_in_a_catalogue() -> None:
    for path in messages.catalogues():
        header = path.read_text().split("\n\n")[0]
        assert "Generated-By" not in header and "Date" not in header
        assert "colonnade" not in path.read_text().lower()


def test_templates_are_read_with_their_plurals() -> None:
    page = b"<p>\n {% translate 'Hello' %}{# no #}</p>{% blocktranslate count n=n %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}"
    found = [row[2] for row in messages.from_template(BytesIO(page), list(messages.KEYWORDS), [], {})]
    assert found[0] == "Hello" and found[1][:2] == ("%(n)s day", "%(n)s days")


@pytest.mark.parametrize(
    "path",
    [path for path in messages.sources() if path.suffix in (".html", ".mjml", ".inc")],
    ids=lambda path: path.name,
)
def test_a_template_shows_no_words_that_cannot_be_translated(path: Path) -> None:
    assert bare_words(path.read_text()) == []


def test_bare_words_are_found() -> None:
    assert bare_words("<p>Hello {{ name }}</p>") == ["Hello"]
    assert bare_words('<p aria-label="Close it">{% translate "Hi" %} <!-- not shown --></p>') == ["Close it"]
    assert bare_words('{% component "button" label="Save" %}') == ["Save"]


def bare_words(template: str) -> list[str]:
    """Text, and attributes that people read, which stand in a template outside every translation."""
    unseen = r"{%\s*blocktranslate.*?endblocktranslate\s*%}|{#.*?#}|<!--.*?-->|<mj-style.*?</mj-style>|{{.*?}}"
    text = re.sub(unseen, "", template, flags=re.DOTALL)
    given = [
        word for tag in re.findall(r"{%.*?%}", text, re.DOTALL)
        for word in re.findall(r' (?:label|title|subtitle|text|caption|placeholder)="([^"]*[A-Za-z]{2}[^"]*)"', tag)
    ]  # fmt: skip
    attributes = r"[a-z-]+|[a-z-]+=\"[^\"]*\" [a-z-]+"  # a layout's blocks of classes and attributes
    text = re.sub(rf"{{%\s*block \w+\s*%}}\s*({attributes}){{%\s*endblock.*?%}}|{{%.*?%}}", "", text, flags=re.DOTALL)
    shown = re.findall(r'(?:aria-label|title|alt|placeholder)="([^"]*[A-Za-z]{2}[^"]*)"', text)
    between = [part.strip() for part in re.sub(r"<[^>]*>", "\0", text, flags=re.DOTALL).split("\0")]
    words = [part for part in between if re.search(r"[A-Za-z]{2}", re.sub(r"&\w+;", "", part))]
    return [
        word
        for word in given + shown + words
        if not KEYS_OF_THE_KEYBOARD.fullmatch(word) and word not in SAME_EVERYWHERE
    ]


def written(node: ast.expr) -> str:
    """The letters that stand in a string or f-string itself."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    return "".join(str(part.value) for part in parts if isinstance(part, ast.Constant))


@pytest.mark.parametrize(
    "path", [path for path in messages.sources() if path.suffix == ".py"], ids=lambda path: path.name
)
def test_what_an_error_tells_a_person_can_be_translated(path: Path) -> None:
    """`DomainError(code, "Plain words.")` would be read in English by everybody: it is `translate("Plain words.")`."""
    plain = []
    for node in ast.walk(ast.parse(path.read_text())):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("DomainError", "ConflictError")
        ):
            plain += [ast.unparse(part) for part in node.args[1:2] if re.search("[a-z]", written(part))]
    assert plain == []


@pytest.mark.parametrize(
    "path", [path for path in messages.sources() if path.suffix == ".py"], ids=lambda path: path.name
)
def test_no_value_of_a_sentence_has_the_name_of_a_noun(path: Path) -> None:
    """`translate("%(client)s pays.", client=…)` would read "student pays." for everybody: it is `client_name`."""
    names = []
    for node in ast.walk(ast.parse(path.read_text())):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("translate", "translate_plural")
        ):
            names += [keyword.arg for keyword in node.keywords]
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) and isinstance(node.right, ast.Dict):
            names += [key.value for key in node.right.keys if isinstance(key, ast.Constant)]
    assert [name for name in names if name and term_named(str(name))] == []
