"""`manage.py provision_organization`: a new organization, usable at once."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from core.kernel.errors import DomainError
from tenants import context
from tenants.management.base import PlatformCommand
from tenants.models import Plan
from tenants.provisioning import provision_organization


class Command(PlatformCommand):
    help = (
        "Create an organization with its host, schema, brand and pages, and invite its owner by mail. All of it or nothing; run again with "
        "the same short name and host, it changes nothing and says so."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help='as people read it: "River Clinic"')
        parser.add_argument("--host", required=True, help="where it will be reached, below the platform's domain")
        parser.add_argument("--owner-email", required=True, help="who gets the invitation")
        parser.add_argument("--owner-name", default="", help="how the invitation addresses them")
        parser.add_argument("--plan", default="practice", help="free, practice or enterprise (default: practice)")
        parser.add_argument("--blueprint", default="clinic", help="brand and words to start from (default: clinic)")
        parser.add_argument("--slug", default="", help="short name (default: made from the name)")
        parser.add_argument(
            "--is-meant", action="store_true", help="letters in the host that look like others are meant"
        )
        parser.add_argument("--by", default="command line", help="who is named in the history")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = ("name", "slug", "host", "plan", "owner_email", "owner_name", "blueprint", "by", "is_meant")
        try:
            organization = provision_organization(**{key: options[key] for key in wanted})
        except DomainError as error:
            if error.code != "plan_unknown":
                raise
            with context.public_context():
                known = ", ".join(Plan.objects.values_list("code", flat=True))
            raise CommandError(f"{error.message} Known plans: {known}.") from error
        self.stdout.write(f"{organization.name}: {organization.state}, schema {organization.schema_name}")
