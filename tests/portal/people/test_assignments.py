"""Several clients for a practitioner, and several practitioners for a client: looked at, then done, each noted."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.kernel import clock
from core.kernel.errors import DomainError
from core.kernel.models import AuditEvent
from core.people import actions
from core.people.models import Assignment, StaffMember
from portal.people.assignments import mark_of
from tests.factories.scheduling import make_client

NASTY = "„Übung“ 練習 🎻 \u202eשיעור <b>x</b>"


@pytest.fixture
def others(cast):
    return [make_client("Otto", practitioner=cast.tess_staff), make_client("Ida"), make_client(NASTY)]


def url(staff):
    return f"/people/staff/{staff.pk}/clients/"


def choice(people):
    keys = [str(each.pk) for each in people]
    return {"people": keys, "seen": mark_of(keys)}


def theirs(staff):
    return set(Assignment.objects.filter(practitioner=staff).values_list("client_id", flat=True))


def test_several_clients_are_looked_at_then_assigned_and_each_is_noted(cast, visit, others):
    browser, sent = visit(cast.nora), choice(others)
    page = browser.post(url(cast.sam_staff), {"people": sent["people"]}).content.decode()
    assert f'value="{sent["seen"]}"' in page and "now with Tess North" in page and "now with nobody" in page
    assert "&lt;b&gt;x" in page and "Assign 3" in page and not theirs(cast.sam_staff)
    page = browser.post(url(cast.sam_staff), sent, follow=True).content.decode()
    assert "3 are assigned." in page and theirs(cast.sam_staff) == {each.pk for each in others}
    noted = AuditEvent.objects.filter(action="client.practitioner_assigned")
    assert {event.subject_id for event in noted} == {str(each.pk) for each in others}
    assert {event.actor_label for event in noted} == {"Nora North"}


def test_other_choice_than_was_looked_at_is_looked_at_first(cast, visit, others):
    sent = choice(others[:1]) | {"people": [str(each.pk) for each in others]}
    answer = visit(cast.nora).post(url(cast.sam_staff), sent)
    assert answer.status_code == 200 and "Assign 3" in answer.content.decode() and not theirs(cast.sam_staff)


@pytest.mark.parametrize("sent", [{}, {"people": [NASTY]}, {"people": ["01920000-0000-7000-8000-00000000ffff"]}])
def test_nobody_or_somebody_unknown_is_refused_at_the_field(cast, visit, sent):
    answer = visit(cast.nora).post(url(cast.sam_staff), sent)
    assert answer.status_code == 422 and not theirs(cast.sam_staff)


def test_assigned_meanwhile_by_somebody_else_is_no_error(cast, visit, others):
    Assignment.objects.create(client=others[0], practitioner=cast.sam_staff)
    page = visit(cast.nora).post(url(cast.sam_staff), choice(others), follow=True).content.decode()
    assert "2 are assigned." in page and len(theirs(cast.sam_staff)) == 3
    page = visit(cast.nora).post(url(cast.sam_staff), choice(others), follow=True).content.decode()
    assert "They were assigned already" in page


def test_practitioner_who_left_between_look_and_act_gets_nobody(cast, visit, others):
    StaffMember.objects.filter(pk=cast.sam_staff.pk).update(status="inactive")
    assert visit(cast.nora).post(url(cast.sam_staff), choice(others)).status_code == 404
    assert not theirs(cast.sam_staff)


def test_only_those_who_look_after_clients_assign(cast, visit, others):
    for who, status in ((cast.tess, 403), (cast.sam, 403), (cast.gus, 403), (cast.ada, 403)):
        assert visit(who).post(url(cast.sam_staff), choice(others)).status_code == status
    assert url(cast.sam_staff) in visit(cast.nora).get(f"/people/staff/{cast.sam_staff.pk}/").content.decode()
    assert url(cast.sam_staff) not in visit(cast.tess).get(f"/people/staff/{cast.sam_staff.pk}/").content.decode()
    assert not theirs(cast.sam_staff)


def test_several_practitioners_for_a_client_and_an_end_from_the_other_side(cast, visit):
    browser, both = visit(cast.nora), [cast.sam_staff, cast.nora_staff]
    address = f"/people/clients/{cast.cleo.pk}/practitioners/"
    page = browser.post(address, {"people": [str(each.pk) for each in both]}).content.decode()
    assert "0 are assigned now" in page
    assert browser.post(address, choice(both)).headers["Location"] == address
    assert cast.cleo.practitioners.count() == 3
    page = browser.post(f"{address}{cast.sam_staff.pk}/", {"from": "staff"}, follow=True)
    assert page.request["PATH_INFO"] == url(cast.sam_staff) and cast.cleo.practitioners.count() == 2


def test_all_or_nothing(cast, others):
    StaffMember.objects.filter(pk=cast.sam_staff.pk).update(status="inactive")
    cast.sam_staff.refresh_from_db()
    with pytest.raises(DomainError, match="not active"):
        actions.assign_many(
            clients=others, practitioners=[cast.tess_staff, cast.sam_staff], by=cast.nora, now=clock.now()
        )
    assert theirs(cast.tess_staff) == {cast.cleo.pk, others[0].pk}


def test_page_asks_the_same_number_of_questions_for_a_crowd(cast, visit):
    def questions():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            visit(cast.nora).get(url(cast.sam_staff))
        return len(asked)

    few = questions()
    for number in range(60):
        make_client(f"Crowd {number}", practitioner=cast.sam_staff if number % 2 else None)
    assert questions() <= few + 3


def test_several_are_assigned_to_several_from_either_page(cast, visit, others):
    browser, keys = visit(cast.nora), [str(each.pk) for each in others]
    both = {"people": keys[:2], "others": [str(cast.tess_staff.pk)]}
    page = browser.post(url(cast.sam_staff), both)
    assert "Assign 4" in page.content.decode() and "also with: Tess North" in page.content.decode()
    page = browser.post(url(cast.sam_staff), both | {"seen": page.context["seen"]}, follow=True).content.decode()
    assert "3 are assigned." in page  # because Otto was with Tess already
    assert theirs(cast.sam_staff) == {each.pk for each in others[:2]} <= theirs(cast.tess_staff)

    address = f"/people/clients/{cast.cleo.pk}/practitioners/"
    both = {"people": [str(cast.sam_staff.pk)], "others": [keys[2]]}
    page = browser.post(address, both)
    browser.post(address, both | {"seen": page.context["seen"]})
    assert theirs(cast.sam_staff) == {cast.cleo.pk, *(each.pk for each in others)}
