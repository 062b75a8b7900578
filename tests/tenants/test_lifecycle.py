"""Suspending, resuming, closing."""

import pytest
from django.core.management import CommandError, call_command

from core.kernel import clock, outbox
from core.kernel.errors import ConflictError, DomainError, NotFound
from core.kernel.ids import new_id
from tenants import context, domains, due_work, hosts, lifecycle, outbox_delivery
from tenants.models import OrganizationEvent
from tests.database import organization as find
from tests.tenants import promises  # noqa: F401 because it registers handlers

BY = {"by": "operator@vendor.test"}


def suspend(organization, reason="Invoice unpaid"):
    return lifecycle.suspend_organization(organization.pk, reason=reason, now=clock.now(), **BY)


def resume(organization):
    return lifecycle.resume_organization(organization.pk, now=clock.now(), **BY)


def test_suspended_organization_shows_a_neutral_page(cast, south, client):
    assert client.get("/account/login/", headers={"host": "south.test"}).status_code == 200

    suspend(south)
    response = client.get("/account/login/", headers={"host": "south.test"})

    assert response.status_code == 503
    assert b"South" not in response.content
    assert not response.cookies

    resume(south)
    assert client.get("/account/login/", headers={"host": "south.test"}).status_code == 200


def test_suspension_is_recorded_with_its_reason(db, south):
    suspend(south, reason="  Invoice unpaid ")

    with context.public_context():
        event = OrganizationEvent.objects.get(organization=south)
    assert (event.action, event.note) == ("organization.suspended", "Invoice unpaid")
    assert event.changes == {"state": ["active", "suspended"]}


def test_suspension_stops_jobs_and_resuming_delivers_what_waited(db, south, django_capture_on_commit_callbacks):
    with context.organization_context(south):
        outbox.enqueue("tests.nothing")

    suspend(south)
    assert due_work.due_now() == []

    with django_capture_on_commit_callbacks(execute=True):
        resume(south)
    assert [due.organization.slug for due in due_work.due_now()] == ["south"]


@pytest.mark.parametrize(
    ("steps", "refused"),
    [
        (["suspend"], "suspend"),
        ([], "resume"),
        ([], "close"),
        (["begin", "close"], "resume"),
        (["begin", "close"], "suspend"),
        (["suspend", "begin"], "begin"),
    ],
)
def test_step_from_the_wrong_state_is_a_conflict(db, south, steps, refused):
    acts = {
        "suspend": lifecycle.suspend_organization,
        "resume": lifecycle.resume_organization,
        "begin": lifecycle.begin_closing,
        "close": lifecycle.close_organization,
    }
    for step in steps:
        acts[step](south.pk, reason="because", now=clock.now(), **BY)

    with pytest.raises(ConflictError):
        acts[refused](south.pk, reason="because", now=clock.now(), **BY)


def test_reason_is_required_and_a_stranger_id_is_not_found(db, south):
    with pytest.raises(DomainError, match="Say why"):
        suspend(south, reason=" ")
    with pytest.raises(NotFound):
        lifecycle.suspend_organization(new_id(), reason="x", now=clock.now(), **BY)


def test_closed_organization_is_an_unknown_host(cast, south, client):
    lifecycle.begin_closing(south.pk, reason="left", now=clock.now(), **BY)
    assert client.get("/", headers={"host": "south.test"}).status_code == 503

    lifecycle.close_organization(south.pk, reason="left", now=clock.now(), **BY)
    assert client.get("/", headers={"host": "south.test"}).status_code == 404


def test_commands_suspend_and_resume(db, capsys):
    call_command("suspend_organization", "south", reason="Invoice unpaid")
    assert find("south").state == "suspended"
    with pytest.raises(CommandError, match="cannot be suspended"):
        call_command("suspend_organization", "south.test", reason="again")
    call_command("resume_organization", "SOUTH.test")
    assert find("south").state == "active"
    with pytest.raises(CommandError, match="no organization “nobody”"):
        call_command("resume_organization", "nobody")


def test_delivery_of_an_active_organization(db, south):
    with context.organization_context(south):
        outbox.enqueue("tests.nothing")

    assert outbox_delivery.deliver_all() == 1
    assert outbox_delivery.deliver_all() == 0


def test_host_of_another_organization_cannot_be_added(db, south):
    with pytest.raises(DomainError, match="north.test is in use already") as refused:
        domains.add_domain(south.pk, host="NORTH.test.", now=clock.now(), **BY)

    assert refused.value.code == "domain_taken"
    assert hosts.find_organization("north.test").slug == "north"
