"""The tags: strict about what they are given, and safe with it."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.utils import timezone, translation
from django.utils.safestring import SafeString

from branding import monogram
from branding.queries import current_brand
from branding.rules.vocabulary import UnknownTerm, Vocabulary
from core.kernel.money import Money
from core.kernel.translation import labelled
from themes.components import COMPONENTS

MORNING = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def drawn(source: str, **context: object) -> str:
    """A template's text, white space folded."""
    return " ".join(Template("{% load themes %}" + source).render(Context(context)).split())


def test_button_is_a_button_and_with_an_address_a_link() -> None:
    button = drawn('{% component "button" label="Save" type="submit" variant="primary" %}')
    link = drawn('{% component "button" label="Save" href="/x/" %}')

    assert button.startswith('<button type="submit" class="button button--primary button--medium"')
    assert link.startswith('<a href="/x/" class="button button--secondary button--medium"')


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ('{% component "buton" label="x" %}', "There is no component 'buton'. There are: alert, avatar"),
        ('{% component "button" lable="x" %}', "button has no attribute 'lable'. It has: closes"),
        ('{% component "button" %}', "button needs 'label'"),
        ('{% component "button" "Save" %}', "is not written as attribute=value"),
        ('{% component button label="x" %}', "is named by a literal"),
        ("{% component %}", "is named by a literal"),
        ('{% wrap "button" label="x" %}{% endwrap %}', "takes no content"),
        ('{% wrap "card" %}{% slot "actoins" %}{% endslot %}{% endwrap %}', "has no slot 'actoins'"),
    ],
)
def test_mistakes_are_found_when_the_template_is_compiled(source: str, complaint: str) -> None:
    with pytest.raises((TemplateSyntaxError, LookupError), match=complaint):
        Template("{% load themes %}" + source)


def test_a_value_outside_a_closed_list_is_refused() -> None:
    with pytest.raises(TemplateSyntaxError, match="variant='loud' is not one of"):
        drawn('{% component "button" label="x" variant=kind %}', kind="loud")


def test_attributes_of_html_are_handed_through_and_escaped() -> None:
    text = drawn('{% component "button" label="x" hx_get=url data_id="7" %}', url='/a?b="><script>')

    assert ' hx-get="/a?b=&quot;&gt;&lt;script&gt;" data-id="7"' in text


def test_what_people_typed_is_escaped() -> None:
    text = drawn('{% component "person" name=name detail=name %}{% component "bubble" author=name text=name %}',
                 name="<b>Mila</b>")  # fmt: skip

    assert "<b>" not in text
    assert "&lt;b&gt;Mila&lt;/b&gt;" in text


def test_slots_go_to_their_place_and_see_the_page() -> None:
    text = drawn(
        '{% wrap "card" title="A" %}body {{ word }}{% slot "footer" %}foot {{ word }}{% endslot %}{% endwrap %}',
        word="W",
    )

    assert '<div class="card__body">body W</div>' in text
    assert '<div class="card__foot">foot W</div>' in text


def test_a_component_sees_only_what_it_is_given() -> None:
    assert "secret" not in drawn('{% component "badge" label="x" %}{% wrap "card" %}y{% endwrap %}', title="secret")


@pytest.mark.parametrize("name", sorted(COMPONENTS))
def test_every_component_has_its_template(name: str) -> None:
    Template("{% include 'components/" + name + ".html' %}")


def test_icon_is_decoration_unless_it_has_a_label() -> None:
    assert 'aria-hidden="true"' in drawn('{% icon "calendar" %}')
    assert 'role="img" aria-label="Calendar"' in drawn('{% icon "calendar" label="Calendar" %}')


def test_an_icon_that_the_sprite_lacks_is_refused() -> None:
    with pytest.raises(ValueError, match="Add it to themes/icons.txt"):
        drawn('{% icon "unicorn" %}')


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('{% term "client" %}', "student"),
        ('{% term "client" plural=True cap=True %}', "Students"),
        ('{% term "invoice" article="a" %}', "an invoice"),
        ('{% term "client" article="the" cap=True %}', "The student"),
    ],
)
def test_term_says_the_organizations_noun(source: str, expected: str) -> None:
    assert drawn(source, vocabulary=Vocabulary("school")) == expected


