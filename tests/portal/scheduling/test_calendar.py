"""The calendar's page and its events: who sees what, in which zone, at a constant number of queries."""

from datetime import UTC, datetime, timedelta

import pytest

from branding.models import Brand
from core.kernel import clock
from core.people.models import Assignment
from core.scheduling.actions import cancel_appointment
from tenants.context import organization_context
from tests.factories.scheduling import book, make_client

START = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
WEEK = {"start": "2026-03-09T00:00:00Z", "end": "2026-03-16T00:00:00Z"}


@pytest.fixture(autouse=True)
def _early_march(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 3, 2, 8, 0, tzinfo=UTC))


def events(visit, user, **query):
    return visit(user).get("/calendar/events/", {**WEEK, **query}).json()


@pytest.mark.parametrize("who", ["tess", "sam", "nora"])
def test_events_show_whom_those_who_run_the_schedule_meet(cast, visit, who):
    book(cast, at=START)
    shown = events(visit, getattr(cast, who))
    assert [(event["title"], event["editable"]) for event in shown] == [("Cleo Marten", True)]
    assert shown[0]["move"].endswith("/time/")


@pytest.mark.parametrize("who", ["cleo_login", "gus", "ada"])
def test_events_show_clients_and_agents_what_they_have_and_nothing_to_change(cast, visit, who):
    book(cast, at=START)
    shown = events(visit, getattr(cast, who))
    assert [(event["title"], event["editable"], event["move"], event["color"]) for event in shown] == [
        ("Speech therapy", False, "", "")
    ]


def test_events_hide_colleagues_schedules(cast, visit):
    Assignment.objects.create(client=cast.cleo, practitioner=cast.sam_staff)
    book(cast, at=START, practitioner=cast.sam_staff, by=cast.sam)
    assert events(visit, cast.tess) == []
    assert len(events(visit, cast.sam)) == 1


def test_events_of_a_group_name_ones_own_people_only(cast, visit):
    book(cast, at=START, clients=[cast.cleo, make_client("Otto", practitioner=cast.tess_staff)])
    answer = visit(cast.gus).get("/calendar/events/", WEEK).content.decode()
    assert "Otto" not in answer
    assert "Otto" in visit(cast.tess).get("/calendar/events/", WEEK).content.decode()


def test_events_leave_out_what_was_cancelled(cast, visit):
    cancel_appointment(book(cast, at=START), by=cast.tess, now=clock.now())
    assert events(visit, cast.tess) == []


def test_events_of_one_schedule(cast, visit):
    Assignment.objects.create(client=cast.cleo, practitioner=cast.sam_staff)
    book(cast, at=START)
    book(cast, at=START + HOUR, practitioner=cast.sam_staff, by=cast.nora)
    assert len(events(visit, cast.nora)) == 2
    assert len(events(visit, cast.nora, schedule=cast.sam_staff.pk)) == 1


@pytest.mark.parametrize("span", [{"start": "x"}, {"end": "2026-12-01T00:00:00Z"}, {"end": "2026-03-01T00:00:00Z"}])
def test_events_refuse_senseless_spans(cast, visit, span):
    assert visit(cast.tess).get("/calendar/events/", {**WEEK, **span}).status_code == 400


def test_events_of_the_other_organization_are_not_there(cast, south, visit):
    book(cast, at=START)
    with organization_context(south):
        people = cast.south_people
        own = book(people, at=START, by=people.tess)
        assert own.practitioner_id == cast.tess_staff.pk
    shown = visit(cast.olga, organization="south").get("/calendar/events/", WEEK).json()
    assert [event["title"] for event in shown] == ["Clara Marten"]


def test_page_writes_the_weeks_agenda_in_the_viewers_zone(cast, visit):
    book(cast, at=START)
    page = visit(cast.tess).get("/calendar/?date=2026-03-10").content.decode()
    assert "Tuesday, 10 March" in page and "4:00" in page and "Cleo Marten" in page
    browser = visit(cast.tess)
    browser.cookies["zone"] = "Asia/Tokyo"
    page = browser.get("/calendar/?date=2026-03-10").content.decode()
    assert "Wednesday, 11 March" in page and "12:00" in page


def test_zone_chosen_by_hand_is_kept_and_detection_comes_back(cast, visit):
    browser = visit(cast.tess)
    browser.cookies["zone"] = "Europe/Lisbon"
    assert '<option value="Asia/Tokyo" selected>' in browser.get("/calendar/?zone=Asia/Tokyo").content.decode()
    assert browser.get("/calendar/").context["zone"].key == "Asia/Tokyo"
    browser.get("/calendar/?zone=detect")
    assert browser.get("/calendar/").context["zone"].key == "Europe/Lisbon"


