"""`manage.py change_file_key ORGANIZATION`: encrypt all files of an organization with a new key, and its texts with SECRET_KEY."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from core.files.actions import rotation
from core.kernel import encrypted_columns
from core.kernel.encryption import InvalidToken
from tenants.context import organization_context
from tenants.management.base import PlatformCommand
from tenants.management.organization_command import find_organization


class Command(PlatformCommand):
    help = (
        "Encrypt all files of an organization with a new key, and every encrypted text with SECRET_KEY; --go-on ends what was broken off, or "
        "follows a new SECRET_KEY. What cannot be read stays as it is, is listed, and makes the command end with status 1."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("organization", help="short name, or one of its hosts")
        parser.add_argument(
            "--go-on", action="store_true", help="make no new key; seal with the one in force what is not yet"
        )
        parser.add_argument(
            "--leave-unreadable",
            action="store_true",
            help="go on although some texts cannot be read with the secrets that are set; they stay as they are",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        organization = find_organization(options["organization"])
        with organization_context(organization):
            unreadable = encrypted_columns.unreadable()
            if unreadable and not options["leave_unreadable"]:
                raise CommandError(
                    f"Nothing was changed. These cannot be read: {_listed(unreadable)}. Put the secrets with which they were encrypted into "
                    "SECRET_KEY_FALLBACKS. If they are lost for good, --leave-unreadable does the rest."
                )
            if not options["go_on"]:
                rotation.change_key()
            try:
                outcome = rotation.seal_anew()
            except InvalidToken as error:
                raise CommandError("The key in force cannot be read. Without --go-on a new one is made.") from error
        self.stdout.write(
            f"{organization.name}: {outcome.files} files sealed anew, {outcome.texts} texts encrypted anew."
        )
        left = {**unreadable, **outcome.skipped}
        if left:
            raise CommandError(f"The rest is done, but these could not be read and stay as they are: {_listed(left)}.")


def _listed(found: dict[str, Any]) -> str:
    return ", ".join(f"{what} ({how})" for what, how in found.items())
