"""`manage.py add_host`: hosts for organizations, from a JSON file or standard input; what the go-live command calls."""

import json
import sys
from argparse import FileType
from typing import Any

from django.core.management.base import CommandError, CommandParser

from core.kernel import clock
from core.kernel.errors import DomainError, GatewayError
from tenants import domain_records, domains
from tenants.management.base import PlatformCommand
from tenants.management.organization_command import find_organization


class Command(PlatformCommand):
    help = (
        "Add hosts to organizations and print, as JSON, the records that each needs. The file holds one object or a list of them: "
        '{"organization": "river", "host": "care.river.example", "check": true, "primary": true}. Run again, it adds nothing twice, looks at '
        "the DNS where `check` says so, and makes the host primary where `primary` says so and it is live. One that fails does not stop the rest."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file",
            nargs="?",
            type=FileType("r", encoding="utf-8"),
            default=sys.stdin,
            help="JSON; default: standard input",
        )
        parser.add_argument("--by", default="command line", help="who is named in the history")

    def handle(self, *args: Any, **options: Any) -> None:
        answers = [_answer(wish, by=options["by"]) for wish in _read(options["file"])]
        self.stdout.write(json.dumps(answers, indent=2, ensure_ascii=False))
        if any("error" in answer for answer in answers):
            raise CommandError(
                f"{sum('error' in answer for answer in answers)} of {len(answers)} failed; each says why."
            )


def add_host(
    organization: str, host: str, *, by: str, check: bool = False, primary: bool = False, is_meant: bool = False
) -> dict[str, Any]:
    """Add the host unless it is there, and do what else is wished; returns its state and the records it needs."""
    now, found = clock.now(), find_organization(organization)
    name = domains.readable_name(host)
    domain = next((known for known in domains.hosts_of(found.pk) if known.domain == name), None)
    domain = domain or domains.add_domain(found.pk, host=host, by=by, now=now, is_meant=is_meant)
    if check:
        domain, _findings = domains.check_domain(found.pk, domain.pk, by=by, now=now)
    if primary and domain.state == "live":
        domain = domains.make_primary(found.pk, domain.pk, by=by, now=now)
    records = [record for row in domain_records.needed(domains.find(found.pk, domain.pk)) for record in row]
    return {
        "organization": found.slug, "host": domain.domain, "state": str(domain.state), "problem": domain.problem, "primary": domain.is_primary,
        "records": [{"type": record.kind, "name": record.name, "value": record.value} for record in records],
    }  # fmt: skip


def _answer(wish: dict[str, Any], *, by: str) -> dict[str, Any]:
    try:
        return add_host(**wish, by=by)
    except TypeError:
        return {**wish, "error": "An entry has organization, host and, as wished, check, primary, is_meant."}
    except (DomainError, GatewayError) as error:
        return {**wish, "error": error.message}
    except CommandError as error:
        return {**wish, "error": str(error)}


def _read(file: Any) -> list[dict[str, Any]]:
    try:
        wishes = json.load(file)
    except ValueError as error:
        raise CommandError(f"This is no JSON: {error}.") from error
    wishes = wishes if isinstance(wishes, list) else [wishes]
    if not all(isinstance(wish, dict) for wish in wishes):
        raise CommandError("The file holds one object or a list of objects.")
    return wishes
