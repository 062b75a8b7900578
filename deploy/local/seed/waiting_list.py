"""Who waits for an earlier time; one of them is offered one, another was served."""

from contextlib import suppress
from datetime import date, datetime, timedelta

from billing.models import Service
from core.booking.group_queries import groups_ahead
from core.kernel.errors import DomainError
from core.people.models import Client, User
from core.people.permissions import logins_acting_for
from core.scheduling import actions as scheduling
from core.scheduling.actions.edit import ServiceChosen
from core.scheduling.models import Appointment
from core.scheduling.rules.conflicts import Span
from core.waiting_list import actions
from deploy.local.seed.people import Cast
from deploy.local.seed.practices import Practice

AFTERNOON, EVENING, MORNING, NOON = 14 * 60, 20 * 60, 8 * 60, 12 * 60


def fill_waiting_list(practice: Practice, cast: Cast, *, now: datetime) -> None:
    """In one practice one after another is asked, in the other all at once; a cancellation has just freed a time."""
    is_public = practice.who_books == "everybody"
    actions.change_waiting_settings(
        is_open=True,
        clients_may_join=True,
        mode="one" if is_public else "all",
        minutes=240,
        notice_hours=3,
        by=cast.owner,
        now=now,
    )
    service = Service.objects.get(name=practice.offers[0].name)
    chosen = ServiceChosen(service.name, service.pk, service.other_names)
    until = (now + timedelta(days=45)).date()
    active = [client for client in cast.clients if logins_acting_for(client)]
    wishes = [
        {"weekdays": [0, 1, 2, 3, 4]}, {"weekdays": [1, 3], "begins": AFTERNOON, "ends": EVENING},
        {"weekdays": [0, 2], "begins": MORNING, "ends": NOON, "note": "As soon as possible, before school starts."}, {},
    ]  # fmt: skip
    for number, (client, wish) in enumerate(zip(active[-4:], wishes, strict=False)):
        practitioners = [client.assignments.order_by("pk")[0].practitioner] if number % 2 == 0 else []
        login = User.objects.filter(links__client=client, is_active=True).first()
        with suppress(DomainError):
            actions.add_entry(
                client=client, service=chosen, minutes=service.minutes, mode="in_person", until_on=until, practitioners=practitioners,
                by=login if login is not None and number == 0 else cast.owner, now=now - timedelta(days=4 - number), **wish,
            )  # fmt: skip
    _offer_a_place(practice, active[0], cast, until=until, now=now)
    _free_a_time(cast, now=now)


def _offer_a_place(practice: Practice, client: Client, cast: Cast, *, until: date, now: datetime) -> None:
    """One waits for a place in a group, and is offered one."""
    service = Service.objects.get(name=practice.offers[2].name)
    with suppress(DomainError):
        actions.add_entry(
            client=client, service=ServiceChosen(service.name, service.pk, service.other_names), minutes=service.minutes,
            mode="in_person", until_on=until, by=cast.owner, now=now,
        )  # fmt: skip
    for group in groups_ahead(service.pk, now=now).select_related("practitioner__user")[:5]:
        if actions.offer_places(group, now=now):
            return


def _free_a_time(cast: Cast, *, now: datetime) -> None:
    coming = Appointment.objects.filter(status="booked", series=None, starts_at__gt=now + timedelta(days=3))
    for appointment in coming.select_related("practitioner__user").order_by("starts_at")[:6]:
        freed = Span(appointment.starts_at, appointment.ends_at)
        with suppress(DomainError):
            scheduling.cancel_appointment(appointment, party="practice", reason="A course day.", by=cast.owner, now=now)
        clients = list(appointment.participants.values_list("client_id", flat=True))
        if actions.offer_freed(appointment.practitioner, freed, apart_from=clients, now=now):
            return