def test_term_reads_the_request_and_falls_back_to_neutral_words() -> None:
    request = RequestFactory().get("/")
    assert drawn('{% term "appointment" %}', request=request) == "appointment"

    request.vocabulary = Vocabulary("school")
    assert drawn('{% term "appointment" %}', request=request) == "lesson"
    with translation.override("de"):
        assert drawn('{% term "appointment" %}') == "Termin"


def test_term_refuses_a_noun_that_is_none() -> None:
    with pytest.raises(UnknownTerm):
        drawn('{% term "patient" %}')


def test_a_time_is_written_in_its_zone_and_names_it() -> None:
    with translation.override("en"):
        text = drawn('{% local_time at zone="America/New_York" style="time" %}', at=MORNING)

    assert text == (
        '<time datetime="2026-11-23T03:00:00-05:00">3:00\u202fAM <abbr class="zone" title="America/New_York">EST</abbr></time>'
    ).replace("\u202f", " ")


def test_a_time_without_a_zone_is_the_readers() -> None:
    with timezone.override("Asia/Kathmandu"):
        text = drawn('{% local_time at style="time" %}', at=MORNING)

    assert "2026-11-23T13:45:00+05:45" in text
    assert "UTC+05:45" in text


def test_a_range_names_the_day_once_and_both_when_it_passes_midnight() -> None:
    with translation.override("de"):
        same = drawn('{% time_range a b zone="UTC" %}', a=MORNING, b=MORNING.replace(hour=9))
        over = drawn('{% time_range a b zone="UTC" %}', a=MORNING, b=MORNING.replace(day=24))

    assert (same.count("23."), same.count("24.")) == (1, 0)
    assert (over.count("23."), over.count("24.")) == (1, 1)


@pytest.mark.parametrize(("at", "expected"), [(None, "")])
def test_no_time_leaves_no_trace(at: datetime | None, expected: str) -> None:
    assert drawn("{% local_time at %}", at=at) == expected


def test_a_style_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="is not one of datetime, date, time"):
        drawn('{% local_time at style="long" %}', at=MORNING)


@pytest.mark.parametrize(
    ("language", "amount", "expected"),
    [
        ("en", Money(123450, "EUR"), '<data class="money" value="1234.50">€1,234.50</data>'),
        ("de", Money(123450, "EUR"), '<data class="money" value="1234.50">1.234,50 €</data>'),
        ("en", Money(500, "JPY"), '<data class="money" value="500">¥500</data>'),
    ],
)
def test_money_is_written_for_the_reader(language: str, amount: Money, expected: str) -> None:
    with translation.override(language):
        assert drawn("{% money amount %}", amount=amount) == expected


def test_a_hidden_amount_leaves_no_trace() -> None:
    assert drawn("{% money amount %}", amount=None) == ""


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Mila Brandt", "MB"),
        ("Ana María de la Cruz", "AC"),
        ("Cher", "C"),
        ("", "?"),
        ("(x) y", "Y"),
        ("👨‍👩‍👧 Ana", "A"),
        ("E\u0301mile Zo\u00eb", "E\u0301Z"),
        ("किरण राव", "किरा"),
    ],
)
def test_initials_are_of_the_first_and_the_last_word(name: str, letters: str) -> None:
    assert drawn("{{ name|initials }}", name=name) == letters


def test_the_monogram_of_a_page_is_that_of_the_icon() -> None:
    assert (
        drawn("{{ name|monogram }}", name="Harbour Speech Therapy")
        == monogram.initials("Harbour Speech Therapy")
        == "HS"
    )


def test_the_same_name_always_has_the_same_tone() -> None:
    tones = {drawn("{{ name|tone_of }}", name=f"Name {number}") for number in range(100)}

    assert drawn("{{ 'Mila'|tone_of }}") == drawn("{{ 'Mila'|tone_of }}")
    assert tones == {str(number) for number in range(1, 9)}


