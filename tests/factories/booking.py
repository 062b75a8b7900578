"""An organization that lets people book themselves: one service, with Tess, from nine to twelve on every day of the week."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from billing.models import Service
from core.booking.actions import change_booking_settings, save_bookable_practitioner, save_bookable_service
from core.booking.models import BookablePractitioner, BookableService, BookingSettings
from core.booking.queries import Wanted, free_times
from core.booking.rules import slots
from core.kernel import clock
from core.kernel.models import OutboxMessage
from core.people.models import StaffMember
from core.scheduling.models import WorkingHours


def work_mornings(practitioner: StaffMember) -> None:
    """From nine to twelve, every day."""
    WorkingHours.objects.bulk_create(
        WorkingHours(practitioner=practitioner, weekday=day, starts=540, ends=720) for day in range(7)
    )


def open_booking(cast: SimpleNamespace, *, by: Any = None, **changes: Any) -> SimpleNamespace:
    """Open to everybody, unless `changes` says otherwise."""
    by = by or cast.nora
    service = Service.objects.create(name="First talk", amount=6000, currency="EUR", minutes=60)
    bookable = BookableService(
        service_id=service.pk, slug="first-talk", modes=["online", "in_person"], location="Room 1"
    )
    save_bookable_service(bookable, by=by)
    person = save_bookable_practitioner(BookablePractitioner(practitioner=cast.tess_staff, slug="tess"), by=by)
    work_mornings(cast.tess_staff)
    values = {"is_open": True, "audience": "everybody", "step": 60, **changes}
    settings = change_booking_settings(by=by, now=clock.now(), **values)
    return SimpleNamespace(service=service, bookable=bookable, person=person, settings=settings)


def wanted_of(online: SimpleNamespace, mode: str = "online") -> Wanted:
    """The service, under the settings in force."""
    return Wanted(online.bookable, online.service.minutes, mode, BookingSettings.current())


def first_free(online: SimpleNamespace, *people: StaffMember) -> Any:
    """The first instant that can be booked from the day after tomorrow on: whole mornings, whatever time it is now."""
    found = free_times(wanted_of(online), list(people) or [online.person.practitioner], now=clock.now())
    ahead = slots.number_of((clock.now() + timedelta(days=2)).replace(hour=0, minute=0, second=0, microsecond=0))
    return slots.at(min(each for times in found.values() for each in times if each >= ahead))


LATER = timedelta(minutes=11)  # than a hold lasts

WHO = {"first_name": "Zoë 李明", "last_name": "O’Brien", "email": "Zoe@Example.org", "phone": "+353 85 123"}


def times_page(browser: Any, **query: str) -> Any:
    """The page of free times."""
    return browser.get("/book/first-talk/", query)


def choose(browser: Any, start: datetime, **more: str) -> str:
    """Choose a time; returns the path of what is held."""
    answer = browser.post("/book/first-talk/", {"start": slots.number_of(start), "mode": "online", **more})
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    return str(answer["Location"])


def code_sent() -> str:
    """The code in the last mail to a visitor."""
    return str(OutboxMessage.objects.filter(name="booking.send_code").latest("created_at").payload["code"])


def book_as_visitor(browser: Any, start: datetime, **who: str) -> tuple[str, Any]:
    """Choose a time, say who it is for and type the code; the path of what is held, and the last answer."""
    held = choose(browser, start)
    answer = browser.post(held, {**WHO, **who})
    assert answer["Location"] == f"{held}code/"
    return held, browser.post(f"{held}code/", {"code": code_sent()})
