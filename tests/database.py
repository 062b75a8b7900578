"""The test database: built from migrations once per fingerprint of their files, replayed in under a second afterwards."""

import fcntl
import hashlib
import os
from pathlib import Path

import django
import psycopg
import wagtail
from django.apps import apps
from django.conf import settings
from django.db import connection

from core.kernel import clock, search_keys
from tenants import applied_migrations, bootstrap, context, narrow_rendering, rights, roles, schema_script
from tenants.models import Domain, Organization, Plan

# One session for the test, for the code under it and for what only the owner may do: a superuser that enters the role of each, whose rights
# then hold. tests/isolation/test_roles.py connects as the application itself.
ROLES = {"application": "test_application", "owner": "test_owner"}
SCHEMAS = {"north": "t_north00000", "south": "t_south00000"}


def fingerprint() -> str:
    """A digest of every migration file and of the schema compiler."""
    digest = hashlib.sha256(f"{django.VERSION}{wagtail.VERSION}".encode())
    for application in sorted(apps.get_app_configs(), key=lambda found: found.label):
        for file in sorted(Path(application.path).glob("migrations/*.py")):
            digest.update(file.name.encode() + file.read_bytes())
    for module in (schema_script, bootstrap, narrow_rendering, search_keys):
        digest.update(Path(module.__file__).read_bytes())
    return digest.hexdigest()[:20]


def build_database(*, cache: Path) -> None:
    """Create the test database with public, template, north and south."""
    cache.mkdir(parents=True, exist_ok=True)
    kept = cache / f"{fingerprint()}.sql"
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # a second worker waits for the script instead of migrating beside the first
        _create_empty()
        if not kept.exists():
            _migrate_and_keep(kept)
    public, template = kept_scripts(cache)
    if not schema_script.exists(context.TEMPLATE):
        bootstrap.prepare_database()
        _run(public, context.PUBLIC)
        rights.settle_public()
        _run(f"CREATE SCHEMA {context.TEMPLATE};\n{template}", context.TEMPLATE)
        rights.keep_template(applied_migrations.digest_of(context.TEMPLATE))
    for name, schema in SCHEMAS.items():
        rights.create_schema(schema)
        _make_organization(name, schema)


def kept_scripts(cache: Path) -> tuple[str, str]:
    """The scripts of the public and the template schema, after `build_database` has kept them."""
    public, template = (cache / f"{fingerprint()}.sql").read_text().split("\n-- template --\n")
    return public, template


def _migrate_and_keep(kept: Path) -> None:
    """Run all migrations, and keep what they made as a script."""
    bootstrap.bootstrap()
    public = schema_script.compile_schema(context.PUBLIC)
    template = schema_script.compile_schema(context.TEMPLATE)
    fresh = kept.with_suffix(f".{os.getpid()}")
    fresh.write_text(f"{public}\n-- template --\n{template}")
    fresh.replace(kept)


def organization(name: str) -> Organization:
    with context.public_context():
        return Organization.objects.select_related("plan").get(slug=name)


def _create_empty() -> None:
    name = f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    with as_superuser("postgres") as superuser:
        superuser.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        superuser.execute(f'CREATE DATABASE "{name}"')
    with as_superuser(name) as superuser:
        owner, application = (roles.Login(ROLES[kind], "") for kind in ("owner", "application"))
        roles.prepare_roles(superuser, owner=owner, application=application)
    settings.DATABASE_ROLES.update(ROLES)
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def as_superuser(database: str = "") -> psycopg.Connection:
    """A connection of its own to the test database, or another of the server, as the one who may do everything."""
    there = connection.settings_dict
    place = {key: there[key.upper()] for key in ("user", "password", "host", "port") if there[key.upper()]}
    return psycopg.connect(dbname=database or there["NAME"], autocommit=True, **place)


def _run(script: str, schema: str) -> None:
    with context.as_database_owner(), context.schema_context(schema), connection.cursor() as cursor:
        cursor.connection.execute(script.encode())


def _make_organization(name: str, schema: str) -> None:
    now = clock.now()
    with context.public_context():
        plan = Plan.objects.order_by("-position").first()
        made = Organization.objects.create(
            schema_name=schema,
            name=f"{name.title()} Practice",
            slug=name,
            plan=plan,
            owner_email=f"owner@{name}.test",
            state=Organization.State.ACTIVE,
            created_at=now,
            activated_at=now,
        )
        Domain.objects.create(tenant=made, domain=f"{name}.test", is_primary=True, verified_at=now)
