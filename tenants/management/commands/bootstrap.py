"""`manage.py bootstrap`: make the database ready (schemas, extensions, public tables, template)."""

from typing import Any

from django.core.management.base import BaseCommand

from tenants.bootstrap import bootstrap


class Command(BaseCommand):
    help = "Create what a new database needs and migrate the public and the template schema. Safe to repeat."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        bootstrap(say=lambda text: self.stdout.write(f"  {text}"))
