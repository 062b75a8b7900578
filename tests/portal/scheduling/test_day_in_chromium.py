"""The day with a column for each practitioner in a real Chromium: dragged, by keyboard, taken back; and the week where many overlap."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from core.kernel import clock
from core.people.models import Client, StaffMember, User
from core.scheduling.models import Appointment, Participant
from tenants.context import organization_context
from tests.portal.scheduling.chromium import barriers

pytestmark = pytest.mark.journey
SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => { for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value })
  .observe({ type: "layout-shift", buffered: true });
"""
MOST_SHIFT = 0.02
CLOCKS = """async (parts) => {
  const { clock, daysAfter } = await import(parts)
  const clocks = [clock('Asia/Tokyo', '2026-03-29T15:30:00Z'), clock('Europe/Berlin', '2026-03-29T01:00:00Z')]
  return [...clocks, daysAfter('2028-02-28', 2), daysAfter('2026-01-01', -1)]
}"""


@pytest.fixture
def two(practice, django_db_blocker):
    """Rita works beside Tara; Tara meets Pia on Monday at ten. What is done is undone afterwards."""
    with django_db_blocker.unblock(), organization_context(practice.organization):
        user, _ = User.objects.get_or_create(
            email="rita@harbour.test", defaults={"name": "Rita Harbour", "time_zone": "Europe/Berlin"}
        )
        rita, _ = StaffMember.objects.get_or_create(user=user, defaults={"role": "practitioner"})
        first = Appointment.objects.filter(clients=practice.clients[0]).order_by("starts_at").first()
        before = (first.practitioner_id, first.starts_at, first.ends_at)

        def now():
            with organization_context(practice.organization):
                row = Appointment.objects.get(pk=first.pk)
                return row.practitioner_id, row.starts_at, row.ends_at

        yield SimpleNamespace(rita=rita, pk=first.pk, before=before, now=now)
        Appointment.objects.filter(pk=first.pk).update(
            practitioner=before[0], starts_at=before[1], ends_at=before[2], series=None
        )


def day(practice, two):
    local = two.before[1].astimezone(practice.monday.tzinfo)
    return f"/calendar/?view=day&date={local.date()}"


def open_day(open_as, practice, two, **how):
    page = open_as(practice.owner, day(practice, two), **how)
    page.locator("day-columns[data-drawn]").wait_for()
    return page


def drag(page, source, target):
    page.mouse.move(*source)
    page.mouse.down()
    page.mouse.move((source[0] + target[0]) / 2, (source[1] + target[1]) / 2, steps=6)
    page.mouse.move(*target, steps=6)
    page.mouse.up()


def middle(box):
    return box["x"] + box["width"] / 2, box["y"] + 6


def column(page, name):
    return page.get_by_role("list", name=name)


def test_drag_to_a_colleague_asks_old_and_new_moves_and_is_taken_back(practice, open_as, two):
    page = open_day(open_as, practice, two)
    event = column(page, "Tara Harbour").get_by_role("button", name="Pia Pohl")
    event.scroll_into_view_if_needed()
    beside = column(page, "Rita Harbour").bounding_box()
    drag(page, middle(event.bounding_box()), (beside["x"] + 40, event.bounding_box()["y"] + 6 + 64))
    question = page.locator("#move-question[open]")
    question.wait_for()
    asked = question.inner_text()
    assert "Tara Harbour → Rita Harbour" in asked and "10:00 – 10:45" in asked and "11:00 – 11:45" in asked
    question.get_by_role("button", name="Move", exact=True).click()
    page.get_by_text("Moved.").first.wait_for()
    hour = timedelta(hours=1)
    assert two.now() == (two.rita.pk, two.before[1] + hour, two.before[2] + hour)
    column(page, "Rita Harbour").get_by_role("button", name="Pia Pohl").wait_for()
    page.get_by_role("button", name="Undo").click()
    column(page, "Tara Harbour").get_by_role("button", name="Pia Pohl").wait_for()
    assert two.now() == two.before


def test_leaving_it_where_it_was_changes_nothing(practice, open_as, two):
    page = open_day(open_as, practice, two)
    event = column(page, "Tara Harbour").get_by_role("button", name="Pia Pohl")
    event.focus()
    page.keyboard.press("Alt+ArrowDown")
    page.get_by_role("button", name="Leave it where it was").click()
    assert two.now() == two.before
    assert column(page, "Tara Harbour").get_by_role("button", name="Pia Pohl").count() == 1


