"""The test database: built from migrations once per fingerprint of their files, replayed in under a second afterwards."""

import fcntl
import hashlib
import os
from pathlib import Path

import django
import wagtail
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

from core.kernel import clock
from tenants import bootstrap, context, schema_script
from tenants.models import Domain, Organization, Plan

SCHEMAS = {"north": "t_north00000", "south": "t_south00000"}


def fingerprint() -> str:
    """A digest of every migration file and of the schema compiler."""
    digest = hashlib.sha256(f"{django.VERSION}{wagtail.VERSION}".encode())
    for application in sorted(apps.get_app_configs(), key=lambda found: found.label):
        for file in sorted(Path(application.path).glob("migrations/*.py")):
            digest.update(file.name.encode() + file.read_bytes())
    for module in (schema_script, bootstrap):
        digest.update(Path(module.__file__).read_bytes())
    return digest.hexdigest()[:20]


def build_database(*, cache: Path) -> None:
    """Create the test database with public, template, north and south."""
    _create_empty()
    cache.mkdir(parents=True, exist_ok=True)
    kept = cache / f"{fingerprint()}.sql"
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # a second worker waits for the script instead of migrating beside the first
        if not kept.exists():
            _migrate_and_keep(kept)
    public, template = kept_scripts(cache)
    if not schema_script.exists(context.TEMPLATE):
        bootstrap.prepare_database()
        _run(public, context.PUBLIC)
        _replay(template, context.TEMPLATE)
    for name, schema in SCHEMAS.items():
        _replay(template, schema)
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
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = "postgres"
    with context.schema_context("public"), connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}"')
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def _run(script: str, schema: str) -> None:
    with context.schema_context(schema), connection.cursor() as cursor:
        cursor.connection.execute(script.encode())


def _replay(script: str, schema: str) -> None:
    with transaction.atomic():
        schema_script.replay(script, schema)


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