def test_zone_chosen_by_one_person_is_not_the_next_persons_at_the_same_device(cast, visit):
    browser = visit(cast.tess)
    browser.get("/calendar/?zone=Asia/Tokyo")
    browser.post("/account/logout/")
    browser.force_login(cast.sam, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert browser.get("/calendar/").context["zone"].key == cast.sam.time_zone


@pytest.mark.parametrize("address", ["/dashboard/", "/calendar/", "/appointments/", "/profile/"])
def test_every_page_names_the_same_zone(cast, visit, address):
    book(cast, at=START)
    browser = visit(cast.tess)
    assert f"Times in {cast.tess.time_zone}" in browser.get(address).content.decode()
    browser.cookies["zone"] = "America/Los_Angeles"
    page = browser.get(address).content.decode()
    assert "Times in America/Los_Angeles" in page and f"Times in {cast.tess.time_zone}" not in page
    assert '<device-time-zone hidden data-written="America/Los_Angeles">' in page


def test_zone_switch_offers_each_place_under_one_name(cast, visit):
    page = visit(cast.tess).get("/calendar/").content.decode()
    assert 'value="Africa/Asmara"' in page and 'value="Africa/Asmera"' not in page
    assert 'value="Africa/Asmera" selected' in visit(cast.tess).get("/calendar/?zone=Africa/Asmera").content.decode()


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "9999-12-27", "0001-01-08"])
def test_page_falls_back_to_today_where_the_day_is_beyond_all_calendars(cast, visit, day):
    for zone in ("Asia/Tokyo", "America/New_York"):
        answer = visit(cast.tess).get(f"/calendar/?date={day}&zone={zone}")
        assert answer.status_code == 200 and answer.context["day"].year == 2026


@pytest.mark.parametrize(
    ("start", "end"),
    [("0001-01-01T00:00:00+14:00", "0001-01-08T00:00:00"), ("9999-12-30T00:00:00Z", "9999-12-31T23:59:59-12:00")],
)
def test_events_refuse_spans_beyond_all_calendars(cast, visit, start, end):
    assert visit(cast.tess).get("/calendar/events/", {"start": start, "end": end}).status_code == 400


@pytest.mark.parametrize("junk", ["?zone=Mars/Olympus", "?date=2026-13-77", "?view=decade", "?schedule=x"])
def test_page_shrugs_at_junk_in_the_address(cast, visit, junk):
    assert visit(cast.tess).get(f"/calendar/{junk}").status_code == 200


@pytest.mark.parametrize("who", ["tess", "gus", "cleo_login", "ada", "nora"])
@pytest.mark.parametrize("path", ["/calendar/?date=2026-03-10", "/appointments/", "/dashboard/"])
def test_pages_ask_the_database_equally_often_for_one_and_three(
    cast, visit, who, path, django_assert_max_num_queries, django_assert_num_queries
):
    browser = visit(getattr(cast, who))
    # Linked before, because the navigation asks more of somebody from all of whose people costs are hidden.
    others = [make_client(f"Otto {number}", practitioner=cast.tess_staff, login=cast.gus) for number in (1, 2)]
    book(cast, at=START)
    browser.get(path)
    with django_assert_max_num_queries(15) as one:
        assert "agenda__hour" in browser.get(path).content.decode() or path == "/appointments/"
    for number, other in enumerate(others, start=1):
        book(cast, at=START + number * HOUR, clients=[other])
    with django_assert_num_queries(len(one.captured_queries)):
        browser.get(path)


@pytest.mark.parametrize(
    ("country", "language", "written"),
    [
        ("US", "en", "en"),
        ("IE", "en", "en-gb"),
        ("DE", "en", "en-gb"),
        ("US", "de", "de"),
        ("MX", "es", "es"),
        ("FR", "fr", "fr"),
    ],
)
def test_grid_writes_hours_as_the_organizations_country_does(cast, visit, country, language, written):
    Brand.objects.update(country=country, languages=[language])

    page = visit(cast.tess).get("/calendar/").content.decode()

    assert f'data-language="{written}"' in page


@pytest.mark.parametrize(
    ("country", "language", "first", "script"),
    [
        ("DE", "en", "2026-03-09", 1),
        ("US", "de", "2026-03-08", 0),
        ("BR", "en", "2026-03-08", 0),
        ("EG", "en", "2026-03-07", 6),
        ("MV", "en", "2026-03-06", 5),
        ("AE", "es", "2026-03-09", 1),
        ("AQ", "en", "2026-03-09", 1),
    ],
)
def test_week_begins_as_in_the_organizations_country(cast, visit, country, language, first, script):
    """By CLDR, whatever language the reader has: in the agenda, its arrows and the grid."""
    begins = datetime.fromisoformat(f"{first}T12:00:00+00:00")
    for number in (-1, 0, 6, 7):
        book(cast, at=begins + timedelta(days=number), minutes=20)
    Brand.objects.update(country=country, languages=[language])
    answer = visit(cast.tess).get("/calendar/?date=2026-03-10")
    days = [begins.date(), begins.date() + timedelta(days=6)]
    assert [day for day, _rows in answer.context["agenda"]] == days
    page = answer.content.decode()
    assert f'data-first-day="{script}"' in page
    assert f"?date={days[0] - timedelta(days=7)}" in page and f"?date={days[0] + timedelta(days=7)}" in page


