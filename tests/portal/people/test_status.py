"""Taking a client out of care: what it does is said first, what is ahead is kept or cancelled, and all of it can be undone."""

import pytest
from django.core import mail

from core.kernel import clock, outbox
from core.people.models import Agent, Client, LinkedLogin, StaffMember
from core.scheduling.actions import move_appointment
from core.scheduling.models import Cancellation
from tests.factories.scheduling import book, make_client, tomorrow

BERLIN = "Europe/Berlin"


@pytest.fixture
def url(cast):
    return f"/people/clients/{cast.cleo.pk}/status/"


def status_of(client):
    return Client.objects.get(pk=client.pk).status


@pytest.mark.parametrize("status", ["inactive", "prospect", "archived"])
def test_nothing_is_done_before_it_is_asked(cast, visit, url, status):
    browser = visit(cast.nora)

    plain = browser.post(url, {"status": status, "from": "list"})
    assert (plain.status_code, plain.url) == (302, f"{url}?status={status}&from=list")
    htmx = browser.post(url, {"status": status}, headers={"HX-Request": "true"})
    assert (htmx.status_code, htmx.headers["HX-Redirect"]) == (204, f"{url}?status={status}")
    archive = browser.post(f"/people/clients/{cast.cleo.pk}/archive/")
    assert (archive.status_code, archive.url) == (302, f"{url}?status=archived")

    assert status_of(cast.cleo) == "active"


def test_the_question_says_what_it_does(cast, visit, url):
    mia = make_client("Mia", login=cast.gus)
    appointment = book(cast)

    shown = visit(cast.nora).get(f"{url}?status=inactive").content.decode()

    assert "Make Cleo Marten inactive?" in shown
    assert "Cleo North is signed out at once" in shown
    assert f"Gus North no longer reaches Cleo Marten, and still comes in for: {mia.name}." in " ".join(shown.split())
    assert str(appointment.participants.get().pk) in shown
    assert "Tess North" in shown
    assert "Nobody can pay for them here" in shown
    assert status_of(cast.cleo) == "active"


def test_what_is_ticked_is_cancelled_and_the_rest_stays(cast, visit, url):
    kept, gone = book(cast), book(cast, at=tomorrow() + (tomorrow() - clock.now()))
    place = gone.participants.get()

    answer = visit(cast.nora).post(url, {"status": "inactive", "confirmed": "yes", "cancel": [str(place.pk), "x"]})

    assert (answer.status_code, answer.url) == (302, f"/people/clients/{cast.cleo.pk}/")
    kept.refresh_from_db()
    gone.refresh_from_db()
    assert (kept.status, gone.status) == ("booked", "cancelled")
    assert Cancellation.objects.get().party == Cancellation.Party.PRACTICE
    assert status_of(cast.cleo) == "inactive"


def test_who_was_told_of_what_was_cancelled_is_said(cast, visit, url):
    places = [book(cast, at=tomorrow(hour)).participants.get() for hour in (9, 11)]
    chosen = {"status": "inactive", "confirmed": "yes", "cancel": [str(place.pk) for place in places]}

    shown = visit(cast.nora).post(url, chosen, follow=True).content.decode()

    assert "Told by mail: Cleo North, Gus North, Tess North." in shown
    outbox.deliver_due()
    told = {message.to[0] for message in mail.outbox if message.subject.startswith("Cancelled")}
    assert len(told) == 3


def test_that_nobody_was_told_of_what_was_cancelled_is_said(cast, visit):
    otto = make_client("Otto", practitioner=cast.tess_staff)
    place = book(cast, clients=[otto]).participants.get()
    url = f"/people/clients/{otto.pk}/status/"
    browser = visit(cast.nora)
    asked = browser.get(f"{url}?status=archived").content.decode()
    shown = browser.post(url, {"status": "archived", "confirmed": "yes", "cancel": str(place.pk)}, follow=True)

    assert "Afterwards you read who was told." in asked
    assert "Not told: Otto Other (" in shown.content.decode()


def test_in_a_group_only_their_place_is_given_up(cast, visit, url):
    otto = make_client("Otto", practitioner=cast.tess_staff)
    group = book(cast, clients=[cast.cleo, otto])
    place = group.participants.get(client=cast.cleo)

    visit(cast.nora).post(url, {"status": "inactive", "confirmed": "yes", "cancel": str(place.pk)})

    group.refresh_from_db()
    assert group.status == "booked"
    assert [each.client_id for each in group.participants.filter(is_attending=True)] == [otto.pk]


