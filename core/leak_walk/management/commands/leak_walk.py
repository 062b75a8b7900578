"""`manage.py leak_walk ORGANIZATION`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.kernel import clock
from core.leak_walk import actions
from core.leak_walk.checklist.rows import ROWS, Status
from tenants.context import organization_context, public_context
from tenants.models import Organization


class Command(BaseCommand):
    help = (
        "Walk everything that the people of an organization receive, and report leaks. Ends with 1 when there is one."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("organization", help="its slug")

    def handle(self, *, organization: str, **options: Any) -> None:
        with public_context():
            found = Organization.objects.select_related("plan").filter(slug=organization).first()
        if found is None:
            raise CommandError(f"There is no organization called {organization}.")
        with organization_context(found):
            report = actions.walk_now(now=clock.now())
        for row in report.rows:
            self.stdout.write(f"{row['row']}  {row['status']:<9}  {row['seen']:>5}  {ROWS[row['row']]}")
            for place, what in row["findings"]:
                self.stdout.write(f"        {what}  at  {place}")
        self.stdout.write(f"{report.looked_at} things looked at, {len(report.leaks)} rows with leaks.")
        if report.leaks or report.count(Status.UNSEEN):
            raise CommandError("There are leaks, or rows that nothing was seen of.")
