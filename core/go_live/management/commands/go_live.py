"""`manage.py go_live FILE.json`: an organization from nothing to live, or one step further."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from core.go_live.actions import go_live
from core.go_live.parts import PICTURES
from core.go_live.report import Outcome, Report
from core.go_live.wanted import Unreadable, Wanted, read
from core.kernel import clock
from tenants.management.base import PlatformCommand

WAITING = 3  # the status with which the command ends while something waits for the DNS or a mailbox


class Command(PlatformCommand):
    help = (
        "Provision an organization, or complete one, from a JSON file: plan, brand, words, web address, sender, services, colleagues. All of it or "
        "nothing; run again, it changes nothing and says how far the DNS is. Ends with 0 when all is live, 1 when nothing was done, 3 while "
        "something waits. docs/operations.md has an example."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the JSON file; pictures that it names stand beside it")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and keep nothing")
        parser.add_argument("--by", default="command line", help="who is named in the history")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        try:
            wanted = read(file.read_bytes())
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except Unreadable as error:
            raise CommandError("\n".join(["Nothing was done.", *error.mistakes])) from error
        report = go_live(
            wanted, files=_pictures(wanted, file.parent), by=options["by"], now=clock.now(), is_trial=options["dry_run"]
        )
        self._print(report)
        if report.has(Outcome.REFUSED):
            raise CommandError("Nothing was done. Mend what was refused, and run it again.")
        if report.has(Outcome.WAITING):
            raise SystemExit(WAITING)

    def _print(self, report: Report) -> None:
        for line in report.lines:
            self.stdout.write(f"{line.part:<22} {line.outcome:<10} {line.text}")
        if report.is_trial and not report.has(Outcome.REFUSED):
            self.stdout.write("This was a trial: nothing was kept.")
        elif report.address:
            self.stdout.write(f"{report.address}")


def _pictures(wanted: Wanted, folder: Path) -> dict[str, bytes]:
    """Of those that the file names, the ones that are there; a name leads nowhere but beside the file."""
    names = {
        name for field in PICTURES if (name := getattr(wanted.brand, field, None)) and not name.startswith("data:")
    }
    paths = {name: folder / Path(name).name for name in names if Path(name).name == name}
    return {name: path.read_bytes() for name, path in paths.items() if path.is_file()}
