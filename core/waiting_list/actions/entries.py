"""Who waits: put on the list, and taken off."""

import logging
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core.kernel import audit
from core.kernel.errors import ConflictError, DomainError
from core.kernel.plain_text import require_plain
from core.kernel.translation import translate
from core.people.models import Client, StaffMember
from core.people.permissions import can_act_for
from core.scheduling.actions import booking_checks, calendar_locks
from core.scheduling.actions.calendar_locks import calendar_transaction
from core.scheduling.actions.edit import ServiceChosen
from core.scheduling.rules import wall_time
from core.waiting_list.actions.offering import close_offers
from core.waiting_list.audit_codes import WaitingListAudit
from core.waiting_list.models import WaitingEntry, WaitingOffer
from core.waiting_list.permissions import (
    can_manage,
    clients_to_add,
    clients_who_may_join,
    practitioners_to_wait_for,
)
from core.waiting_list.queries import waiting_on
from core.waiting_list.rules.waiting_list import DAY

logger = logging.getLogger(__name__)

FURTHEST = timedelta(days=365)
FIRST_ZONE = timedelta(hours=14)  # ahead of UTC
MOST_ENTRIES = 5  # of one client at a time
LONGEST_NOTE = 500


def add_entry(
    *,
    client: Client,
    service: ServiceChosen,
    minutes: int,
    mode: str,
    until_on: date,
    practitioners: Sequence[StaffMember] = (),
    weekdays: Sequence[int] = (),
    begins: int = 0,
    ends: int = DAY,
    note: str = "",
    by: Any,
    now: datetime,
) -> WaitingEntry:
    """Let the client wait. Weekdays and hours are those of the client's own clock. Raises PermissionDenied or DomainError."""
    note = note.strip()
    require_plain(note)
    with calendar_transaction():
        calendar_locks.lock_calendars([client.pk])
        client = Client.objects.get(pk=client.pk)
        booking_checks.check_active([client])
        _check_may_add(client, practitioners, by=by)
        _check(client, minutes, until_on, weekdays, begins, ends, note, now=now)
        entry = WaitingEntry.objects.create(
            client=client,
            service_id=service.id,
            service_name=service.name,
            other_service_names=dict(service.other_names),
            minutes=minutes,
            mode=mode,
            weekdays=sorted(set(weekdays)),
            begins=begins,
            ends=ends,
            time_zone=client.time_zone,
            until_on=until_on,
            note=note,
            added_by=by,
            added_at=now,
            changed_at=now,
        )
        entry.practitioners.set(practitioners)
        changes = {
            "client": [None, str(client.pk)],
            "service": [None, service.name],
            "practitioners": [None, [str(person.pk) for person in practitioners]],
            "weekdays": [None, entry.weekdays],
            "until_on": [None, until_on.isoformat()],
        }
        audit.record(WaitingListAudit.WAITING_ENTRY_ADDED, by=by, subject=entry, changes=changes)
    return entry


def remove_entry(entry: WaitingEntry, *, by: Any, now: datetime) -> WaitingEntry:
    """Let them wait no longer; what was offered to them goes to the next."""
    with calendar_transaction():
        _lock_offered(entry)
        entry = WaitingEntry.objects.select_for_update(of=("self",)).select_related("client").get(pk=entry.pk)
        if not can_manage(by, entry) and not (by.is_active and can_act_for(by, entry.client)):
            raise PermissionDenied("not allowed to take this entry off")
        if not entry.is_waiting:
            state = str(entry.get_state_display()).lower()
            raise ConflictError("not_waiting", translate("It is settled already (%(state)s).", state=state))
        entry.state, entry.changed_at = WaitingEntry.State.REMOVED, now
        entry.save(update_fields=["state", "changed_at"])
        close_offers(entry.offers.all(), WaitingOffer.State.DECLINED, by=by, now=now)
        changes = {"state": ["waiting", "removed"]}
        audit.record(WaitingListAudit.WAITING_ENTRY_REMOVED, by=by, subject=entry, changes=changes)
    return entry


