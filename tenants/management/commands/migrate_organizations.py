"""`manage.py migrate_organizations`: the public schema, the template, then every organization."""

import sys
from typing import Any

from django.core.management.base import CommandParser

from tenants.bootstrap import bootstrap
from tenants.management.base import OwnerCommand, worker_count
from tenants.organization_migrations import migrate_organizations


class Command(OwnerCommand):
    help = (
        "Migrate the public schema, the template, and then every organization, several at a time. Run it again after an interruption: it goes "
        "on where it stopped. An organization that cannot be migrated is reported and does not stop the others; the exit code is then 1."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--workers", type=worker_count, default=4, help="how many at a time (default: 4)")
        parser.add_argument("--verify", action="store_true", help="ask each schema what it has, not the directory")

    def handle(self, *args: Any, **options: Any) -> None:
        bootstrap(progress=lambda text: self.stdout.write(f"  {text}"))
        report = migrate_organizations(
            workers=options["workers"], verify=options["verify"], progress=lambda text: self.stdout.write(f"  {text}")
        )
        self.stdout.write(str(report))
        if report.failures:
            sys.exit(1)
