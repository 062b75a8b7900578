"""In which language a page speaks, and that it speaks no other."""

import html
import re

import pytest
from django.utils import translation

from branding.actions import change_brand
from branding.models import Brand
from branding.queries import current_brand
from core.pages.actions import create_site
from core.people.models import User
from core.scheduling.models import CompletionType
from core.scheduling.receivers import name_completion_types
from deploy.local import messages
from tenants import hosts
from tests.factories.scheduling import book

MAIN = (
    "/dashboard/", "/calendar/", "/appointments/", "/appointments/new/", "/people/clients/", "/people/clients/new/", "/people/staff/",
    "/people/staff/new/", "/people/roles/", "/people/agents/", "/people/agents/new/", "/billing/invoices/", "/billing/charges/", "/billing/balances/",
    "/billing/services/", "/billing/settings/", "/settings/", "/website/", "/settings/appointments/", "/settings/mail/",
    "/settings/audit/", "/notifications/", "/profile/", "/account/2fa/", "/account/password/change/", "/nothing/",
)  # fmt: skip


@pytest.fixture
def offer(cast):
    """`offer("en", "de")`: the languages that north offers, its first one first."""

    def change(*languages: str) -> None:
        change_brand(current_brand(), by=cast.nora, languages=list(languages))
        hosts._entries.clear()  # what the end of the transaction would do

    return change


def language_of(answer) -> str:
    [shown] = re.findall(r'<html\s+lang="(\w+)"', answer.content.decode())
    assert answer.headers["Content-Language"] == shown
    return shown


@pytest.mark.parametrize(
    ("offered", "wished", "spoken"),
    [
        (("en",), "de", "en"),
        (("en", "de"), "de-AT,de;q=0.9,en;q=0.5", "de"),
        (("en", "de"), "es,de;q=0.5", "de"),
        (("de", "en"), "fr", "de"),
        (("es", "en"), "", "es"),
        (("de", "es"), "en-GB,en;q=0.8", "de"),
        (("en", "fr"), "fr-CA,fr;q=0.9,en;q=0.5", "fr"),
    ],
)
def test_the_sign_in_page_speaks_the_browsers_language_where_it_is_on_offer(offer, visit, offered, wished, spoken):
    offer(*offered)
    answer = visit().get("/account/login/", headers={"accept-language": wished})
    assert language_of(answer) == spoken
    assert {"en": "Sign in", "de": "Anmelden", "es": "Iniciar sesión", "fr": "Se connecter"}[
        spoken
    ] in answer.content.decode()


def test_a_persons_own_language_comes_before_the_browsers(cast, offer, visit):
    offer("en", "de", "es")
    User.objects.filter(pk=cast.nora.pk).update(language="es")
    answer = visit(cast.nora).get("/dashboard/", headers={"accept-language": "de"})
    assert language_of(answer) == "es"
    offer("en", "de")
    assert language_of(visit(cast.nora).get("/dashboard/", headers={"accept-language": "de"})) == "en"


@pytest.mark.parametrize("language", ["de", "es", "fr"])
def test_no_english_sentence_is_left_on_the_main_pages(cast, offer, visit, language):
    offer(language)
    User.objects.filter(pk=cast.nora.pk).update(language=language)
    with translation.override(language):
        create_site(name="North")
    name_completion_types(languages=[language])
    book(cast)
    [catalogue] = [messages.read(path) for path in messages.catalogues() if path.parts[-3] == language]
    english = [one.id for one in catalogue if isinstance(one.id, str) and one.id.count(" ") >= 3 and "%(" not in one.id]
    browser = visit(cast.nora)
    for path in MAIN:
        answer = browser.get(path)
        assert answer.status_code == (404 if path == "/nothing/" else 200), path
        page = html.unescape(answer.content.decode())
        assert [sentence for sentence in english if sentence in page] == [], path
        assert language_of(answer) == language


def test_the_frameworks_own_messages_are_translated(offer, visit):
    offer("de")
    page = visit().post("/account/login/", {"login": "", "password": ""}).content.decode()
    assert "Dieses Feld muss ausgefüllt werden" in page


def test_refusals_are_said_in_the_readers_language(cast, offer, visit):
    offer("de")
    page = visit(cast.nora).post(
        "/people/staff/new/", {"name": "Tess", "email": "tess@north.test", "role": "practitioner", "time_zone": "UTC"}
    )
    assert "hat hier schon einen Zugang" in page.content.decode()


def test_roles_speak_the_organizations_words_in_every_language(cast, offer, visit):
    offer("de")
    Brand.objects.update(vocabulary="school")
    current_brand().refresh_from_db()
    page = visit(cast.nora).get("/people/roles/").content.decode()
    assert "Stunden in allen Kalendern ansehen" in page and "Alle Schüler:innen sehen" in page
    assert "Termine" not in page and "Klient" not in page


def test_the_calendar_and_its_days_are_written_as_in_the_language(cast, offer, visit):
    offer("de")
    page = visit(cast.nora).get("/calendar/?date=2026-03-10").content.decode()
    assert 'data-language="de"' in page
    today = visit(cast.nora).get("/dashboard/").content.decode()
    assert re.search(r"<p>\w+(tag|Mittwoch|abend), \d+\. [A-ZÄ]\w+</p>", today) or "Mittwoch, " in today


def test_a_login_is_asked_for_its_language_only_where_there_is_a_choice(cast, offer, visit):
    assert b'name="language"' not in visit(cast.nora).get("/people/staff/new/").content
    offer("de", "es")
    assert b'name="language"' in visit(cast.nora).get("/people/staff/new/").content
    wanted = {"name": "Inés", "email": "ines@north.test", "role": "practitioner", "time_zone": "Europe/Madrid"}
    visit(cast.nora).post("/people/staff/new/", wanted)
    assert User.objects.get(email="ines@north.test").language == "de"  # the organization's first
    visit(cast.nora).post("/people/staff/new/", wanted | {"name": "Eva", "email": "eva@north.test", "language": "es"})
    assert User.objects.get(email="eva@north.test").language == "es"


def test_a_language_that_is_not_offered_is_refused(cast, offer, visit):
    offer("de", "es")
    wanted = {"name": "Eve", "email": "eve@north.test", "role": "practitioner", "time_zone": "UTC", "language": "en"}
    assert visit(cast.nora).post("/people/staff/new/", wanted).status_code == 422
    assert not User.objects.filter(email="eve@north.test").exists()


def test_a_new_organization_starts_with_its_own_language(cast):
    name_completion_types(languages=["es", "en"])
    assert not CompletionType.objects.filter(name="Completed").exists()
    assert CompletionType.objects.filter(name="Completada", outcome="held").exists()