def end_past_entries(*, now: datetime) -> None:
    """Note of everybody whose last day has passed that they wait no longer; whoever is offered a time has it to the end. A nightly job."""
    passed = WaitingEntry.objects.filter(state=WaitingEntry.State.WAITING, until_on__lt=(now + FIRST_ZONE).date())
    failed: Exception | None = None
    for pk, client_id in list(passed.order_by("pk").values_list("pk", "client_id")):
        try:
            _end_past(pk, client_id, now=now)
        except Exception as error:
            logger.exception("the end of waiting entry %s was not noted", pk)
            failed = error
    if failed is not None:  # once the others are done, so that operators hear of it
        raise failed


def _end_past(pk: UUID, client_id: UUID, *, now: datetime) -> None:
    with calendar_transaction():
        calendar_locks.lock_calendars([client_id])
        entry = WaitingEntry.objects.select_for_update().filter(pk=pk).first()
        if entry is None or not entry.is_waiting or not entry.has_run_out(now):
            return
        if entry.offers.filter(state=WaitingOffer.State.OPEN).exists():
            return
        entry.state, entry.changed_at = WaitingEntry.State.ENDED, now
        entry.save(update_fields=["state", "changed_at"])
        changes = {"state": ["waiting", "ended"]}
        audit.record(WaitingListAudit.WAITING_ENTRY_ENDED, by=audit.SYSTEM, subject=entry, changes=changes)


def _lock_offered(entry: WaitingEntry) -> None:
    """Hold the calendars of the client and of whoever's time is offered to them, because others may be offered the same one."""
    for _ in range(calendar_locks.TRIES):
        held = _offering(entry)
        before = transaction.savepoint()
        calendar_locks.lock_calendars([entry.client_id, *held])
        if _offering(entry) <= held:
            transaction.savepoint_commit(before)
            return
        # Because an offer was made meanwhile: all locks are let go, and taken anew in their order.
        transaction.savepoint_rollback(before)
    raise ConflictError("calendar_busy", translate("Others are changing this calendar right now. Please try again."))


def _offering(entry: WaitingEntry) -> set[UUID]:
    """Whose time is offered to them."""
    found = WaitingOffer.objects.filter(entry=entry.pk, state=WaitingOffer.State.OPEN)
    return set(found.values_list("practitioner_id", flat=True))


def _check_may_add(client: Client, practitioners: Sequence[StaffMember], *, by: Any) -> None:
    """As a login of the client's, also of somebody who works here, with those who see the client; else as whoever books for these people."""
    joins = clients_who_may_join(by).filter(pk=client.pk).exists()
    if joins and not {person.pk for person in practitioners} - set(
        practitioners_to_wait_for([client]).values_list("pk", flat=True)
    ):
        return
    if clients_to_add(by).filter(pk=client.pk).exists():
        for person in practitioners:
            booking_checks.check_may_run(by, person)
            booking_checks.check_assigned(by, person, [client])
    elif joins:
        raise DomainError(
            "practitioner_not_offered", translate("Choose from the list, or anybody."), field="practitioner"
        )
    else:
        raise PermissionDenied("not allowed to put this client on the waiting list")


def _check(
    client: Client,
    minutes: int,
    until_on: date,
    weekdays: Sequence[int],
    begins: int,
    ends: int,
    note: str,
    *,
    now: datetime,
) -> None:
    today = now.astimezone(wall_time.zone(client.time_zone)).date()
    if not today <= until_on <= today + FURTHEST:
        raise DomainError("bad_until", translate("Choose a day from today on, within a year."), field="until_on")
    if not 5 <= minutes <= DAY:
        raise DomainError("bad_length", translate("Choose a length of at least 5 minutes and at most 24 hours."))
    if any(day not in range(7) for day in weekdays):
        raise DomainError("bad_weekday", translate("Choose days of the week."), field="weekdays")
    if not 0 <= begins < ends <= DAY:
        raise DomainError("bad_hours", translate("The end must be after the start."), field="ends")
    if ends - begins < minutes:
        raise DomainError(
            "short_hours", translate("It takes %(minutes)s minutes: name more time.", minutes=minutes), field="ends"
        )
    if len(note) > LONGEST_NOTE:
        raise DomainError("long_text", translate("That is too long. Say it in fewer words."), field="note")
    if waiting_on(today).filter(client=client).count() >= MOST_ENTRIES:
        raise DomainError(
            "many_entries",
            translate("%(name)s is on the list %(most)s times already.", name=client.name, most=MOST_ENTRIES),
        )
