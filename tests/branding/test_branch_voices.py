"""As which branch a thing is spoken of: by whom it is about, also where whoever reads has others; and papers of a branch that was closed."""

import pytest

from billing.documents.contents import invoice_content, invoice_file, logo_file
from billing.documents.formatter import Formatter
from branding import actions
from branding.queries import as_issued, palette
from branding.speaking import branch_for
from core.kernel import clock, outbox
from core.kernel.errors import ConflictError
from core.people.actions import change_client, change_staff_member, put_staff_into_branch
from core.people.models import StaffMember
from core.scheduling.actions import cancel_appointment
from sessions_live.models import Room
from tenants import context
from tests.factories.booking_requests import ask
from tests.factories.branches import forget, make_branch
from tests.factories.push_service import add_device, push_service
from tests.factories.scheduling import book, make_client
from tests.factories.till import issue, make_till
from tests.factories.waiting_list import wait

OURS, THEIRS = "North Practice", "Quayside Rooms"


@pytest.fixture
def branch(cast):
    return make_branch(cast)


@pytest.fixture
def gus(cast, branch):
    """Gus acts for Cleo, who belongs to Harbour, and for Otto, who belongs to no branch: by himself he is nobody's."""
    change_client(client=cast.cleo, by=cast.nora, now=clock.now(), branch=branch)
    make_client("Otto", practitioner=cast.tess_staff, login=cast.gus)
    return cast.gus


@pytest.fixture
def device(gus, settings):
    with push_service() as service:
        settings.PUSH_SERVICES = [service.origin]
        device = service.device()
        add_device(gus, device)
        yield lambda: [device.read(each.body) for each in service.arrived]


def deliver():
    while outbox.deliver_due():
        pass


def test_offers_requests_and_rooms_belong_to_whom_they_are_about(cast, branch, gus):
    assert branch_for(None, str(gus.pk)) is None
    about = [wait(cast), ask(cast), Room.objects.create(appointment=book(cast), created_at=clock.now())]
    assert [branch_for(each, str(gus.pk)) for each in about] == [branch.pk] * 3


def test_whoever_waits_without_a_branch_is_met_as_that_of_whom_they_wait_for(cast, branch):
    change_staff_member(staff=cast.tess_staff, by=cast.nora, now=clock.now(), branch=branch)
    ole = make_client("Ole")
    assert branch_for(wait(cast, client=ole)) == branch.pk
    assert branch_for(wait(cast, client=ole, practitioners=[])) is None


def test_push_speaks_as_the_branch_of_whom_it_is_about_also_when_it_is_cancelled(cast, gus, device):
    appointment = book(cast)
    deliver()
    cancel_appointment(appointment, by=cast.tess, now=clock.now())
    deliver()
    ask(cast)
    deliver()
    sent = device()
    assert len(sent) >= 2 and {each["title"] for each in sent} == {THEIRS}


def test_papers_keep_the_look_of_a_branch_that_was_closed(cast, branch, gus):
    invoice = issue(make_till(cast), client=cast.cleo)
    colours = palette_of(branch)
    actions.close_branch(branch, by=cast.nora, now=clock.now())
    forget()
    with as_issued(branch.pk):
        content, logo = invoice_content(invoice, Formatter("en", "UTC")), logo_file()
    assert THEIRS in content["title"] and OURS not in str(content)
    assert content["colours"]["edge"] == colours["edge"] != palette().colours["edge"]
    assert logo is not None  # the organization has none
    assert invoice_file(invoice, Formatter("en", "UTC")).startswith(b"%PDF")
    with pytest.raises(ConflictError) as refusal:
        change_client(client=cast.cleo, by=cast.nora, now=clock.now(), branch=None)
        actions.delete_branch(branch, by=cast.nora, now=clock.now())
    assert refusal.value.code == "branch_used"


def palette_of(branch):
    with context.branch_context(branch.pk):
        return palette().colours


def test_several_who_work_here_are_put_into_a_branch_together(cast, branch):
    both = StaffMember.objects.filter(pk__in=[cast.tess_staff.pk, cast.sam.staff_member.pk])
    put = {"branch": branch, "by": cast.nora, "now": clock.now()}
    assert put_staff_into_branch(staff=list(both), **put) == 2
    assert put_staff_into_branch(staff=list(both.all()), **put) == 0
    assert set(both.values_list("branch", flat=True)) == {branch.pk}
