"""The pure rules about people."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from core.people.models import Client
from core.people.roles import ROLES
from core.people.rules import client_status
from core.people.rules.invitations import LIFETIME, InvitationState, digest_of, state_at, token_for
from core.people.rules.ranks import may_handle
from core.people.rules.sign_in import LoginFacts, sign_in_refusal
from tests.rules_tables import rows

pytestmark = pytest.mark.unit
MADE_AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(("switch", "staff", "agent", "clients", "answer"), rows("sign-in"))
def test_sign_in_refusal(switch, staff, agent, clients, answer):
    facts = LoginFacts(
        may_log_in=switch == "on",
        active_staff=staff == "active",
        is_agent=agent == "yes",
        client_statuses=() if clients == "none" else tuple(clients.split(", ")),
    )

    refusal = sign_in_refusal(facts)

    assert answer == (f"no: {refusal.code.replace('_', ' ')}" if refusal else "yes")


@pytest.mark.parametrize(("status", "comes_in", "booked", "paid_for"), rows("client-status"))
def test_client_status(status, comes_in, booked, paid_for):
    found = (client_status.comes_in(status), client_status.is_booked(status), client_status.is_paid_for(status))

    assert found == tuple(cell == "yes" for cell in (comes_in, booked, paid_for))
    assert status in Client.Status.values


def moment(cell):
    """`5 March 08:59:59` of the table, in 2026 and UTC; `–` is never."""
    return None if cell == "–" else datetime.strptime(f"2026 {cell}", "%Y %d %B %H:%M:%S").replace(tzinfo=UTC)


@pytest.mark.parametrize(("looked_at", "accepted", "withdrawn", "state"), rows("invitations"))
def test_invitation_state(looked_at, accepted, withdrawn, state):
    found = state_at(
        moment(looked_at),
        expires_at=MADE_AT + LIFETIME,
        accepted_at=moment(accepted),
        withdrawn_at=moment(withdrawn),
    )

    assert found == InvitationState(state)


def test_token_is_the_same_each_time_and_differs_by_id_and_secret():
    key, other = uuid4(), uuid4()

    assert token_for(key, secret="a") == token_for(key, secret="a")
    assert token_for(key, secret="a") != token_for(other, secret="a")
    assert token_for(key, secret="a") != token_for(key, secret="b")
    assert len(token_for(key, secret="a")) == 43
    assert len(digest_of(token_for(key, secret="a"))) == 64


@pytest.mark.parametrize(("giver", "handled"), rows("ranks"))
def test_ranks(giver, handled):
    assert [role.code for role in ROLES.values() if may_handle(ROLES[giver], role)] == handled.split(", ")
