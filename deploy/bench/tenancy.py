"""`python -m deploy.bench.tenancy`: provisioning, fleet migration, routing, and mixed traffic, on servers of its own.

`--mixed` sets how many answers each entrance gives (100,000), `--fleet` how many organizations are migrated (200), `--sample` for how many of
them the baseline runs (all; the time of a part is scaled up, and the table says so).
"""

from __future__ import annotations

import argparse
import os
import secrets
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from deploy.bench import neighbours
from deploy.bench.results import Results
from deploy.local.services import temporary_postgres, temporary_valkey

if TYPE_CHECKING:
    from tenants.models import Organization

WORK = Path("var/bench/work").absolute()
BASELINE = """
import django, sys, time; django.setup()
from django.core.management import call_command
started = time.monotonic()
for schema in sys.argv[1:] or [None]:
    call_command("migrate_schemas", schema_name=schema, tenant=True, interactive=False, verbosity=0, skip_checks=True)
print(time.monotonic() - started)
"""
MIGRATION = """
from django.db import migrations, models
class Migration(migrations.Migration):
    dependencies = [("branding", "{last}")]
    operations = [
        migrations.AddField("brand", "motto", models.CharField(max_length=80, default="")),
        migrations.AddIndex("brand", models.Index(fields=["motto"], name="brand_motto")),
    ]
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mixed", type=int, default=100_000)
    parser.add_argument("--fleet", type=int, default=200)
    parser.add_argument("--sample", type=int, default=0)
    options = parser.parse_args()
    with servers():
        import django  # after the servers' addresses are in the environment

        django.setup()
        results = Results("tenancy")
        try:
            run(results, options)
        finally:
            print(results.write())


@contextmanager
def servers(work: Path = WORK, *, domain: str = "test") -> Iterator[None]:
    """A throwaway PostgreSQL and Valkey, made ready, and an environment that points to them; we are the application, as in production.

    `domain`: the platform's, below which organizations get their hosts.
    """
    work.mkdir(parents=True, exist_ok=True)
    with temporary_postgres(work / "postgres") as postgres, temporary_valkey(work / "valkey") as valkey:
        os.environ.update(
            **postgres.addresses(),
            VALKEY_URL=valkey.url(),
            VAR_DIR=str(work / "state"),
            SECRET_KEY=secrets.token_hex(40),
            OPERATOR_HOST=f"console.{domain}",
            PUBLIC_SCHEME="http",
            EMAIL_URL="memory://",
            LOG_LEVEL="ERROR",
            DJANGO_SETTINGS_MODULE="deploy.settings.base",
        )
        for command in ("prepare_roles", "bootstrap"):
            subprocess.run(
                [sys.executable, "-W", "ignore", "manage.py", command], check=True, stdout=subprocess.DEVNULL
            )
        yield


def run(results: Results, options: argparse.Namespace) -> None:
    from tenants import context, roles
    from tenants.context import public_context
    from tenants.models import Organization

    first = provision(0)  # warm
    few = [timed(lambda number=number: provision(number)) for number in range(1, 25)]
    median = statistics.median(few)
    results.note("provisioning_s", median, "s", note=f"median of 24, from {min(few):.2f} to {max(few):.2f}")
    routing(results)
    neighbours.measure(results, *((f"b{number:03}.test", organization(number)) for number in (1, 2)))
    mixed_traffic(results, options.mixed)
    for number in range(25, options.fleet - 10):
        provision(number)
    many = statistics.median(
        timed(lambda number=number: provision(number)) for number in range(options.fleet - 10, options.fleet)
    )
    results.note(
        "provisioning_with_fleet_s",
        many,
        "s",
        baseline=median,
        note=f"with {options.fleet} present, {many / median:.2f} times as long",
    )
    with public_context():
        schemas = list(Organization.objects.order_by("slug").values_list("schema_name", flat=True))
    roles.connect_as_owner()
    with context.as_database_owner():
        migrated(results, first, median)
        fleet(results, schemas, options.sample)


def migrated(results: Results, provisioned: Organization, seconds: float) -> None:
    """Running the migrations instead: how long it takes, and that the outcome is the same."""
    from tenants import schema_comparison
    from tenants.bootstrap import migrate

    migrating = timed(lambda: (create_schema("t_migrated00"), migrate("t_migrated00")))
    results.note("provisioning_vs_migrate", seconds, "s", baseline=migrating)
    different = schema_comparison.differences("t_migrated00", provisioned.schema_name)
    results.note("provisioning_differences", len(different), "lines", note="from the migrated schema's catalogue")


def organization(number: int) -> Organization:
    from tenants.context import public_context
    from tenants.models import Organization

    with public_context():
        return Organization.objects.select_related("plan").get(slug=f"bench-{number:03}")


def provision(number: int) -> Organization:
    """One more organization, with its host below the platform's domain (`servers`)."""
    from django.conf import settings

    from tenants.provisioning import provision_organization

    return provision_organization(
        name=f"Bench {number:03}",
        slug=f"bench-{number:03}",
        host=f"b{number:03}.{settings.PLATFORM_DOMAIN}",
        plan="enterprise",
        owner_email="owner@bench.test",
        owner_name="Owner",
        blueprint="clinic",
        by="bench",
    )


