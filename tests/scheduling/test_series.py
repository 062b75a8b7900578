"""Series: all dates or none, one mail for all, and the next dates of those without an end."""

from datetime import datetime, time, timedelta
from email.utils import parseaddr

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.kernel import clock
from core.kernel.errors import ConflictError, DomainError
from core.kernel.models import AuditEvent, OutboxMessage
from core.notifications.models import Notice
from core.people.models import Client, LinkedLogin, StaffMember
from core.people.signals import access_gained
from core.scheduling.actions import book_series, make_dates_ahead
from core.scheduling.actions.series_checks import look, planned
from core.scheduling.models import (
    Appointment,
    AppointmentSeries,
    BookableResource,
    Closure,
    Participant,
    Reservation,
    TimeOff,
)
from core.scheduling.rules.series import Pattern
from tests.factories.scheduling import book, book_weekly, make_client, tomorrow, weekly_plan
from tests.scheduling.mail_entries import calendar_of

WEEK = timedelta(weeks=1)


def starts(series):
    return [each.starts_at for each in series.occurrences.order_by("starts_at")]


def master_of(mail):
    return calendar_of(mail)[1].events[0]


def test_series_is_booked_as_appointments_with_places_reservations_and_reminders(cast):
    room = BookableResource.objects.create(name="Studio")
    series = book_weekly(cast, resources=(room,))
    found = starts(series)
    assert len(found) == 4 and all(after - before == WEEK for before, after in zip(found, found[1:], strict=False))
    first = series.occurrences.order_by("starts_at").first()
    assert (first.time_zone, first.service_name, first.booked_by) == ("Europe/Berlin", "Speech therapy", cast.tess)
    assert Participant.objects.filter(client=cast.cleo, starts_at__in=found).count() == 4
    assert Reservation.objects.filter(resource=room, starts_at__in=found).count() == 4
    due = OutboxMessage.objects.filter(name="scheduling.remind_people").order_by("due_at")
    assert [message.due_at for message in due] == [at - timedelta(hours=24) for at in found]
    event = AuditEvent.objects.get(action="series.booked")
    assert (event.actor_id, event.changes["dates"]) == (str(cast.tess.pk), [None, 4])


def test_each_person_gets_one_mail_with_one_calendar_object(cast, deliver):
    series = book_weekly(cast, by=cast.nora)
    sent = deliver()
    assert {parseaddr(mail.to[0])[1] for mail in sent} == {cast.cleo_login.email, cast.gus.email, cast.tess.email}
    assert len(sent) == 3
    for mail in sent:
        master = master_of(mail)
        assert (str(master["UID"]), int(master["SEQUENCE"])) == (series.uid, 0)
        assert master["RRULE"]["FREQ"] == ["WEEKLY"] and len(calendar_of(mail)[1].events) == 1
        assert mail.body.count("16:00") >= 4


def test_dates_can_be_skipped_and_moved_before_they_are_booked(cast, deliver):
    plan = weekly_plan(cast)
    days = plan.dates(now=clock.now())
    elsewhere = datetime.combine(days[2] + timedelta(days=1), time(11))
    plan = weekly_plan(cast, skipped=frozenset({days[1]}), moved={days[2]: elsewhere})
    series = book_series(plan, by=cast.nora, now=clock.now())
    rows = {each.occurrence_on: each for each in series.occurrences.all()}
    assert set(rows) == {days[0], days[2], days[3]} and series.exdates == [days[1]]
    assert rows[days[2]].is_exception and rows[days[2]].starts_at.date() == elsewhere.date()
    master, other = calendar_of(deliver()[0])[1].events
    assert [each.dt.date() for each in master["EXDATE"].dts] == [days[1]]
    assert other["RECURRENCE-ID"].dt.date() == days[2] and other["DTSTART"].dt.date() == elsewhere.date()


