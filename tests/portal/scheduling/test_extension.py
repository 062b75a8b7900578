"""Extending from the appointment's page and from the live room, whose script asks for the same form."""

import html
import re
from datetime import datetime, timedelta

import pytest

from billing.actions.catalogue import set_rate
from core.kernel import clock
from core.kernel.money import Money
from core.scheduling.models import Appointment, Extension
from tests.factories.scheduling import book, make_client

MINUTE = timedelta(minutes=1)


@pytest.fixture
def running(till):
    """Cora and Tess, coaching by the hour, since half an hour ago, for fifty minutes."""
    service = till.hourly
    return book(
        till, at=clock.now() - 30 * MINUTE, clients=[till.cora], service_id=service.pk, service_name=service.name, by=till.nora
    )  # fmt: skip


def url(appointment):
    return f"/appointments/{appointment.pk}/extension/"


def hidden(browser, address):
    page = browser.get(address).content.decode()
    return {name: re.search(rf'name="{name}" value="([^"]*)"', page).group(1) for name in ("form_version", "form_key")}


def actions_of(part):
    """Where the forms of this part are sent to that change something: not the one that closes the dialog."""
    return [html.unescape(action) for action in re.findall(r'<form[^>]*?\saction="([^"]*)"', part)]


def ends_at(appointment):
    return Appointment.objects.get(pk=appointment.pk).ends_at


@pytest.mark.parametrize("who", ["tess", "sam", "nora"])
def test_a_press_extends_and_the_page_offers_to_take_it_back(till, running, visit, who):
    browser, before = visit(getattr(till, who)), running.ends_at
    assert url(running) in browser.get(f"/appointments/{running.pk}/").content.decode()
    answer = browser.post(url(running), hidden(browser, url(running)) | {"minutes": "15"}, follow=True)
    page = answer.content.decode()
    assert ends_at(running) == before + 15 * MINUTE
    assert "It takes until" in page and "Told by mail:" in page and "has extended it by 15 minutes" in page
    answer = browser.post(f"/appointments/{running.pk}/extension/removal/", follow=True)
    assert ends_at(running) == before and "has extended it by" not in answer.content.decode()
    assert "The extension was taken back" in answer.content.decode()


@pytest.mark.parametrize(("who", "status"), [("cora_login", 403), ("gus", 403), ("ada", 404), ("cleo_login", 404)])
def test_clients_guardians_and_agents_have_no_such_page(till, running, visit, who, status):
    browser = visit(getattr(till, who))
    assert browser.get(url(running)).status_code == status
    assert browser.post(url(running), {"minutes": "15"}).status_code == status
    assert browser.post(f"/appointments/{running.pk}/extension/removal/").status_code == status
    assert not Extension.objects.exists()
    assert url(running) not in browser.get(f"/appointments/{running.pk}/").content.decode()


def test_the_price_is_shown_to_whoever_may_see_it_and_to_nobody_else(till, running, visit):
    seen = visit(till.nora).get(url(running)).content.decode()
    assert "€15.00" in seen and "An hour more costs" in seen and "€60.00" in seen
    assert "€" not in visit(till.tess).get(url(running)).content.decode()


def test_of_two_currencies_no_sum_is_shown_and_the_form_works(till, visit):
    set_rate(client=till.cleo, service=till.hourly, price=Money(5000, "USD"), by=till.nora, now=clock.now())
    both = book(
        till, at=clock.now() - 30 * MINUTE, clients=[till.cora, till.cleo], service_id=till.hourly.pk, service_name="Coaching", by=till.nora
    )  # fmt: skip
    browser = visit(till.nora)
    page = browser.get(url(both)).content.decode()
    assert 'value="15"' in page and "€" not in page and "An hour more costs" not in page
    browser.post(url(both), hidden(browser, url(both)) | {"minutes": "15"})
    assert ends_at(both) == both.ends_at + 15 * MINUTE


def test_a_price_per_session_stays(till, visit):
    once = book(
        till, at=clock.now() - 30 * MINUTE, clients=[till.cora], service_id=till.therapy.pk, service_name="Therapy", by=till.nora
    )  # fmt: skip
    assert "The price stays the same" in visit(till.nora).get(url(once)).content.decode()


