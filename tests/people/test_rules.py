"""The pure rules about people."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from core.people.roles import ADMINISTRATOR, OWNER, PRACTITIONER, STAFF
from core.people.rules.invitations import LIFETIME, InvitationState, digest_of, state_at, token_for
from core.people.rules.ranks import may_handle
from core.people.rules.sign_in import LoginFacts, sign_in_refusal

pytestmark = pytest.mark.unit
MADE_AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        (LoginFacts(may_log_in=True, active_staff=True, is_agent=False), None),
        (LoginFacts(may_log_in=True, active_staff=False, is_agent=True), None),
        (LoginFacts(may_log_in=True, active_staff=False, is_agent=False, client_statuses=("inactive", "active")), None),
        (LoginFacts(may_log_in=True, active_staff=True, is_agent=False, client_statuses=("inactive",)), None),
        (LoginFacts(may_log_in=True, active_staff=False, is_agent=False, client_statuses=("inactive",)), "nobody_active"),
        (LoginFacts(may_log_in=True, active_staff=False, is_agent=False, client_statuses=("prospect",)), "nobody_active"),
        (LoginFacts(may_log_in=True, active_staff=False, is_agent=False), "nobody_active"),
        (LoginFacts(may_log_in=False, active_staff=True, is_agent=True, client_statuses=("active",)), "switched_off"),
    ],
)  # fmt: skip
def test_sign_in_refusal(facts, refusal):
    found = sign_in_refusal(facts)

    assert (found.code if found else None) == refusal


@pytest.mark.parametrize(
    ("after", "accepted", "withdrawn", "state"),
    [
        (timedelta(), None, None, InvitationState.OPEN),
        (LIFETIME - timedelta(seconds=1), None, None, InvitationState.OPEN),
        (LIFETIME, None, None, InvitationState.EXPIRED),
        (timedelta(hours=1), MADE_AT, None, InvitationState.ACCEPTED),
        (timedelta(hours=1), None, MADE_AT, InvitationState.WITHDRAWN),
        (LIFETIME * 2, MADE_AT, None, InvitationState.ACCEPTED),
    ],
)
def test_invitation_state(after, accepted, withdrawn, state):
    found = state_at(MADE_AT + after, expires_at=MADE_AT + LIFETIME, accepted_at=accepted, withdrawn_at=withdrawn)

    assert found == state


def test_token_is_the_same_each_time_and_differs_by_id_and_secret():
    key, other = uuid4(), uuid4()

    assert token_for(key, secret="a") == token_for(key, secret="a")
    assert token_for(key, secret="a") != token_for(other, secret="a")
    assert token_for(key, secret="a") != token_for(key, secret="b")
    assert len(token_for(key, secret="a")) == 43
    assert len(digest_of(token_for(key, secret="a"))) == 64


@pytest.mark.parametrize(
    ("giver", "handled"),
    [
        (OWNER, {"owner", "administrator", "staff", "practitioner"}),
        (ADMINISTRATOR, {"administrator", "staff", "practitioner"}),
        (STAFF, {"staff", "practitioner"}),
        (PRACTITIONER, {"practitioner"}),
    ],
)
def test_ranks(giver, handled):
    assert {role.code for role in (OWNER, ADMINISTRATOR, STAFF, PRACTITIONER) if may_handle(giver, role)} == handled
