"""Offer places in groups that people join: as many as are left, each kept meanwhile from those who book online."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core.booking.group_queries import places_left_in
from core.kernel.errors import ConflictError
from core.kernel.translation import translate
from core.scheduling.actions import booking_checks, calendar_locks
from core.scheduling.actions.calendar_locks import calendar_transaction
from core.scheduling.models import Appointment
from core.waiting_list.actions.making import choose, keep, make_offer
from core.waiting_list.actions.offering import AHEAD, check_may_offer, promise_places
from core.waiting_list.models import WaitingEntry, WaitingListSettings, WaitingOffer
from core.waiting_list.queries import waiting_for_place

NIGHTS = timedelta(days=2)


def offer_places(group: Appointment, *, apart_from: Sequence[UUID] = (), now: datetime) -> list[WaitingOffer]:
    """Offer what is left of it: each place to one, those who wait longest first, or all places to all, as the organization has it."""
    settings = WaitingListSettings.current()
    if not settings.is_open:
        return []
    with calendar_transaction():
        wanted = {"apart_from": apart_from, "earliest": now + timedelta(hours=settings.notice_hours), "now": now}
        held = {entry.client_id for entry in waiting_for_place(group, **wanted)}
        if not held:
            return []
        group = calendar_locks.lock_appointment(group.pk, also=held)
        left = places_left_in(group, now=now)
        waiting = [entry for entry in waiting_for_place(group, **wanted) if entry.client_id in held]
        if not left or not waiting:
            return []
        until, chosen = choose(settings, [(entry, group.starts_at) for entry in waiting], most=left, now=now)
        if until is not None:
            promise_places(group, apart_from=apart_from, due_at=until, now=now)
        return _make(
            settings, group, [entry for entry, _start in chosen], left, apart_from=apart_from, by=None, now=now
        )


def promise_coming_places(*, now: datetime) -> None:
    """Promise to offer what is left of the groups that are four weeks ahead by now: made earlier, they were offered to nobody. A nightly job.

    Each is looked at on two nights, so that a night that was missed costs nobody a place; nobody is asked twice.
    """
    coming = Appointment.objects.filter(is_open_group=True, status=Appointment.Status.BOOKED)
    for group in coming.filter(starts_at__gt=now + AHEAD - NIGHTS, starts_at__lte=now + AHEAD).order_by(
        "starts_at", "pk"
    ):
        promise_places(group, now=now)


def offer_place_by_hand(entry: WaitingEntry, *, group: Appointment, by: Any, now: datetime) -> WaitingOffer:
    """Offer a place in a group that somebody has chosen. Raises PermissionDenied, DomainError or ConflictError."""
    settings = WaitingListSettings.current()
    with calendar_transaction():
        group = calendar_locks.lock_appointment(group.pk, also={entry.client_id})
        entry = WaitingEntry.objects.select_for_update(of=("self",)).select_related("client").get(pk=entry.pk)
        check_may_offer(entry, group.practitioner, by=by)
        if entry.service_id != group.service_id or not places_left_in(group, now=now):
            raise no_place_left()
        booking_checks.check_free(
            by=by, practitioner=None, clients=[entry.client], starts_at=group.starts_at, ends_at=group.ends_at
        )
        [offer] = _make(settings, group, [entry], 1, by=by, now=now)
    return offer


def no_place_left() -> ConflictError:
    return ConflictError("no_place_left", translate("No place is left at this time any more."), field="group")


def _make(
    settings: WaitingListSettings,
    group: Appointment,
    chosen: Sequence[WaitingEntry],
    left: int,
    *,
    apart_from: Sequence[UUID] = (),
    by: Any,
    now: datetime,
) -> list[WaitingOffer]:
    """As many places are kept as there are, or as are asked for; where more are asked, several share one."""
    expires_at = min(now + timedelta(minutes=settings.minutes), group.starts_at)
    holds = [
        keep(
            group.practitioner, group.span, mode=group.mode, time_zone=entry.time_zone, group=group, expires_at=expires_at, now=now
        )
        for entry in chosen[:left]
    ]  # fmt: skip
    facts = {
        "practitioner": group.practitioner,
        "starts_at": group.starts_at,
        "ends_at": group.ends_at,
        "freed_from": group.starts_at,
        "freed_until": group.ends_at,
        "apart_from": list(apart_from),
        "group": group,
        "by_hand": by,
        "offered_at": now,
        "expires_at": expires_at,
    }
    return [make_offer(entry, hold=holds[number % len(holds)], **facts) for number, entry in enumerate(chosen)]
