"""A session that ends in the middle of a form loses nothing, for the same person alone; nobody is led to an address that only takes a form."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.test import Client as Browser
from django.urls import reverse

from core.people.models import Client
from portal import kept_forms, versions
from tests.factories.pages import fields_of
from tests.factories.scheduling import book, tomorrow
from tests.factories.web import HOSTS, sign_in

LONG = "What the mother said. " * 40
JSON = {"accept": "application/json"}


@pytest.fixture
def change(cast):
    return reverse("people:client_change", args=[cast.cleo.pk])


@pytest.fixture
def ended(cast, visit, change):
    """Nora's browser after her session has ended, and what she had typed."""
    nora = visit(cast.nora)
    typed = fields_of(nora.get(change)) | {"additional_information": LONG}
    Session.objects.all().delete()
    return nora, typed


def next_of(url):
    return parse_qs(urlsplit(url).query)["next"][0]


def noted(cast):
    return Client.objects.get(pk=cast.cleo.pk).additional_information


def test_typed_text_is_there_after_signing_in_and_can_be_sent(cast, ended, change):
    nora, typed = ended
    answer = nora.post(change, typed)
    assert answer.headers["Location"].startswith("/account/login/?next=")
    assert "What you typed is kept" in nora.get(answer.headers["Location"]).content.decode()
    assert noted(cast) == ""

    back = next_of(answer.headers["Location"])
    assert sign_in(nora, "nora@north.test", next=back).headers["Location"] == back
    page = nora.get(back)
    again = fields_of(page)
    assert page.status_code == 200
    assert again["additional_information"] == [LONG]
    assert "What you typed is here again" in page.content.decode()

    assert nora.post(back, again).status_code == 302
    assert noted(cast) == LONG.strip()
    assert fields_of(nora.get(back))["phone"] == fields_of(nora.get(change))["phone"]


def test_what_a_colleague_changed_meanwhile_is_not_lost_either(cast, ended, change, visit):
    nora, typed = ended
    Client.objects.filter(pk=cast.cleo.pk).update(phone="555")
    back = next_of(nora.post(change, typed).headers["Location"])
    sign_in(nora, "nora@north.test", next=back)
    nora.post(back, fields_of(nora.get(back)))

    assert (noted(cast), Client.objects.get(pk=cast.cleo.pk).phone) == (LONG.strip(), "555")


@pytest.mark.parametrize("who", ["sam@north.test", "tess@north.test", "gus@north.test"])
def test_another_person_in_the_same_browser_never_sees_it(ended, change, who):
    nora, typed = ended
    back = next_of(nora.post(change, typed).headers["Location"])
    sign_in(nora, who, next=back)

    assert "What the mother said" not in nora.get(back, follow=True).content.decode()


def test_it_lies_encrypted_in_the_session(ended, change):
    nora, typed = ended
    nora.post(change, typed)

    [session] = Session.objects.all()
    assert "What the mother said" not in str(session.get_decoded())


def test_htmx_sends_the_whole_page_to_sign_in_and_back_to_the_form(cast, visit):
    appointment = book(cast, at=tomorrow(9))
    address = reverse("scheduling:move", args=[appointment.pk])
    tess = visit(cast.tess)
    typed = fields_of(tess.get(address)) | {"time": "11:00"}
    Session.objects.all().delete()
    answer = tess.post(address, typed, headers={"hx-request": "true", "hx-current-url": "http://north.test/calendar/"})

    assert answer.status_code == 204
    back = next_of(answer.headers["HX-Redirect"])
    sign_in(tess, next=back)
    assert fields_of(tess.get(back))["time"] == ["11:00"]


def test_part_of_a_page_leads_back_to_the_page(cast, visit):
    headers = {"hx-request": "true", "hx-current-url": "http://north.test/people/clients/?q=cleo"}
    answer = visit().get(reverse("people:client_panels", args=[cast.cleo.pk]), headers=headers)

    assert next_of(answer.headers["HX-Redirect"]) == "/people/clients/?q=cleo"


def test_script_is_told_where_to_sign_in(cast, visit):
    answer = visit().get("/live/waiting/", headers={**JSON, "referer": "http://north.test/calendar/"})

    assert answer.status_code == 401
    assert next_of(answer.json()["url"]) == "/calendar/"


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://north.test/people/clients/", "/people/clients/"),
        ("http://elsewhere.test/people/clients/", "/dashboard/"),
        (
            "http://north.test/settings/messages/email/invitation/preview/",
            "/settings/messages/email/invitation/preview/",
        ),
        ("", "/dashboard/"),
    ],
)
def test_button_leads_back_to_its_page_and_never_to_its_own_address(cast, visit, referer, back):
    address = reverse("people:client_archive", args=[cast.cleo.pk])
    answer = visit().post(address, headers={"referer": referer})

    assert next_of(answer.headers["Location"]) == back


def test_ordinary_link_leads_back_to_itself(cast, visit):
    assert next_of(visit().get("/people/clients/?q=a").headers["Location"]) == "/people/clients/?q=a"


def test_form_that_we_did_not_write_is_not_kept(visit, change):
    answer = visit().post(change, {"additional_information": "Forged", kept_forms.OWNER: "nobody"})

    assert kept_forms.PARAMETER not in next_of(answer.headers["Location"])


def test_too_long_a_form_is_not_kept(ended, change):
    nora, typed = ended
    answer = nora.post(change, typed | {"additional_information": "x" * kept_forms.LONGEST})

    assert kept_forms.PARAMETER not in next_of(answer.headers["Location"])


def test_page_from_before_signing_in_anew_loses_nothing(cast, change):
    """The token against forged requests is another one then; what was typed is shown to be sent again, and nothing is done."""
    nora = Browser(enforce_csrf_checks=True, headers={"host": HOSTS["north"]})
    for _ in range(2):
        token = fields_of(nora.get("/account/login/"))["csrfmiddlewaretoken"]
        sign_in(nora, "nora@north.test", csrfmiddlewaretoken=token)
        if _ == 0:
            typed = fields_of(nora.get(change)) | {"additional_information": LONG}
            nora.post("/account/logout/", fields_of(nora.get("/account/logout/")))
    answer = nora.post(change, typed)

    assert answer.status_code == 302
    assert noted(cast) == ""
    assert fields_of(nora.get(answer.headers["Location"]))["additional_information"] == [LONG]


def test_version_is_kept_with_what_was_typed(ended, change):
    nora, typed = ended
    back = next_of(nora.post(change, typed).headers["Location"])
    sign_in(nora, "nora@north.test", next=back)

    assert fields_of(nora.get(back))[versions.FIELD]
