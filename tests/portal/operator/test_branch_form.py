"""The console's form that gives a host to a branch: it shows what stands there, and takes nothing away unseen."""

import pytest

from branding import actions
from core.kernel import clock
from tenants import context
from tenants.models import Domain
from tests.factories.branches import give_host, make_branch
from tests.factories.pages import fields_of


@pytest.fixture
def branch(cast):
    return make_branch(cast)


@pytest.fixture
def host(cast, branch):
    return give_host(cast, branch)


@pytest.fixture
def address(cast, host):
    return f"/organizations/{cast.north.pk}/hosts/{host.pk}/branch/"


def branch_of(host):
    with context.public_context():
        return Domain.objects.get(pk=host.pk).branch_id


def test_it_shows_the_branch_and_sent_unchanged_changes_nothing(console, branch, host, address):
    form = fields_of(console.get(address))
    assert form["branch"] in (str(branch.pk), [str(branch.pk)])
    assert console.post(address, form).status_code == 302
    assert branch_of(host) == branch.pk


def test_change_by_somebody_else_is_not_taken_back_unseen(cast, console, branch, host, address):
    form = fields_of(console.get(address))
    other = actions.add_branch(label="Other", by=cast.nora, now=clock.now())
    actions.give_host(host.pk, branch=other, by=cast.nora, now=clock.now())
    refused = console.post(address, form)
    assert refused.status_code == 422 and "changed this organization meanwhile" in refused.content.decode()
    assert branch_of(host) == other.pk


def test_branch_that_is_gone_is_refused_at_the_field(cast, console, branch, host, address):
    form = fields_of(console.get(address))
    actions.give_host(host.pk, branch=None, by=cast.nora, now=clock.now())
    actions.delete_branch(branch, by=cast.nora, now=clock.now())
    answer = console.post(address, form)
    assert answer.status_code == 422 and answer.context["form"].errors["branch"]
    assert branch_of(host) is None


def test_host_of_another_organization_is_not_found(cast, console, host):
    assert console.get(f"/organizations/{cast.south.pk}/hosts/{host.pk}/branch/").status_code == 404
