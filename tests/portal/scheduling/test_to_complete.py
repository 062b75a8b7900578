"""What is to be completed, by whom, with which amounts, by one press."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.actions.catalogue import set_rate
from billing.actions.charges import override_cost
from billing.models import Charge
from core.kernel import clock
from core.kernel.money import Money
from core.scheduling.actions import edit_appointment, move_appointment
from core.scheduling.models import Appointment, CompletionType, SchedulingSettings
from sessions_live.actions import ask_admission, open_room
from tests.factories.scheduling import book, completion_type

HOUR = timedelta(hours=1)
LIST = "/appointments/to-complete/"


@pytest.fixture
def over(till):
    """Cora's therapy at 80 EUR, over since yesterday."""
    return book(
        till, at=clock.now() - 26 * HOUR, clients=[till.cora], service_id=till.therapy.pk, service_name="Speech therapy", by=till.nora
    )  # fmt: skip


def press(browser, appointment, kind="Completed"):
    return browser.post(
        f"/appointments/{appointment.pk}/completion/at-once/",
        {"completion_type": str(completion_type(kind).pk)},
        follow=True,
    )


@pytest.mark.parametrize("who", ["tess", "sam", "nora"])
def test_whoever_runs_the_schedule_completes_by_a_press(till, over, visit, who):
    browser = visit(getattr(till, who))
    assert "Cora Winter" in browser.get(LIST).content.decode()
    page = press(browser, over).content.decode()
    assert "Completed. Completed" in page and "Everything is completed" in page
    assert Appointment.objects.get(pk=over.pk).status == "completed"
    assert Charge.objects.get(client=till.cora).amount == 8000


def test_pressed_twice_it_is_completed_once(till, over, visit):
    browser = visit(till.tess)
    press(browser, over)
    assert "completed already" in press(browser, over).content.decode()
    assert Charge.objects.count() == 1


def pressed_as_shown(browser, appointment):
    """What the list's first button of it sends."""
    page = browser.get(LIST).content.decode()
    form = re.search(rf'action="/appointments/{appointment.pk}/completion/at-once/".*?</form>', page, re.S).group()
    sent = {"completion_type": str(completion_type("Completed").pk)}
    return sent | {"form_version": re.findall(r'name="form_version" value="([^"]*)"', form)[-1]}


@pytest.mark.parametrize("change", ["time", "people", "price"])
def test_what_was_changed_after_the_list_was_shown_is_not_completed_by_a_press(till, over, visit, change):
    browser = visit(till.nora)
    sent = pressed_as_shown(browser, over)
    how = {"by": till.nora, "now": clock.now()}
    if change == "time":
        move_appointment(over, starts_at=over.starts_at, ends_at=over.ends_at + HOUR, **how)
    elif change == "people":
        edit_appointment(over, clients=[till.cora, till.cleo], **how)
    else:
        set_rate(client=till.cora, service=till.therapy, price=Money(9000, "EUR"), **how)
    address = f"/appointments/{over.pk}/completion/at-once/"
    page = browser.post(address, sent, follow=True).content.decode()
    assert "so nothing was done" in page and "Cora Winter" in page
    assert Appointment.objects.get(pk=over.pk).is_booked and not Charge.objects.exists()
    browser.post(address, pressed_as_shown(browser, over))
    assert Appointment.objects.get(pk=over.pk).status == "completed"


@pytest.mark.parametrize(("who", "status"), [("cora_login", 403), ("gus", 403), ("ada", 404)])
def test_clients_and_agents_complete_nothing(till, over, visit, who, status):
    browser = visit(getattr(till, who))
    assert browser.get(LIST).status_code == 403
    assert press(browser, over).status_code == status
    assert Appointment.objects.get(pk=over.pk).is_booked


def test_amounts_are_read_by_whoever_may_see_them(till, over, visit):
    assert "€80.00" in visit(till.nora).get(LIST).content.decode()
    form = f"/appointments/{over.pk}/completion/"
    page = visit(till.nora).get(form).content.decode()
    assert "Completed: €80.00, 100 % of the price, 100 % of the wage" in page
    missed = CompletionType.objects.filter(outcome="missed").first()
    assert f"{missed}: €{80 * missed.client_share // 100}.00" in page
    page = visit(till.tess).get(form).content.decode()
    assert "€" not in page and "100 % of the price, 100 % of the wage" in page
    assert "€" not in visit(till.tess).get(LIST).content.decode()