def routing(results: Results) -> None:
    """What the first middleware costs on a warm host, and that it asks the database nothing."""
    from django.db import connection
    from django.http import HttpResponse
    from django.test import RequestFactory
    from django.test.utils import CaptureQueriesContext

    from tenants.middleware import OrganizationMiddleware

    answer = HttpResponse()
    serve = OrganizationMiddleware(lambda request: answer)
    request = RequestFactory().get("/", headers={"host": "b001.test"})
    serve(request)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        spent = [timed(lambda: serve(request)) for _ in range(20_000)]
    results.note("routing_ms", statistics.median(spent) * 1000, "ms", note="median of 20,000")
    results.note("routing_round_trips", len(asked), "queries", note="of 20,000 warm requests")


def mixed_traffic(results: Results, number: int) -> None:
    from deploy.bench import mixed
    from tenants.context import public_context
    from tenants.models import Domain

    with public_context():
        domains = list(Domain.objects.select_related("tenant__plan").order_by("domain")[:24])
    organizations = [(domain.domain, domain.tenant) for domain in domains]
    for index, (_, organization) in enumerate(organizations):
        if index % 2:
            mixed.shift_content_types(organization, 10_000 + index)
    wrong = asked = 0
    for entrance in mixed.ENTRANCES:
        started = time.monotonic()
        found = entrance(organizations, number)
        wrong += found.wrong
        asked += found.asked
        seconds = time.monotonic() - started
        results.note(
            f"mixed_wrong_{entrance.__name__}", found.wrong, "wrong", note=f"of {found.asked:,} in {seconds:.0f} s"
        )
    results.note("mixed_wrong", wrong, "wrong", note=f"of {asked:,} over {len(organizations)} organizations")


def fleet(results: Results, schemas: list[str], sample: int) -> None:
    """One added field with an index, then nothing to do; ours and stock over the same organizations, or stock over a part, scaled up."""
    from tenants import bootstrap, context
    from tenants.organization_migrations import migrate_organizations

    # Half of the organizations keep odd content types from the mixed traffic; the migration does not touch those.
    chosen = schemas[-sample:] if sample else schemas
    scale = len(schemas) / len(chosen)
    whole = f"stock over {f'{len(chosen)}, scaled up' if sample else 'the same'}"
    with one_more_migration():
        stock_apply = stock(chosen if sample else []) * scale
        undo(chosen)
        bootstrap.migrate(context.TEMPLATE)
        report = migrate_organizations(verify=True)
        if report.failures or report.migrated != len(schemas):
            raise SystemExit(f"the fleet is not migrated: {report}; {report.failures}")
        note = f"{report.migrated} organizations; {whole}"
        results.note("fleet_migration_vs_stock", report.seconds, "s", baseline=stock_apply, note=note)
        stock_nothing = stock(chosen if sample else []) * scale
        nothing = migrate_organizations()
        if nothing.current != len(schemas):
            raise SystemExit(f"the fleet had something to do: {nothing}")
        note = f"{nothing.current} organizations; {whole}"
        results.note("fleet_noop_vs_stock", nothing.seconds, "s", baseline=stock_nothing, note=note)


@contextmanager
def one_more_migration() -> Iterator[None]:
    """Put a migration of branding into a package that stands in for its own, here and in the baseline's process."""
    from django.conf import settings

    package = WORK / "bench_migrations"
    package.mkdir(exist_ok=True)
    for source in Path("branding/migrations").glob("*.py"):
        (package / source.name).write_text(source.read_text())
    last = max(path.stem for path in package.glob("0*.py"))
    (package / "9999_motto.py").write_text(MIGRATION.format(last=last))
    sys.path.insert(0, str(WORK))
    settings.MIGRATION_MODULES = {"branding": "bench_migrations"}
    yield


def stock(schemas: list[str]) -> float:
    """Seconds that `migrate_schemas` takes with django-tenants' own backend, for these schemas or all, in a process of its own, without its start."""
    program = (
        "from django.conf import settings; settings.MIGRATION_MODULES = {'branding': 'bench_migrations'}\n" + BASELINE
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "deploy.bench.stock", "PYTHONPATH": f"{WORK}:."}
    environment["DATABASE_URL"] = os.environ["DATABASE_OWNER_URL"]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program, *schemas],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    return float(done.stdout.split()[-1])


def undo(schemas: list[str]) -> None:
    from django.db import connection

    from tenants.context import schema_context

    for schema in schemas:
        with schema_context(schema), connection.cursor() as cursor:
            cursor.execute("ALTER TABLE branding_brand DROP COLUMN motto")
            cursor.execute("DELETE FROM django_migrations WHERE name = '9999_motto'")


def create_schema(schema: str) -> None:
    from django.db import connection

    from tenants.context import public_context

    with public_context(), connection.cursor() as cursor:
        cursor.execute(f'CREATE SCHEMA "{schema}"')


def timed(act: object) -> float:
    started = time.perf_counter()
    act()  # type: ignore[operator]
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
