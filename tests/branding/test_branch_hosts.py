"""Hosts of branches: given, kept and taken back whatever state they are in, with two people at once, and noted by name."""

import pytest
from django.db import transaction

from branding import actions
from branding.models import Branch
from core.kernel import clock
from core.kernel.errors import DomainError, NotFound
from core.kernel.models import AuditEvent
from tenants import context, domains, plans
from tenants.domain_rules import DomainState
from tenants.models import Domain
from tests.factories.branches import forget, give_host, make_branch

OWN = "clinic.example"


@pytest.fixture
def branch(cast):
    return make_branch(cast)


def stored(domain):
    with context.public_context():
        return Domain.objects.get(pk=domain.pk)


def put(domain, **facts):
    with context.public_context():
        Domain.objects.filter(pk=domain.pk).update(**facts)


def live_host(cast, name, **facts):
    with context.public_context():
        return Domain.objects.create(
            tenant=cast.north, domain=name, **{"is_primary": False, "verified_at": clock.now()} | facts
        )


def changes_noted():
    return [
        event.changes["branch"]
        for event in AuditEvent.objects.filter(action="host.branch_changed").order_by("at", "id")
    ]


@pytest.mark.parametrize("state", [DomainState.DETACHING, DomainState.BLOCKED])
def test_branch_is_closed_while_a_host_of_it_is_on_its_way_out(cast, branch, state):
    host, leads = give_host(cast, branch), clock.now()
    put(host, state=state, redirects_at=leads if state == DomainState.DETACHING else None)
    actions.close_branch(branch, by=cast.nora, now=clock.now())
    now_there = stored(host)
    assert (now_there.branch_id, now_there.state) == (None, state)
    assert now_there.redirects_at == (leads if state == DomainState.DETACHING else None)
    assert not Branch.objects.get().is_active
    actions.open_branch(branch, by=cast.nora, now=clock.now())
    with pytest.raises(DomainError) as refusal:
        actions.give_host(host.pk, branch=branch, by=cast.nora, now=clock.now())
    assert refusal.value.code == "state_wrong"


def test_own_host_that_the_plan_keeps_no_longer_works_for_no_branch_again(cast, branch):
    host = live_host(cast, OWN)
    put(host, redirects_at=clock.now())
    plans.set_entitlement(
        cast.north.pk,
        code="own_host",
        is_on=False,
        at_once=True,
        reason="Unpaid",
        by="op@console.test",
        now=clock.now(),
    )
    forget()
    with pytest.raises(DomainError) as refusal:
        actions.give_host(host.pk, branch=branch, by=cast.nora, now=clock.now())
    assert refusal.value.code == "plan_too_small"
    assert stored(host).branch_id is None and stored(host).redirects_at is not None


def test_last_host_of_the_platforms_is_given_to_no_branch(cast, branch):
    own = live_host(cast, OWN)
    domains.make_primary(cast.north.pk, own.pk, by=cast.nora, now=clock.now())
    with context.public_context():
        given = Domain.objects.get(domain="north.test")
    with pytest.raises(DomainError) as refusal:
        actions.give_host(given.pk, branch=branch, by=cast.nora, now=clock.now())
    assert (refusal.value.code, refusal.value.field) == ("host_reserved", "branch")
    live_host(cast, "north-two.test")
    assert actions.give_host(given.pk, branch=branch, by=cast.nora, now=clock.now()).branch_id == branch.pk


def test_branch_that_was_deleted_meanwhile_is_not_found_and_deleted_once(cast, branch):
    host, same = live_host(cast, OWN), Branch.objects.get()
    for _ in range(2):
        actions.delete_branch(Branch(pk=branch.pk, label=branch.label), by=cast.nora, now=clock.now())
    assert AuditEvent.objects.filter(action="branch.deleted").count() == 1
    late = {"by": cast.nora, "now": clock.now()}
    for act in (
        lambda: actions.give_host(host.pk, branch=same, **late),
        lambda: actions.change_draft(branch=same, name="Late", **late),
        lambda: actions.publish_draft(branch=same, mark="", over=1, **late),
        lambda: actions.restore_version(branch=same, number=1, over=1, **late),
        lambda: actions.close_branch(same, **late),
        lambda: actions.open_branch(same, **late),
    ):
        with pytest.raises(NotFound):
            act()
    assert stored(host).branch_id is None


def test_branch_that_was_closed_meanwhile_gets_no_host(cast, branch):
    host, seen = live_host(cast, OWN), Branch.objects.get()
    actions.close_branch(branch, by=cast.nora, now=clock.now())
    assert seen.is_active
    with pytest.raises(DomainError) as refusal:
        actions.give_host(host.pk, branch=seen, by=cast.nora, now=clock.now())
    assert refusal.value.code == "branch_closed"


def test_changes_are_noted_by_the_names_of_both(cast, branch):
    other = actions.add_branch(label="Other", by=cast.nora, now=clock.now())
    host = give_host(cast, branch)
    for each in (other, None):
        actions.give_host(host.pk, branch=each, by=cast.nora, now=clock.now())
    assert changes_noted() == [[None, "Harbour"], ["Harbour", "Other"], ["Other", None]]


def test_branchs_host_that_becomes_the_primary_one_is_noted(cast, branch):
    host = give_host(cast, branch)
    with context.public_context(), transaction.atomic():
        assert domains._move_primary(Domain.objects.select_related("tenant").get(domain="north.test"), now=clock.now())
    assert stored(host).is_primary and stored(host).branch_id is None
    assert changes_noted()[-1] == ["Harbour", None]
