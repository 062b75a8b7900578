"""Names of things are listed as people read them, as names of people are: whatever their capitals and accents."""

import re

import pytest
from bs4 import BeautifulSoup
from django.db import connection

from billing.models import Service
from core.kernel import search_keys
from core.kernel.reading_order import reading_key
from core.scheduling.models import BookableResource, CompletionType

MIXED = ["Zeichnen", "abend", "Ärger", "Bewegung", "österlich", "Ñandú", "Nz", "“Zu zweit”"]
IN_ORDER = ["abend", "Ärger", "Bewegung", "Nz", "Ñandú", "österlich", "Zeichnen", "“Zu zweit”"]


def shown_in_order(page):
    """Those of the names that the page shows, each where it stands first."""
    text = " ".join(BeautifulSoup(page.content, "html.parser").get_text(" ").split())
    at = {name: match.start() for name in MIXED if (match := re.search(re.escape(name), text))}
    return sorted(at, key=lambda name: at[name])


def test_services_are_listed_in_reading_order(cast, visit):
    for name in MIXED:
        Service.objects.create(name=name, amount=100, currency="EUR")

    for path in ("/billing/services/", "/appointments/new/"):
        assert shown_in_order(visit(cast.nora).get(path)) == IN_ORDER, path


def test_rooms_are_listed_in_reading_order(cast, visit):
    for name in MIXED:
        BookableResource.objects.create(name=name, kind="room")

    for path in ("/settings/appointments/rooms/", "/appointments/new/"):
        assert shown_in_order(visit(cast.nora).get(path)) == IN_ORDER, path


def test_completion_types_are_listed_in_reading_order(cast):
    for name in MIXED:
        CompletionType.objects.create(name=name, outcome="held", position=900)

    assert [kind.name for kind in CompletionType.objects.filter(position=900)] == IN_ORDER


def test_countries_are_listed_in_reading_order(cast, visit):
    page = BeautifulSoup(
        visit(cast.nora).get("/settings/appointments/closed-days/public-holidays/").content, "html.parser"
    )
    names = [option.text.strip() for option in page.select('select[name="country"] option[value!=""]')]

    assert names.index("Afghanistan") < names.index("Åland Islands") < names.index("Albania") < names.index("Zambia")


@pytest.mark.parametrize(
    "name",
    [
        *MIXED,
        "Straße",
        "Łódź",
        "İzmir ırmak",
        "O’Neill",
        "張偉 2",
        "\u3164\u200b",
        "v. d. Berg-Ø",
        "Ｆｕｌｌ",
        "ﬁn",
        "",
    ],
)
def test_order_is_that_of_the_database(north, name):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {search_keys.SCHEMA}.sorted(%s)", [name])
        assert reading_key(name) == cursor.fetchone()[0]
