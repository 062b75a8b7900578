"""Commands that act on one organization, named by its short name or one of its hosts."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db.models import Q

from core.kernel import clock
from tenants import context, host_names
from tenants.management.base import PlatformCommand
from tenants.models import Organization


class OrganizationCommand(PlatformCommand):
    """Finds the organization and runs `act` with it."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("organization", help="short name, or one of its hosts")
        parser.add_argument("--reason", default="", help="kept in the history")
        parser.add_argument("--by", default="command line", help="who is named in the history")

    def handle(self, *args: Any, **options: Any) -> None:
        organization = find_organization(options["organization"])
        changed = self.act(organization, reason=options["reason"], by=options["by"], now=clock.now())
        self.stdout.write(f"{changed.name}: {changed.get_state_display()}")

    def act(self, organization: Organization, **arguments: Any) -> Organization:
        raise NotImplementedError


def find_organization(text: str) -> Organization:
    """By its short name or one of its hosts; CommandError when there is none."""
    with context.public_context():
        named = Q(slug=text) | Q(domains__domain=host_names.normalize(text), domains__verified_at__isnull=False)
        organization = Organization.objects.filter(named).distinct().first()
    if organization is None:
        raise CommandError(f"There is no organization “{text}”. `list_organizations` lists them.")
    return organization
