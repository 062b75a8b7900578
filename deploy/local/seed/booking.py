"""What people book themselves: in one practice everybody, in the other those who have signed in."""

from datetime import datetime, time, timedelta

from billing.models import Service
from core.booking import actions
from core.booking.models import BookablePractitioner, BookableService, BookingSettings, IntakeQuestion
from core.scheduling.actions import book_series
from core.scheduling.actions.series_checks import SeriesPlan
from core.scheduling.models import Appointment, BookableResource
from core.scheduling.rules.series import Pattern
from deploy.local.seed.people import Cast
from deploy.local.seed.practices import Practice
from portal.booking.settings_forms import free_slug

ONLINE, IN_PERSON = Appointment.Mode.ONLINE, Appointment.Mode.IN_PERSON
GROUP_PLACES = 6


def open_booking(practice: Practice, cast: Cast, *, now: datetime) -> None:
    """The services for single people and places in the group, with everybody who practises; new people begin with the first of them that suits."""
    by = cast.owner
    names = [offer.name for offer in practice.offers[:2]]
    services = sorted(Service.objects.filter(name__in=names), key=lambda service: names.index(service.name))
    room = BookableResource.objects.filter(kind=BookableResource.Kind.ROOM, is_active=True).first()
    for number, service in enumerate(services):
        row = BookableService(
            service_id=service.pk, slug=free_slug(service.name), modes=[ONLINE, IN_PERSON] if number == 0 else [IN_PERSON],
            location=practice.address.splitlines()[0], is_for_first_visit=number == 1,
        )  # fmt: skip
        actions.save_bookable_service(row, resources=[room] if room and number == 1 else [], by=by)
    group = BookableService(
        service_id=Service.objects.get(name=practice.offers[2].name).pk, slug=free_slug(practice.offers[2].name), places=GROUP_PLACES,
        modes=[ONLINE, IN_PERSON], location=practice.address.splitlines()[0], is_for_first_visit=True,
    )  # fmt: skip
    actions.save_bookable_service(group, by=by)
    for practitioner in cast.practitioners:
        person = BookablePractitioner(practitioner=practitioner, slug=free_slug(str(practitioner)))
        actions.save_bookable_practitioner(person, by=by)
    for question in (
        IntakeQuestion(question="What brings you here?", kind="long_text", is_for_first_visit=True, is_required=True),
        IntakeQuestion(question="How did you hear of us?", kind="choice", choices=["From friends", "From a doctor", "On the web"], position=1,
                       is_for_first_visit=True),
    ):  # fmt: skip
        actions.save_question(question, by=by)
    is_public = practice.who_books == BookingSettings.Audience.EVERYBODY
    actions.change_booking_settings(
        is_open=True, audience=practice.who_books, first_visit="chosen", notice_hours=12, horizon_days=90, step=30,
        frame_hosts=[f"www.{practice.slug}.example"] if is_public else [], by=by, now=now,
    )  # fmt: skip
    _open_class(Service.objects.get(pk=group.service_id), cast, now=now)


def _open_class(service: Service, cast: Cast, *, now: datetime) -> None:
    """What nobody has joined yet: each week for two months, from next week on."""
    first = (now + timedelta(days=7)).date()
    plan = SeriesPlan(
        practitioner=cast.practitioners[-1], clients=[], pattern=Pattern("weekly", 1, (first.weekday(),)), first_on=first,
        at=time(18, 30), minutes=service.minutes, time_zone=cast.practitioners[-1].user.time_zone,
        until_on=first + timedelta(weeks=8), mode=IN_PERSON, service_id=service.pk, service_name=service.name,
        other_service_names=service.other_names, is_open_group=True,
    )  # fmt: skip
    book_series(plan, leave_out_busy=True, override_reason="An evening class.", by=cast.owner, now=now)