def test_running_into_the_next_one_asks_why_and_keeps_what_was_chosen(till, running, visit):
    book(till, at=running.ends_at, clients=[make_client("Otto", practitioner=till.tess_staff)])
    browser, before = visit(till.tess), running.ends_at
    assert "Somebody waits" in browser.get(url(running)).content.decode()
    answer = browser.post(url(running), hidden(browser, url(running)) | {"minutes": "15"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "Otto Other" in page and 'value="15"' in page and 'name="reason"' in page
    assert ends_at(running) == before
    said = {"minutes": "15", "reason": "In the middle of it <b>„Übung“</b> 練習"}
    answer = browser.post(url(running), hidden(browser, url(running)) | said, follow=True)
    assert ends_at(running) == before + 15 * MINUTE
    assert "In the middle of it &lt;b&gt;" in answer.content.decode()


@pytest.mark.parametrize("minutes", ["", "0", "241", "x", "1e3"])
def test_minutes_that_are_none_come_back_with_a_sentence(till, running, visit, minutes):
    browser = visit(till.tess)
    assert browser.post(url(running), hidden(browser, url(running)) | {"minutes": minutes}).status_code == 422
    assert not Extension.objects.exists()


def test_sent_twice_it_is_extended_once_and_from_an_old_tab_not_at_all(till, running, visit):
    browser, before = visit(till.tess), running.ends_at
    first, second = hidden(browser, url(running)), hidden(browser, url(running))
    browser.post(url(running), first | {"minutes": "15"})
    browser.post(url(running), first | {"minutes": "15"})
    assert ends_at(running) == before + 15 * MINUTE
    answer = browser.post(url(running), second | {"minutes": "15"})
    assert answer.status_code == 422 and "It is now" in answer.content.decode()
    assert ends_at(running) == before + 15 * MINUTE


def test_the_room_stays_where_it_is(till, running, visit):
    browser, address = visit(till.tess), f"{url(running)}?in_room=1"
    script = {"HTTP_HX_REQUEST": "true"}
    part = browser.get(address, **script).content.decode()
    assert "hx-post" not in part and "<html" not in part
    form = {name: re.search(rf'name="{name}" value="([^"]*)"', part).group(1) for name in ("form_version", "form_key")}
    for action in actions_of(part):  # of the lengths that are offered, and of another one
        assert action == address
    refused = browser.post(actions_of(part)[0], form | {"minutes": "x"}, **script)
    assert refused.status_code == 422 and set(actions_of(refused.content.decode())) == {address}
    answer = browser.post(actions_of(part)[0], form | {"minutes": "5"}, **script)
    assert answer.status_code == 204 and "HX-Redirect" not in answer.headers
    removal, *_ = actions_of(browser.get(address, **script).content.decode())
    answer = browser.post(removal, **script)
    assert answer.status_code == 204 and ends_at(running) == running.ends_at
    for heard in (f"/live/{running.pk}/", f"/appointments/{running.pk}/"):
        assert not re.search(r"It takes until \d", browser.get(heard).content.decode())


def test_a_later_extension_of_somebody_else_is_not_taken_back_from_an_old_page(till, running, visit):
    browser, removal = visit(till.tess), f"/appointments/{running.pk}/extension/removal/"
    browser.post(url(running), hidden(browser, url(running)) | {"minutes": "5"})
    page = browser.get(f"/appointments/{running.pk}/").content.decode()
    old = {"extension": re.search(r'name="extension" value="([^"]*)"', page).group(1)}
    other = visit(till.nora)
    other.post(url(running), hidden(other, url(running)) | {"minutes": "15"})
    assert "no extension any more" in browser.post(removal, old, follow=True).content.decode()
    refused = browser.post(f"{removal}?in_room=1", old, HTTP_HX_REQUEST="true")
    assert refused.status_code == 409 and "no extension any more" in refused.json()["message"]
    assert ends_at(running) == running.ends_at + 20 * MINUTE
    browser.post(removal, {"extension": str(Extension.objects.latest("extended_at").pk)})
    assert ends_at(running) == running.ends_at + 5 * MINUTE


def test_the_room_offers_it_to_hosts_only(till, running, visit):
    assert "extend-session" in visit(till.tess).get(f"/live/{running.pk}/").content.decode()
    guest = visit(till.cora_login).get(f"/live/{running.pk}/").content.decode()
    assert "extend-session" not in guest and 'data-action="extend"' not in guest and "session-clock" in guest


def test_whoever_comes_next_reads_it_in_the_waiting_room(till, running, visit):
    otto = make_client("Otto", practitioner=till.tess_staff, login=till.gus)
    after = book(till, at=running.ends_at, clients=[otto])
    browser = visit(till.tess)
    said = {"minutes": "10", "reason": "In the middle of it"}
    browser.post(url(running), hidden(browser, url(running)) | said)
    page = visit(till.gus).get(f"/live/{after.pk}/").content.decode()
    until = datetime.fromisoformat(re.search(r'data-until="([^"]*)"', page).group(1))
    assert until == (running.ends_at + 10 * MINUTE).replace(microsecond=until.microsecond)
    browser.post(f"/appointments/{running.pk}/extension/removal/")
    assert "data-until" not in visit(till.gus).get(f"/live/{after.pk}/").content.decode()


def test_what_was_extended_is_what_is_charged(till, running, visit):
    browser = visit(till.tess)
    browser.post(url(running), hidden(browser, url(running)) | {"minutes": "10"})
    page = visit(till.nora).get(f"/appointments/{running.pk}/completion/").content.decode()
    assert re.search(r'name="charged_minutes"[^>]*value="60"|value="60"[^>]*name="charged_minutes"', page)
