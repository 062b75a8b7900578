"""Permissions: only those that some page asks for are offered, and each role has those of docs/rules/roles.md."""

from importlib import import_module
from pathlib import Path

import pytest
from django.db import connection

from branding.rules.sentences import fill
from branding.rules.vocabulary import Vocabulary
from core.kernel.errors import DomainError
from core.people import actions
from core.people.models import Client
from core.people.roles import CLIENT_DEFAULTS, ROLES, ClientPermission, Permission
from tests.rules_tables import rows

ROOT = Path(__file__).resolve().parents[2]
APPS = ("core", "billing", "sessions_live", "portal")
SOURCES = [path for app in APPS for path in (ROOT / app).rglob("*.py") if path.name != "roles.py"]
GONE = ["see_reports"]


@pytest.mark.parametrize("permission", [*Permission, *ClientPermission], ids=lambda each: each.name)
def test_every_permission_on_offer_is_asked_for_by_the_product(permission):
    name = f"{type(permission).__name__}.{permission.name}"

    assert any(name in path.read_text() for path in SOURCES), f"{name} opens nothing"


def in_plain_words(permission: Permission | ClientPermission) -> str:
    """The sentence with the nouns of an organization that has chosen none."""
    return fill(permission.english, Vocabulary())


@pytest.mark.unit
def test_roles_allow_what_the_table_says():
    listed = [
        (in_plain_words(permission), *("yes" if permission in role.permissions else "no" for role in ROLES.values()))
        for permission in Permission
    ]

    assert listed == rows("roles", "Permission")


@pytest.mark.unit
def test_client_begins_with_the_permissions_of_the_table():
    listed = [
        (in_plain_words(permission), "yes" if permission in CLIENT_DEFAULTS else "no")
        for permission in ClientPermission
    ]

    assert listed == rows("roles", "Permission of a client")


@pytest.mark.parametrize("word", GONE)
def test_right_to_what_is_not_built_cannot_be_given(cast, now, word):
    with pytest.raises(DomainError) as caught:
        actions.set_client_permissions(client=cast.cleo, permissions=[word], by=cast.nora, now=now)

    assert caught.value.code == "permission_unknown"


def test_migration_forgets_what_is_no_longer_offered(cast, now):
    Client.objects.filter(pk=cast.cleo.pk).update(permissions=["see_reports", "see_upcoming", *GONE, "hide_costs"])

    with connection.cursor() as cursor:
        cursor.execute(import_module("core.people.migrations.0003_only_built_permissions").FORGET)

    cast.cleo.refresh_from_db()
    assert cast.cleo.permissions == ["see_upcoming", "hide_costs"]
    actions.set_permission_for_many(
        permission="cancel_appointments", allowed=True, clients=[cast.cleo], by=cast.nora, now=now
    )


@pytest.mark.parametrize(
    "path", ["/people/clients/{}/permissions/", "/people/clients/{}/", "/people/clients/permissions/"]
)
def test_screens_offer_only_what_is_built(cast, visit, path):
    page = visit(cast.nora).get(path.format(cast.cleo.pk))

    assert page.status_code == 200
    assert not [word for word in GONE if word in page.content.decode()]
