"""Dates of a series that are not like the others, and people who have only some: nothing is lost, doubled, or told to whom it is no business."""

from datetime import date, datetime, time, timedelta
from email.utils import parseaddr

import pytest

from core.kernel import clock
from core.kernel.errors import ConflictError
from core.scheduling.actions import (
    cancel_appointment,
    cancel_series,
    edit_appointment,
    edit_series,
    make_dates_ahead,
    set_end_of_series,
)
from core.scheduling.actions import series as series_actions
from core.scheduling.models import Appointment
from core.scheduling.rules.series import Pattern
from core.scheduling.time_formats import format_time_span
from tests.factories.scheduling import book, book_weekly, make_client
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


def booked_days(series):
    found = series.occurrences.filter(status=Appointment.Status.BOOKED).order_by("occurrence_on")
    return list(found.values_list("occurrence_on", flat=True))


def by_address(mails):
    return {parseaddr(mail.to[0])[1]: mail for mail in mails}


def is_named(row, mail, *, zone="Europe/Berlin"):
    when = format_time_span(row.starts_at, row.ends_at, zone=zone, language="en")
    return f"{when.short_day}, {when.hours}" in mail.body


def hand_over(cast, row):
    """One date becomes Tim's, whose schedule Tess does not run."""
    cast.tim_staff = getattr(cast, "tim_staff", None) or make_colleague(cast)
    edit_appointment(again(row), practitioner=cast.tim_staff, by=cast.nora, now=clock.now())


@pytest.mark.parametrize("how", ["shortened", "cancelled", "cancelled whole"])
def test_what_was_cut_off_is_booked_again_when_the_series_goes_on(cast, how):
    series = book_weekly(cast)
    rows = dates(series)
    cancel_appointment(rows[3], by=cast.tess, now=clock.now())
    if how == "shortened":
        set_end_of_series(series, until_on=rows[1].occurrence_on, by=cast.tess, now=clock.now())
    else:
        cancel_series(rows[2 if how == "cancelled" else 0], scope=FOLLOWING, by=cast.tess, now=clock.now())
    last = rows[3].occurrence_on + WEEK
    series = set_end_of_series(series, until_on=last, by=cast.tess, now=clock.now())
    # Once each, but not the one that was cancelled by itself.
    assert booked_days(series) == [*(row.occurrence_on for row in rows[:3]), last]
    assert again(rows[3]).occurrence_on == rows[3].occurrence_on and again(rows[2]).occurrence_on is None
    moved = move(dates(series)[0], ALL, days=1, by=cast.tess)
    assert (moved.until_on, booked_days(moved)[-1]) == (last + DAY, last + DAY)
    assert booked_days(moved)[0] == rows[0].occurrence_on + DAY


def test_series_beyond_the_horizon_that_gets_no_end_makes_no_date_twice(cast, at):
    series = book_weekly(cast, weeks=40)
    days = booked_days(series)
    series = set_end_of_series(series, until_on=None, by=cast.tess, now=clock.now())
    assert series.made_until == days[-1]
    at(clock.now() + timedelta(weeks=16))
    make_dates_ahead(now=clock.now())
    assert booked_days(series) == [*days, days[-1] + WEEK, days[-1] + 2 * WEEK]


def test_series_that_fails_at_night_stops_no_other(cast, at, monkeypatch):
    bad, good = book_weekly(cast, weeks=0), book_weekly(cast, weeks=0, at=time(10))
    before, extend = len(dates(good)), series_actions.extend_series

    def fails_for_one(pk, *, now):
        if pk == bad.pk:
            raise RuntimeError("broken")
        return extend(pk, now=now)

    monkeypatch.setattr(series_actions, "extend_series", fails_for_one)
    at(clock.now() + timedelta(weeks=2))
    with pytest.raises(RuntimeError, match="broken"):  # operators hear of it
        make_dates_ahead(now=clock.now())
    assert len(dates(good)) == before + 2


def test_edit_of_a_date_that_is_otherwise_changes_what_was_edited_only(cast):
    series = book_weekly(cast)
    rows = dates(series)
    own = {"mode": "in_person", "location": "Studio 2", "note": "Only today."}
    edit_appointment(rows[1], **own, by=cast.tess, now=clock.now())
    edit(rows[1], ALL, **{**own, "location": "Studio 9"}, clients=[cast.cleo], by=cast.tess)
    assert {again(row).location for row in rows} == {"Studio 9"}
    assert [again(row).note for row in rows] == ["", "Only today.", "", ""]
    assert [again(row).mode for row in rows] == ["online", "in_person", "online", "online"]
    series.refresh_from_db()
    assert (series.mode, series.location, series.note) == ("online", "Studio 9", "")


