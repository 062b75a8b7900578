"""One at a time per practitioner and client: advisory locks, taken in one order, before anybody looks whether a time is free.

The exclusion constraints alone keep the calendar right, but two inserters that wait for each other end in a deadlock; queued behind these
locks, the second one sees what the first has written and gets a sentence.
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import IntegrityError, OperationalError, connection, transaction

from core.kernel.errors import ConflictError
from core.kernel.translation import translate
from core.scheduling.models import Appointment, AppointmentSeries
from tenants import context

WAIT = "3s"  # because whoever waits holds a connection
TRIES = 10  # to lock an appointment whose people change meanwhile
_BUSY = {"40P01", "55P03", "40001"}  # deadlock detected, lock not available, serialization failure
_TAKEN = {"23P01"}  # exclusion violation


@contextmanager
def calendar_transaction() -> Iterator[None]:
    """A transaction whose races end in a ConflictError, never in a server error."""
    try:
        with transaction.atomic():
            yield
    except OperationalError as error:
        if _state_of(error) not in _BUSY:
            raise
        raise ConflictError("calendar_busy", _busy()) from error
    except IntegrityError as error:
        if _state_of(error) not in _TAKEN:
            raise
        raise ConflictError(
            "time_taken", translate("Somebody else has just taken that time. Please choose another.")
        ) from error


def lock_calendars(people: Iterable[UUID]) -> None:
    """Hold the calendars of these practitioners, clients and resources until the end of the transaction."""
    keys = sorted({_key(person) for person in people})
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [WAIT])
        cursor.execute("SELECT pg_advisory_xact_lock(key) FROM unnest(%s::bigint[]) AS key", [keys])


def lock_appointment(pk: UUID, *, also: Iterable[UUID] = ()) -> Appointment:
    """Lock everybody's calendar in this appointment and `also` others, then the appointment itself as it stands now."""
    for _ in range(TRIES):
        held = _people_of(pk) | set(also)
        before = transaction.savepoint()
        lock_calendars(held)
        if _people_of(pk) <= held:
            transaction.savepoint_commit(before)
            appointment = Appointment.objects.select_for_update().get(pk=pk)
            return load_appointment(appointment.pk)
        # Because whoever waits may wait for an edit that brings people in: all locks are let go, and taken anew in their order.
        transaction.savepoint_rollback(before)
    raise ConflictError("calendar_busy", _busy())


def lock_appointments(pks: Iterable[UUID]) -> None:
    """Lock everybody's calendar in several appointments at once, in the one order, for acts on each of them in one transaction."""
    keys = list(pks)
    for _ in range(TRIES):
        held = set().union(*map(_people_of, keys))
        before = transaction.savepoint()
        lock_calendars(held)
        if set().union(*map(_people_of, keys)) <= held:
            transaction.savepoint_commit(before)
            list(Appointment.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
            return
        transaction.savepoint_rollback(before)
    raise ConflictError("calendar_busy", _busy())


def lock_series(pk: UUID, *, also: Iterable[UUID] = ()) -> AppointmentSeries:
    """Lock everybody's calendar in what this series still has to come and `also` others, then the series and its appointments in one order."""
    for _ in range(TRIES):
        held = _people_of_series(pk) | set(also)
        before = transaction.savepoint()
        lock_calendars(held)
        if _people_of_series(pk) <= held:
            transaction.savepoint_commit(before)
            series = AppointmentSeries.objects.select_for_update().get(pk=pk)
            list(Appointment.objects.select_for_update().filter(series=pk).order_by("pk").values_list("pk"))
            return load_series(series.pk)
        transaction.savepoint_rollback(before)
    raise ConflictError("calendar_busy", _busy())


def load_series(pk: UUID) -> AppointmentSeries:
    """The series with the people and things of its next dates, as it stands now."""
    found = AppointmentSeries.objects.select_related("practitioner__user", "policy", "booked_by")
    return found.prefetch_related("clients", "resources").get(pk=pk)


def load_appointment(pk: UUID) -> Appointment:
    """The appointment with everything that an action looks at, as it stands now."""
    return (
        Appointment.objects.select_related("practitioner__user", "policy")
        .prefetch_related(
            "participants__client", "cancellations", "policy__levels__completion_type", "reservations__resource"
        )
        .get(pk=pk)
    )


def _busy() -> str:
    return translate("Others are changing this calendar right now. Please try again.")


def _people_of(pk: UUID) -> set[UUID]:
    """Everybody in it, and what it takes: a room's calendar is locked like a person's."""
    people = Appointment.objects.filter(pk=pk).values_list("practitioner_id", "participants__client_id")
    taken = Appointment.objects.filter(pk=pk).values_list("reservations__resource_id")
    return {key for row in (*people, *taken) for key in row if key}


def _people_of_series(pk: UUID) -> set[UUID]:
    """Whoever is in it from now on, and in any appointment of it that is booked."""
    series = AppointmentSeries.objects.filter(pk=pk)
    booked = Appointment.objects.filter(series=pk, status=Appointment.Status.BOOKED)
    rows = (
        *series.values_list("practitioner_id", "clients"),
        *series.values_list("resources"),
        *booked.values_list("practitioner_id", "participants__client_id"),
        *booked.values_list("reservations__resource_id"),
    )
    return {key for row in rows for key in row if key}


def _key(person: UUID) -> int:
    """A signed 64-bit number for one person of one organization."""
    text = f"calendar:{context.current().schema}:{person}".encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), signed=True)


def _state_of(error: Exception) -> str:
    return getattr(error.__cause__, "sqlstate", None) or ""
