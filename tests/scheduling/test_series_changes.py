"""One date of a series, this and those that follow, or all that are still to come: moved, edited, cancelled."""

from datetime import date, datetime, time, timedelta
from email.utils import parseaddr

import pytest
from django.core.exceptions import PermissionDenied

from core.kernel import clock
from core.kernel.errors import ConflictError, DomainError
from core.kernel.models import OutboxMessage
from core.scheduling.actions import (
    adopt_policy,
    cancel_appointment,
    cancel_series,
    complete_appointment,
    edit_appointment,
    edit_series,
    make_dates_ahead,
    move_appointment,
    set_end_of_series,
)
from core.scheduling.models import AppointmentSeries, Cancellation, Participant
from core.scheduling.rules.series import Pattern
from tests.factories.scheduling import book, book_weekly, completion_type, make_client, weekly_plan
from tests.scheduling.series_changes import (
    ALL,
    DAY,
    FOLLOWING,
    WEEK,
    again,
    dates,
    edit,
    files_of,
    make_colleague,
    move,
)


def test_all_dates_move_by_as_many_days_and_keep_their_series(cast, deliver):
    series = book_weekly(cast)
    before = dates(series)
    deliver()
    assert move(before[1], ALL, days=2, at=time(9), by=cast.nora) == series
    after = dates(series)
    assert [each.pk for each in after] == [each.pk for each in before]
    assert [each.occurrence_on - was.occurrence_on for each, was in zip(after, before, strict=True)] == [2 * DAY] * 4
    series.refresh_from_db()
    assert (series.sequence, series.wall_time) == (1, time(9)) and not any(each.is_exception for each in after)
    for place in Participant.objects.filter(appointment__series=series).select_related("appointment"):
        assert place.starts_at == place.appointment.starts_at
    sent = deliver()
    assert len(sent) == 3
    (calendar,) = files_of(sent[0])
    master = calendar.events[0]
    assert (str(master["UID"]), int(master["SEQUENCE"]), len(calendar.events)) == (series.uid, 1, 1)
    assert master["DTSTART"].dt.date() == after[0].occurrence_on and "09:00" in sent[0].body


def test_moving_by_its_own_rhythm_meets_no_date_of_itself(cast):
    series = book_weekly(cast)
    before = [each.starts_at for each in dates(series)]
    move(dates(series)[0], ALL, days=7, by=cast.tess)
    assert [each.starts_at for each in dates(series)] == [at + WEEK for at in before]
    move(dates(series)[0], ALL, days=-7, by=cast.tess)
    assert [each.starts_at for each in dates(series)] == before


def test_following_dates_become_a_series_that_continues_the_old_one(cast, deliver):
    old = book_weekly(cast)
    rows = dates(old)
    deliver()
    new = move(rows[2], FOLLOWING, days=1, by=cast.nora)
    old.refresh_from_db()
    assert new.pk != old.pk and new.continues == old and new.first_number == 3
    assert [each.pk for each in dates(old)] == [each.pk for each in rows[:2]]
    assert [each.pk for each in dates(new)] == [each.pk for each in rows[2:]]
    assert old.until_on < rows[2].occurrence_on and old.sequence == 1 and new.uid != old.uid
    first, second = files_of(deliver()[0])
    assert str(first.events[0]["UID"]) == new.uid and str(second.events[0]["UID"]) == old.uid
    assert second.events[0]["RRULE"]["UNTIL"][0].date() == rows[1].occurrence_on


def test_what_was_moved_on_its_own_stays_unless_it_is_wanted(cast):
    series = book_weekly(cast)
    rows = dates(series)
    apart = rows[1].starts_at + DAY
    move_appointment(rows[1], starts_at=apart, ends_at=apart + timedelta(minutes=50), by=cast.tess, now=clock.now())
    assert again(rows[1]).is_exception
    move(rows[0], ALL, days=0, at=time(9), by=cast.tess)
    assert again(rows[1]).starts_at == apart and again(rows[1]).is_exception
    assert again(rows[0]).starts_at.hour != rows[0].starts_at.hour
    move(rows[0], ALL, days=0, at=time(10), with_exceptions=True, by=cast.tess)
    assert again(rows[1]).starts_at == again(rows[0]).starts_at + WEEK and not again(rows[1]).is_exception


def test_dates_on_which_somebody_is_not_free_are_named_and_nothing_moves(cast):
    series = book_weekly(cast)
    rows = dates(series)
    book(cast, at=rows[3].starts_at + DAY, clients=[make_client("Otto", practitioner=cast.tess_staff)])
    with pytest.raises(ConflictError) as refusal:
        move(rows[1], FOLLOWING, days=1, by=cast.tess)
    assert f"{(rows[3].occurrence_on + DAY).day}" in refusal.value.message and "Otto" in refusal.value.message
    assert [each.starts_at for each in dates(series)] == [each.starts_at for each in rows]
    assert AppointmentSeries.objects.count() == 1