def test_busy_dates_are_named_and_nothing_is_written(cast):
    plan = weekly_plan(cast)
    days = plan.dates(now=clock.now())
    other = make_client("Otto", practitioner=cast.tess_staff)
    taken = planned(plan, days)[2].span
    book(cast, at=taken.starts_at, clients=[other])
    with pytest.raises(ConflictError) as refusal:
        book_series(plan, by=cast.tess, now=clock.now())
    assert f"{days[2].day}" in refusal.value.message and "Otto Other" in refusal.value.message
    assert not AppointmentSeries.objects.exists() and Appointment.objects.count() == 1

    series = book_series(plan, leave_out_busy=True, by=cast.tess, now=clock.now())
    assert series.exdates == [days[2]] and series.occurrences.count() == 3


def test_what_may_not_be_seen_is_not_told(cast):
    plan = weekly_plan(cast)
    taken = planned(plan, plan.dates(now=clock.now()))[0].span
    cast.tim_staff = StaffMember.objects.create(
        user=type(cast.tess).objects.create_user(email="tim@north.test", name="Tim Secret", time_zone="UTC"),
        role="practitioner",
    )
    book(cast, at=taken.starts_at, practitioner=cast.tim_staff, by=cast.nora)
    with pytest.raises(ConflictError) as refusal:
        book_series(plan, by=cast.tess, now=clock.now())
    assert "Cleo Marten" in refusal.value.message and "Secret" not in refusal.value.message


def test_look_names_closures_time_off_and_changes_of_the_clock(cast, at):
    plan = weekly_plan(
        cast, first=datetime(2026, 3, 22).date(), at=time(2, 30), pattern=Pattern("weekly", 1, (6,)), weeks=4
    )
    days = plan.dates(now=clock.now())
    Closure.objects.create(name="Company outing", first_on=days[0], last_on=days[0])
    TimeOff.objects.create(practitioner=cast.tess_staff, first_on=days[3], last_on=days[3])
    found = look(plan, planned(plan, days), by=cast.tess, now=clock.now())
    assert [each.against for each in found] == [("closed",), (), (), ("off",)]
    assert "Company outing" in found[0].reasons[0]
    assert [each.occurrence.moment.adjustment for each in found] == ["", "gap", "", ""]
    assert "02:30" in found[1].occurrence.moment.note and "03:30" in found[1].occurrence.moment.note
    with pytest.raises(DomainError) as refusal:
        book_series(plan, by=cast.tess, now=clock.now())
    assert refusal.value.field == "override_reason" and "Company outing" in refusal.value.message
    series = book_series(plan, override_reason="Agreed.", by=cast.tess, now=clock.now())
    assert series.occurrences.filter(availability_overrides__reason="Agreed.").count() == 2


def test_look_asks_as_often_for_many_dates_as_for_few(cast):
    def asked(weeks):
        plan = weekly_plan(cast, weeks=weeks)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            look(plan, planned(plan, plan.dates(now=clock.now())), by=cast.tess, now=clock.now())
        return len(queries)

    asked(2)  # what is looked up once
    assert asked(50) == asked(3)


def test_booking_asks_as_often_for_many_dates_as_for_few(cast):
    def asked(**changes):
        with CaptureQueriesContext(connection) as queries:
            book_weekly(cast, **changes)
        return len(queries)

    asked(weeks=2)  # what is looked up once
    assert asked(weeks=50, at=time(9)) == asked(weeks=3, at=time(11))
    assert OutboxMessage.objects.filter(name="scheduling.remind_people").count() == 55


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"pattern": Pattern("weekly", 1, tuple(range(7))), "weeks": 52}, "series_too_long"),
        ({"weeks": 1500}, "too_late"),
        ({"first": datetime(2020, 1, 7).date()}, "series_begun"),
        ({"time_zone": "Mars/Olympus"}, "unknown_zone"),
        ({"minutes": 2}, "bad_length"),
        ({"clients": ()}, "group_refuse"),
    ],
)
def test_series_that_makes_no_sense_is_refused_with_a_sentence(cast, changes, code):
    with pytest.raises(DomainError) as refusal:
        book_weekly(cast, **changes)
    assert refusal.value.code == code and refusal.value.message
    assert not AppointmentSeries.objects.exists()