def test_keys_move_it_stretch_it_and_open_it(practice, open_as, two):
    page = open_day(open_as, practice, two)
    quarter = timedelta(minutes=15)
    column(page, "Tara Harbour").get_by_role("button", name="Pia Pohl").focus()
    page.keyboard.press("Alt+ArrowDown")
    page.get_by_role("button", name="Move", exact=True).press("Enter")
    page.get_by_text("Moved.").first.wait_for()
    assert two.now()[1:] == (two.before[1] + quarter, two.before[2] + quarter)
    column(page, "Tara Harbour").get_by_role("button", name="10:15 – 11:00").focus()
    page.keyboard.press("Alt+Shift+ArrowDown")
    page.get_by_role("button", name="Move", exact=True).press("Enter")
    column(page, "Tara Harbour").get_by_role("button", name="10:15 – 11:15").focus()
    assert two.now()[1:] == (two.before[1] + quarter, two.before[2] + 2 * quarter)
    page.keyboard.press("Enter")
    page.locator("dialog#summary[open]").wait_for()


def test_lower_edge_is_dragged_to_another_end(practice, open_as, two):
    page = open_day(open_as, practice, two)
    event = column(page, "Tara Harbour").get_by_role("button", name="Pia Pohl")
    event.scroll_into_view_if_needed()
    box = event.bounding_box()
    edge = (box["x"] + box["width"] / 2, box["y"] + box["height"] - 2)
    drag(page, edge, (edge[0], edge[1] + 30))
    page.get_by_role("button", name="Move", exact=True).click()
    page.get_by_text("Moved.").first.wait_for()
    assert two.now()[1] == two.before[1] and two.now()[2] > two.before[2]


def test_an_empty_place_is_dragged_open_for_that_colleague(practice, open_as, two):
    page = open_day(open_as, practice, two)
    event = column(page, "Tara Harbour").get_by_role("button", name="Pia Pohl")
    event.scroll_into_view_if_needed()
    beside, top = column(page, "Rita Harbour").bounding_box(), event.bounding_box()["y"]
    drag(page, (beside["x"] + 40, top + 4), (beside["x"] + 40, top + 64 - 4))
    page.wait_for_selector("dialog#act[open]")
    assert page.input_value("#act [name=time]") == "10:00" and page.input_value("#act [name=minutes]") == "60"
    assert page.input_value("#act [name=practitioner]") == str(two.rita.pk)


def test_ticked_people_are_kept_and_shown_at_once(practice, open_as, two):
    page = open_day(open_as, practice, two)
    page.get_by_role("checkbox", name="Rita Harbour").check()
    column(page, "Tara Harbour").wait_for(state="detached")
    page.reload()
    page.locator("day-columns[data-drawn]").wait_for()
    assert page.get_by_role("checkbox", name="Rita Harbour").is_checked()
    assert column(page, "Tara Harbour").count() == 0
    page.get_by_role("checkbox", name="Everybody").check()
    column(page, "Tara Harbour").wait_for()


@pytest.mark.parametrize("view", ["day", "week"])
def test_calendar_keeps_its_room_and_has_no_barriers(practice, open_as, two, view):
    page = open_as(practice.owner, "/dashboard/")
    page.add_init_script(SHIFTS)
    page.goto(practice.url + day(practice, two).replace("view=day", f"view={view}"), wait_until="load")
    page.locator("day-columns[data-drawn]" if view == "day" else ".calendar[data-drawn]").wait_for()
    page.wait_for_timeout(700)
    assert page.evaluate("window.shifted") <= MOST_SHIFT
    assert barriers(page) == []


