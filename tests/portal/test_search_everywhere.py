"""One search for every list: blind for accents, capitals and apostrophes, and one typing error forgiven."""

import pytest

from core.kernel import clock
from core.notifications.models import Delivery
from core.people.models import Agent, Client, StaffMember, User
from tenants.context import public_context
from tenants.models import Organization
from tenants.operators.queries import organizations
from tests.factories.scheduling import book, make_client

ZONE = "Europe/Berlin"
TYPED = ["OROURKE", "o’rourke", "Ó'Rourké", "orourek"]


@pytest.fixture
def orla(cast):
    """Órla O’Rourke is a client, a colleague, an agent and an addressee."""
    client = make_client("Órla", practitioner=cast.tess_staff)
    Client.objects.filter(pk=client.pk).update(last_name="O’Rourke", phone="+353 85 123 4567")
    colleague = User.objects.create_user("colleague@north.test", name="Órla O’Rourke", time_zone=ZONE)
    StaffMember.objects.create(user=colleague, role="practitioner", phone="+353 85 123 4567")
    agent = User.objects.create_user("agent@north.test", name="Órla O’Rourke", time_zone=ZONE)
    Agent.objects.create(user=agent, agency="Ämter")
    Delivery.objects.create(
        kind="x", address="somebody@north.test", subject="For Órla O’Rourke", message_id="1", state="sent",
        created_at=clock.now(), changed_at=clock.now(),
    )  # fmt: skip
    book(cast, clients=[Client.objects.get(pk=client.pk)])
    return client


@pytest.mark.parametrize("typed", TYPED)
@pytest.mark.parametrize(
    "page",
    [
        "/people/clients/",
        "/people/staff/",
        "/people/agents/",
        "/appointments/",
        "/settings/mail/",
        "/people/clients/permissions/",
    ],
)
def test_a_name_is_found_in_every_list(cast, visit, orla, page, typed):
    shown = visit(cast.nora).get(page, {"q": typed}).content.decode()

    assert "Órla O’Rourke" in shown
    assert "Cleo Marten" not in shown


@pytest.mark.parametrize("page", ["/people/clients/", "/people/staff/", "/appointments/"])
@pytest.mark.parametrize("typed", ["+353851234567", "00353 85 123 45 67"])
def test_a_number_is_found_in_every_notation(cast, visit, orla, page, typed):
    assert "O’Rourke" in visit(cast.nora).get(page, {"q": typed}).content.decode()


def test_the_audit_is_searched_alike(cast, visit, orla):
    browser = visit(cast.nora)
    browser.get(f"/people/clients/{orla.pk}/")

    assert "O’Rourke" in browser.get("/settings/audit/", {"q": "orla orourke"}).content.decode()
    assert "Opened the page" not in browser.get("/settings/audit/", {"q": "zzzz"}).content.decode()


def test_the_operators_list_is_searched_alike(db):

    with public_context():
        north = Organization.objects.get(slug="north")
        Organization.objects.filter(pk=north.pk).update(name="Nördliche Prâxis O’Neill")
        for typed in ("nordliche", "ONEILL", "praxsi", "NORTH"):
            assert list(organizations(text=typed)) == [north]
        assert not organizations(text="zzzz")