def test_who_does_not_run_the_schedule_books_no_series(cast):
    with pytest.raises(PermissionDenied):
        book_weekly(cast, by=cast.cleo_login)


def test_inactive_client_is_found_when_it_is_written(cast):
    plan = weekly_plan(cast)
    Client.objects.filter(pk=cast.cleo.pk).update(status=Client.Status.INACTIVE)
    with pytest.raises(DomainError) as refusal:
        book_series(plan, by=cast.nora, now=clock.now())
    assert refusal.value.code == "client_not_active"


def test_open_ended_series_is_made_ahead_each_night(cast, at):
    series = book_weekly(cast, weeks=0, by=cast.nora)
    assert len(starts(series)) == 26  # weeks of the horizon, the first one in a week
    make_dates_ahead(now=clock.now())
    assert len(starts(series)) == 26
    at(clock.now() + timedelta(weeks=3))
    make_dates_ahead(now=clock.now())
    assert len(starts(series)) == 29
    told = OutboxMessage.objects.filter(name="scheduling.tell_series", payload__kind="changed")
    assert not told.exists()  # because their calendars go on by the rule


def test_date_that_is_not_free_when_it_is_made_is_left_out_and_told(cast, at, deliver):
    series = book_weekly(cast, weeks=0, by=cast.nora)
    last = starts(series)[-1]
    book(cast, at=last + WEEK, clients=[make_client("Otto", practitioner=cast.tess_staff)])
    deliver()
    at(clock.now() + timedelta(weeks=2))
    make_dates_ahead(now=clock.now())
    assert len(starts(series)) == 27
    series.refresh_from_db()
    assert series.exdates == [(last + WEEK).date()]
    sent = [mail for mail in deliver() if "series" in mail.subject.lower() or "Changed" in mail.subject]
    assert {int(master_of(mail)["SEQUENCE"]) for mail in sent} == {1}
    assert {parseaddr(mail.to[0])[1] for mail in sent} == {cast.cleo_login.email, cast.gus.email, cast.tess.email}


@pytest.mark.parametrize("who", ["client", "practitioner"])
def test_series_of_somebody_who_left_makes_no_more_dates(cast, at, who):
    series = book_weekly(cast, weeks=0, by=cast.nora)
    made = len(starts(series))
    if who == "client":
        Client.objects.filter(pk=cast.cleo.pk).update(status=Client.Status.INACTIVE)
    else:
        StaffMember.objects.filter(pk=cast.tess_staff.pk).update(status=StaffMember.Status.INACTIVE)
    at(clock.now() + timedelta(weeks=2))
    make_dates_ahead(now=clock.now())
    series.refresh_from_db()
    assert len(starts(series)) == made and not series.is_open_ended
    assert Notice.objects.filter(user_id=cast.nora.pk, kind="series_stopped").count() == 1


def test_login_that_comes_later_is_told_of_the_series_once(cast, deliver):
    book_weekly(cast)
    deliver()
    LinkedLogin.objects.create(user=cast.sam, client=cast.cleo, relationship="partner")
    for _ in range(2):
        access_gained.send(type(cast.sam), user=cast.sam, by=cast.nora, now=clock.now())
    (mail,) = deliver()
    assert parseaddr(mail.to[0])[1] == cast.sam.email and master_of(mail)["RRULE"]


def test_two_series_do_not_take_the_same_hour(cast):
    book_weekly(cast)
    otto = make_client("Otto", practitioner=cast.tess_staff)
    with pytest.raises(ConflictError) as refusal:
        book_weekly(cast, clients=(otto,), weeks=3)
    assert refusal.value.message.count("Cleo Marten") == 3
    assert tomorrow() and AppointmentSeries.objects.count() == 1