def test_what_has_been_stays_and_the_rest_continues_as_a_series_of_its_own(cast, at):
    old = book_weekly(cast)
    rows = dates(old)
    at(rows[1].ends_at + timedelta(minutes=5))
    complete_appointment(rows[0], completion_type=completion_type("Completed"), by=cast.tess, now=clock.now())
    new = move(rows[2], ALL, at=time(10), by=cast.tess)
    assert [again(row).starts_at for row in rows[:2]] == [row.starts_at for row in rows[:2]]
    assert again(rows[0]).status == "completed" and again(rows[1]).series == old
    assert [each.pk for each in dates(new)] == [each.pk for each in rows[2:]] and new.first_number == 3
    edit(rows[3], ALL, note="Bring the folder.", by=cast.tess)
    assert [again(row).note for row in rows] == ["", "", "Bring the folder.", "Bring the folder."]


def test_edit_of_all_keeps_what_was_changed_of_one_date(cast, deliver):
    series = book_weekly(cast)
    rows = dates(series)
    edit_appointment(rows[1], mode="in_person", location="Studio 2", by=cast.tess, now=clock.now())
    deliver()
    edit(rows[0], ALL, location="Studio 1", note="Bring the folder.", by=cast.nora)
    assert [again(row).location for row in rows] == ["Studio 1", "Studio 2", "Studio 1", "Studio 1"]
    assert {again(row).note for row in rows} == {"Bring the folder."}
    sent = deliver()
    assert len(sent) == 3
    (calendar,) = files_of(sent[0])
    assert len(calendar.events) == 2 and calendar.events[1]["RECURRENCE-ID"].dt.date() == rows[1].occurrence_on
    edit(rows[0], ALL, location="Studio 3", with_exceptions=True, by=cast.nora)
    assert {again(row).location for row in rows} == {"Studio 3"}


def test_people_join_and_leave_a_group_from_a_date_on(cast, deliver, at):
    otto = make_client("Otto", login=cast.sam, practitioner=cast.tess_staff)
    mia = make_client("Mia", practitioner=cast.tess_staff)
    series = book_weekly(cast, weeks=0, clients=(cast.cleo, mia))
    rows = dates(series)
    deliver()
    edit(rows[2], FOLLOWING, clients=[cast.cleo, otto], by=cast.nora)
    assert AppointmentSeries.objects.count() == 1  # nobody else's calendar needs another series
    people = [sorted(place.client.first_name for place in again(row).attending) for row in rows]
    assert people[:2] == [["Cleo", "Mia"]] * 2 and {tuple(names) for names in people[2:]} == {("Cleo", "Otto")}
    sent = {parseaddr(mail.to[0])[1]: mail for mail in deliver()}
    (calendar,) = files_of(sent[cast.sam.email])
    assert calendar.events[0]["DTSTART"].dt.date() == rows[2].occurrence_on
    assert "UNTIL" not in calendar.events[0]["RRULE"] and "Mia" not in sent[cast.sam.email].body
    at(clock.now() + timedelta(weeks=2))
    make_dates_ahead(now=clock.now())
    last = dates(series)[-1]
    assert last.pk not in {row.pk for row in rows} and {place.client for place in last.attending} == {cast.cleo, otto}


def test_handing_over_tells_both_colleagues_once(cast, deliver):
    series = book_weekly(cast, by=cast.nora)
    cast.tim_staff = make_colleague(cast)
    deliver()
    edit(dates(series)[1], FOLLOWING, practitioner=cast.tim_staff, by=cast.nora)
    new = AppointmentSeries.objects.get(continues=series)
    assert new.practitioner == cast.tim_staff
    sent = {parseaddr(mail.to[0])[1]: mail for mail in deliver()}
    assert {cast.tess.email, cast.tim_staff.user.email} <= set(sent)
    methods = {str(file["METHOD"]) for file in files_of(sent[cast.tess.email])}
    assert methods == {"CANCEL", "REQUEST"}  # the new one is out, the old one ends


def test_cancelling_the_rest_follows_the_policy_of_each_date(cast, deliver, at):
    adopt_policy(levels=[(24, completion_type("Cancelled late - half"))], by=cast.nora, now=clock.now())
    series = book_weekly(cast)
    rows = dates(series)
    at(rows[0].starts_at - timedelta(hours=3))
    deliver()
    done = cancel_series(again(rows[0]), scope=ALL, reason="Moved away.", by=cast.nora, now=clock.now())
    assert [each.client_share for each in done] == [50, 0, 0, 0]
    assert {again(row).status for row in rows} == {"cancelled"}
    sent = [mail for mail in deliver() if "Reminder" not in mail.subject]
    assert len(sent) == 3 and {str(files_of(mail)[0]["METHOD"]) for mail in sent} == {"CANCEL"}


