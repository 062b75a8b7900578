"""Offer a time that has freed, or one that was chosen by hand, and keep it meanwhile from those who book online."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from core.booking.group_queries import services_for_groups
from core.booking.models import Hold
from core.booking.queries import open_holds
from core.kernel import audit, outbox
from core.kernel.errors import ConflictError, DomainError
from core.kernel.translation import translate
from core.people.models import StaffMember
from core.scheduling.actions import booking_checks, calendar_locks
from core.scheduling.actions.calendar_locks import calendar_transaction
from core.scheduling.models import Appointment
from core.scheduling.permissions import HAS_SCHEDULE, can_run_schedule
from core.scheduling.rules import wall_time
from core.scheduling.rules.conflicts import Span
from core.waiting_list import notifications, outbox_names
from core.waiting_list.actions.making import Chosen, choose, keep, make_offer
from core.waiting_list.audit_codes import WaitingListAudit
from core.waiting_list.models import WaitingEntry, WaitingListSettings, WaitingOffer
from core.waiting_list.permissions import can_manage
from core.waiting_list.queries import anybody_waits, first_date, waiting_for, waiting_on

AHEAD = timedelta(days=28)  # of opened hours that are offered


def promise_offer(
    practitioner: UUID, freed: Span, *, apart_from: Sequence[UUID] = (), due_at: datetime | None = None, now: datetime
) -> None:
    """Promise to offer this time, if anybody waits. In the transaction of the act that has freed it."""
    if freed.ends_at <= now or not WaitingListSettings.current().is_open or not anybody_waits(now=now):
        return
    outbox.enqueue(
        outbox_names.OFFER_TIME,
        due_at=due_at or now,
        practitioner=str(practitioner),
        begins=freed.starts_at.isoformat(),
        ends=freed.ends_at.isoformat(),
        apart_from=[str(each) for each in apart_from],
    )


def promise_places(
    group: Appointment, *, apart_from: Sequence[UUID] = (), due_at: datetime | None = None, now: datetime
) -> None:
    """The same for places in a group that people join, if its service is one that somebody waits for."""
    if group.starts_at <= now or not WaitingListSettings.current().is_open:
        return
    if not waiting_on(first_date(now)).filter(service_id=group.service_id).exists():
        return
    outbox.enqueue(
        outbox_names.OFFER_PLACES,
        due_at=due_at or now,
        group=str(group.pk),
        practitioner=str(group.practitioner_id),
        apart_from=[str(each) for each in apart_from],
    )


def promise_days(practitioner: StaffMember | None, first_on: date, last_on: date, *, now: datetime) -> None:
    """The same for each day of these within four weeks, of one practitioner or of everybody who works: one promise, however many these are."""
    if last_on < first_date(now) or not WaitingListSettings.current().is_open or not anybody_waits(now=now):
        return
    outbox.enqueue(
        outbox_names.OFFER_DAYS,
        practitioner=str(practitioner.pk) if practitioner else "",
        first_on=first_on.isoformat(),
        last_on=last_on.isoformat(),
    )


def promise_each_day(practitioner: str, first_on: date, last_on: date, *, key: str, now: datetime) -> int:
    """Promise each of these days of theirs (empty: everybody's) by itself, with keys that begin so. Returns how many that are."""
    people = StaffMember.objects.filter(HAS_SCHEDULE, status=StaffMember.Status.ACTIVE)
    people = people.filter(pk=practitioner) if practitioner else people
    promises = []
    for person in people.select_related("user"):
        zone = wall_time.zone(person.user.time_zone)
        day, last = max(first_on, now.astimezone(zone).date()), min(last_on, (now + AHEAD).date())
        while day <= last:
            begins, ends = wall_time.day_bounds(day, zone)
            facts = {"practitioner": str(person.pk), "begins": begins.isoformat(), "ends": ends.isoformat()}
            promises.append(outbox.Promise(now, f"{key}:{person.pk}:{day}", person, facts))
            day += timedelta(days=1)
    outbox.enqueue_all(outbox_names.OFFER_TIME, promises)
    return len(promises)


def offer_freed(
    practitioner: StaffMember, freed: Span, *, apart_from: Sequence[UUID] = (), now: datetime
) -> list[WaitingOffer]:
    """Offer what is still free of it: to the one who waits longest, or to all, as the organization has it.

    Whoever has quiet hours now is asked when these end; one after another, the others wait for that.
    """
    settings = WaitingListSettings.current()
    if not settings.is_open:
        return []
    with calendar_transaction():
        wanted = {"apart_from": apart_from, "earliest": now + timedelta(hours=settings.notice_hours), "now": now}
        held = {entry.client_id for entry, _start in waiting_for(practitioner, freed, **wanted)}
        if not held:
            return []
        calendar_locks.lock_calendars([practitioner.pk, *held])
        waiting = waiting_for(practitioner, freed, **wanted)  # as they are behind the lock
        waiting = [pair for pair in waiting if pair[0].client_id in held]
        until, chosen = choose(settings, waiting, most=1, now=now)
        if until is not None:
            promise_offer(practitioner.pk, freed, apart_from=apart_from, due_at=until, now=now)
        if not chosen:
            return []
        return _make(settings, practitioner, freed, chosen, apart_from=apart_from, by=None, now=now)


def offer_by_hand(
    entry: WaitingEntry, *, practitioner: StaffMember, starts_at: datetime, by: Any, now: datetime
) -> WaitingOffer:
    """Offer a time that somebody has chosen, whatever they wait for. Raises PermissionDenied, DomainError or ConflictError."""
    settings, span = WaitingListSettings.current(), Span(starts_at, starts_at + timedelta(minutes=entry.minutes))
    booking_checks.check_times(span.starts_at, span.ends_at, now=now)
    if starts_at <= now:
        raise DomainError("past_time", translate("This time has passed already."), field="date")
    with calendar_transaction():
        calendar_locks.lock_calendars([practitioner.pk, entry.client_id])
        entry = WaitingEntry.objects.select_for_update(of=("self",)).select_related("client").get(pk=entry.pk)
        check_may_offer(entry, practitioner, by=by)
        if entry.service_id is not None and services_for_groups().filter(service_id=entry.service_id).exists():
            raise DomainError(
                "service_for_groups", translate("They wait for a place in %(group:a|an)s %(group)s. Choose one.")
            )
        booking_checks.check_free(
            by=by, practitioner=practitioner, clients=[entry.client], starts_at=span.starts_at, ends_at=span.ends_at
        )
        _check_not_held(practitioner, span, now=now)
        [offer] = _make(settings, practitioner, span, [(entry, starts_at)], by=by, now=now)
    return offer


def check_may_offer(entry: WaitingEntry, practitioner: StaffMember, *, by: Any) -> None:
    """Unless `by` may offer something of this practitioner's to them now. The caller holds the entry."""
    if not can_manage(by, entry) or not can_run_schedule(by, practitioner):
        raise PermissionDenied("not allowed to offer this time")
    booking_checks.check_works(practitioner)
    booking_checks.check_active([entry.client])
    booking_checks.check_assigned(by, practitioner, [entry.client])
    if not entry.is_waiting:
        raise ConflictError("not_waiting", translate("They do not wait any more."))
    if refusal := notifications.why_nobody_can_take(entry.client):
        raise DomainError("nobody_to_take_it", refusal)
    if WaitingOffer.objects.filter(entry__client=entry.client_id, state=WaitingOffer.State.OPEN).exists():
        raise ConflictError("offered_already", translate("A time is offered to them already."))


def _check_not_held(practitioner: StaffMember, span: Span, *, now: datetime) -> None:
    """ConflictError while somebody books this time online."""
    held = open_holds(now=now).filter(group=None).exclude(bookable=None)
    if held.filter(practitioner=practitioner, starts_at__lt=span.ends_at, ends_at__gt=span.starts_at).exists():
        raise ConflictError(
            "time_held",
            translate("Somebody is booking this time online just now. Try again in a few minutes, or choose another."),
            field="date",
        )


def close_offers(
    offers: "QuerySet[WaitingOffer]", state: WaitingOffer.State, *, by: Any = None, goes_on: bool = True, now: datetime
) -> None:
    """End those of them that are open; nobody else is kept from the time, and it goes to the next, if it `goes_on`."""
    for offer in offers.filter(state=WaitingOffer.State.OPEN).select_for_update(of=("self",)).order_by("pk"):
        offer.state, offer.answered_at = state, now
        offer.save(update_fields=["state", "answered_at"])
        code = WaitingListAudit.WAITING_OFFER_DECLINED if by else WaitingListAudit.WAITING_OFFER_ENDED
        changes = {"state": ["open", str(state)], "starts_at": [None, offer.starts_at.isoformat()]}
        audit.record(code, by=by or audit.SYSTEM, subject=offer.entry, changes=changes)
        release(offer)
        if goes_on and offer.group is not None:
            promise_places(offer.group, apart_from=offer.apart_from, now=now)
        elif goes_on:
            freed = Span(offer.freed_from, offer.freed_until)
            promise_offer(offer.practitioner_id, freed, apart_from=offer.apart_from, now=now)


def release(offer: WaitingOffer) -> None:
    """Let go of the time, unless it is offered to somebody else as well."""
    others = WaitingOffer.objects.filter(hold=offer.hold_id, state=WaitingOffer.State.OPEN).exclude(pk=offer.pk)
    if offer.hold_id is not None and not others.exists():
        Hold.objects.filter(pk=offer.hold_id).delete()


def _make(
    settings: WaitingListSettings,
    practitioner: StaffMember,
    freed: Span,
    chosen: Sequence[Chosen],
    *,
    apart_from: Sequence[UUID] = (),
    by: Any,
    now: datetime,
) -> list[WaitingOffer]:
    spans = [Span(start, start + timedelta(minutes=entry.minutes)) for entry, start in chosen]
    whole = Span(min(span.starts_at for span in spans), max(span.ends_at for span in spans))
    expires_at = min(now + timedelta(minutes=settings.minutes), whole.starts_at)
    first = chosen[0][0]
    hold = keep(practitioner, whole, mode=first.mode, time_zone=first.time_zone, expires_at=expires_at, now=now)
    facts = {
        "practitioner": practitioner,
        "freed_from": freed.starts_at,
        "freed_until": freed.ends_at,
        "apart_from": list(apart_from),
        "hold": hold,
        "by_hand": by,
        "offered_at": now,
        "expires_at": expires_at,
    }
    return [
        make_offer(entry, starts_at=span.starts_at, ends_at=span.ends_at, **facts)
        for (entry, _start), span in zip(chosen, spans, strict=True)
    ]