def test_week_shows_initials_and_keeps_the_others_in_a_list(practice, open_as, two, django_db_blocker):
    with django_db_blocker.unblock(), organization_context(practice.organization):
        for number in range(5):
            user = User.objects.create_user(
                email=f"w{number}@harbour.test", name=f"Wanda {number}", time_zone="Europe/Berlin"
            )
            staff = StaffMember.objects.create(user=user, role="practitioner")
            client = Client.objects.create(first_name="Clementine", last_name=f"Longname-{number}")
            time = {"starts_at": two.before[1], "ends_at": two.before[2]}
            made = Appointment.objects.create(
                practitioner=staff, time_zone="Europe/Berlin", service_name="Talk", booked_at=clock.now(), **time
            )
            Participant.objects.create(appointment=made, client=client, **time)
    page = open_as(practice.owner, day(practice, two).replace("view=day", "view=week"))
    more = page.get_by_text("+3")
    more.wait_for()
    shown = page.locator(".calendar .event", has_text="Longname").first
    assert shown.locator(".event__short").is_visible() and "CL" in shown.locator(".event__short").inner_text()
    more.click()
    page.get_by_role("dialog").get_by_text("Clementine Longname").first.wait_for()


def test_escape_gives_a_drag_up_and_opens_nothing(practice, open_as, two):
    page = open_day(open_as, practice, two)
    event = column(page, "Tara Harbour").get_by_role("button", name="Pia Pohl")
    event.scroll_into_view_if_needed()
    at = middle(event.bounding_box())
    page.mouse.move(*at)
    page.mouse.down()
    page.mouse.move(at[0], at[1] + 30, steps=6)
    page.keyboard.press("Escape")
    page.mouse.move(*at, steps=3)
    page.mouse.up()
    page.wait_for_timeout(300)
    assert page.locator("dialog[open]").count() == 0 and two.now() == two.before
    page.mouse.click(*at)
    page.locator("dialog#summary[open]").wait_for()


def test_keys_beside_the_last_column_and_in_the_question_do_not_leave_the_page(practice, open_as, two):
    page = open_as(practice.owner, "/dashboard/")
    page.goto(practice.url + day(practice, two), wait_until="load")
    page.locator("day-columns[data-drawn]").wait_for()
    page.evaluate("""() => addEventListener('keydown', (event) => { window.isHeld = event.defaultPrevented })""")
    column(page, "Tara Harbour").get_by_role("button", name="Pia Pohl").focus()
    for _press in range(4):  # until there is no column any more, or somebody is asked
        page.keyboard.press("Alt+ArrowRight")
        assert page.evaluate("window.isHeld")
    for _press in range(4):
        page.keyboard.press("Alt+ArrowLeft")
        assert page.evaluate("window.isHeld")
    assert "/calendar/" in page.url


def test_a_phone_without_the_newest_clock_meets_no_error(practice, open_as, two):
    page = open_as(practice.owner, "/dashboard/", width=390, height=844)
    page.add_init_script("delete globalThis.Temporal")
    page.clock.install()
    page.goto(practice.url + day(practice, two), wait_until="load")
    page.locator("[data-agenda]").wait_for()
    page.clock.run_for(65_000)  # `open_as` fails on what the console complains of
    assert page.evaluate("typeof Temporal") == "undefined"
    parts = (
        page.locator("script[src*='practice-calendar']").get_attribute("src").replace("practice-calendar", "day-parts")
    )
    found = page.evaluate(CLOCKS, parts)
    assert found == [
        {"date": "2026-03-30", "minute": 30}, {"date": "2026-03-29", "minute": 180}, "2028-03-01", "2025-12-31",
    ]  # fmt: skip


def test_a_choice_that_was_not_kept_says_so_on_a_phone_too(practice, open_as, two):
    page = open_as(practice.owner, day(practice, two), width=390, height=844)
    refusal = '{"message": "Only so many.", "errors": {}}'
    page.route(
        "**/calendar/choice/", lambda route: route.fulfill(status=422, content_type="application/json", body=refusal)
    )
    with page.expect_response("**/calendar/choice/"):
        page.evaluate("""() => { const box = document.querySelector('form[data-people] [name=schedules]')
          box.checked = true; box.dispatchEvent(new Event('change', { bubbles: true })) }""")
    page.wait_for_timeout(500)
    page.get_by_text("Only so many.").wait_for()


