"""What is somebody's is theirs, by whatever host staff have come; and papers keep the branch that has issued them."""

import pytest
from django.test import Client as Browser

from billing.actions import accounts, manual_payments
from billing.documents import contents
from billing.documents.formatter import Formatter
from branding.actions import add_branch
from branding.models import Brand
from branding.queries import current_brand, palette
from branding.speaking import branch_for, speaking
from core.kernel import clock
from core.people.actions import change_client, change_staff_member
from core.people.models import StaffMember
from core.people.notifications import new_address_content
from tenants.context import branch_context
from tests.factories.branches import HOST, PLUM, give_host, make_branch
from tests.factories.passkeys import add_passkey
from tests.factories.recordings import allow, asked, meet
from tests.factories.scheduling import book
from tests.factories.till import issue, make_till

OURS, THEIRS = "North Practice", "Quayside Rooms"
READER = Formatter("en", "UTC")


@pytest.fixture
def branch(cast):
    return make_branch(cast)


@pytest.fixture
def host(cast, branch):
    return give_host(cast, branch)


def browser_at(host, user):
    browser = Browser(headers={"host": host})
    browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


def test_whoever_is_asked_about_is_answered_for_and_only_else_the_host_counts(cast, branch):
    with branch_context(branch.pk):
        for about, user_id in ((cast.cleo, ""), (None, str(cast.gus.pk))):
            with speaking(about, user_id):
                assert current_brand().name == OURS
        for nobody in (None, Brand.objects.get()):
            with speaking(nobody):
                assert current_brand().name == THEIRS


def test_papers_are_whose_they_are_by_whatever_host_staff_issue_them(cast, branch):
    till = make_till(cast)
    with branch_context(branch.pk):
        invoice = issue(till)
    assert (invoice.issuer["name"], invoice.issuer["branch"]) == (OURS, "")


def test_live_room_at_a_branchs_host_is_whose_it_is(cast, host):
    appointment = book(cast)
    page = browser_at(HOST, cast.gus).get(f"/live/{appointment.pk}/").content.decode()
    assert OURS in page and THEIRS not in page


@pytest.mark.parametrize("is_theirs", [False, True])
def test_text_agreed_to_names_whose_client_it_is(cast, branch, is_theirs):
    allow()
    if is_theirs:
        change_client(client=cast.cleo, by=cast.nora, now=clock.now(), branch=branch)
    room = meet(cast, cast.gus)
    with branch_context(None if is_theirs else branch.pk):
        text = asked(room).texts.get(language="en").text
    assert (THEIRS in text, OURS in text) == (is_theirs, not is_theirs)


def test_settings_of_recordings_show_the_organizations_text_at_every_host(cast, host):
    page = browser_at(HOST, cast.nora).get("/settings/live/recording/")
    assert OURS in "".join(page.context["words"]) and THEIRS not in "".join(page.context["words"])


def test_whoever_left_decides_no_branch(cast, branch):
    other = add_branch(label="Other", by=cast.nora, now=clock.now())
    change_staff_member(staff=cast.tess.staff_member, by=cast.nora, now=clock.now(), branch=branch)
    change_staff_member(staff=cast.sam.staff_member, by=cast.nora, now=clock.now(), branch=other)
    cast.cleo.practitioners.set([cast.tess.staff_member, cast.sam.staff_member])
    assert branch_for(cast.cleo) is None
    StaffMember.objects.filter(user=cast.sam).update(status=StaffMember.Status.INACTIVE)
    assert branch_for(cast.cleo) == branch.pk


# Papers -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def till(cast, branch):
    change_client(client=cast.cleo, by=cast.nora, now=clock.now(), branch=branch)
    return make_till(cast)


@pytest.fixture
def printed(monkeypatch):
    """What the typesetter is given, instead of a file."""
    given = []
    monkeypatch.setattr(contents, "render_pdf", lambda kind, content, **how: given.append((content, how)) or b"")
    return given


def edge_of(branch):
    with branch_context(branch and branch.pk):
        return palette().colours["edge"]


def test_issued_papers_keep_their_branch_when_the_client_changes_it(cast, till, branch, printed):
    invoice = issue(till, client=cast.cleo)
    payment = manual_payments.record_payment(
        invoice=invoice, amount=invoice.total, means="cash", received_on=till.now.date(), by=till.nora, now=till.now
    )
    other = add_branch(label="Other", primary_color="#123456", by=cast.nora, now=clock.now())
    change_client(client=cast.cleo, by=cast.nora, now=clock.now(), branch=other)
    invoice.refresh_from_db()
    contents.invoice_file(invoice, READER)
    contents.receipt_file(payment, READER)
    assert len(printed) == 2
    for content, how in printed:
        assert THEIRS in content["title"] and content["colours"]["edge"] == edge_of(branch) != edge_of(other)
        assert how["logo"] is not None


def test_papers_from_before_there_were_branches_are_the_organizations(cast, till, branch, printed):
    invoice = issue(till, client=cast.cleo)
    del invoice.issuer["branch"]
    invoice.save()
    contents.invoice_file(invoice, READER)
    assert printed[0][0]["colours"]["edge"] == edge_of(None) != edge_of(branch)


# What is the organization's alone -----------------------------------------------------------------------------------


def test_card_account_is_opened_with_the_same_facts_at_every_host(cast, host, branch, monkeypatch):
    class Stopped(Exception):
        """Nothing is opened."""

    class Processor:
        told = ()

        def create_account(self, **facts):
            self.told += (facts,)
            raise Stopped

    processor = Processor()
    monkeypatch.setattr(accounts, "gateway", lambda: processor)
    for each in (None, branch.pk):
        with branch_context(each), pytest.raises(Stopped):
            accounts.open_account(number=0, email="nora@north.test", by=cast.nora, now=clock.now())
    first, second = processor.told
    assert first == second and first["url"] == "http://north.test/" and first["name"] == OURS


def test_answers_to_text_messages_come_to_the_organizations_host(cast, host):
    page = browser_at(HOST, cast.nora).get("/settings/text-messages/")
    assert page.context["answers_to"].startswith("http://north.test/")


def test_passkey_made_at_a_branchs_host_is_enough_there(cast, host):
    add_passkey(cast.tess, HOST)
    told = "passkey does not work"
    assert told not in browser_at(HOST, cast.tess).get("/dashboard/").content.decode()
    assert told in browser_at("north.test", cast.tess).get("/dashboard/").content.decode()


def test_new_address_that_mail_names_is_the_organizations(branch, host):
    with branch_context(branch.pk):
        content = new_address_content()
    assert content.values["host"] == "north.test" and content.button_url.startswith("http://north.test/")


def test_colours_of_the_factory_differ(branch):
    assert branch.primary_color == PLUM and edge_of(branch) != edge_of(None)
