"""Migrating every organization: replayed, resumed, and not stopped by one broken organization."""

import pkgutil
import sys
import threading
import types

import pytest
from django.core.management import call_command
from django.db import connection, migrations, models, transaction

from tenants import applied_migrations, bootstrap, context, organization_migrations, schema_comparison, schema_script
from tenants.models import Organization, OrganizationEvent
from tests.tenants.organizations import provision

COLUMN = (
    "ALTER TABLE branding_brand DROP COLUMN IF EXISTS motto; DELETE FROM django_migrations WHERE name = '9999_motto'"
)
SLUGS = ("one", "two", "three")


def add_motto(*operations, atomic=True):
    """A migration of branding that is not in the code: one field with an index, and `operations`."""
    steps = [
        migrations.AddField("brand", "motto", models.CharField(max_length=80, default="")),
        migrations.AddIndex("brand", models.Index(fields=["motto"], name="brand_motto")),
        *operations,
    ]
    last = sorted(
        name for application, name in applied_migrations.applied_in(context.TEMPLATE) if application == "branding"
    )[-1]
    return type(
        "Migration",
        (migrations.Migration,),
        {"dependencies": [("branding", last)], "operations": steps, "atomic": atomic},
    )


@pytest.fixture
def organizations(swept):
    made = [provision(name=f"Fleet {slug}", slug=slug, host=f"{slug}.test") for slug in SLUGS]
    yield made
    with context.public_context():
        schemas = [context.TEMPLATE, *Organization.objects.values_list("schema_name", flat=True)]
    for schema in filter(schema_script.exists, schemas):
        with context.as_database_owner(), context.schema_context(schema), connection.cursor() as cursor:
            for statement in COLUMN.split("; "):
                with transaction.atomic():
                    cursor.execute(statement)
    with context.public_context():
        Organization.objects.update(migration_digest=applied_migrations.digest_of(context.TEMPLATE))


@pytest.fixture
def new_migration(organizations, monkeypatch):
    """Puts a migration of the test into the loader's sight and into the template: `new_migration(RunPython(...))`."""

    def add(*operations, atomic=True):
        module = types.ModuleType("branding.migrations.9999_motto")
        module.Migration = add_motto(*operations, atomic=atomic)
        monkeypatch.setitem(sys.modules, module.__name__, module)
        listed = migration_names(monkeypatch)
        listed.append("9999_motto")
        bootstrap.migrate(context.TEMPLATE)

    return add


def migration_names(monkeypatch):
    """The names that Django's loader finds in branding's migrations, with room for one more."""
    extra = []
    stock = pkgutil.iter_modules

    def iterate(path=None, prefix=""):
        yield from stock(path, prefix)
        if path and any("branding/migrations" in str(folder) for folder in path):
            yield from (pkgutil.ModuleInfo(None, name, False) for name in extra)

    monkeypatch.setattr(pkgutil, "iter_modules", iterate)
    return extra


def has_motto(organization):
    with context.as_database_owner(), context.schema_context(organization.schema_name), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM information_schema.columns WHERE table_schema = %s AND column_name = 'motto'",
            [organization.schema_name],
        )
        return cursor.fetchone()[0] == 1


def test_schemas_are_replayed_as_sql_and_then_has_nothing_to_do(organizations, new_migration):
    new_migration()
    said = []

    report = organization_migrations.migrate_organizations(workers=2, progress=said.append)

    assert (report.migrated, report.failures) == (5, {})  # north and south too
    assert any("replayed as SQL" in line for line in said)
    assert all(map(has_motto, organizations))
    for organization in organizations:
        assert schema_comparison.differences(context.TEMPLATE, organization.schema_name) == []
    again = organization_migrations.migrate_organizations()
    assert (again.migrated, again.current) == (0, 5)


def test_nothing_to_do_asks_the_directory_only(organizations, django_assert_num_queries):
    organization_migrations.migrate_organizations()
    with django_assert_num_queries(
        5
    ):  # organizations without a role, the template's migrations, the organizations, and a search path for each
        assert organization_migrations.migrate_organizations().current >= 3