@pytest.fixture
def early(practice, two, django_db_blocker):
    """Before the first hour that the week shows at first, on its first day."""
    with django_db_blocker.unblock(), organization_context(practice.organization):
        times = {"starts_at": practice.monday + timedelta(hours=3)}
        times["ends_at"] = times["starts_at"] + timedelta(minutes=45)
        client = Client.objects.create(first_name="Dawn", last_name="Early")
        made = Appointment.objects.create(
            practitioner=practice.staff, time_zone="Europe/Berlin", service_name="Talk", booked_at=clock.now(), **times
        )
        Participant.objects.create(appointment=made, client=client, **times)
        yield made
        made.delete()
        client.delete()


def test_hours_are_stretched_for_what_is_early_without_asking_a_second_time(practice, open_as, early):
    page = open_as(practice.owner, "/dashboard/")
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/calendar/events/" in request.url else None)
    page.goto(f"{practice.url}/calendar/?view=week&date={practice.monday.date()}", wait_until="load")
    page.locator(".calendar .event", has_text="Dawn Early").first.wait_for()
    page.wait_for_load_state("networkidle")
    assert len(asked) == 1, asked
    page.locator("[data-step=next]").first.click()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(300)
    assert len(asked) == 2, asked


def test_the_browsers_back_leads_through_days_people_and_filters(practice, open_as, two):
    page = open_day(open_as, practice, two)
    first = page.url
    page.locator("[data-step=next]").first.click()
    page.wait_for_function("first => location.href !== first", arg=first)
    page.get_by_role("checkbox", name="Rita Harbour").check()
    page.wait_for_url(f"**people={two.rita.pk}*")
    column(page, "Tara Harbour").wait_for(state="detached")
    shared = page.url
    page.go_back()
    column(page, "Tara Harbour").wait_for()
    assert not page.get_by_role("checkbox", name="Rita Harbour").is_checked()
    page.go_back()
    page.wait_for_url(first)
    page.goto(shared)
    column(page, "Rita Harbour").wait_for()
    assert column(page, "Tara Harbour").count() == 0
    page.locator("#status").select_option("cancelled")
    page.wait_for_url("**status=cancelled*")
    assert f"people={two.rita.pk}" in page.url and "date=" in page.url
    page.get_by_role("checkbox", name="Everybody").check()
    page.wait_for_url(lambda url: "people=&" in f"{url}&")


def test_a_filter_chosen_after_turning_the_page_stays_on_that_day(practice, open_as, two):
    page = open_day(open_as, practice, two)
    page.locator("[data-step=next]").first.click()
    page.wait_for_function("date => !location.href.includes(date)", arg=page.url.split("date=")[1][:10])
    turned = page.url.split("date=")[1][:10]
    page.locator("#status").select_option("booked")
    page.wait_for_url("**status=booked*")
    assert f"date={turned}" in page.url and "view=day" in page.url


def test_clear_forgets_the_filters_and_nothing_else(practice, open_as, two):
    page = open_as(practice.owner, f"{day(practice, two)}&status=booked")
    page.locator("day-columns[data-drawn]").wait_for()
    page.locator("[data-step=next]").first.click()
    page.wait_for_function("date => !location.href.includes(date)", arg=page.url.split("date=")[1][:10])
    turned = page.url.split("date=")[1][:10]
    page.get_by_role("checkbox", name="Rita Harbour").check()
    page.wait_for_url(f"**people={two.rita.pk}*")
    page.locator(".calendar-tools").get_by_role("link", name="Clear").click()
    page.wait_for_url(lambda url: "status=" not in url)
    assert f"date={turned}" in page.url and "view=day" in page.url and f"people={two.rita.pk}" in page.url
    page.get_by_role("checkbox", name="Everybody").check()
    page.wait_for_url(lambda url: "people=&" in f"{url}&")


def test_an_address_that_names_nobody_stays_until_somebody_is_ticked(practice, open_as, two):
    page = open_as(practice.owner, f"{day(practice, two)}&people=nobody")
    said = page.get_by_text("This address names nobody whose calendar you may see.").first
    said.wait_for()
    page.locator("day-columns[data-drawn]").wait_for()
    assert "people=nobody" in page.url and page.locator(".day-columns__head").count() == 0
    assert not page.get_by_role("checkbox", name="Everybody").is_checked()
    page.get_by_role("checkbox", name="Everybody").check()
    page.wait_for_url(lambda url: "people=&" in f"{url}&")
    column(page, "Rita Harbour").wait_for()
    said.wait_for(state="detached")
