"""The pages of a live session, and what hosts decide from any page."""

from datetime import timedelta

import pytest

from core.kernel import clock
from core.scheduling.actions import book_appointment
from sessions_live import actions
from sessions_live.models import Admission, Room


@pytest.fixture
def book(cast):
    def booked(minutes=5, **changes):
        starts_at = clock.now() + timedelta(minutes=minutes)
        return book_appointment(
            practitioner=cast.tess_staff, clients=[cast.cleo], starts_at=starts_at, ends_at=starts_at + timedelta(minutes=45),
            time_zone="Europe/Berlin", service_name="Speech therapy", by=cast.tess, now=clock.now(), **changes,
        )  # fmt: skip

    return booked


@pytest.fixture
def waiting(cast, book):
    room = actions.open_room(book(), now=clock.now())
    return actions.ask_admission(room, by=cast.gus, now=clock.now())


def decision(admission):
    return f"/live/{admission.room.appointment_id}/admissions/{admission.pk}/"


@pytest.mark.parametrize(("who", "status"), [("tess", 200), ("sam", 200), ("gus", 200), ("ada", 403)])
def test_room_page_is_for_people_with_a_role(cast, book, visit, who, status):
    appointment = book()

    response = visit(getattr(cast, who)).get(f"/live/{appointment.pk}/")

    assert response.status_code == status
    if status == 200:
        assert f"/ws/live/{Room.objects.get().pk}/" in response.content.decode()


def test_page_says_nothing_about_media(cast, book, visit):
    text = visit(cast.gus).get(f"/live/{book().pk}/").content.decode().lower()

    assert not [word for word in ("turn:", "stun:", "ice_servers", "127.0.0.1", "colonnade") if word in text]
    assert "style=" not in text
    assert "<script>" not in text


def test_stranger_and_other_organization_find_nothing(cast, book, visit, waiting):
    appointment = waiting.room.appointment
    stranger = visit(cast.olga, organization="south")

    for path in (f"/live/{appointment.pk}/", f"/live/{appointment.pk}/ended/", f"{decision(waiting)}messages/"):
        assert stranger.get(path).status_code == 404
        assert visit().get(path).status_code == 302
    assert stranger.post(decision(waiting), {"decision": "admit"}).status_code == 404


def test_early_page_offers_the_check_only(cast, book, visit):
    response = visit(cast.gus).get(f"/live/{book(minutes=120).pk}/")

    text = response.content.decode()
    assert response.status_code == 200
    assert "data-opens-in" in text
    assert "/ws/live/" not in text
    assert Room.objects.count() == 0


def test_appointment_in_person_has_no_room(cast, book, visit):
    response = visit(cast.gus).get(f"/live/{book(mode='in_person').pk}/")

    assert response.status_code == 409
    assert "takes place in person" in response.content.decode()


def test_host_hears_who_waits_and_admits_from_any_page(cast, visit, waiting):
    tess = visit(cast.tess)

    rings = tess.get("/live/waiting/").json()["waiting"]
    answer = tess.post(decision(waiting), {"decision": "admit"})

    assert [ring["admission"] for ring in rings] == [str(waiting.pk)]
    assert visit(cast.sam).get("/live/waiting/").json()["waiting"] == []  # it has been decided
    assert visit(cast.gus).get("/live/waiting/").json() == {"waiting": []}
    assert answer.json()["state"] == tess.get(decision(waiting)).json()["state"] == "admitted"
    assert tess.post(decision(waiting), {"decision": "deny"}).status_code == 200
    assert tess.post(decision(waiting), {"decision": "admit"}).status_code == 409
    assert tess.post(decision(waiting), {"decision": "eat"}).status_code == 422


@pytest.mark.parametrize(("who", "rings"), [("tess", 1), ("sam", 1), ("nora", 0), ("gus", 0)])
def test_bell_rings_for_the_practitioner_and_who_administers_the_schedule(cast, visit, waiting, who, rings):
    assert len(visit(getattr(cast, who)).get("/live/waiting/").json()["waiting"]) == rings


