"""The commands of an installation: a wrong argument gives one plain sentence and status 1, and changes nothing."""

import os
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection

from tenants import context
from tenants.management import base
from tenants.models import Organization

GOOD = {"host": "river.test", "owner_email": "rita@river.test"}


@pytest.mark.parametrize(
    ("name", "changes", "sentence"),
    [
        ("River Clinic", {"host": "river"}, "is not a full host name"),
        ("River Clinic", {"host": "https://river.test/"}, "is an address. Enter the host name alone"),
        ("River Clinic", {"host": "north.test"}, "belongs to another organization"),
        ("River Clinic", {"host": "console.test"}, "in use by the platform itself"),
        ("River Clinic", {"owner_email": "rita"}, "is not an e-mail address"),
        ("River Clinic", {"plan": "gold"}, "no plan “gold”. Known plans: free, practice, enterprise"),
        ("River Clinic", {"blueprint": "bakery"}, "no blueprint “bakery”. Known: .*clinic"),
        ("River Clinic", {"slug": "North"}, "A short name has"),
        ("River Clinic", {"slug": "north"}, "“north” is taken"),
        (" ", {}, "Give the organization a name"),
    ],
)
def test_provision_says_what_is_wrong_and_leaves_nothing(db, name, changes, sentence):
    with pytest.raises(CommandError, match=sentence):
        call_command("provision_organization", name, **{**GOOD, **changes})
    with context.public_context():
        assert sorted(Organization.objects.values_list("slug", flat=True)) == ["north", "south"]

    call_command("provision_organization", "River Clinic", **GOOD)


@pytest.mark.parametrize("command", ["suspend_organization", "resume_organization"])
def test_unknown_organization_is_named(db, command):
    with pytest.raises(CommandError, match="no organization “nobody”. `list_organizations` lists them"):
        call_command(command, "nobody", reason="why")


def test_suspension_needs_a_reason(db):
    with pytest.raises(CommandError, match="Say why"):
        call_command("suspend_organization", "south")
    with context.public_context():
        assert Organization.objects.get(slug="south").state == Organization.State.ACTIVE


@pytest.mark.parametrize("workers", ["0", "-1", "many", "65", "1.5"])
def test_migration_takes_a_sensible_number_of_workers(workers):
    with pytest.raises(CommandError, match=f"“{workers}” is not a number from 1 to 64"):
        call_command("migrate_organizations", f"--workers={workers}")


def test_unknown_state_lists_those_there_are():
    with pytest.raises(CommandError, match=r"invalid choice: .*active"):
        call_command("list_organizations", "--state=lost")


def test_database_without_tables_asks_for_the_bootstrap(db):
    with context.as_database_owner(), context.public_context(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE tenants_organization RENAME TO elsewhere")
    with pytest.raises(CommandError, match="Run `manage.py bootstrap` first"):
        call_command("list_organizations")


def test_mistake_of_ours_is_not_dressed_up(db, monkeypatch):
    def wrong(*_, **__):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 +")

    monkeypatch.setattr("tenants.management.commands.list_organizations._row", wrong)
    with pytest.raises(ProgrammingError):
        call_command("list_organizations")


@pytest.mark.parametrize(("text", "number"), [("1", 1), ("64", 64)])
def test_number_of_workers(text, number):
    assert base.worker_count(text) == number


@pytest.mark.parametrize(
    "arguments",
    [
        ["list_organizations"],
        ["provision_organization", "River Clinic", "--host=river.test", "--owner-email=rita@river.test"],
    ],
)
def test_database_away_is_one_sentence_and_status_1(arguments):
    environment = {**os.environ, "DATABASE_URL": "postgresql://x:x@127.0.0.1:1/x"}
    ended = subprocess.run(
        [sys.executable, "-W", "ignore", "manage.py", *arguments],
        env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert ended.returncode == 1
    assert "The database does not answer" in ended.stderr and "DATABASE_URL" in ended.stderr
    assert "Traceback" not in ended.stderr and ended.stdout == ""
