"""The pages of scores, from every side, and the part of the room's page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.kernel import clock
from core.kernel.models import AuditEvent
from core.people.models import Assignment
from core.records import actions
from core.records.models import Score
from core.resources import actions as resources
from core.scheduling.models import Appointment
from sessions_live import actions as live
from sessions_live.showings.actions.showing import show_resource
from tests.factories.pages import fields_of
from tests.factories.records import make_resource, make_score
from tests.factories.scheduling import book, make_client
from tests.factories.web import browser_of

NASTY = "周二 🙂 שלום <b>“'&"
SENT = {"value": "7", "scale": "out_of", "maximum": "10", "label": NASTY, "remark": "=2+2"}


def today():
    return f"{clock.now():%Y-%m-%d}"


def test_score_is_saved_corrected_shared_and_removed(cast):
    tess, gus = browser_of(cast.tess), browser_of(cast.gus)
    resource = make_resource(cast, title=NASTY)
    base = f"/people/clients/{cast.cleo.pk}/scores/"
    assert str(resource.pk) in tess.get(f"{base}new/").content.decode()
    sent = tess.post(f"{base}new/{resource.pk}/", {**SENT, "on": today()})
    assert sent["Location"] == f"{base}{resource.pk}/"
    score = Score.objects.get()
    page = tess.get(f"{base}{resource.pk}/").content.decode()
    assert "7 of 10" in page and "<b>“" not in page
    refused = tess.post(f"{base}new/{resource.pk}/", {**SENT, "value": "11", "on": today()})
    assert refused.status_code == 422 and "=2+2" in refused.content.decode()

    change = f"/people/scores/{score.pk}/details/"
    form = fields_of(tess.get(change))
    assert tess.post(change, {**form, "value": "9"}).status_code == 302
    assert "7 of 10" in tess.get(change).content.decode()  # what it said before

    assert gus.get(base).status_code == 200 and gus.get(f"{base}{resource.pk}/").status_code == 404
    assert tess.post(f"/people/scores/{score.pk}/share/").status_code == 302
    shown = gus.get(f"{base}{resource.pk}/").content.decode()
    assert "9 of 10" in shown and "/details/" not in shown and "/removal/" not in shown
    assert gus.post(f"/people/scores/{score.pk}/removal/").status_code == 403
    assert gus.get(f"{base}export/").status_code == 404
    assert gus.get(f"{base}new/").status_code == 404
    assert tess.post(f"/people/scores/{score.pk}/withdrawal/").status_code == 302
    assert gus.get(f"{base}{resource.pk}/").status_code == 404

    assert tess.get(f"/people/scores/{score.pk}/removal/").status_code == 200
    assert tess.post(f"/people/scores/{score.pk}/removal/")["Location"] == base
    assert not Score.objects.exists()


def test_two_people_correct_one_score(cast):
    score = make_score(cast)
    path = f"/people/scores/{score.pk}/details/"
    tess, nora = browser_of(cast.tess), browser_of(cast.nora)
    first, second = fields_of(tess.get(path)), fields_of(nora.get(path))
    assert nora.post(path, {**second, "value": "8"}).status_code == 302
    assert tess.post(path, {**first, "value": "6"}).status_code == 422
    assert tess.post(path, {**first, "label": "Alone"}).status_code == 302
    score.refresh_from_db()
    assert (score.text.value, score.text.label) == (8, "Alone")


def test_export_has_every_score_and_no_formula(cast):
    resource = make_resource(cast)
    browser_of(cast.tess).post(f"/people/clients/{cast.cleo.pk}/scores/new/{resource.pk}/", {**SENT, "on": today()})
    make_score(cast)
    answer = browser_of(cast.tess).get(f"/people/clients/{cast.cleo.pk}/scores/export/")
    lines = answer.content.decode().strip().splitlines()
    assert len(lines) == 3 and "'=2+2" in answer.content.decode() and answer["Content-Type"].startswith("text/csv")
    one = browser_of(cast.tess).get(f"/people/clients/{cast.cleo.pk}/scores/{resource.pk}/export/")
    assert len(one.content.decode().strip().splitlines()) == 2
    assert AuditEvent.objects.filter(action="scores.read").count() == 2


def test_score_for_a_client_who_is_chosen(cast):
    resource = make_resource(cast)
    path = f"/people/scores/new/{resource.pk}/"
    tess = browser_of(cast.tess)
    assert cast.cleo.name in tess.get(path).content.decode()
    sent = tess.post(path, {**SENT, "on": today(), "client": str(cast.cleo.pk)})
    assert sent["Location"] == f"/people/clients/{cast.cleo.pk}/scores/{resource.pk}/"
    assert tess.post(path, {**SENT, "on": today()}).status_code == 422
    assert browser_of(cast.gus).get(path).status_code == 404
    stranger = browser_of(cast.sam).post(path, {**SENT, "on": today(), "client": str(cast.cleo.pk)})
    assert stranger.status_code in (404, 422) and Score.objects.count() == 1


def test_page_of_a_resource_that_is_gone_still_reads(cast):
    resource = make_resource(cast, title="Gone by now")
    make_score(cast, resource=resource)
    resources.delete_resource(resource=resource, by=cast.tess)
    tess, path = browser_of(cast.tess), f"/people/clients/{cast.cleo.pk}/scores/{resource.pk}/"
    assert "Gone by now" in tess.get(path).content.decode()
    assert "Gone by now" in tess.get(f"/people/clients/{cast.cleo.pk}/scores/").content.decode()


def test_list_takes_the_same_queries_for_many(cast):
    tess, path = browser_of(cast.tess), f"/people/clients/{cast.cleo.pk}/scores/"

    def asked():
        with CaptureQueriesContext(connection) as found:
            assert tess.get(path).status_code == 200
        return len(found)

    make_score(cast)
    asked()
    few = asked()
    for number in range(4):
        resource = make_resource(cast, title=f"Nr. {number}")
        make_score(cast, resource=resource)
        make_score(cast, resource=resource)
    assert asked() == few


# -- in the room -----------------------------------------------------------------------------------------------------


@pytest.fixture
def group(cast):
    """Cleo and Ida; Tess keeps the records of Cleo alone, Nora of both."""
    cast.ida = make_client("Ida")
    appointment = book(cast, clients=[cast.cleo, cast.ida], by=cast.nora)
    Assignment.objects.filter(client=cast.ida).delete()
    return appointment


@pytest.fixture
def appointment(cast):
    return book(cast)


def part(user, appointment, **asked):
    return browser_of(user).get(f"/people/scores/beside/{appointment.pk}/", asked)


def test_part_of_the_room_shows_all_scores_and_scores_what_is_open(cast, appointment):
    Appointment.objects.filter(pk=appointment.pk).update(
        starts_at=clock.now(), ends_at=clock.now() + (appointment.ends_at - appointment.starts_at)
    )
    appointment.refresh_from_db()
    make_score(cast)
    empty = part(cast.tess, appointment).content.decode()
    assert "7 of 10" in empty and "data-again" not in empty
    resource = make_resource(cast, title="On the table")
    show_resource(live.open_room(appointment, now=clock.now()), resource.pk, by=cast.tess, now=clock.now())
    page = part(cast.tess, appointment)
    path = f"/people/clients/{cast.cleo.pk}/scores/new/{resource.pk}/"
    form = fields_of(page, path)
    assert "On the table" in page.content.decode() and form["appointment"] == [str(appointment.pk)]
    assert browser_of(cast.tess).post(path, {**form, "value": "3", "maximum": "4"}).status_code == 302
    assert Score.objects.get(resource=resource).appointment == appointment
    assert "3 of 4" in part(cast.tess, appointment).content.decode()
    assert part(cast.gus, appointment).status_code == 404 and part(cast.sam, appointment).status_code == 404


def test_two_hosts_save_at_once_and_both_scores_are_there(cast):
    resource = make_resource(cast)
    resources.share_resource(resource=resource, by=cast.tess, now=clock.now())
    path = f"/people/clients/{cast.cleo.pk}/scores/new/{resource.pk}/"
    forms = [(browser, fields_of(browser.get(path))) for browser in (browser_of(cast.tess), browser_of(cast.nora))]
    for browser, form in forms:
        for _ in range(2):  # pressed twice
            assert browser.post(path, {**form, **SENT, "on": today()}).status_code == 302
    assert [each.scored_by for each in Score.objects.order_by("scored_at")] == [cast.tess, cast.nora]


def test_group_shows_one_client_at_a_time(cast, group):
    make_score(cast)
    page = part(cast.nora, group).content.decode()
    assert page.count("data-client=") == 2
    ida = part(cast.nora, group, client=str(cast.ida.pk)).content.decode()
    assert "7 of 10" not in ida
    assert part(cast.tess, group, client=str(cast.ida.pk)).content.decode().count("data-client=") == 0


def test_part_takes_no_more_queries_for_many(cast, appointment):
    make_score(cast)
    browser, path = browser_of(cast.tess), f"/people/scores/beside/{appointment.pk}/"

    def asked():
        with CaptureQueriesContext(connection) as found:
            assert browser.get(path).status_code == 200
        return len(found)

    asked()
    few = asked()
    for number in range(3):
        make_score(cast, resource=make_resource(cast, title=f"Nr. {number}"))
    assert asked() == few


def test_stranger_finds_nothing(cast):
    score = make_score(cast)
    sam = browser_of(cast.sam)
    for path in (
        f"clients/{cast.cleo.pk}/scores/export/",
        f"scores/{score.pk}/details/",
        f"scores/{score.pk}/removal/",
    ):
        assert sam.get(f"/people/{path}").status_code == 404
    actions.share_score(score, by=cast.tess, now=clock.now())
    assert browser_of(cast.gus).get(f"/people/scores/{score.pk}/details/").status_code == 403
