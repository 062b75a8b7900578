"""The form that edits an appointment: by each who may, twice, late, from two tabs, and what its page shows afterwards."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.models import Service
from core.kernel import clock
from core.kernel.models import AuditEvent, OutboxMessage
from core.people import grants
from core.people.models import Client, StaffMember, User
from core.scheduling.actions import cancel_appointment, complete_appointment, edit_appointment
from core.scheduling.models import Appointment
from tests.factories.scheduling import book, completion_type, make_client

NOW = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)
START = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
NASTY = "„Übung“ 練習 🎻 שיעור \u202e\u200b'; DROP <b>x</b> " + "a" * 120


@pytest.fixture(autouse=True)
def at(monkeypatch):
    def set_clock(moment):
        monkeypatch.setattr(clock, "now", lambda: moment)

    set_clock(NOW)
    return set_clock


def url(appointment):
    return f"/appointments/{appointment.pk}/details/"


def hidden(browser, address):
    page = browser.get(address).content.decode()
    return {name: re.search(rf'name="{name}" value="([^"]*)"', page).group(1) for name in ("form_version", "form_key")}


def facts(cast, **changes):
    return {
        "practitioner": str(cast.tess_staff.pk), "clients": [str(cast.cleo.pk)], "service_name": "Speech therapy",
        "mode": "online", "location": "", "note": "", "tell": "on", **changes,
    }  # fmt: skip


def now(appointment):
    return Appointment.objects.get(pk=appointment.pk)


@pytest.mark.parametrize("who", ["tess", "sam", "nora"])
def test_form_shows_what_stands_there_and_changes_it(cast, visit, who):
    appointment = book(cast, at=START, location="Room 1", note="Old note")
    browser = visit(getattr(cast, who))
    page = browser.get(url(appointment)).content.decode()
    assert "Room 1" in page and "Old note" in page and "Speech therapy" in page
    answer = browser.post(url(appointment), facts(cast, mode="in_person", location="Studio 2"), follow=True)
    assert "Changed. " in answer.content.decode() and now(appointment).location == "Studio 2"


def test_form_that_tells_nobody_promises_no_mail(cast, visit):
    appointment = book(cast, at=START)
    answer = visit(cast.nora).post(url(appointment), facts(cast, location="Studio 2", tell=""), follow=True)
    assert "Nobody was told" in answer.content.decode()
    assert not OutboxMessage.objects.filter(payload__kind="changed").exists()


@pytest.mark.parametrize(
    ("part", "there", "gone"),
    [
        ("people", "practitioner", "location"),
        ("where", "location", "clients"),
        ("service", "note", "mode"),
    ],
)
def test_form_by_parts_has_that_part_only_and_leaves_the_rest(cast, visit, part, there, gone):
    appointment = book(cast, at=START, location="Room 1", note="Old note")
    browser = visit(cast.nora)
    page = browser.get(f"{url(appointment)}?part={part}").content.decode()
    assert f'name="{there}"' in page and f'name="{gone}"' not in page
    sent = {"location": "Studio 2", "mode": "in_person", "tell": "on"} if part == "where" else facts(cast)
    browser.post(f"{url(appointment)}?part={part}", sent)
    assert now(appointment).location == ("Studio 2" if part == "where" else "Room 1")


def test_history_says_who_changed_what_from_what_to_what_and_why(cast, visit):
    appointment = book(cast, at=START)
    otto = make_client("Otto", practitioner=cast.tess_staff)
    sent = facts(cast, clients=[str(otto.pk)], location="Studio 2", note="Private words", reason="Cleo is ill")
    visit(cast.nora).post(url(appointment), sent)
    page = visit(cast.tess).get(f"/appointments/{appointment.pk}/").content.decode()
    shown = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "Clients: Cleo Marten → now Otto Other" in shown and "Place: – → now Studio 2" in shown
    assert "Cleo is ill" in shown and str(cast.nora) in shown and "The note was changed" in shown
    assert "Cleo is ill" not in visit(cast.gus).get(f"/appointments/{appointment.pk}/").content.decode()


def test_note_that_was_emptied_stands_in_the_history_for_those_who_run_the_schedule(cast, visit):
    """Lost by somebody's edit, it can be read again and noted again; the audit never keeps it."""
    appointment = book(cast, at=START, note="Bring the latex-free gloves.\n<b>Call first</b> 💊")
    for note in ("", "New", "Newer"):
        assert visit(cast.nora).post(url(appointment), facts(cast, note=note)).status_code == 302

    address = f"/appointments/{appointment.pk}/"
    shown = visit(cast.tess).get(address).content.decode()
    assert shown.count("It said before:") == 2 and "latex-free gloves.<br>&lt;b&gt;Call first&lt;/b&gt; 💊" in shown
    assert "latex-free" not in visit(cast.gus).get(address).content.decode()
    assert not [event for event in AuditEvent.objects.all() if "latex" in str(event.changes)]


