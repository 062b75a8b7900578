"""Keep a time for a visitor while they finish, and let it go."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db.models import Q

from core.booking import group_queries, queries
from core.booking.models import BookableService, Hold
from core.booking.queries import Wanted
from core.booking.rules import slots
from core.kernel.errors import ConflictError, NotFound
from core.kernel.translation import translate
from core.people.models import StaffMember
from core.scheduling.actions import calendar_locks
from core.scheduling.availability_queries import hours_of_many

HELD = timedelta(minutes=10)
LONGEST = 3 * HELD  # however many codes are asked for
REMEMBERED = timedelta(days=1)  # what was typed, for those who come back late


def hold_time(
    *,
    wanted: Wanted,
    practitioners: Sequence[StaffMember],
    starts_at: datetime,
    time_zone: str,
    visitor: str,
    is_anybody: bool,
    now: datetime,
) -> tuple[Hold, str]:
    """Keep this time with the least busy of the practitioners who are free; returns the hold and the token of its address.

    What was held for the same visitor before is let go. ConflictError `time_taken` when nobody is free then.
    """
    token = secrets.token_urlsafe(24)
    with calendar_locks.calendar_transaction():
        _lock(wanted.bookable, [person.pk for person in practitioners])
        Hold.objects.filter(visitor=_digest(visitor), appointment=None).delete()
        chosen = _free_at(wanted, practitioners, starts_at, now=now)
        hold = Hold.objects.create(
            token_digest=_digest(token),
            visitor=_digest(visitor),
            bookable=wanted.bookable,
            practitioner=chosen,
            starts_at=starts_at,
            **_what_is_held(wanted, chosen, starts_at),
            mode=wanted.mode,
            time_zone=time_zone,
            is_anybody=is_anybody,
            made_at=now,
            expires_at=now + HELD,
        )
    return hold, token


def hold_again(hold: Hold, *, wanted: Wanted, starts_at: datetime | None = None, now: datetime) -> Hold:
    """Keep the same time anew, or another one with the same practitioner, with all that was typed. ConflictError `time_taken`.

    What is still held is held no longer by this; what was booked meanwhile stays as it is. NotFound when it was let go.
    """
    with calendar_locks.calendar_transaction():
        _lock(wanted.bookable, [hold.practitioner_id])
        hold = lock_hold(hold)
        if hold.appointment_id:
            return hold
        starts_at = starts_at or hold.starts_at
        if not hold.is_over(now) and starts_at == hold.starts_at:
            return hold
        free = queries.free_times(wanted, [hold.practitioner], now=now, only=starts_at, apart_from=hold)
        if not free[hold.practitioner_id]:
            raise taken(wanted)
        held = _what_is_held(wanted, hold.practitioner, starts_at)
        for name, value in {**held, "starts_at": starts_at, "made_at": now, "expires_at": now + HELD}.items():
            setattr(hold, name, value)
        hold.save(update_fields=[*held, "starts_at", "made_at", "expires_at"])
    return hold


def lock_hold(hold: Hold) -> Hold:
    """The row as it is now, kept from others until the transaction ends. NotFound when it was let go meanwhile."""
    found = Hold.objects.select_for_update(of=("self",)).select_related("practitioner__user").filter(pk=hold.pk).first()
    if found is None:
        raise NotFound("hold")
    return found


def let_go(hold: Hold) -> None:
    """Others can have the time again, and nothing of what was typed is kept."""
    Hold.objects.filter(pk=hold.pk, appointment=None).delete()


def find_hold(token: str) -> Hold:
    """The hold of this address; NotFound for one that never was, or is forgotten."""
    found = Hold.objects.select_related("bookable", "practitioner__user", "appointment", "group__policy")
    hold = found.prefetch_related("bookable__resources").filter(token_digest=_digest(token)).first()
    if hold is None:
        raise NotFound("hold")
    return hold


def forget_old_holds(*, now: datetime) -> None:
    """What was held a day ago and came to nothing, and the addresses of what was booked. A nightly job."""
    old = Q(expires_at__lt=now - REMEMBERED)
    Hold.objects.filter(old).delete()


def taken(wanted: Wanted) -> ConflictError:
    """Somebody else was faster."""
    if wanted.bookable.places:
        return ConflictError(
            "no_place_left",
            translate("No place is left at this time any more."),
            field="starts_at",
        )
    return ConflictError(
        "time_taken", translate("This time is not free any more: somebody else has just taken it."), field="starts_at"
    )


def _free_at(
    wanted: Wanted, practitioners: Sequence[StaffMember], starts_at: datetime, *, now: datetime
) -> StaffMember:
    times = queries.free_times(wanted, practitioners, now=now, only=starts_at)
    free = {person.pk: person for person in practitioners if slots.number_of(starts_at) in times[person.pk]}
    if not free:
        raise taken(wanted)
    if len(free) == 1:
        return next(iter(free.values()))
    first = next(iter(free.values()))
    zone = hours_of_many([first], starts_at.date(), starts_at.date())[first.pk].zone
    load = queries.load_of(free, starts_at, zone)
    load.update(
        queries.open_holds(now=now).filter(practitioner__in=list(free)).values_list("practitioner_id", flat=True)
    )
    chosen: Any = slots.least_busy(((str(person), key) for key, person in free.items()), load)
    return free[chosen]


def _what_is_held(wanted: Wanted, practitioner: StaffMember, starts_at: datetime) -> dict[str, Any]:
    """Until when, and in which group if it is a place in one."""
    if not wanted.bookable.places:
        return {"ends_at": starts_at + timedelta(minutes=wanted.minutes), "group": None}
    group = group_queries.group_at(wanted.bookable, practitioner, starts_at)
    if group is None:
        raise taken(wanted)
    return {"ends_at": group.ends_at, "group": group}


def _lock(bookable: BookableService, practitioners: Sequence[UUID]) -> None:
    calendar_locks.lock_calendars([*practitioners, *(resource.pk for resource in bookable.resources.all())])


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
