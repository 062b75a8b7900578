"""What is said after an act is said on the page that the person reads next, whatever else their browser asks for in between."""

import pytest
from django.urls import reverse

from tests.factories.pages import fields_of

SAID = "This was sent twice and done once."
NEW_CLIENT = {"first_name": "Twice", "last_name": "Typed", "time_zone": "Europe/Berlin"}
NOT_READ = {
    "a part of a page": {"hx-request": "true"},
    "a script": {"sec-fetch-mode": "cors", "sec-fetch-dest": "empty"},
    "a picture": {"sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"},
    "a frame": {"sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"},
    "a socket": {"upgrade": "websocket", "connection": "Upgrade"},
    "a look ahead": {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document", "sec-purpose": "prefetch"},
}


@pytest.fixture
def nora(cast, visit):
    """Nora, who has done something and has not been told yet."""
    browser = visit(cast.nora)
    address = reverse("people:client_new")
    form = {**fields_of(browser.get(address)), **NEW_CLIENT}
    for _ in range(2):
        browser.post(address, form)
    return browser


@pytest.mark.parametrize("headers", NOT_READ.values(), ids=NOT_READ)
@pytest.mark.parametrize("path", ["/notifications/", "/ws/person/", "/not-there.png"])
def test_what_nobody_reads_leaves_it_to_be_said(nora, path, headers):
    assert SAID not in nora.get(path, headers=headers).content.decode()

    assert SAID in nora.get("/notifications/").content.decode()
    assert SAID not in nora.get("/notifications/").content.decode(), "it is said once"


def test_answer_without_a_body_leaves_it_to_be_said(nora):
    nora.head("/notifications/")

    assert SAID in nora.get("/notifications/").content.decode()


@pytest.mark.parametrize("dest", ["document", "empty"], ids=["the browser", "the service worker"])
def test_page_that_is_opened_says_it(nora, dest):
    opened = {"sec-fetch-mode": "navigate", "sec-fetch-dest": dest}

    assert SAID in nora.get("/notifications/", headers=opened).content.decode()