def test_who_is_taken_out_is_told_of_the_dates_they_lose_and_of_no_others(cast, deliver):
    mia = make_client("Mia", login=cast.sam, practitioner=cast.tess_staff)
    series = book_weekly(cast, clients=(cast.cleo, mia))
    rows = dates(series)
    edit_appointment(rows[2], clients=[cast.cleo], by=cast.tess, now=clock.now())  # she had lost that one before
    deliver()
    edit(rows[1], FOLLOWING, clients=[cast.cleo], by=cast.nora)
    sent = by_address(deliver())
    mail = sent[cast.sam.email]
    assert [is_named(row, mail) for row in rows] == [False, True, False, True]
    assert mail.subject.startswith("Cancelled") and "Cleo" not in mail.body
    (calendar,) = files_of(mail)
    assert calendar.events[0]["RRULE"]["UNTIL"][0].date() == rows[0].occurrence_on
    assert all(is_named(row, sent[cast.cleo_login.email]) for row in rows)


def test_guardian_of_two_keeps_the_series_when_one_of_them_leaves(cast, deliver):
    mia = make_client("Mia", login=cast.gus, practitioner=cast.tess_staff)
    series = book_weekly(cast, clients=(cast.cleo, mia))
    deliver()
    edit(dates(series)[0], ALL, clients=[cast.cleo], by=cast.nora)
    mails = [mail for mail in deliver() if parseaddr(mail.to[0])[1] == cast.gus.email]
    assert len(mails) == 2 and {str(file["METHOD"]) for mail in mails for file in files_of(mail)} == {"REQUEST"}


def test_each_member_of_a_group_reads_of_their_own_dates_when_it_ends(cast, deliver):
    mia = make_client("Mia", practitioner=cast.tess_staff, login=cast.sam)
    series = book_weekly(cast)
    rows = dates(series)
    edit(rows[2], FOLLOWING, clients=[cast.cleo, mia], by=cast.tess)
    deliver()
    cancel_series(again(rows[0]), scope=ALL, by=cast.nora, now=clock.now())
    sent = by_address(deliver())
    assert [is_named(row, sent[cast.sam.email]) for row in rows] == [False, False, True, True]
    assert all(is_named(row, sent[cast.cleo_login.email]) for row in rows)


def test_date_of_a_colleague_stays_when_whoever_runs_the_series_changes_it(cast):
    series = book_weekly(cast)
    rows = dates(series)
    hand_over(cast, rows[1])
    moved = move(rows[0], ALL, days=1, by=cast.tess)
    assert again(rows[1]).starts_at == rows[1].starts_at and again(rows[1]).is_exception
    assert again(rows[2]).starts_at == rows[2].starts_at + DAY
    edit(rows[0], ALL, note="Bring the folder.", by=cast.tess)
    assert [again(row).note for row in rows] == ["Bring the folder.", "", "Bring the folder.", "Bring the folder."]
    set_end_of_series(moved, until_on=clock.now().date(), by=cast.tess, now=clock.now())
    assert [again(row).status for row in rows] == ["cancelled", "booked", "cancelled", "cancelled"]


@pytest.mark.parametrize("act", ["move", "edit", "cancel"])
def test_date_of_a_colleague_that_stayed_behind_the_end_can_be_changed(cast, deliver, act):
    series = book_weekly(cast, weeks=5)
    rows = dates(series)
    hand_over(cast, rows[3])
    deliver()
    set_end_of_series(series, until_on=rows[1].occurrence_on, by=cast.tess, now=clock.now())
    assert booked_days(series) == [rows[each].occurrence_on for each in (0, 1, 3)]
    (calendar,) = files_of(by_address(deliver())[cast.gus.email])
    master = calendar.events[0]
    assert master["RRULE"]["UNTIL"][0].date() == rows[3].occurrence_on
    assert master["EXDATE"].dts[0].dt.date() == rows[2].occurrence_on
    if act == "move":
        series = move(rows[3], FOLLOWING, days=1, by=cast.nora)
        assert (series.until_on, booked_days(series)) == (rows[3].occurrence_on + DAY, [rows[3].occurrence_on + DAY])
    elif act == "edit":
        edit(rows[3], FOLLOWING, note="Bring the folder.", by=cast.nora)
        assert [again(row).note for row in rows[:4]] == ["", "", "", "Bring the folder."]
    else:
        cancel_series(again(rows[3]), scope=FOLLOWING, by=cast.nora, now=clock.now())
        series.refresh_from_db()
        assert series.until_on == rows[1].occurrence_on
    assert cast.tim_staff.user.email in by_address(deliver())