@pytest.mark.parametrize(
    ("view", "numbers", "label"),
    [
        ("day", [10], "Tuesday, 10 Mar 2026"),
        ("week", [9, 10, 15], "9 Mar – 15 Mar 2026"),
        ("month", [1, 9, 10, 15, 31], "1 Mar – 31 Mar 2026"),
        ("decade", [9, 10, 15], "9 Mar – 15 Mar 2026"),
    ],
)
def test_paper_gets_the_agenda_of_what_is_shown(cast, visit, view, numbers, label):
    for day in (1, 9, 10, 15, 31):
        book(cast, at=START.replace(day=day))
    book(cast, at=START.replace(month=4, day=1))
    answer = visit(cast.tess).get(f"/calendar/?part=agenda&view={view}&date=2026-03-10")
    assert [day.day for day, _rows in answer.context["agenda"]] == numbers
    text = answer.content.decode()
    assert label in text and f"Times in {cast.tess.time_zone}" in text and "<html" not in text


def test_paper_shows_ones_own_people_only(cast, visit, south):
    book(cast, at=START, clients=[cast.cleo, make_client("Otto", practitioner=cast.tess_staff)])
    address = "/calendar/?part=agenda&view=month&date=2026-03-10"
    assert "Otto" not in visit(cast.gus).get(address).content.decode()
    assert "Cleo" not in visit(cast.olga, organization="south").get(address).content.decode()


@pytest.mark.parametrize("path", ["/calendar/?date=2026-03-10", "/dashboard/", "/appointments/", "client"])
@pytest.mark.parametrize("who", ["tess", "gus"])
def test_time_on_another_clock_stands_below(cast, visit, path, who):
    cast.cleo.time_zone = "Asia/Tokyo"
    cast.cleo.save()
    book(cast, at=START)
    path = f"/people/clients/{cast.cleo.pk}/panels/" if path == "client" else path
    browser = visit(getattr(cast, who))
    page = " ".join(browser.get(path).content.decode().split())
    assert "For Cleo Marten: Wed, 11 Mar, 00:00 – 00:50 (Asia/Tokyo)" in page
    browser.cookies["zone"] = "Asia/Tokyo"
    page = browser.get(path).content.decode()
    assert "For Cleo Marten" not in page
    browser.cookies["zone"] = "Asia/Seoul"  # another name, the same clock
    assert "For Cleo Marten" not in browser.get(path).content.decode()


def test_events_carry_the_time_of_each_other_clock_in_a_group(cast, visit):
    people = [make_client(name, practitioner=cast.tess_staff, zone=zone) for name, zone in (
        ("Otto", "Europe/London"), ("Mei", "Asia/Tokyo"), ("Ken", "Asia/Tokyo"), ("Ida", "Europe/Rome")
    )]  # fmt: skip
    book(cast, at=START, clients=people)
    (event,) = events(visit, cast.tess)
    assert sorted(event["elsewhere"]) == [
        "Ken Other, Mei Other: Wed, 11 Mar, 00:00 – 00:50 (Asia/Tokyo)",
        "Otto Other: 15:00 – 15:50 (Europe/London)",
    ]


@pytest.mark.parametrize("color", ["#aa3366", "#64748b"])
def test_practitioner_has_one_colour_in_the_calendar_and_on_home(cast, visit, color):
    cast.tess_staff.color = color
    cast.tess_staff.save()
    book(cast, at=START)
    (event,) = events(visit, cast.nora)
    for path in ("/dashboard/", "/calendar/?date=2026-03-10"):
        page = visit(cast.nora).get(path).content.decode()
        if color == "#aa3366":
            assert (
                event["color"] == color
                and f'fill="{color}"' in page
                and "tone-" not in page.split("agenda__mark")[1][:40]
            )
        else:
            assert event["color"] == "" and f"agenda__mark tone-{event['tone']}" in page and color not in page


def test_agenda_without_a_date_begins_today_and_misses_no_day_before(cast, visit):
    clock_day = clock.now().date()
    for number in (0, 6):
        book(cast, at=clock.now() + timedelta(days=number, hours=2))
    answer = visit(cast.tess).get("/calendar/")
    assert [day for day, _rows in answer.context["agenda"]] == [clock_day, clock_day + timedelta(days=6)]
    assert [day for day, _has in answer.context["strip"]] == [clock_day + timedelta(days=n) for n in range(7)]
    page = answer.content.decode()
    assert f"?date={clock_day - timedelta(days=1)}" in page and f"?date={clock_day + timedelta(days=7)}" in page
    assert f'href="#day-{clock_day}"' in page
