"""A new organization: all of it or nothing."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from core.kernel import clock
from core.kernel.errors import DomainError
from tenants import applied_migrations, context, schema_script
from tenants.models import Organization, OrganizationEvent
from tenants.signals import organization_created
from tests.tenants.organizations import provision


def test_provisioned_organization_has_every_table_of_the_template(db):
    organization = provision()

    assert organization.state == Organization.State.ACTIVE
    assert applied_migrations.digest_of(organization.schema_name) == applied_migrations.digest_of(context.TEMPLATE)
    assert organization.migration_digest == applied_migrations.digest_of(context.TEMPLATE)
    with context.public_context():
        event = OrganizationEvent.objects.get(organization=organization)
    assert (event.action, event.actor) == ("organization.provisioned", "operator@vendor.test")


def test_slug_is_made_from_the_name(db):
    assert provision(slug="", name="  Ärzte am   Fluss ").slug == "arzte-am-fluss"


def test_provisioning_again_returns_the_same_organization(db):
    first = provision()

    second = provision(host="RIVER.test.")

    assert second.pk == first.pk
    with context.public_context():
        assert OrganizationEvent.objects.filter(organization=first).count() == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": " "}, "name_invalid"),
        ({"name": "x" * 121}, "name_invalid"),
        ({"slug": "Not A Slug"}, "slug_invalid"),
        ({"slug": "", "name": "学校"}, "slug_invalid"),
        ({"owner_email": "rita"}, "email_invalid"),
        ({"host": "river"}, "host_invalid"),
        ({"host": "console.test"}, "host_reserved"),
        ({"plan": "gold"}, "plan_unknown"),
        ({"host": "north.test"}, "domain_taken"),
        ({"slug": "north"}, "slug_taken"),
    ],
)
def test_wrong_input_is_refused_and_leaves_nothing(db, changes, code):
    before = schemas()

    with pytest.raises(DomainError) as refused:
        provision(**changes)

    assert refused.value.code == code
    assert schemas() == before
    with context.public_context():
        assert not Organization.objects.filter(name="River Clinic").exists()


def test_failure_half_way_leaves_nothing_and_a_second_try_completes(swept):
    def fail(**_):
        raise RuntimeError("the disk is full")

    before = schemas()
    organization_created.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            provision()
    finally:
        organization_created.disconnect(fail)
    assert schemas() == before

    assert provision().is_open
    assert len(schemas()) == len(before) + 1


def test_command_provisions_and_says_what_is_wrong(db, capsys):
    call_command("provision_organization", "River Clinic", host="river.test", owner_email="rita@river.test")
    assert "River Clinic: active" in capsys.readouterr().out

    with pytest.raises(CommandError, match="belongs to another organization"):
        call_command("provision_organization", "Other", host="river.test", owner_email="rita@river.test")
    with pytest.raises(CommandError, match="Known plans: free, practice, enterprise"):
        call_command("provision_organization", "Other", host="o.test", owner_email="rita@river.test", plan="gold")

    call_command("list_organizations")
    assert "river.test" in capsys.readouterr().out


def test_replay_names_everything_as_the_template_does(db):
    organization = provision(now=clock.now())

    assert schema_script.compile_schema(organization.schema_name).count("CONSTRAINT") == schema_script.compile_schema(
        context.TEMPLATE
    ).count("CONSTRAINT")


def schemas():
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 't\\_%' ORDER BY 1")
        return [row[0] for row in cursor.fetchall()]
