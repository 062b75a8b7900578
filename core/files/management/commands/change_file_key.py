"""`manage.py change_file_key ORGANIZATION`: encrypt all files of an organization with a new key. Broken off, `--go-on` ends it."""

from typing import Any

from django.core.management.base import CommandParser

from core.files.actions import rotation
from tenants.context import organization_context
from tenants.management.base import PlatformCommand
from tenants.management.organization_command import find_organization


class Command(PlatformCommand):
    help = "Encrypt all files of an organization with a new key; --go-on ends what was broken off, or follows a new SECRET_KEY."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("organization", help="short name, or one of its hosts")
        parser.add_argument(
            "--go-on", action="store_true", help="make no new key; seal with the one in force what is not yet"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        organization = find_organization(options["organization"])
        with organization_context(organization):
            if not options["go_on"]:
                rotation.change_key()
            number = rotation.seal_anew()
        self.stdout.write(f"{organization.name}: {number} files sealed anew.")
