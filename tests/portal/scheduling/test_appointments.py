"""Appointments: the list, one of them, and every act by its form; strangers find nothing."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar

from billing.models import Service
from core.kernel import clock
from core.people.roles import ClientPermission
from core.scheduling.actions import adopt_policy, allow_client_cancellations, calendar_locks, complete_appointment
from core.scheduling.models import Appointment, Cancellation
from tests.factories.scheduling import book, completion_type, make_client

NOW = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)
START = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
PARTS = ["", "summary/", "calendar-file/"]
ACTS = ["details/", "time/", "cancellation/", "completion/"]


@pytest.fixture(autouse=True)
def at(monkeypatch):
    def set_clock(moment):
        monkeypatch.setattr(clock, "now", lambda: moment)

    set_clock(NOW)
    return set_clock


@pytest.fixture
def gates_open(cast):
    allow_client_cancellations(True, by=cast.nora, now=NOW)
    cast.cleo.permissions = [*cast.cleo.permissions, ClientPermission.CANCEL_APPOINTMENTS.value]
    cast.cleo.save(update_fields=["permissions"])


@pytest.fixture
def late_costs(cast):
    full = completion_type("Cancelled late - full costs and wages")
    return adopt_policy(levels=[(48, full)], by=cast.nora, now=NOW)


def page(visit, user, path):
    return visit(user).get(path).content.decode()


def fields(cast, **changes):
    return {
        "practitioner": str(cast.tess_staff.pk), "clients": [str(cast.cleo.pk)], "service_name": "Speech therapy",
        "date": "2026-03-10", "time": "16:00", "minutes": "50", "time_zone": "Europe/Berlin", "mode": "online", **changes,
    }  # fmt: skip


@pytest.mark.parametrize("who", ["tess", "sam", "nora", "cleo_login", "gus", "ada"])
@pytest.mark.parametrize("part", PARTS)
def test_appointment_is_shown_to_those_who_may_see_it(cast, visit, who, part):
    appointment = book(cast, at=START)
    assert visit(getattr(cast, who)).get(f"/appointments/{appointment.pk}/{part}").status_code == 200


@pytest.mark.parametrize("part", [*PARTS, *ACTS])
def test_appointment_of_strangers_is_not_there(cast, visit, part):
    other = make_client("Otto")
    appointment = book(cast, at=START, practitioner=cast.sam_staff, clients=[other], by=cast.nora)
    for stranger in (cast.tess, cast.gus, cast.ada):
        assert visit(stranger).get(f"/appointments/{appointment.pk}/{part}").status_code == 404
    assert visit().get(f"/appointments/{appointment.pk}/{part}").status_code == 302


@pytest.mark.parametrize("part", [*PARTS, *ACTS])
def test_appointment_of_the_other_organization_is_not_there(cast, visit, part):
    appointment = book(cast, at=START)
    assert visit(cast.olga, organization="south").get(f"/appointments/{appointment.pk}/{part}").status_code == 404


@pytest.mark.parametrize("part", ACTS)
@pytest.mark.parametrize("who", ["gus", "ada"])
def test_acts_are_refused_to_those_who_only_see(cast, visit, who, part):
    appointment = book(cast, at=START)
    assert visit(getattr(cast, who)).get(f"/appointments/{appointment.pk}/{part}").status_code == 403
    assert visit(getattr(cast, who)).post(f"/appointments/{appointment.pk}/{part}").status_code == 403


def test_appointment_says_the_time_on_the_clients_clock_where_it_is_another(cast, visit):
    cast.cleo.time_zone = "America/New_York"
    cast.cleo.save()
    appointment = book(cast, at=START)
    shown = page(visit, cast.tess, f"/appointments/{appointment.pk}/")
    assert "4:00" in shown and "11:00" in shown and "America/New York" in shown


def test_appointment_shows_its_history_to_those_who_run_the_schedule_only(cast, visit):
    appointment = book(cast, at=START)
    assert "What happened" in page(visit, cast.tess, f"/appointments/{appointment.pk}/")
    assert "What happened" not in page(visit, cast.gus, f"/appointments/{appointment.pk}/")


def test_booking_form_books(cast, visit):
    answer = visit(cast.tess).post("/appointments/new/", fields(cast))
    assert answer.status_code == 302 and answer.headers["Location"] == "/calendar/?date=2026-03-10"
    assert Appointment.objects.get().starts_at == START


def test_booking_form_takes_a_services_length(cast, visit):
    service = Service.objects.create(name="Trial", amount=1000, currency="EUR", minutes=30)
    assert "Trial" in page(visit, cast.tess, "/appointments/new/")
    visit(cast.tess).post("/appointments/new/", fields(cast, service=str(service.pk), minutes=""))
    booked = Appointment.objects.get()
    assert (booked.minutes, booked.service_name, booked.service_id) == (30, "Trial", service.pk)


def test_booking_form_starts_with_the_slot_that_was_clicked(cast, visit):
    shown = page(visit, cast.tess, "/appointments/new/?date=2026-03-12&time=14:30&minutes=90")
    assert 'value="2026-03-12"' in shown and 'value="14:30"' in shown and 'value="90"' in shown


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"clients": []}, "This field is required"),
        ({"date": "2024-03-10"}, "more than a month ago"),
        ({"minutes": "2"}, "greater than or equal to 5"),
        ({"time_zone": "Mars/Olympus"}, "Choose a time zone from the list"),
        ({"practitioner": "00000000-0000-0000-0000-000000000000"}, "Choose from the list"),
        ({"date": "soon"}, "Enter a valid date"),
    ],
)
def test_booking_form_says_what_is_wrong(cast, visit, changes, sentence):
    answer = visit(cast.tess).post("/appointments/new/", fields(cast, **changes))
    assert answer.status_code == 422 and sentence in answer.content.decode()
    assert not Appointment.objects.exists()


def test_booking_form_names_the_clash_and_keeps_what_was_typed(cast, visit):
    book(cast, at=START)
    answer = visit(cast.tess).post("/appointments/new/", fields(cast, note="Bring the picture cards"))
    shown = answer.content.decode()
    assert answer.status_code == 422 and "Tess North is not free then" in shown and "with Cleo Marten" in shown
    assert "Bring the picture cards" in shown


def test_slot_that_is_taken_is_refused_to_scripts_before_anything_is_locked(cast, visit, monkeypatch):
    book(cast, at=START)
    json = {"headers": {"Accept": "application/json"}}
    other = make_client("Otto", practitioner=cast.tess_staff)
    sent, browser = fields(cast, clients=[str(other.pk)]), visit(cast.tess)
    monkeypatch.setattr(calendar_locks, "lock_calendars", lambda people: pytest.fail("calendars were locked"))

    answer = browser.post("/appointments/new/", sent, **json)

    assert answer.status_code == 409
    assert "Tess North is not free then" in answer.json()["message"]
    assert answer.json()["errors"] == {"date": [answer.json()["message"]]}
    for stranger in (cast.gus, cast.ada):
        assert visit(stranger).post("/appointments/new/", sent, **json).status_code == 403
    assert Appointment.objects.count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"date": "soon"}, {"time": "25:00"}, {"time": "16:00+02:00"}, {"minutes": ""}, {"minutes": "9" * 30}, {"minutes": "-50"},
        {"time_zone": "Mars/Olympus"}, {"time_zone": "../etc"}, {"practitioner": ""}, {"practitioner": "nobody"}, {"date": "9999-12-31"},
    ],
)  # fmt: skip
def test_slot_that_is_not_clear_is_left_to_the_form(cast, visit, changes):
    book(cast, at=START)

    answer = visit(cast.tess).post(
        "/appointments/new/", fields(cast, **changes), headers={"Accept": "application/json"}
    )

    assert answer.status_code == 422
    assert answer.json()["errors"]


def test_booking_in_a_gap_moves_forward_and_says_so(cast, visit):
    answer = visit(cast.tess).post("/appointments/new/", fields(cast, date="2026-03-29", time="02:30"), follow=True)
    assert "does not exist, so it is 03:30" in answer.content.decode()


def test_booking_is_not_for_clients(cast, visit):
    assert visit(cast.gus).get("/appointments/new/").status_code == 403
    assert visit(cast.gus).post("/appointments/new/", fields(cast)).status_code == 403


def test_booking_for_a_client_who_is_not_in_the_list_is_refused(cast, visit):
    stranger = make_client("Otto")
    answer = visit(cast.tess).post("/appointments/new/", fields(cast, clients=[str(stranger.pk)]))
    assert answer.status_code == 422 and not Appointment.objects.exists()


def test_booking_in_a_dialog_answers_with_a_part_and_leads_on(cast, visit):
    htmx = {"headers": {"HX-Request": "true"}}
    assert "<html" not in visit(cast.tess).get("/appointments/new/", **htmx).content.decode()
    answer = visit(cast.tess).post("/appointments/new/", fields(cast), **htmx)
    assert answer.status_code == 204 and answer.headers["HX-Redirect"].startswith("/calendar/")


def test_move_form_moves(cast, visit):
    appointment = book(cast, at=START)
    values = {"date": "2026-03-11", "time": "09:00", "minutes": "30", "time_zone": "Europe/Berlin"}
    assert visit(cast.tess).post(f"/appointments/{appointment.pk}/time/", values).status_code == 302
    appointment.refresh_from_db()
    assert appointment.starts_at == datetime(2026, 3, 11, 8, 0, tzinfo=UTC) and appointment.minutes == 30


def test_move_by_drag_answers_in_json(cast, visit):
    appointment = book(cast, at=START)
    book(cast, at=START + 2 * HOUR)
    path, json = f"/appointments/{appointment.pk}/time/", {"headers": {"Accept": "application/json"}}
    values = {"date": "2026-03-10", "time": "18:00", "minutes": "50", "time_zone": "Europe/Berlin"}
    clash = visit(cast.tess).post(path, values, **json)
    assert clash.status_code == 409 and "Tess North is not free then" in clash.json()["message"]
    assert visit(cast.tess).post(path, {**values, "time": "20:00"}, **json).status_code == 200
    assert visit(cast.tess).post(path, {"date": "x"}, **json).status_code == 422


def test_cancel_page_shows_what_it_means_before(cast, visit, gates_open, late_costs):
    appointment = book(cast, at=START)
    shown = page(visit, cast.tess, f"/appointments/{appointment.pk}/cancellation/")
    assert "Less than 48 hours are left" in shown and "100 % of the price" in shown and "Waive the charge" in shown


def test_cancel_page_tells_no_cost_to_those_from_whom_costs_are_hidden(cast, visit, gates_open, late_costs):
    appointment = book(cast, at=START)
    path = f"/appointments/{appointment.pk}/cancellation/"
    shown = page(visit, cast.gus, path)
    assert "late cancellation" in shown and "%" not in shown and "costs" not in shown and "Waive" not in shown
    cast.cleo.permissions = [p for p in cast.cleo.permissions if p != "hide_costs"]
    cast.cleo.save()
    assert "100 % of the price" in page(visit, cast.gus, path)


def test_cancel_page_tells_no_cost_to_logins_that_do_not_see_payments(cast, visit, gates_open, late_costs):
    appointment = book(cast, at=START)
    cast.cleo.permissions = [p for p in cast.cleo.permissions if p not in ("hide_costs", "see_payments")]
    cast.cleo.save()
    shown = page(visit, cast.gus, f"/appointments/{appointment.pk}/cancellation/")
    assert "late cancellation" in shown and "%" not in shown and "costs" not in shown and "Waive" not in shown


def test_cancel_by_the_clients_login(cast, visit, gates_open, late_costs):
    appointment = book(cast, at=START)
    answer = visit(cast.gus).post(
        f"/appointments/{appointment.pk}/cancellation/",
        {"reason": "Ill", "party": "practice", "waiver_reason": "please"},
    )
    assert answer.status_code == 302
    done = Cancellation.objects.get()
    assert (done.party, done.reason, done.client_share, done.waiver_reason) == ("client", "Ill", 100, "")


def test_cancel_icon_is_in_all_four_places_when_both_gates_are_open_and_in_none_else(cast, visit, gates_open):
    appointment = book(cast, at=START)
    places = [
        "/dashboard/",
        "/appointments/",
        f"/appointments/{appointment.pk}/summary/",
        f"/appointments/{appointment.pk}/",
    ]
    link = f"/appointments/{appointment.pk}/cancellation/"
    assert all(link in page(visit, cast.gus, place) for place in places)
    allow_client_cancellations(False, by=cast.nora, now=NOW)
    assert not any(link in page(visit, cast.gus, place) for place in places)
    assert not any(link in page(visit, cast.ada, place) for place in places)


def test_complete_form_completes(cast, visit, at):
    appointment = book(cast, at=START)
    at(START + HOUR)
    assert "Minutes to charge" in page(visit, cast.tess, f"/appointments/{appointment.pk}/completion/")
    kind = completion_type("Completed")
    answer = visit(cast.tess).post(
        f"/appointments/{appointment.pk}/completion/", {"completion_type": kind.pk, "charged_minutes": "45"}
    )
    assert answer.status_code == 302
    appointment.refresh_from_db()
    assert appointment.status == "completed" and appointment.completion.charged_minutes == 45
    assert "45 minutes are charged" in page(visit, cast.tess, f"/appointments/{appointment.pk}/")
    assert "45 minutes are charged" not in page(visit, cast.gus, f"/appointments/{appointment.pk}/")


def test_complete_form_asks_for_each_client_of_a_group(cast, visit, at):
    other = make_client("Otto", practitioner=cast.tess_staff)
    appointment = book(cast, at=START, clients=[cast.cleo, other])
    at(START + HOUR)
    values = {
        "completion_type": completion_type("Completed").pk, "charged_minutes": "50",
        f"client_{other.pk}": completion_type("Missed - no costs").pk,
    }  # fmt: skip
    assert visit(cast.tess).post(f"/appointments/{appointment.pk}/completion/", values).status_code == 302
    shares = {row.participant.client: row.client_share for row in appointment.completion.attendances.all()}
    assert shares == {cast.cleo: 100, other: 0}


def test_calendar_file_is_ones_own(cast, visit):
    appointment = book(cast, at=START, clients=[cast.cleo, make_client("Otto", practitioner=cast.tess_staff)])
    answer = visit(cast.gus).get(f"/appointments/{appointment.pk}/calendar-file/")
    assert answer.headers["Content-Type"].startswith("text/calendar")
    event = Calendar.from_ical(answer.content).events[0]
    assert event["uid"] == appointment.uid and "attendee" not in event and b"Otto" not in answer.content


def test_dashboard_shows_upcoming_and_past_to_clients_logins(cast, visit, at):
    book(cast, at=START)
    assert "Upcoming" in page(visit, cast.gus, "/dashboard/")
    at(START + 2 * HOUR)
    shown = page(visit, cast.gus, "/dashboard/")
    assert "Past" in shown and "Speech therapy" in shown


def test_dashboard_reminds_practitioners_of_what_wants_to_be_completed(cast, visit, at):
    appointment = book(cast, at=START)
    at(START + 2 * HOUR)
    assert f"/appointments/{appointment.pk}/completion/" in page(visit, cast.tess, "/dashboard/")
    complete_appointment(appointment, completion_type=completion_type("Completed"), by=cast.tess, now=clock.now())
    assert "To be completed" not in page(visit, cast.tess, "/dashboard/")


def test_list_has_past_and_upcoming_and_finds_by_name(cast, visit, at):
    book(cast, at=START)
    assert "Cleo Marten" in page(visit, cast.tess, "/appointments/?q=marten")
    assert "Nobody of that name" in page(visit, cast.tess, "/appointments/?q=zzz")
    at(START + 2 * HOUR)
    assert "Cleo Marten" not in page(visit, cast.tess, "/appointments/")
    assert "Cleo Marten" in page(visit, cast.tess, "/appointments/?when=past")


def test_settings_take_a_policy_and_completion_types(cast, visit):
    kind = completion_type("Cancelled late - half")
    assert visit(cast.tess).get("/settings/appointments/").status_code == 403
    assert "Cancelled late - half" in page(visit, cast.nora, "/settings/appointments/")
    browser = visit(cast.nora)
    assert browser.post("/settings/appointments/", {"hours_1": "24", "type_1": kind.pk}).status_code == 302
    assert 'value="24"' in page(visit, cast.nora, "/settings/appointments/")
    assert browser.post("/settings/appointments/", {"hours_1": "24"}).status_code == 422
    twice = {"hours_1": "24", "type_1": kind.pk, "hours_2": "24", "type_2": kind.pk}
    assert "same hours" in browser.post("/settings/appointments/", twice).content.decode()
    new = {"name": "Trial", "outcome": "held", "client_share": "0", "wage_share": "100", "is_active": "on"}
    assert browser.post("/settings/appointments/completion-types/new/", new).status_code == 302
    assert browser.post("/settings/appointments/completion-types/new/", new).status_code == 422
    assert (
        browser.post(f"/settings/appointments/completion-types/{kind.pk}/", {**new, "client_share": "101"}).status_code
        == 422
    )
    browser.post("/settings/appointments/client-cancellations/", {"clients_may_cancel": "on"})
    assert "checked" in page(visit, cast.nora, "/settings/appointments/")


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2028-06-01", "2025-06-01"])
@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo", "Pacific/Kiritimati"])
@pytest.mark.parametrize("clock_time", ["00:00", "23:59"])
def test_days_far_away_are_refused_with_a_sentence(cast, visit, day, zone, clock_time):
    times = {"date": day, "time": clock_time, "time_zone": zone, "minutes": "1440"}
    appointment = book(cast, at=START)
    for address in ("/appointments/new/", f"/appointments/{appointment.pk}/time/"):
        answer = visit(cast.tess).post(address, fields(cast, **times))
        assert answer.status_code == 422
        assert "Please check the date." in answer.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "date=9999-12-31&time=23:59", "date=0001-01-01&time=00:00&zone=Asia/Tokyo", "date=x&time=y", "minutes=\u00b2",
        "minutes=" + "9" * 5000, "date=2026-03-10&time=09:00%2B23:59", "client=x", "time=24:00",
    ],
)  # fmt: skip
def test_booking_form_opens_whatever_stands_in_the_address(cast, visit, query):
    assert visit(cast.tess).get(f"/appointments/new/?{query}").status_code == 200


@pytest.mark.parametrize("query", ["Cleo Marten", "marten cleo", "cle mart", " CLEO  "])
def test_list_finds_by_full_name(cast, visit, query):
    book(cast, at=START)
    assert "Speech therapy" in visit(cast.tess).get("/appointments/", {"q": query}).content.decode()


def test_list_finds_nobody_where_a_word_is_not_in_the_name(cast, visit):
    book(cast, at=START)
    assert "Nobody of that name" in visit(cast.tess).get("/appointments/", {"q": "Cleo Other"}).content.decode()


@pytest.mark.parametrize(
    ("address", "cookie", "start", "zone"),
    [
        ("", "", "16:00", "Europe/Berlin"),  # the profile's zone
        ("", "Europe/Athens", "17:00", "Europe/Athens"),  # where the device is
        ("?zone=Asia/Tokyo", "Europe/Athens", "00:00", "Asia/Tokyo"),  # what was picked on the page
    ],
)
def test_clash_is_told_in_the_zone_of_the_page(cast, visit, address, cookie, start, zone):
    book(cast, at=START)
    browser = visit(cast.tess)
    if cookie:
        browser.cookies["zone"] = cookie
    browser.get(f"/calendar/{address}")
    page = browser.post("/appointments/new/", fields(cast)).content.decode()
    [clash] = re.findall(r"Tess North is not free then: [^<]*with Cleo Marten", page)[:1]
    assert f" {start}" in clash and f"({zone})" in clash


@pytest.mark.parametrize("kind", ["Completed", "Missed - no costs"])
def test_appointment_that_was_over_early_lies_behind(cast, visit, at, kind):
    at(START + timedelta(minutes=10))
    running = book(cast, at=START, now=START)
    link = f"/appointments/{running.pk}/"
    assert link in page(visit, cast.gus, "/appointments/") and link not in page(
        visit, cast.gus, "/appointments/?when=past"
    )
    complete_appointment(running, completion_type=completion_type(kind), by=cast.tess, now=clock.now())
    assert link not in page(visit, cast.tess, "/appointments/") and link in page(
        visit, cast.tess, "/appointments/?when=past"
    )
    panels = page(visit, cast.tess, f"/people/clients/{cast.cleo.pk}/panels/")
    assert link in panels.partition("Past")[2]
