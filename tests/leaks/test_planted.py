"""A leak of every family, planted: the check of its row finds it; and what is clean passes."""

import pytest

from core.leak_walk.checklist.captures import Capture
from core.leak_walk.checklist.checks import CHECKS, look_at
from core.leak_walk.checklist.rows import ROWS, UNWALKED, Status
from tests.leaks.captures import CLEAN, FACTS, page
from tests.leaks.planted import PLANTED

pytestmark = pytest.mark.unit


def statuses(captures: list[Capture]) -> dict[str, Status]:
    return {result.row: result.status for result in look_at(FACTS, captures)}


def test_what_is_clean_passes_every_row():
    wrong = {row: status for row, status in statuses(CLEAN).items() if row in CHECKS and status != Status.PASSED}

    assert wrong == {}


@pytest.mark.parametrize(("row", "planted"), PLANTED, ids=lambda value: value if isinstance(value, str) else "")
def test_planted_leak_is_found(row, planted):
    found = {result.row: result for result in look_at(FACTS, [*CLEAN, planted])}[row]

    assert found.status == Status.LEAK
    assert all(finding.place.startswith(planted.place) for finding in found.findings)


def test_every_check_has_a_planted_leak():
    assert CHECKS.keys() - {row for row, _ in PLANTED} == set()


def test_every_row_is_checked_or_says_why_not():
    assert set(ROWS) == CHECKS.keys() | UNWALKED.keys()
    assert not CHECKS.keys() & UNWALKED.keys()


def test_nothing_seen_is_no_pass():
    assert {status for row, status in statuses([]).items() if row in CHECKS} == {Status.UNSEEN, Status.ABSENT}


def test_page_may_be_in_the_language_that_its_address_asks_for():
    asked = page(language="de", path="/website/preview/?language=en")

    assert {result.status for result in look_at(FACTS, [*CLEAN, asked]) if result.row == "K-56"} == {Status.PASSED}
    other = page(language="de", path="/website/preview/?language=fr")
    assert {result.status for result in look_at(FACTS, [*CLEAN, other]) if result.row == "K-56"} == {Status.LEAK}


def test_legal_text_may_name_whom_the_organization_wants():
    named = page("<div class='prose'>Vendorly processes data for us.</div>", path="/legal/privacy/")

    assert {result.status for result in look_at(FACTS, [*CLEAN, named]) if result.row == "K-08"} == {Status.PASSED}
    around = page("<div class='prose'>Ours.</div><p>Vendorly</p>", path="/legal/privacy/")
    assert {result.status for result in look_at(FACTS, [*CLEAN, around]) if result.row == "K-08"} == {Status.LEAK}
