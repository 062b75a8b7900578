"""`manage.py list_organizations`: every organization, one line each."""

import json
from typing import Any

from django.core.management.base import CommandParser

from tenants import context
from tenants.management.base import PlatformCommand
from tenants.models import Organization


class Command(PlatformCommand):
    help = "List organizations with state, plan, schema and hosts (the primary one first)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--state", choices=Organization.State.values, help="only those in this state")
        parser.add_argument("--json", action="store_true", help="one JSON object per line")

    def handle(self, *args: Any, **options: Any) -> None:
        with context.public_context():
            organizations = Organization.objects.prefetch_related("domains").order_by("slug")
            if options["state"]:
                organizations = organizations.filter(state=options["state"])
            rows = [_row(organization) for organization in organizations]
        for row in rows:
            self.stdout.write(json.dumps(row) if options["json"] else _line(row))
        if not rows and not options["json"]:
            self.stdout.write("no organizations")


def _row(organization: Organization) -> dict[str, Any]:
    hosts = [domain for domain in organization.domains.all() if domain.verified_at is not None]
    domains = sorted(hosts, key=lambda domain: (not domain.is_primary, domain.domain))
    return {
        "slug": organization.slug,
        "name": organization.name,
        "state": organization.state,
        "plan": organization.plan_id,
        "schema": organization.schema_name,
        "hosts": [domain.domain for domain in domains],
    }


def _line(row: dict[str, Any]) -> str:
    return f"{row['slug']:<24} {row['state']:<12} {row['plan']:<12} {row['schema']}  {' '.join(row['hosts'])}"
