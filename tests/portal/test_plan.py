"""Settings, Plan: what is included, what goes on for a while, and what holds in place of what is not."""

import re

import pytest

from branding.senders.models import Sender
from core.kernel import clock
from tenants import plans

PAGE = "/settings/plan/"
BY = {"by": "operator@vendor.test"}


def words_of(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode().replace("<wbr>", "")).split())


@pytest.fixture
def nora(cast, visit):
    return visit(cast.nora)


def test_large_plan_has_everything(nora):
    page = words_of(nora.get(PAGE))
    assert page.count("Included") >= 4 and "Not in your plan" not in page
    assert "In every plan" in page and "no name, host or mark of ours" in page


def test_small_plan_says_what_holds_instead(cast, nora, django_assert_max_num_queries):
    plans.change_plan(cast.north.pk, plan="free", now=clock.now(), **BY)
    page = words_of(nora.get(PAGE))
    assert "Not in your plan" in page and "Nothing new is charged or billed" in page
    assert "What you have goes on until" in page and page.count("Ends") == 6
    assert "Up to 2" in page and "operator@vendor.test" not in page
    with django_assert_max_num_queries(15):
        nora.get(PAGE)


def test_after_the_overlap_nothing_ends_any_more(cast, nora):
    for code in ("own_host", "own_sender"):
        plans.set_entitlement(
            cast.north.pk, code=code, is_on=False, at_once=True, reason="Unpaid", now=clock.now(), **BY
        )
    page = words_of(nora.get(PAGE))
    assert page.count("Not in your plan") == 2 and "Ends" not in page and "Unpaid" not in page
    assert "under a neutral address that is yours alone" in page


def test_sender_that_the_plan_has_not_is_explained_and_not_offered(cast, nora):
    Sender.objects.create(
        way="server", server_works=True, server_address="hello@own.example", server_host="smtp.own.example"
    )
    plans.set_entitlement(cast.north.pk, code="own_sender", is_on=False, reason="Unpaid", now=clock.now(), **BY)
    page = words_of(nora.get("/settings/sender/"))
    assert "yours is used for a while still" in page and "hello@own.example" in page and "Own domain" not in page

    plans.set_entitlement(
        cast.north.pk, code="own_sender", is_on=False, at_once=True, reason="Unpaid", now=clock.now(), **BY
    )
    page = words_of(nora.get("/settings/sender/"))
    assert "not part of your plan" in page and "Own mail server" not in page and "no longer leaves" not in page
    answer = nora.post("/settings/sender/way/", {"way": "server"}, follow=True)
    assert "not part of your plan" in words_of(answer)


@pytest.mark.parametrize("who", ["sam", "gus", "ada"])
def test_plan_is_the_owners_page(cast, visit, who):
    assert visit(getattr(cast, who)).get(PAGE).status_code == 403