def test_places_in_two_currencies_have_no_one_amount_and_are_completed_all_the_same(till, over, visit):
    set_rate(client=till.cleo, service=till.therapy, price=Money(5000, "USD"), by=till.nora, now=clock.now())
    both = book(
        till, at=clock.now() - 30 * HOUR, clients=[till.cora, till.cleo], service_id=till.therapy.pk, service_name="Therapy", by=till.nora
    )  # fmt: skip
    browser = visit(till.nora)
    page = browser.get(LIST).content.decode()
    assert f"/appointments/{both.pk}/completion/at-once/" in page
    assert "€80.00" in page and "$" not in page and "€160.00" not in page and "€130.00" not in page
    form = browser.get(f"/appointments/{both.pk}/completion/")
    assert form.status_code == 200 and "100 % of the price" in form.content.decode()
    press(browser, both)
    assert {(charge.amount, charge.currency) for charge in Charge.objects.all()} == {(8000, "EUR"), (5000, "USD")}


def test_what_is_not_offered_by_a_press_is_refused(till, over, visit):
    answer = visit(till.tess).post(
        f"/appointments/{over.pk}/completion/at-once/", {"completion_type": "nothing"}, follow=True
    )
    assert "Choose what became of it." in answer.content.decode()
    assert Appointment.objects.get(pk=over.pk).is_booked


def test_held_before_its_start_by_the_form(till, visit):
    later = book(till, at=clock.now() + 3 * HOUR, clients=[till.cora], by=till.nora)
    browser, form = visit(till.tess), f"/appointments/{later.pk}/completion/"
    assert "Held already…" in browser.get(f"/appointments/{later.pk}/").content.decode()
    page = browser.get(form).content.decode()
    hidden = {
        name: re.search(rf'name="{name}" value="([^"]*)"', page).group(1) for name in ("form_version", "form_key")
    }
    facts = {**hidden, "completion_type": str(completion_type("Completed").pk), "charged_minutes": "50"}
    refused = browser.post(form, facts)
    assert refused.status_code == 422 and "held before its time" in refused.content.decode()
    browser.post(form, facts | {"was_held_before": "on"})
    assert Appointment.objects.get(pk=later.pk).status == "completed"


def test_queries_do_not_grow_with_the_list(till, over, visit):
    browser = visit(till.nora)
    browser.get(LIST)
    with CaptureQueriesContext(
        connection,
    ) as one:
        browser.get(LIST)
    for hours in (30, 34):
        book(till, at=clock.now() - hours * HOUR, clients=[till.cleo])
    with CaptureQueriesContext(connection) as three:
        browser.get(LIST)
    assert len(three) == len(one) <= 20


def test_missed_is_offered_once_the_no_show_clock_has_run_down(till, visit):
    MINUTE, browser = timedelta(minutes=1), visit(till.tess)
    running = book(till, at=clock.now() - 12 * MINUTE, clients=[till.cora], by=till.nora)
    form, missed = f"/appointments/{running.pk}/completion/", CompletionType.objects.filter(outcome="missed").first()
    assert str(missed) not in browser.get(form).content.decode()
    assert "Cora Winter" not in browser.get(LIST).content.decode()
    visit(till.nora).post("/settings/appointments/no-show/", {"minutes": "10"})
    assert str(missed) in browser.get(form).content.decode()
    page = browser.get(LIST).content.decode()
    assert "Nobody has come yet" in page and str(missed) in page and "Completed ·" not in page
    press(browser, running, missed.name)
    assert Appointment.objects.get(pk=running.pk).free_from == running.starts_at


def test_whoever_waits_at_the_door_has_come(till, visit):
    running = book(till, at=clock.now() - timedelta(minutes=20), clients=[till.cora], by=till.nora)
    ask_admission(open_room(running, now=clock.now()), by=till.cora_login, now=clock.now())
    assert "Cora Winter" not in visit(till.tess).get(LIST).content.decode()


@pytest.mark.parametrize("minutes", ["", "-1", "121", "x"])
def test_a_no_show_clock_that_is_none_is_refused(till, visit, minutes):
    visit(till.nora).post("/settings/appointments/no-show/", {"minutes": minutes})
    assert SchedulingSettings.current().no_show_minutes == 15


def test_practitioners_do_not_set_the_clock(till, visit):
    assert visit(till.tess).post("/settings/appointments/no-show/", {"minutes": "5"}).status_code == 403


