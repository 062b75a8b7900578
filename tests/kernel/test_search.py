"""What is found and how it is sorted, asked of PostgreSQL, which folds the names."""

import pytest
from django.db import connection

from branding.models import Brand
from core.kernel import search_keys
from core.people.models import Client, User
from core.people.queries import found_by, in_client

ZONE = "Europe/Dublin"


def folded(text: str, function: str = "folded") -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {search_keys.SCHEMA}.{function}(%s)", [text])
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Ångström", "angstrom"),
        ("Angstro\u0308m", "angstrom"),
        ("O’Rourke", "orourke"),
        ("O'Rourke", "orourke"),
        ("O‘Brien ʼn d`Or", "obrien n dor"),
        ("Straße STRASSE", "strasse strasse"),
        ("Øyvind Łukasz Đorđe Æsir Þór", "oyvind lukasz dorde aesir thor"),
        ("İbrahim ırmak", "ibrahim irmak"),
        ("Ｊｏｈｎ ﬁn", "john fin"),
        ("Anna‑Maria  v. d. Berg", "anna maria v d berg"),
        ("zw\u200bx\u00ad\ufeff", "zwx"),
        ("\u3164\u200b\u2800", ""),
        ("ΔΙΟΣ Δίος", "διοσ διοσ"),
        ("张伟 😀", "张伟 😀"),
        ("RE-2026/0001 [x]\\y", "re 2026 0001 x y"),
        ("", ""),
    ],
)
def test_names_are_folded(north, text, key):
    assert folded(text) == key


def test_keys_are_kept_by_the_database_whoever_writes(north):
    client = Client.objects.create(first_name="Zoë", last_name="D’Arc", phone="+353 (0)85 12", time_zone=ZONE)
    assert client.search_key == "zoe darc 35308512"

    Client.objects.filter(pk=client.pk).update(last_name="Öz", email="Ö@x.example")

    client.refresh_from_db()
    assert client.search_key == "zoe oz o@x example 35308512"
    assert client.sort_key == "oz zoe"


NAMES = {
    "Björn Ångström": "",
    "Aoife O’Rourke": "+353 85 123 4567",
    "Conor O'Brien": "011 15-2345-6789",
    "Jose\u0301 Nu\u0301n\u0303ez": "(020) 7946-0958",
    "Mia Schmitt": "",
    "John Meyer": "",
}


@pytest.fixture
def people(cast):
    """Clients with names and numbers as people write them."""
    Brand.objects.update(country="IE")
    for name, phone in NAMES.items():
        first, last = name.split(" ", 1)
        Client.objects.create(first_name=first, last_name=last, phone=phone, time_zone=ZONE)
    return Client.objects.all()


def found(people, typed):
    return sorted(client.name for client in found_by(typed, people, in_client))


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Angstrom", "Björn Ångström"),
        ("ÅNGSTRÖM", "Björn Ångström"),
        ("ngström bjo", "Björn Ångström"),
        ("O'Rourke", "Aoife O’Rourke"),
        ("orourke aoife", "Aoife O’Rourke"),
        ("O´Brien", "Conor O'Brien"),
        ("O’Brien, Conor", "Conor O'Brien"),
        ("José Núñez", "Jose\u0301 Nu\u0301n\u0303ez"),
        ("nunez", "Jose\u0301 Nu\u0301n\u0303ez"),
        ("+353851234567", "Aoife O’Rourke"),
        ("0851234567", "Aoife O’Rourke"),
        ("00353 85 1234567", "Aoife O’Rourke"),
        ("+353 (0)85 123-4567", "Aoife O’Rourke"),
        ("123 4567", "Aoife O’Rourke"),
        ("aoife 0851234567", "Aoife O’Rourke"),
        ("+54 9 11 2345 6789", "Conor O'Brien"),
        ("+44 20 7946 0958", "Jose\u0301 Nu\u0301n\u0303ez"),
        ("gus@north.test", "Cleo Marten"),
    ],
)
def test_what_is_typed_finds(people, typed, name):
    assert found(people, typed) == [name]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Shcmitt", "Mia Schmitt"),
        ("Schmit", "Mia Schmitt"),
        ("Schmtt", "Mia Schmitt"),
        ("Schmidt", "Mia Schmitt"),
        ("Jonh", "John Meyer"),
        ("Meier", "John Meyer"),
        ("Angstrem", "Björn Ångström"),
        ("Orurke", "Aoife O’Rourke"),
    ],
)
def test_one_typing_error_is_forgiven(people, typed, name):
    assert found(people, typed) == [name]


@pytest.mark.parametrize("typed", ["zzz", "%", "_", "???", "\x00", "Schmitt Meyer", "9999999"])
def test_nothing_is_found(people, typed):
    assert found(people, typed) == []


def test_what_is_typed_rightly_is_not_stretched(people):
    Client.objects.create(first_name="John", last_name="Meier", time_zone=ZONE)

    assert found(people, "Meyer") == ["John Meyer"]
    assert len(found(people, "")) == Client.objects.count()


def test_names_are_sorted_as_people_read_them(cast):
    names = [
        "Zorn",
        "de vries",
        "Ñandú",
        "Nz",
        "Nandu",
        "Äpfel",
        "Dorn",
        "\u200bApfelbaum",
        "Éclair",
        "O’Neill",
        "Onegin",
    ]
    for name in names:
        Client.objects.create(first_name="X", last_name=name, time_zone=ZONE)
    Client.objects.create(first_name="Emil", time_zone=ZONE)
    Client.objects.create(first_name="\u3164", time_zone=ZONE)

    in_order = [client.last_name or client.first_name for client in Client.objects.exclude(pk=cast.cleo.pk)]

    assert in_order == [
        "Äpfel", "\u200bApfelbaum", "de vries", "Dorn", "Éclair", "Emil", "Nandu", "Nz", "Ñandú", "Onegin", "O’Neill", "Zorn", "\u3164",
    ]  # fmt: skip


def test_logins_are_sorted_by_name_whatever_its_capitals(cast):
    for name in ("zoe", "Ärzte", "bert"):
        User.objects.create_user(email=f"{name.encode().hex()}@north.test", name=name, time_zone=ZONE)

    names = list(User.objects.order_by("sort_key").values_list("name", flat=True))

    assert names.index("Ärzte") < names.index("bert") < names.index("Nora North") < names.index("zoe")