def test_history_asks_as_often_for_one_change_as_for_three(cast, visit):
    appointment = book(cast, at=START)
    browser, counts = visit(cast.tess), []
    for number in range(3):
        others = [make_client(f"Otto{number}{each}", practitioner=cast.tess_staff) for each in range(2)]
        edit_appointment(appointment, clients=[cast.cleo, *others], by=cast.nora, now=clock.now())
        browser.get(f"/appointments/{appointment.pk}/")
        with CaptureQueriesContext(connection) as count:
            browser.get(f"/appointments/{appointment.pk}/")
        counts.append(len(count))
    assert counts[0] == counts[1] == counts[2]


def test_two_who_edit_different_facts_lose_nothing(cast, visit):
    appointment = book(cast, at=START)
    first, second = visit(cast.tess), visit(cast.nora)
    mine, theirs = hidden(first, url(appointment)), hidden(second, url(appointment))
    otto = make_client("Otto", practitioner=cast.tess_staff)
    first.post(url(appointment), facts(cast, clients=[str(cast.cleo.pk), str(otto.pk)], **mine))
    second.post(url(appointment), facts(cast, location="Studio 2", **theirs))
    assert now(appointment).location == "Studio 2"
    assert {place.client for place in now(appointment).participants.filter(is_attending=True)} == {cast.cleo, otto}


def test_two_who_edit_the_same_fact_read_of_each_other(cast, visit):
    appointment = book(cast, at=START)
    first, second = visit(cast.tess), visit(cast.nora)
    mine, theirs = hidden(first, url(appointment)), hidden(second, url(appointment))
    first.post(url(appointment), facts(cast, location="Studio 1", **mine))
    answer = second.post(url(appointment), facts(cast, location="Studio 2", **theirs))
    assert answer.status_code == 422 and "changed this to “Studio 1”" in answer.content.decode()
    assert now(appointment).location == "Studio 1"


def test_form_sent_twice_changes_once(cast, visit):
    appointment = book(cast, at=START)
    browser = visit(cast.tess)
    sent = facts(cast, location="Studio 2", **hidden(browser, url(appointment)))
    browser.post(url(appointment), sent)
    assert "done once" in browser.post(url(appointment), sent, follow=True).content.decode()
    assert now(appointment).sequence == 1


def test_form_of_what_was_cancelled_meanwhile_says_so(cast, visit):
    appointment = book(cast, at=START)
    browser = visit(cast.tess)
    sent = facts(cast, location="Studio 2", **hidden(browser, url(appointment)))
    cancel_appointment(appointment, party="practice", by=cast.nora, now=clock.now())
    assert "cannot be changed any more" in browser.post(url(appointment), sent).content.decode()
    assert browser.get(url(appointment)).status_code == 302


