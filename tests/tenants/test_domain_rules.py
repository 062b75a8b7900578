"""The life of a host, as docs/rules/domains.md tells it."""

from datetime import UTC, datetime, timedelta

import pytest

from tenants.domain_rules import (
    DomainState,
    Found,
    Problem,
    Standing,
    Verdict,
    is_served,
    judge,
    may_move,
    problem_of_certificate,
    target_of,
)
from tests.rules_tables import rows

pytestmark = pytest.mark.unit
NOW = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.mark.parametrize(("state", "problem", "answered"), rows("domains", "state"))
def test_host_is_answered_as_the_table_says(state, problem, answered):
    assert is_served(DomainState(state), problem) == (answered == "yes")


@pytest.mark.parametrize("row", rows("domains", "present state"), ids=" ".join)
def test_state_follows_the_dns_as_the_table_says(row):
    state, proof, target, by_own_alias, may_issue, following, problem = row
    standing = Standing(Found(proof), Found(target), by_own_alias == "yes", may_issue == "yes")
    assert judge(DomainState(state), standing, needs_certificate=True) == Verdict(DomainState(following), problem)


def test_without_certificates_a_host_goes_live_at_once():
    right = Standing(Found.RIGHT, Found.RIGHT)
    assert judge(DomainState.REQUESTED, right, needs_certificate=False) == Verdict(DomainState.LIVE)


@pytest.mark.parametrize(
    ("days", "problem"), [(0, Problem.PROOF_MISSING), (6, Problem.PROOF_MISSING), (7, Problem.PROOF_LOST)]
)
def test_proof_may_be_missing_for_a_week(days, problem):
    lost = Standing(Found.MISSING, Found.RIGHT)
    verdict = judge(DomainState.DEGRADED, lost, needs_certificate=True, proof_lost_for=timedelta(days=days))
    assert verdict == Verdict(DomainState.DEGRADED, problem)


@pytest.mark.parametrize(("before", "after"), rows("domains", "from"))
def test_what_may_follow_what(before, after):
    allowed = set(after.split(", ")) - {""} | ({"blocked", "released"} if before != "released" else set())
    allowed.discard(before)
    assert {
        state.value for state in DomainState if state != before and may_move(DomainState(before), state)
    } == allowed - {before}


@pytest.mark.parametrize(("life", "left", "problem"), rows("domains", "lives"))
def test_certificate_is_watched_as_the_table_says(life, left, problem):
    ends = NOW + timedelta(days=int(left))
    starts = ends - timedelta(days=int(life.split()[0]))
    assert problem_of_certificate(starts, ends, now=NOW) == problem


def test_nothing_is_said_of_a_certificate_that_nobody_has_seen():
    assert problem_of_certificate(None, None, now=NOW) == ""


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ((), "missing"),
        (("192.0.2.1",), "right"),
        (("192.0.2.1", "2001:db8::1"), "right"),
        (("192.0.2.9",), "wrong"),
        (("192.0.2.1", "192.0.2.9"), "mixed"),
    ],
)
def test_addresses_are_compared_with_ours(found, expected):
    assert target_of(found, ("192.0.2.1", "2001:db8::1")) == expected