@pytest.mark.parametrize("layout", ["app", "public", "auth", "live", "blank", "operator"])
def test_layouts_need_nothing_and_carry_the_organization(layout: str) -> None:
    source = "{% extends 'layouts/" + layout + ".html' %}{% block title %}Page{% endblock %}"
    bare = Template(source).render(Context({}))
    named = Template(source).render(Context({"organization": SimpleNamespace(name="Harbour & Sons")}))

    assert "<title>Page" in bare
    assert "None" not in bare
    if layout != "operator":
        assert "<title>Page · Harbour &amp; Sons</title>" in named
        assert "&amp;amp;" not in named


def test_pages_keep_the_filter_and_drop_the_page_they_came_from() -> None:
    page = Paginator(range(60), 20).get_page(2)
    links = drawn(
        '{% component "pagination" page=page query=query %}', page=page, query="when=past&page=2&page=1&q=a%26b"
    )

    assert 'href="?when=past&amp;q=a%26b&amp;page=1"' in links
    assert 'href="?when=past&amp;q=a%26b&amp;page=3"' in links


def test_pages_without_a_filter_are_a_number() -> None:
    page = Paginator(range(60), 20).get_page(2)

    assert 'href="?page=3"' in drawn('{% component "pagination" page=page query="page=2" %}', page=page)


@pytest.mark.parametrize(("country", "day"), [("IE", "23 Nov"), ("DE", "23 Nov"), ("US", "Nov 23"), ("ZZ", "23 Nov")])
def test_days_are_written_as_in_the_organizations_country(cast, monkeypatch, country, day) -> None:
    monkeypatch.setattr(current_brand(), "country", country)

    with translation.override("en"):
        assert day in drawn('{% local_time at zone="UTC" %}', at=MORNING)


@pytest.mark.parametrize(
    ("country", "language", "days"),
    [
        ("GB", "en", ("23 November 2026", "23 Nov 2026", "23 November", "Monday, 23 November")),
        ("US", "en", ("November 23, 2026", "Nov 23, 2026", "November 23", "Monday, November 23")),
        ("DE", "en", ("23 November 2026", "23 Nov 2026", "23 November", "Monday, 23 November")),
        ("DE", "de", ("23. November 2026", "23. Nov. 2026", "23. November", "Montag, 23. November")),
        ("ES", "es", ("23 de noviembre de 2026", "23 nov 2026", "23 de noviembre", "lunes, 23 de noviembre")),
        ("FR", "fr", ("23 novembre 2026", "23 nov. 2026", "23 novembre", "lundi 23 novembre")),
    ],
)
def test_a_day_alone_is_written_as_in_the_organizations_country(cast, monkeypatch, country, language, days) -> None:
    monkeypatch.setattr(current_brand(), "country", country)

    with translation.override(language):
        found = drawn('{{ d|day }}|{{ d|day:"short" }}|{{ d|day:"plain" }}|{{ d|day:"week" }}', d=MORNING.date())
        assert tuple(found.split("|")) == days
        assert drawn("{{ d|day }}", d=None) == ""


@pytest.mark.parametrize(
    ("country", "written"),
    [("GB", "23 November 2026, 09:00 (Europe/Berlin)"), ("US", "November 23, 2026, 9:00 AM (Europe/Berlin)")],
)
def test_a_moment_in_a_sentence_is_the_readers_and_the_countrys(cast, monkeypatch, country, written) -> None:
    monkeypatch.setattr(current_brand(), "country", country)

    with translation.override("en"), timezone.override("Europe/Berlin"):
        assert " ".join(drawn("{{ at|moment }}", at=MORNING).split()) == written  # whatever kind of space stands there


@pytest.mark.parametrize(("language", "said"), [("en", "a:"), ("de", "a:"), ("fr", "a\u00a0:")])
def test_colon_behind_a_label_is_the_languages(language: str, said: str) -> None:
    page = Template("{% load themes %}{{ label|colon }}")

    with translation.override(language):
        assert labelled("a", "b") == f"{said} b"
        assert page.render(Context({"label": SafeString("a")})) == said
        assert page.render(Context({"label": "<a"})) == f"&lt;{said}"