def test_cancelled_meanwhile_is_no_obstacle_and_twice_is_once(cast, visit, url):
    gone = book(cast)
    chosen = {"status": "inactive", "confirmed": "yes", "cancel": str(gone.participants.get().pk)}
    browser = visit(cast.nora)

    assert browser.post(url, chosen).status_code == 302
    assert browser.post(url, chosen).status_code == 302

    assert Cancellation.objects.count() == 1


def test_it_is_undone_by_one_button(cast, visit, url):
    browser = visit(cast.nora)
    browser.post(url, {"status": "archived", "confirmed": "yes"})
    assert Client.objects.get(pk=cast.cleo.pk).archived_at
    shown = browser.get(f"/people/clients/{cast.cleo.pk}/").content.decode()
    assert "Make active" in shown

    done = browser.post(url, {"status": "active"}, follow=True).content.decode()

    assert "Cleo Marten is active." in done
    client = Client.objects.get(pk=cast.cleo.pk)
    assert (client.status, client.archived_at) == ("active", None)
    assert visit(cast.cleo_login).get("/people/clients/", follow=True).status_code == 200


def test_the_details_do_not_change_the_status_by_the_way(cast, visit):
    details = {"first_name": "Cleo", "time_zone": BERLIN, "color": "#112233", "status": "inactive"}
    visit(cast.nora).post(f"/people/clients/{cast.cleo.pk}/details/", details)

    assert status_of(cast.cleo) == "active"


def test_strangers_and_those_without_the_right_are_refused(cast, visit, url):
    asked = {"status": "inactive", "confirmed": "yes"}
    assert visit(cast.tess).get(f"{url}?status=inactive").status_code == 403
    assert visit(cast.tess).post(url, asked).status_code == 403
    assert visit(cast.sam).post(url, asked).status_code == 404
    assert visit(cast.gus).post(url, asked).status_code == 403
    assert visit(cast.olga, organization="south").get(f"{url}?status=inactive").status_code in (200, 404)
    assert status_of(cast.cleo) == "active"


def test_one_inactive_member_does_not_keep_a_group_where_it_is(cast):
    otto = make_client("Otto", practitioner=cast.tess_staff)
    group = book(cast, clients=[cast.cleo, otto])
    Client.objects.filter(pk=otto.pk).update(status="inactive")
    later = group.starts_at + (group.ends_at - group.starts_at)

    moved = move_appointment(
        group, starts_at=later, ends_at=later + (group.ends_at - group.starts_at), by=cast.tess, now=clock.now()
    )

    assert moved.starts_at == later
    assert LinkedLogin.objects.filter(client=cast.cleo).exists()


def test_a_colleague_is_made_inactive_after_a_question(cast, visit):
    book(cast)
    url = f"/people/staff/{cast.tess_staff.pk}/status/"
    browser = visit(cast.nora)

    asked = browser.post(url, {"status": "inactive"})
    assert (asked.status_code, asked.url) == (302, url)
    shown = browser.get(url).content.decode()
    assert "Make Tess North inactive?" in shown
    assert "Tess North is signed out at once" in shown
    assert "1 booked ahead, which stays until somebody cancels it" in shown
    assert StaffMember.objects.get(pk=cast.tess_staff.pk).is_active

    assert browser.post(url, {"status": "inactive", "confirmed": "yes"}).status_code == 302
    assert not StaffMember.objects.get(pk=cast.tess_staff.pk).is_active
    assert browser.post(url, {"status": "active"}).status_code == 302
    assert StaffMember.objects.get(pk=cast.tess_staff.pk).is_active


def test_an_agency_ends_after_a_question(cast, visit):
    url = f"/people/agents/{cast.agent.pk}/dismissal/"
    browser = visit(cast.nora)

    assert browser.post(url).url == url
    assert "1 person is taken out of their care." in browser.get(url).content.decode()
    assert Agent.objects.filter(pk=cast.agent.pk).exists()

    assert browser.post(url, {"confirmed": "yes"}).url == "/people/agents/"
    assert not Agent.objects.filter(pk=cast.agent.pk).exists()