def test_python_steps_go_through_the_executor(organizations, new_migration):
    seen = []
    new_migration(
        migrations.RunPython(lambda apps, editor: seen.append(context.current().schema), migrations.RunPython.noop)
    )
    seen.clear()

    report = organization_migrations.migrate_organizations()

    assert report.failures == {}
    assert {organization.schema_name for organization in organizations} < set(seen)
    assert all(map(has_motto, organizations))
    assert schema_comparison.differences(context.TEMPLATE, organizations[0].schema_name) == []


def test_broken_organization_is_reported_and_does_not_stop_the_rest(organizations, new_migration):
    one, two, three = organizations
    with context.as_database_owner(), context.schema_context(two.schema_name), connection.cursor() as cursor:
        cursor.execute("CREATE INDEX brand_motto ON branding_brand (name)")  # the name that the migration wants
    new_migration()

    report = organization_migrations.migrate_organizations()

    assert list(report.failures) == ["two"]
    assert "brand_motto" in report.failures["two"]
    assert has_motto(one) and has_motto(three) and not has_motto(two)
    with context.public_context():
        assert OrganizationEvent.objects.filter(organization=two, action="fleet.migration_failed").exists()

    with context.as_database_owner(), context.schema_context(two.schema_name), connection.cursor() as cursor:
        cursor.execute("DROP INDEX brand_motto")
    again = organization_migrations.migrate_organizations()
    assert (again.migrated, again.failures) == (1, {})


def test_missing_schema_is_reported(organizations, new_migration):
    schema_script.drop(organizations[0].schema_name)
    new_migration()

    report = organization_migrations.migrate_organizations()

    assert list(report.failures) == ["one"]
    assert report.migrated == 4


def test_killed_run_is_taken_up_again(organizations, new_migration, monkeypatch):
    new_migration()
    real, done = organization_migrations._migrate_one, []

    def killed_after_two(*arguments):
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(arguments)
        return real(*arguments)

    monkeypatch.setattr(organization_migrations, "_migrate_one", killed_after_two)
    with pytest.raises(KeyboardInterrupt):
        organization_migrations.migrate_organizations(workers=1)
    monkeypatch.setattr(organization_migrations, "_migrate_one", real)

    report = organization_migrations.migrate_organizations()

    assert (report.migrated, report.current, report.failures) == (3, 2, {})
    assert all(map(has_motto, organizations))


def test_locked_table_is_tried_again(organizations, new_migration, monkeypatch):
    monkeypatch.setattr(organization_migrations, "LOCK_TIMEOUT", "200ms")
    new_migration()
    locked, release = threading.Event(), threading.Event()

    def hold():
        try:
            with (
                context.schema_context(organizations[0].schema_name),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute("LOCK TABLE branding_brand IN ACCESS SHARE MODE")
                locked.set()
                release.wait(10)
        finally:
            connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert locked.wait(10)
    threading.Timer(0.7, release.set).start()

    report = organization_migrations.migrate_organizations()
    holder.join()

    assert report.failures == {}


@pytest.mark.timeout(900)  # seconds; a busy machine needs four minutes, and each migration adds to them
def test_clone_of_the_template_is_what_migrations_make(swept):
    """The slow one: every migration run in a fresh schema, then compared object by object with a replayed one."""
    organization = provision()
    with context.as_database_owner(), context.public_context(), connection.cursor() as cursor:
        cursor.execute('CREATE SCHEMA "t_migrated00"')
    try:
        bootstrap.migrate("t_migrated00")
        assert schema_comparison.differences("t_migrated00", organization.schema_name) == []
    finally:
        schema_script.drop("t_migrated00")


def test_comparison_sees_a_difference(swept):
    organization = provision()
    with context.as_database_owner(), context.schema_context(organization.schema_name), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE branding_brand ALTER COLUMN tagline SET DEFAULT 'x'")

    assert any(
        "branding_brand.tagline" in line
        for line in schema_comparison.differences(context.TEMPLATE, organization.schema_name)
    )


def test_command_prints_a_report(swept, capsys):
    call_command("migrate_organizations")

    assert "0 failed" in capsys.readouterr().out
