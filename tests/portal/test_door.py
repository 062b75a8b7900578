"""What is refused before any page sees it."""

import pytest
from django.urls import reverse

LISTS = [
    "/people/clients/?q=%00", "/people/staff/?q=%00", "/people/agents/?q=%00", "/billing/invoices/?q=a%00b", "/billing/payments/?page=%00",
    "/settings/audit/?q=%00", "/settings/mail/?q=%00", "/appointments/?q=%00", "/people/clients/?%00=1", "/calendar/?date=%00", "/?%00",
]  # fmt: skip


@pytest.mark.parametrize("address", LISTS)
def test_search_with_a_nul_is_refused(till, visit, address):
    answer = visit(till.nora).get(address)

    assert (answer.status_code, answer["Content-Type"]) == (400, "text/plain; charset=utf-8")


def test_form_with_a_nul_is_refused(till, visit):
    answer = visit(till.nora).post(reverse("billing:charges"), {"charge": "\0"})

    assert answer.status_code == 400


def test_sign_in_with_a_nul_is_refused(cast, visit):
    assert visit().post("/account/login/", {"login": "a\0@north.test", "password": "x"}).status_code == 400


def test_console_refuses_a_nul(db, visit):
    assert visit(organization="operator").get("/organizations/?text=%00").status_code == 400