def test_cancelling_leaves_the_date_of_a_colleague_and_tells_nobody_that_it_is_off(cast, deliver):
    rows = dates(book_weekly(cast))
    hand_over(cast, rows[1])
    deliver()
    assert len(cancel_series(again(rows[0]), scope=ALL, by=cast.tess, now=clock.now())) == 3
    assert [again(row).status for row in rows] == ["cancelled", "booked", "cancelled", "cancelled"]
    sent = by_address(deliver())
    assert cast.tim_staff.user.email not in sent
    assert [is_named(row, sent[cast.gus.email]) for row in rows] == [True, False, True, True]
    (calendar,) = files_of(sent[cast.gus.email])
    assert str(calendar["METHOD"]) == "REQUEST"


def test_colleague_is_looked_at_and_told_when_their_date_goes_along(cast, deliver):
    series = book_weekly(cast)
    rows = dates(series)
    hand_over(cast, rows[1])
    otto = make_client("Otto", practitioner=cast.tess_staff)
    other = book(cast, at=rows[1].starts_at + DAY, practitioner=cast.tim_staff, clients=[otto], by=cast.nora)
    with pytest.raises(ConflictError, match="Tim"):
        move(rows[0], ALL, days=1, by=cast.nora)
    cancel_appointment(other, by=cast.nora, now=clock.now())
    busy = book(
        cast, at=rows[1].starts_at + DAY, clients=[otto], by=cast.nora
    )  # Tess is busy then, and need not be there
    deliver()
    move(rows[0], ALL, days=1, by=cast.nora)
    assert again(rows[1]).starts_at == rows[1].starts_at + DAY
    mail = by_address(deliver())[cast.tim_staff.user.email]
    assert [is_named(again(row), mail) for row in rows] == [False, True, False, False]
    cancel_appointment(busy, by=cast.nora, now=clock.now())
    deliver()
    edit(rows[1], ALL, practitioner=cast.tess_staff, by=cast.nora)
    mail = by_address(deliver())[cast.tim_staff.user.email]
    assert mail.subject.startswith("Cancelled") and is_named(again(rows[1]), mail)


@pytest.mark.parametrize(
    ("first", "pattern", "days"),
    [
        (date(2026, 3, 20), Pattern("weekly", 1, (4,)), -4),  # Friday → Monday
        (date(2026, 3, 20), Pattern("monthly", 1, day=20), -15),  # the 20th → the 5th
    ],
)
def test_open_ended_series_that_moves_to_an_earlier_day_loses_no_date(cast, at, first, pattern, days):
    at(datetime(2026, 3, 2, 8, 0, tzinfo=clock.now().tzinfo))
    series = book_weekly(cast, weeks=0, first=first, pattern=pattern)
    series = move(dates(series)[0], ALL, days=days, by=cast.tess)
    for weeks in (1, 4, 5):
        at(clock.now() + timedelta(weeks=weeks))
        make_dates_ahead(now=clock.now())
    found = booked_days(series)
    assert found[0] == first + timedelta(days=days) and found == series.days_until(found[-1])
    assert found[-1] + timedelta(days=31) > series_actions.horizon(now=clock.now())


def test_mail_that_waits_tells_how_the_series_is_when_nobody_was_told_of_the_change(cast, deliver):
    series = book_weekly(cast, by=cast.nora)
    edit_series(
        dates(series)[0], scope=ALL, location="Studio 4", mode="in_person", tell=False, by=cast.nora, now=clock.now()
    )
    sent = deliver()
    assert len(sent) == 3 and all("Studio 4" in mail.body for mail in sent)
    assert {int(files_of(mail)[0].events[0]["SEQUENCE"]) for mail in sent} == {1 + series.sequence + 1}