@pytest.mark.parametrize("who", ["gus", "ada"])
def test_guest_decides_nothing(cast, visit, waiting, who):
    response = visit(getattr(cast, who)).post(decision(waiting), {"decision": "admit"})

    waiting.refresh_from_db()
    assert response.status_code == 403
    assert waiting.state == Admission.State.WAITING


def test_host_writes_to_the_waiting_person(cast, visit, waiting):
    tess = visit(cast.tess)

    assert tess.post(f"{decision(waiting)}messages/", {"text": "One minute"}).status_code == 201
    assert tess.post(f"{decision(waiting)}messages/", {"text": "  "}).status_code == 409
    bell = tess.post(f"{decision(waiting)}messages/", {"text": "ring \x07"})
    assert bell.status_code == 409 and bell.json()["code"] == "control_characters"
    assert [one["text"] for one in tess.get(f"{decision(waiting)}messages/").json()["messages"]] == ["One minute"]
    assert visit(cast.gus).get(f"{decision(waiting)}messages/").status_code == 403


def test_dashboard_shows_who_waits_to_hosts_only(cast, visit, waiting):
    assert "Waiting now" in visit(cast.tess).get("/dashboard/").content.decode()
    assert "Waiting now" not in visit(cast.gus).get("/dashboard/").content.decode()


def test_join_button_is_on_the_appointment_page(cast, visit, book):
    soon, later = book(), book(minutes=60 * 24 * 3)

    assert f"/live/{soon.pk}/" in visit(cast.gus).get(f"/appointments/{soon.pk}/").content.decode()
    assert f"/live/{soon.pk}/" not in visit(cast.ada).get(f"/appointments/{soon.pk}/").content.decode()
    assert f"/live/{later.pk}/" not in visit(cast.gus).get(f"/appointments/{later.pk}/").content.decode()


def test_ended_page_thanks_in_the_organizations_name(cast, visit, book):
    text = visit(cast.gus).get(f"/live/{book().pk}/ended/").content.decode()

    assert "The session has ended" in text
    assert "North Practice" in text


def test_host_lets_everybody_in_from_any_page(cast, visit, waiting):
    room = waiting.room
    other = actions.ask_admission(room, by=cast.cleo_login, now=clock.now())
    path = f"/live/{room.appointment_id}/admissions/"

    assert visit(cast.gus).post(path, {"decision": "admit"}).status_code == 403
    assert visit(cast.olga, organization="south").post(path, {"decision": "admit"}).status_code == 404
    assert visit(cast.tess).post(path, {"decision": "deny"}).status_code == 422
    assert visit(cast.tess).post(path, {"decision": "admit"}).json() == {"path": f"/live/{room.appointment_id}/"}
    assert {one.state for one in room.admissions.filter(pk__in=[waiting.pk, other.pk])} == {Admission.State.ADMITTED}


def test_host_reads_who_did_not_fit_in(cast, visit, waiting, monkeypatch):
    monkeypatch.setattr("sessions_live.queries.most_in_a_group", lambda: 1)
    actions.ask_admission(waiting.room, by=cast.cleo_login, now=clock.now())

    answer = visit(cast.tess).post(f"/live/{waiting.room.appointment_id}/admissions/", {"decision": "admit"})

    assert "places for 1 guests" in answer.json()["message"]
    assert sorted(one.state for one in waiting.room.admissions.all()) == ["admitted", "waiting"]


@pytest.mark.parametrize(("minutes", "words"), [(60, "The room opens at"), (24 * 60 + 60, "The room opens on")])
def test_lobby_names_the_day_unless_it_is_soon(cast, book, visit, minutes, words):
    page = visit(cast.gus).get(f"/live/{book(minutes).pk}/").content.decode()

    assert words in page


@pytest.mark.parametrize(
    ("who", "minutes", "joins"), [("gus", 5, True), ("tess", 5, True), ("gus", 300, False), ("ada", 5, False)]
)
def test_start_page_leads_into_a_room_that_is_open(cast, book, visit, who, minutes, joins):
    path = f'href="/live/{book(minutes).pk}/"'

    assert (path in visit(getattr(cast, who)).get("/dashboard/").content.decode()) == joins
