"""The day with a column for each practitioner: who has one, what stands in it, and what moving between columns does."""

from datetime import UTC, date, datetime, timedelta

import pytest

from core.kernel import clock, outbox
from core.kernel.models import AuditEvent, OutboxMessage
from core.people.models import Assignment, StaffMember, User
from core.scheduling.actions import add_closure, add_time_off, set_working_hours
from core.scheduling.actions.availability import Wishes
from core.scheduling.actions.calendar_choice import MOST_COLUMNS
from core.scheduling.models import Appointment, CalendarChoice, Closure, TimeOff
from core.scheduling.rules.availability import Window
from tests.factories.scheduling import book, book_weekly, make_client

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
START = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = "2026-03-10"
JSON = {"headers": {"Accept": "application/json"}}


@pytest.fixture(autouse=True)
def _early_march(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


def columns(visit, user, **query):
    answer = visit(user).get("/calendar/columns/", {"date": DAY, **query})
    assert answer.status_code == 200
    return {column["name"]: column for column in answer.json()["columns"]}


def choose(visit, user, *people, color_by="practitioner"):
    values = {"schedules": [person.pk for person in people], "color_by": color_by}
    return visit(user).post("/calendar/choice/", values, **JSON)


def colleague(name):
    user = User.objects.create_user(email=f"{name.lower()}@north.test", name=name, time_zone="Europe/Berlin")
    return StaffMember.objects.create(user=user, role="practitioner")


def move(visit, user, appointment, **values):
    sent = {"date": DAY, "time": "16:00", "minutes": "50", "time_zone": "Europe/Berlin", **values}
    return visit(user).post(f"/appointments/{appointment.pk}/time/", sent, **JSON)


def test_each_practitioner_has_a_column_with_their_own(cast, visit):
    colleague("Rita Rook")
    book(cast, at=START)
    shown = columns(visit, cast.nora)
    assert {"Tess North", "Rita Rook"} <= shown.keys()
    assert [(each["title"], each["from"], each["until"]) for each in shown["Tess North"]["events"]] == [
        ("Cleo Marten", 16 * 60, 16 * 60 + 50)
    ]
    assert shown["Rita Rook"]["events"] == []


@pytest.mark.parametrize("who", ["cleo_login", "gus", "ada"])
def test_clients_and_agents_have_no_columns(cast, visit, who):
    book(cast, at=START)
    assert columns(visit, getattr(cast, who)) == {}
    assert "<day-columns" not in visit(getattr(cast, who)).get("/calendar/").content.decode()
    assert choose(visit, getattr(cast, who)).status_code == 403


def test_colleagues_whose_schedule_one_does_not_run_have_no_column(cast, visit):
    rita = colleague("Rita Rook")
    assert "Rita Rook" not in columns(visit, cast.tess)
    assert choose(visit, cast.tess, rita).status_code == 422
    assert not CalendarChoice.objects.exists()


def test_choice_is_kept_for_the_person_and_narrows_every_view(cast, visit):
    rita = colleague("Rita Rook")
    book(cast, at=START)
    assert choose(visit, cast.nora, rita).status_code == 200
    assert list(columns(visit, cast.nora)) == ["Rita Rook"]
    span = {"start": "2026-03-09T00:00:00Z", "end": "2026-03-16T00:00:00Z"}
    assert [each for each in visit(cast.nora).get("/calendar/events/", span).json() if each["title"]] == []
    assert visit(cast.nora).get(f"/calendar/?date={DAY}").context["agenda"] == []
    assert "Tess North" in columns(visit, cast.sam)  # another person's choice is their own
    assert AuditEvent.objects.filter(action="calendar.chosen").count() == 1


def test_choice_made_again_after_another_counts(cast, visit):
    for number, people in enumerate(([cast.tess_staff], [], [cast.tess_staff])):
        values = {"schedules": [person.pk for person in people], "color_by": "practitioner"}
        headers = {"Accept": "application/json", "Idempotency-Key": f"choice-{number}"}
        assert visit(cast.nora).post("/calendar/choice/", values, headers=headers).status_code == 200
    assert CalendarChoice.objects.get().schedules == [cast.tess_staff.pk]


def test_choice_that_changes_nothing_is_not_noted_again(cast, visit):
    choose(visit, cast.nora, cast.tess_staff)
    choose(visit, cast.nora, cast.tess_staff)
    assert AuditEvent.objects.filter(action="calendar.chosen").count() == 1


def test_choice_takes_no_more_than_there_is_room_for(cast, visit):
    people = [colleague(f"Rita {number}") for number in range(MOST_COLUMNS + 1)]
    answer = choose(visit, cast.nora, *people)
    assert answer.status_code == 422 and "20" in answer.json()["message"]
    assert len(columns(visit, cast.nora)) <= MOST_COLUMNS


def test_where_there_is_no_room_for_all_whoever_has_something_is_shown_and_the_others_are_counted(cast, visit):
    before = len(columns(visit, cast.nora))
    people = [colleague(f"Rita {number:02d}") for number in range(MOST_COLUMNS + 5)]
    late = people[-2:]
    for person in late:
        book(cast, at=START, practitioner=person, clients=[make_client(f"Of {person}")], by=cast.nora)
    answer = visit(cast.nora).get("/calendar/columns/", {"date": DAY}).json()
    shown = {column["name"]: len(column["events"]) for column in answer["columns"]}
    assert len(shown) == MOST_COLUMNS and [shown[str(person)] for person in late] == [1, 1]
    assert answer["leftOut"] == before + 5
    assert f"{before + 5} more are not shown: there is space for 20" in answer["note"]
    choose(visit, cast.nora, *late)
    answer = visit(cast.nora).get("/calendar/columns/", {"date": DAY}).json()
    assert (answer["leftOut"], answer["note"], len(answer["columns"])) == (0, "", 2)


def test_chosen_colleague_whose_schedule_is_taken_away_is_not_shown_any_more(cast, visit):
    rita = colleague("Rita Rook")
    choose(visit, cast.nora, rita)
    StaffMember.objects.filter(pk=cast.nora.staff.pk).update(role="practitioner")
    assert "Rita Rook" not in columns(visit, User.objects.get(pk=cast.nora.pk))


def test_colours_are_the_practitioners_or_by_choice_the_clients(cast, visit):
    cast.cleo.color, cast.tess_staff.color = "#aa0000", "#00aa00"
    cast.cleo.save()
    cast.tess_staff.save()
    book(cast, at=START)
    assert columns(visit, cast.nora)["Tess North"]["events"][0]["color"] == "#00aa00"
    choose(visit, cast.nora, color_by="client")
    assert columns(visit, cast.nora)["Tess North"]["events"][0]["color"] == "#aa0000"
    span = {"start": "2026-03-09T00:00:00Z", "end": "2026-03-16T00:00:00Z"}
    assert [each["color"] for each in visit(cast.gus).get("/calendar/events/", span).json()] == [""]


def test_shade_says_hours_time_off_and_what_is_closed(cast, visit):
    how = {"by": cast.nora, "now": NOW}
    set_working_hours(cast.tess_staff, weekly={1: [Window(540, 1020)]}, wishes=Wishes(), **how)
    day = date.fromisoformat(DAY)
    add_time_off(TimeOff(practitioner=cast.tess_staff, first_on=day, last_on=day, starts=720, ends=780), **how)
    shade = columns(visit, cast.nora)["Tess North"]["shade"]
    assert {(each["kind"], each["from"], each["until"]) for each in shade} >= {
        ("closed", 0, 540),
        ("closed", 720, 780),
        ("closed", 1020, 1440),
        ("off", 720, 780),
    }
    add_closure(Closure(name="Fair", first_on=day, last_on=day), **how)
    shade = columns(visit, cast.nora)["Tess North"]["shade"]
    assert ("off", 0, 1440, "Fair") in {(each["kind"], each["from"], each["until"], each["name"]) for each in shade}


def test_minutes_are_those_on_the_viewers_wall_and_end_with_the_day(cast, visit):
    book(cast, at=datetime(2026, 3, 10, 22, 30, tzinfo=UTC), minutes=60)
    found = columns(visit, cast.nora)["Tess North"]["events"]
    assert [(each["from"], each["until"]) for each in found] == [(23 * 60 + 30, 24 * 60)]
    browser = visit(cast.nora)
    browser.cookies["zone"] = "Asia/Tokyo"
    shown = browser.get("/calendar/columns/", {"date": "2026-03-11"}).json()["columns"]
    assert [(each["from"], each["until"]) for column in shown for each in column["events"]] == [
        (7 * 60 + 30, 8 * 60 + 30)
    ]


@pytest.mark.parametrize(
    ("begins", "minutes", "day", "movable"),
    [
        (datetime(2026, 3, 10, 21, 0, tzinfo=UTC), 120, "2026-03-10", True),  # 22:00 to midnight
        (datetime(2026, 3, 10, 21, 0, tzinfo=UTC), 240, "2026-03-10", False),  # 22:00 to 2:00
        (datetime(2026, 3, 10, 21, 0, tzinfo=UTC), 240, "2026-03-11", False),
        (datetime(2026, 3, 29, 0, 30, tzinfo=UTC), 60, "2026-03-29", False),  # 1:30 to 3:30: the clocks go forward
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), 60, "2026-10-25", False),  # 2:30 to 2:30: and back
        (datetime(2026, 3, 29, 8, 0, tzinfo=UTC), 60, "2026-03-29", True),
    ],
)
def test_what_crosses_midnight_or_a_change_of_the_clocks_is_not_dragged(cast, visit, begins, minutes, day, movable):
    book(cast, at=begins, minutes=minutes)
    [event] = columns(visit, cast.nora, date=day)["Tess North"]["events"]
    assert event["editable"] is movable
    page = visit(cast.nora).get(f"{event['page']}").content.decode()
    assert event["move"] in page  # the form stays