def test_cancelling_those_that_follow_ends_the_series_before_them(cast, deliver, at):
    series = book_weekly(cast, weeks=0)
    rows = dates(series)
    deliver()
    cancel_series(again(rows[2]), scope=FOLLOWING, party=Cancellation.Party.PRACTICE, by=cast.nora, now=clock.now())
    assert [again(row).status for row in rows[:4]] == ["booked", "booked", "cancelled", "cancelled"]
    (calendar,) = files_of(deliver()[0])
    assert str(calendar["METHOD"]) == "REQUEST"
    assert calendar.events[0]["RRULE"]["UNTIL"][0].date() == rows[1].occurrence_on
    at(clock.now() + timedelta(weeks=3))
    make_dates_ahead(now=clock.now())
    assert len(dates(series)) == len(rows)


def test_one_date_is_cancelled_as_an_instance_of_the_series(cast, deliver):
    series = book_weekly(cast)
    row = dates(series)[1]
    deliver()
    cancel_appointment(row, by=cast.nora, now=clock.now())
    (calendar,) = files_of(deliver()[0])
    event = calendar.events[0]
    assert (str(calendar["METHOD"]), str(event["UID"])) == ("CANCEL", series.uid)
    assert event["RECURRENCE-ID"].dt == row.starts_at and int(event["SEQUENCE"]) > series.sequence


def test_end_is_moved_in_both_directions(cast, deliver):
    series = book_weekly(cast)
    rows = dates(series)
    later = set_end_of_series(series, until_on=rows[-1].occurrence_on + 2 * WEEK, by=cast.tess, now=clock.now())
    assert len(dates(later)) == 6 and later.until_on == rows[-1].occurrence_on + 2 * WEEK
    earlier = set_end_of_series(later, until_on=rows[1].occurrence_on, by=cast.tess, now=clock.now())
    assert [each.status for each in dates(earlier)] == ["booked"] * 2 + ["cancelled"] * 4
    assert Cancellation.objects.filter(party="practice").count() == 4
    with pytest.raises(DomainError, match="passed"):
        set_end_of_series(earlier, until_on=date(2020, 1, 1), by=cast.tess, now=clock.now())
    with pytest.raises(DomainError, match="two years"):
        set_end_of_series(earlier, until_on=date(9999, 12, 31), by=cast.tess, now=clock.now())


def test_split_series_refuses_a_date_that_is_not_its_own_any_more(cast):
    series = book_weekly(cast)
    stale = dates(series)[3]
    move(dates(series)[2], FOLLOWING, days=1, by=cast.tess)
    with pytest.raises(ConflictError, match="meanwhile"):
        edit_series(stale, scope=FOLLOWING, note="Late.", by=cast.tess, now=clock.now())
    with pytest.raises(ConflictError, match="continues"):
        set_end_of_series(series, until_on=None, by=cast.tess, now=clock.now())


@pytest.mark.parametrize("act", ["move", "edit", "cancel"])
def test_who_does_not_run_the_schedule_changes_no_series(cast, act):
    row = dates(book_weekly(cast))[1]
    with pytest.raises(PermissionDenied):
        if act == "move":
            move(row, ALL, days=1, by=cast.gus)
        elif act == "edit":
            edit(row, ALL, note="x", by=cast.gus)
        else:
            cancel_series(row, scope=ALL, by=cast.gus, now=clock.now())


def test_monthly_series_moves_to_the_new_day_of_the_month(cast, at):
    at(datetime(2026, 3, 2, 8, 0, tzinfo=clock.now().tzinfo))
    plan = {"first": date(2026, 3, 10), "pattern": Pattern("monthly", 2, day=10), "until_on": date(2026, 9, 30)}
    series = book_weekly(cast, **plan)
    assert [each.occurrence_on.month for each in dates(series)] == [3, 5, 7, 9]
    move(dates(series)[2], ALL, days=2, by=cast.tess)
    assert [(each.occurrence_on.month, each.occurrence_on.day) for each in dates(series)] == [
        (3, 12), (5, 12), (7, 12), (9, 12),
    ]  # fmt: skip


def test_reminders_follow_the_new_times(cast, deliver):
    series = book_weekly(cast)
    move(dates(series)[0], ALL, at=time(9), by=cast.tess)
    new = {each.starts_at - DAY for each in dates(series)}
    assert new <= set(OutboxMessage.objects.filter(name="scheduling.remind_people").values_list("due_at", flat=True))
    assert weekly_plan(cast).minutes == 50
