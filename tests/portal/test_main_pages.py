"""The pages that each kind of user opens most: at most fifteen questions to the database, with something to show in every panel."""

from datetime import timedelta

import pytest
from django.urls import reverse

from core.people.models import Client, LinkedLogin
from core.scheduling.models import Appointment
from deploy.bench.pages import MOST_QUERIES, PAGES
from tests.factories.scheduling import book, make_client, tomorrow
from tests.factories.till import issue

PEOPLE = {"owner": "nora", "practitioner": "tess", "guardian": "gus", "client": "cleo_login", "agent": "ada"}
EVERYBODYS_PAGES = [(role, page) for role, pages in PAGES.items() for page in pages]


@pytest.fixture
def busy(till):
    """Something to come, something that is over, and a bill; costs hidden from nobody."""
    Client.objects.filter(pk=till.cleo.pk).update(permissions=["see_upcoming", "see_history", "see_payments"])
    second = make_client("Otto", practitioner=till.tess_staff, login=till.gus)
    LinkedLogin.objects.get_or_create(user=till.cleo_login, client=second, defaults={"relationship": "other"})
    for number, client in enumerate((till.cleo, second)):
        book(till, at=tomorrow(9 + number), clients=[client])
        over = book(till, at=tomorrow(12 + number), clients=[client])
        Appointment.objects.filter(pk=over.pk).update(
            starts_at=over.starts_at - timedelta(days=9), ends_at=over.ends_at - timedelta(days=9)
        )
    issue(till, client=till.cleo)
    return till


@pytest.mark.parametrize(("role", "page"), EVERYBODYS_PAGES, ids=[f"{role}-{page}" for role, page in EVERYBODYS_PAGES])
def test_main_page_asks_at_most_fifteen_questions(busy, visit, role, page, django_assert_max_num_queries):
    browser, path = visit(getattr(busy, PEOPLE[role])), reverse(page)
    browser.get(path, follow=True)

    with django_assert_max_num_queries(MOST_QUERIES):
        assert browser.get(path, follow=True).status_code == 200


def test_dashboard_of_a_clients_login_shows_every_panel(busy, visit):
    page = visit(busy.gus).get("/dashboard/")

    templates = {panel.template for panel in [*page.context["panels"], *page.context["side_panels"]]}
    assert templates == {
        "scheduling/_upcoming.html",
        "scheduling/_past.html",
        "booking_requests/_own.html",
        "records/_shared_panel.html",
        "questionnaires/_mine_panel.html",
        "billing/_to_pay.html",
    }