@pytest.mark.parametrize("day", ["", "x", "2026-02-30", "9999-12-31", "0001-01-01"])
def test_columns_refuse_what_is_no_day(cast, visit, day):
    assert visit(cast.nora).get("/calendar/columns/", {"date": day}).status_code == 400


def test_columns_ask_the_database_equally_often_for_twenty_people_and_their_day(cast, visit, django_assert_num_queries):
    browser = visit(cast.nora)
    book(cast, at=START)
    people = [colleague(f"Rita {number}") for number in range(MOST_COLUMNS - 1)]
    choose(visit, cast.nora, cast.tess_staff, people[0])
    with django_assert_num_queries(14):
        browser.get("/calendar/columns/", {"date": DAY})
    choose(visit, cast.nora, cast.tess_staff, *people)
    for person in people:
        client = make_client(f"Client of {person}", practitioner=person)
        for number in range(3):
            book(cast, at=START + number * HOUR, practitioner=person, clients=[client], by=cast.nora)
    with django_assert_num_queries(14):
        shown = browser.get("/calendar/columns/", {"date": DAY}).json()["columns"]
    assert len(shown) == MOST_COLUMNS and sum(len(each["events"]) for each in shown) == 3 * len(people) + 1


def test_move_to_another_column_changes_who_runs_it_and_when_in_one_act(cast, visit, mailoutbox):
    rita = colleague("Rita Rook")
    busy = make_client("Otto", practitioner=rita)
    appointment = book(cast, at=START)
    book(cast, at=START, practitioner=rita, clients=[busy], by=cast.nora)  # Rita is not free at the old time
    book(
        cast, at=START + 2 * HOUR, clients=[make_client("Ida", practitioner=cast.tess_staff)]
    )  # nor Tess at the new one
    OutboxMessage.objects.all().delete()
    answer = move(visit, cast.nora, appointment, time="18:00", practitioner=rita.pk)
    assert answer.status_code == 200, answer.content
    appointment.refresh_from_db()
    assert (appointment.practitioner_id, appointment.starts_at) == (rita.pk, START + 2 * HOUR)
    assert Assignment.objects.filter(client=cast.cleo, practitioner=rita).exists()
    event = AuditEvent.objects.get(action="appointment.moved")
    assert event.changes["practitioner"] == [str(cast.tess_staff.pk), str(rita.pk)]
    kinds = {(row.payload.get("kind"), row.payload.get("user")) for row in OutboxMessage.objects.all()}
    assert ("booked", str(rita.user_id)) in kinds and ("handed_over", str(cast.tess.pk)) in kinds
    assert ("moved", str(cast.gus.pk)) in kinds and ("moved", str(rita.user_id)) not in kinds
    assert ("changed", str(cast.gus.pk)) not in kinds  # because one mail says both
    mailoutbox.clear()
    while outbox.deliver_due():
        pass
    [mail] = [mail for mail in mailoutbox if "gus@" in mail.to[0]]
    assert "Tess North" in mail.body and "Rita Rook" in mail.body
    page = visit(cast.nora).get(f"/appointments/{appointment.pk}/").content.decode()
    assert "Tess North" in page and "Rita Rook" in page


