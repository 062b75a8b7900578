"""Bringing an organization live, or further: by the same actions as its owner's pages, and all of it or nothing.

Whatever a rule refuses is collected, so that one run says everything; then nothing at all is kept. What needs the DNS is looked at afterwards.
Run again with the same file, it changes nothing, and says how far the DNS is.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import transaction

from branding.senders import actions as senders
from branding.senders.models import Sender
from branding.senders.queries import current_sender, is_proven, open_proof
from branding.senders.records import mail_zone
from branding.senders.rules.sender_state import IN_USE
from core.go_live import hours_parts, legal_parts, parts, website_parts
from core.go_live.report import Outcome, Report
from core.go_live.wanted import Wanted
from core.kernel.errors import DomainError
from tenants import context, domain_records, domains, host_names
from tenants.absolute_urls import absolute_url
from tenants.domain_events import SUPPORT
from tenants.domain_rules import DomainState, Problem
from tenants.models import Domain, Organization


class _Undone(Exception):
    """Ends the transaction without keeping anything."""


def go_live(
    wanted: Wanted, *, files: Mapping[str, bytes] | None, by: str, now: datetime, is_trial: bool = False
) -> Report:
    """Provision or complete the organization.

    `files`: the pictures that it names, by name; None leaves them out. `is_trial`: say what would happen, and keep nothing.
    """
    report = Report(is_trial)
    organization = None
    try:
        with context.public_context(), transaction.atomic():
            organization = _write(wanted, report, files=files, by=by, now=now)
            if is_trial or report.has(Outcome.REFUSED) or organization is None:
                raise _Undone
    except _Undone:
        if organization is not None:
            with context.organization_context(organization):
                for name in report.files:
                    default_storage.delete(name)
        return report
    with context.organization_context(organization):
        report.address = absolute_url("/")
        with _noted(report, "web_address.dns"):
            _look_at_host(wanted, report, organization, by=by, now=now)
        with _noted(report, "sender.dns"):
            _look_at_sender(wanted, report, now=now)
        report.address = absolute_url("/")
    return report


def _write(
    wanted: Wanted, report: Report, *, files: Mapping[str, bytes] | None, by: str, now: datetime
) -> Organization | None:
    with _collected(report, "organization"):
        organization = parts.organization(wanted, report, by=by, now=now)
        with context.organization_context(organization):
            for part, write in _steps(wanted, report, files=files, by=by, now=now).items():
                with _collected(report, part):
                    write()
        return organization
    return None


def _steps(
    wanted: Wanted, report: Report, *, files: Mapping[str, bytes] | None, by: str, now: datetime
) -> dict[str, Callable[[], None]]:
    """Part -> what writes it, for the parts that the file has."""
    steps: dict[str, Callable[[], None]] = {}
    if wanted.brand or wanted.languages:
        steps["brand"] = lambda: parts.brand(wanted, report, files)
    if wanted.words:
        steps["words"] = lambda: parts.words(wanted, report)
    if wanted.web_address:
        steps["web_address"] = lambda: parts.web_address(wanted, report, by=by, now=now)
    if wanted.sender:
        steps["sender"] = lambda: parts.sender(wanted, report)
    for number, service in enumerate(wanted.services):
        steps[f"services.{number}"] = lambda service=service, part=f"services.{number}": parts.service(  # type: ignore[misc]
            service, report, part, now=now
        )
    for number, member in enumerate(wanted.staff):
        steps[f"staff.{number}"] = lambda member=member, part=f"staff.{number}": parts.staff_member(  # type: ignore[misc]
            member, report, part, now=now
        )
    for number, hours in enumerate(wanted.hours):
        steps[f"hours.{number}"] = lambda hours=hours, part=f"hours.{number}": hours_parts.working_hours(  # type: ignore[misc]
            hours, report, part, now=now
        )
    for number, page in enumerate(wanted.website):
        steps[f"website.{number}"] = lambda page=page, part=f"website.{number}": website_parts.page(  # type: ignore[misc]
            page, report, part
        )
    for number, text in enumerate(wanted.legal):
        steps[f"legal.{number}"] = lambda text=text, part=f"legal.{number}": legal_parts.legal_text(  # type: ignore[misc]
            text, report, part, now=now
        )
    return steps


class _collected:  # noqa: N801 because it is used like a function
    """Write one part; what a rule refuses is noted, and undone together with all else at the end."""

    def __init__(self, report: Report, part: str) -> None:
        self.report, self.part, self.atomic = report, part, transaction.atomic()

    def __enter__(self) -> None:
        self.atomic.__enter__()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> bool:
        self.atomic.__exit__(kind, error, trace)  # type: ignore[arg-type]
        if isinstance(error, DomainError):
            where = f"{self.part}.{error.field}" if error.field else self.part
            self.report.add(where, Outcome.REFUSED, error.message)
        elif isinstance(error, PermissionDenied):
            self.report.add(self.part, Outcome.REFUSED, "This is not to be given from here.")
        return isinstance(error, DomainError | PermissionDenied)


@contextmanager
def _noted(report: Report, part: str) -> Iterator[None]:
    """Look at one part after all has been written: what a rule refuses now waits for somebody, and undoes nothing."""
    try:
        yield
    except DomainError as error:
        report.add(part, Outcome.WAITING, error.message)


def _look_at_host(wanted: Wanted, report: Report, organization: Organization, *, by: str, now: datetime) -> None:
    """Ask the DNS once; a host that is live becomes the primary one where the file says so."""
    if wanted.web_address is None:
        return
    name = domains.readable_name(wanted.web_address.host)
    host = next(host for host in domains.hosts_of(organization.pk) if host.domain == name)
    checked, _findings = domains.check_domain(organization.pk, host.pk, by=by, now=now)
    shown = host_names.shown(name)
    if checked.state == DomainState.LIVE:
        is_led_here = wanted.web_address.is_primary and not checked.is_primary
        if is_led_here:
            domains.make_primary(organization.pk, checked.pk, by=by, now=now)
        report.add("web_address.dns", Outcome.CHANGED if is_led_here else Outcome.SAME, f"{shown} is live.")
        return
    why = Problem(checked.problem).sentence if checked.problem in list(Problem) else DomainState(checked.state).sentence
    report.add("web_address.dns", Outcome.WAITING, f"{shown}: {why} To set: {_records(checked)}")


def _records(host: Domain) -> str:
    return "; ".join(f"{each.name} {each.kind} {each.value}" for pair in domain_records.needed(host) for each in pair)


def _look_at_sender(wanted: Wanted, report: Report, *, now: datetime) -> None:
    """Ask the DNS once; have a code sent when every record is right; use the domain once somebody has typed it."""
    if wanted.sender is None or not wanted.sender.address or mail_zone() is None:
        return
    records = senders.check_domain(now=now, by=SUPPORT)
    sender = current_sender()
    if sender.domain_state not in IN_USE:
        missing = "; ".join(f"{each.host} {each.kind} {each.value}" for each in records if not each.is_right)
        report.add("sender.dns", Outcome.WAITING, f"Records to set: {missing}")
    elif not is_proven(sender.domain_address):
        if open_proof(sender.domain_address, now=now) is None:
            senders.request_code(sender.domain_address, by=SUPPORT, now=now)
        text = f"The records are right. A code is on its way to {sender.domain_address}; an administrator types it in Settings, Sender."
        report.add("sender.mailbox", Outcome.WAITING, text)
    else:
        is_chosen = sender.way != Sender.Way.DOMAIN
        if is_chosen:
            senders.choose_way(Sender.Way.DOMAIN, by=SUPPORT)
        outcome = Outcome.CHANGED if is_chosen else Outcome.SAME
        report.add("sender.dns", outcome, f"Mail leaves as {sender.domain_address}.")