def test_the_room_offers_it_to_the_host_only(till, visit):
    running = book(till, at=clock.now() - timedelta(minutes=5), clients=[till.cora], by=till.nora)
    assert 'data-live="no-show"' in visit(till.tess).get(f"/live/{running.pk}/").content.decode()
    assert 'data-live="no-show"' not in visit(till.cora_login).get(f"/live/{running.pk}/").content.decode()


def test_a_cost_set_by_hand_is_charged_and_its_history_is_read_by_whoever_bills(till, visit):
    later = book(till, clients=[till.cora], service_id=till.therapy.pk, service_name="Speech therapy", by=till.nora)
    for amount, why in ((5000, "Agreed"), (4500, "Agreed again")):
        override_cost(
            appointment_id=later.pk, client=till.cora, price=Money(amount, "EUR"), reason=why, by=till.nora, now=clock.now()
        )  # fmt: skip
    page = visit(till.nora).get(f"/appointments/{later.pk}/").content.decode()
    assert "Cost set by hand" in page and "50.00" in page and "45.00" in page and "Agreed again" in page
    assert (
        f"/billing/appointments/{later.pk}"
        in visit(till.nora).get(f"/appointments/{later.pk}/details/").content.decode()
    )
    page = visit(till.tess).get(f"/appointments/{later.pk}/").content.decode()
    assert "Cost set by hand" not in page and "45.00" not in page and "Agreed again" not in page


def ticked(browser, *outcomes):
    """What the list sends when these are ticked, each with its outcome."""
    page = browser.get(LIST).content.decode()
    sent = {"row": [str(appointment.pk) for appointment, _kind in outcomes]}
    for appointment, kind in outcomes:
        [version] = re.findall(rf'name="version_{appointment.pk}" value="([^"]*)"', page)
        sent[f"version_{appointment.pk}"] = version
        sent[f"completion_type_{appointment.pk}"] = str(completion_type(kind).pk)
    return sent


BULK = f"{LIST}completions/"
MISSED = "Missed - full costs and wages"


def test_several_are_completed_at_once_each_with_its_outcome(till, over, visit):
    other = book(till, clients=[till.cleo], at=clock.now() - 50 * HOUR, by=till.nora, override_reason="x")
    browser = visit(till.nora)

    page = browser.post(BULK, ticked(browser, (over, "Completed"), (other, MISSED)), follow=True).content.decode()

    assert "2 completed." in page and "Everything is completed" in page
    ended = {each.pk: each.completion.completion_type.name for each in Appointment.objects.filter(status="completed")}
    assert ended == {over.pk: "Completed", other.pk: MISSED}


def test_what_is_refused_says_why_in_its_row_and_the_others_are_completed(till, over, visit):
    other = book(till, clients=[till.cleo], at=clock.now() - 50 * HOUR, by=till.nora, override_reason="x")
    browser = visit(till.nora)
    sent = ticked(browser, (over, "Completed"), (other, "Completed"))
    edit_appointment(other, clients=[till.cora], by=till.nora, now=clock.now())

    page = browser.post(BULK, sent, follow=True).content.decode()

    assert "1 completed. 1 was not: it says why." in page
    row = page[page.index(f'value="{other.pk}"') :]
    assert "changed meanwhile" in row and "checked" in row[: row.index(">")]
    assert Appointment.objects.get(pk=over.pk).status == "completed" and Appointment.objects.get(pk=other.pk).is_booked
    assert "changed meanwhile" not in browser.get(LIST).content.decode()


def test_nothing_ticked_is_said_and_sent_twice_it_is_done_once(till, over, visit):
    browser = visit(till.nora)
    assert "Tick at least one." in browser.post(BULK, {}, follow=True).content.decode()
    sent = ticked(browser, (over, "Completed"))
    browser.post(BULK, sent)
    assert "0 completed. 1 was not" in browser.post(BULK, sent, follow=True).content.decode()
    assert Charge.objects.count() == 1


@pytest.mark.parametrize(("who", "status"), [("cora_login", 403), ("ada", 403)])
def test_clients_and_agents_complete_nothing_at_once(till, over, visit, who, status):
    browser = visit(getattr(till, who))
    assert browser.post(BULK, {"row": [str(over.pk)]}).status_code == status
    assert Appointment.objects.get(pk=over.pk).is_booked