def test_move_back_with_the_version_of_the_answer_takes_it_back(cast, visit):
    rita = colleague("Rita Rook")
    appointment = book(cast, at=START)
    version = columns(visit, cast.nora)["Tess North"]["events"][0]["version"]
    there = move(visit, cast.nora, appointment, time="18:00", practitioner=rita.pk, form_version=version)
    again = move(visit, cast.nora, appointment, time="19:00", practitioner=rita.pk, form_version=version)
    assert there.status_code == 200 and again.status_code == 409
    back = move(visit, cast.nora, appointment, practitioner=cast.tess_staff.pk, form_version=there.json()["version"])
    appointment.refresh_from_db()
    assert back.status_code == 200
    assert (appointment.practitioner_id, appointment.starts_at) == (cast.tess_staff.pk, START)


def test_move_to_a_colleague_whose_schedule_one_does_not_run_is_refused(cast, visit):
    rita = colleague("Rita Rook")
    appointment = book(cast, at=START)
    assert move(visit, cast.tess, appointment, practitioner=rita.pk).status_code == 422
    appointment.refresh_from_db()
    assert appointment.practitioner_id == cast.tess_staff.pk


def test_move_to_a_colleague_who_is_not_free_or_does_not_work_then_is_refused(cast, visit):
    rita = colleague("Rita Rook")
    appointment = book(cast, at=START)
    taken = book(
        cast, at=START + 2 * HOUR, practitioner=rita, clients=[make_client("Otto", practitioner=rita)], by=cast.nora
    )
    clash = move(visit, cast.nora, appointment, time="18:00", practitioner=rita.pk)
    assert clash.status_code == 409 and "Rita Rook is not free then" in clash.json()["message"]
    set_working_hours(rita, weekly={0: [Window(540, 1020)]}, wishes=Wishes(), by=cast.nora, now=NOW)
    beside = move(visit, cast.nora, appointment, practitioner=rita.pk)
    assert beside.status_code == 422 and "override_reason" in beside.json()["errors"]
    explained = move(visit, cast.nora, appointment, practitioner=rita.pk, override_reason="She asked for it.")
    assert explained.status_code == 200
    assert Appointment.objects.get(pk=taken.pk).practitioner_id == rita.pk


def test_move_of_several_dates_hands_none_of_them_over(cast, visit):
    rita = colleague("Rita Rook")
    series = book_weekly(cast)
    first = series.occurrences.order_by("starts_at").first()
    day = first.starts_at.date().isoformat()
    answer = move(visit, cast.nora, first, date=day, practitioner=rita.pk, scope="all")
    assert answer.status_code == 422 and "practitioner" in answer.json()["errors"]
    assert not Appointment.objects.filter(practitioner=rita).exists()


def test_move_form_asks_who_runs_it_where_there_is_a_choice(cast, visit):
    rita = colleague("Rita Rook")
    appointment = book(cast, at=START)
    page = visit(cast.nora).get(
        f"/appointments/{appointment.pk}/time/?practitioner={rita.pk}&date={DAY}&time=18:00&minutes=50"
    )
    assert f'<option value="{rita.pk}" selected>' in page.content.decode()