def test_form_of_what_was_completed_meanwhile_keeps_who_took_part(cast, visit, at):
    appointment = book(cast, at=START)
    browser = visit(cast.tess)
    otto = make_client("Otto", practitioner=cast.tess_staff)
    sent = facts(cast, clients=[str(otto.pk)], note="Went well", **hidden(browser, url(appointment)))
    at(START + timedelta(hours=1))
    complete_appointment(appointment, completion_type=completion_type("Completed"), by=cast.nora, now=clock.now())
    page = browser.get(url(appointment)).content.decode()
    assert "It is completed" in page and 'name="clients"' not in page and 'name="tell"' not in page
    browser.post(url(appointment), sent)
    assert {place.client for place in now(appointment).participants.all()} == {cast.cleo}


def test_form_keeps_a_service_that_is_not_offered_any_more(cast, visit):
    service = Service.objects.create(name="Trial", amount=1000, currency="EUR", minutes=30)
    appointment = book(cast, at=START, service_id=service.pk, service_name="Trial")
    other = Service.objects.create(name="Therapy", amount=1000, currency="EUR", minutes=30)
    Service.objects.filter(pk=service.pk).update(is_active=False)
    browser = visit(cast.nora)
    assert '<option value="kept" selected>Trial' in browser.get(url(appointment)).content.decode()
    browser.post(url(appointment), facts(cast, service="kept", location="Studio 2"))
    assert (now(appointment).service_id, now(appointment).service_name) == (service.pk, "Trial")
    browser.post(url(appointment), facts(cast, service=str(other.pk), location="Studio 2"))
    assert (now(appointment).service_id, now(appointment).service_name) == (other.pk, "Therapy")


def test_form_takes_any_text_and_shows_it_as_it_is(cast, visit):
    appointment = book(cast, at=START)
    browser = visit(cast.nora)
    browser.post(url(appointment), facts(cast, location=NASTY, note=NASTY + "\r\n" + NASTY))
    page = browser.get(f"/appointments/{appointment.pk}/").content.decode()
    assert now(appointment).location and "<b>x</b>" not in page and "練習" in page
    assert browser.post(url(appointment), facts(cast, location="a" * 201)).status_code == 422


def test_one_who_is_not_active_any_more_can_stay_in_the_form(cast, visit):
    idle = make_client("Ida", practitioner=cast.tess_staff)
    appointment = book(cast, at=START, clients=[cast.cleo, idle])
    Client.objects.filter(pk=idle.pk).update(status="inactive")
    sent = facts(cast, clients=[str(cast.cleo.pk), str(idle.pk)], location="Studio 2")
    assert visit(cast.tess).post(url(appointment), sent).status_code == 302
    assert now(appointment).location == "Studio 2"


def test_nobody_hands_over_to_a_schedule_that_they_do_not_run(cast, visit):
    appointment = book(cast, at=START)
    answer = visit(cast.tess).post(url(appointment), facts(cast, practitioner=str(cast.sam_staff.pk)))
    assert answer.status_code == 422 and now(appointment).practitioner == cast.tess_staff


def test_schedule_admin_by_grant_edits_what_is_on_that_schedule(cast, visit):
    appointment = book(cast, at=START)
    holder = StaffMember.objects.create(
        user=User.objects.create_user(email="hal@north.test", name="Hal North", time_zone="UTC"), role="practitioner"
    )
    assert visit(holder.user).get(url(appointment)).status_code == 404
    grants.grant(holder.user, grants.ADMINISTER_SCHEDULE, cast.tess_staff, by=cast.nora)
    page = visit(holder.user).get(url(appointment)).content.decode()
    assert "Tess North" in page and "Cleo Marten" in page
    visit(holder.user).post(url(appointment), facts(cast, location="Studio 2"))
    assert now(appointment).location == "Studio 2"


def test_edit_is_in_the_audit(cast, visit):
    appointment = book(cast, at=START)
    visit(cast.nora).post(url(appointment), facts(cast, location="Studio 2"))
    assert AuditEvent.objects.get(action="appointment.changed").actor_id == str(cast.nora.pk)
