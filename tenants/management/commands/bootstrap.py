"""`manage.py bootstrap`: make the database ready (schemas, extensions, public tables, template)."""

from typing import Any

from tenants.bootstrap import bootstrap
from tenants.management.base import OwnerCommand


class Command(OwnerCommand):
    help = "Create what a new database needs and migrate the public and the template schema. Safe to repeat."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        bootstrap(progress=lambda text: self.stdout.write(f"  {text}"))
