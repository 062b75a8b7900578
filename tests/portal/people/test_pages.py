"""Every page about people: who gets in, what it shows, how many queries it takes."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from branding.models import Brand
from core.kernel.models import AuditEvent
from core.people import grants
from core.people.models import Assignment, Client, LinkedLogin, StaffMember, User

ALL = {"nora", "sam", "tess", "gus", "ada", "cleo_login"}
STAFF = {"nora", "sam", "tess"}
# Address → who gets the page; of the rest those in SEES get 403 and the others 404.
PAGES = {
    "/people/clients/": (ALL, ALL),
    "/people/clients/new/": ({"nora"}, ALL),
    "/people/clients/permissions/": ({"nora"}, ALL),
    "/people/clients/{cleo}/": (ALL - {"sam"}, ALL - {"sam"}),
    "/people/clients/{cleo}/panels/": (ALL - {"sam"}, ALL - {"sam"}),
    "/people/clients/{cleo}/details/": ({"nora"}, ALL - {"sam"}),
    "/people/clients/{cleo}/contact/": ({"nora", "gus", "cleo_login"}, ALL - {"sam"}),
    "/people/clients/{cleo}/deletion/": ({"nora"}, ALL - {"sam"}),
    "/people/clients/{cleo}/logins/": ({"nora"}, ALL - {"sam"}),
    "/people/clients/{cleo}/practitioners/": ({"nora"}, ALL - {"sam"}),
    "/people/clients/{cleo}/agents/": ({"nora"}, ALL - {"sam"}),
    "/people/clients/{cleo}/permissions/": ({"nora"}, ALL - {"sam"}),
    "/people/logins/{gus}/": ({"nora"}, {"nora", "gus"}),
    "/people/logins/{gus}/details/": ({"nora"}, {"nora", "gus"}),
    "/people/staff/": (STAFF | {"gus", "cleo_login"}, STAFF | {"gus", "cleo_login"}),
    "/people/staff/new/": ({"nora"}, ALL),
    "/people/staff/{tess_staff}/": (STAFF | {"gus", "cleo_login"}, STAFF | {"gus", "cleo_login"}),
    "/people/staff/{tess_staff}/card/": ({"nora", "tess"}, STAFF | {"gus", "cleo_login"}),
    "/people/staff/{tess_staff}/details/": ({"nora", "tess"}, STAFF | {"gus", "cleo_login"}),
    "/people/staff/{tess_staff}/role/": ({"nora"}, STAFF | {"gus", "cleo_login"}),
    "/people/staff/{tess_staff}/schedule-admins/": ({"nora"}, STAFF | {"gus", "cleo_login"}),
    "/people/roles/": (STAFF, ALL),
    "/people/agents/": ({"nora"}, ALL),
    "/people/agents/new/": ({"nora"}, ALL),
    "/people/agents/{agent}/": ({"nora"}, ALL),
    "/profile/": (ALL, ALL),
    "/account/2fa/": (ALL, ALL),
}


def address(cast, pattern: str) -> str:
    names = ("cleo", "gus", "tess_staff", "agent")
    return pattern.format(**{name: getattr(cast, name).pk for name in names})


@pytest.mark.parametrize("pattern", PAGES)
def test_page_opens_for_the_right_people(cast, visit, pattern):
    opened, seen = PAGES[pattern]

    answers = {name: visit(getattr(cast, name)).get(address(cast, pattern)).status_code for name in sorted(ALL)}

    expected = {name: 200 if name in opened else 403 if name in seen else 404 for name in ALL}
    assert answers == expected
    assert visit().get(address(cast, pattern)).status_code == 302


@pytest.mark.parametrize("pattern", [each for each in PAGES if "{" in each])
def test_page_of_somebody_who_is_not_there(cast, visit, pattern):
    nobody = dict.fromkeys(("cleo", "gus", "tess_staff", "agent"), "01920000-0000-7000-8000-00000000ffff")

    assert visit(cast.nora).get(pattern.format(**nobody)).status_code == 404


@pytest.mark.parametrize("pattern", [each for each in PAGES if "people" in each and "{agent}" not in each])
def test_page_names_nobody_of_the_other_organization(cast, visit, pattern):
    page = visit(cast.olga, organization="south").get(address(cast, pattern))

    assert page.status_code == 200
    for word in (b"North Practice", b"north.test", b"Cleo", b"Gus", b"Nora"):
        assert word not in page.content
    assert b"colonnade" not in page.content.lower()


def count(browser, url: str) -> int:
    browser.get(url)  # warms what is kept per process
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert browser.get(url).status_code == 200
    return len(queries)


def more_clients(cast, number: int) -> None:
    for index in range(number):
        client = Client.objects.create(first_name=f"More {index}", time_zone="Europe/Berlin")
        user = User.objects.create_user(f"more{index}@north.test", name=f"More {index}", time_zone="Europe/Berlin")
        LinkedLogin.objects.create(client=client, user=user, relationship="guardian")
        Assignment.objects.create(client=client, practitioner=cast.tess_staff)
        grants.grant(cast.ada, grants.AUDIT_CLIENT, client, by=cast.nora)


@pytest.mark.parametrize("name", ["nora", "tess", "ada"])
def test_client_list_takes_the_same_queries_for_one_and_three(cast, visit, name):
    browser = visit(getattr(cast, name))
    with_one = count(browser, "/people/clients/")
    more_clients(cast, 2)

    assert count(browser, "/people/clients/") == with_one
    assert with_one <= 15


@pytest.mark.parametrize("url", ["/people/staff/", "/people/agents/", "/people/clients/permissions/", "/people/roles/"])
def test_lists_take_the_same_queries_for_more_rows(cast, visit, url):
    browser = visit(cast.nora)
    before = count(browser, url)
    more_clients(cast, 2)
    for index in range(2):
        user = User.objects.create_user(f"staff{index}@north.test", name=f"Staff {index}", time_zone="Europe/Berlin")
        StaffMember.objects.create(user=user, role="practitioner")

    assert count(browser, url) == before
    assert before <= 15


def test_client_page_takes_the_same_queries_for_more_ties(cast, visit):
    browser, url = visit(cast.nora), f"/people/clients/{cast.cleo.pk}/"
    before = count(browser, url)
    for index in range(2):
        user = User.objects.create_user(f"tie{index}@north.test", name=f"Tie {index}", time_zone="Europe/Berlin")
        LinkedLogin.objects.create(client=cast.cleo, user=user, relationship="guardian")
    Assignment.objects.create(client=cast.cleo, practitioner=cast.sam_staff)

    assert count(browser, url) == before
    assert before <= 15


def test_search_and_filters(cast, visit):
    Client.objects.create(first_name="Pia", last_name="Prospect", time_zone="Europe/Berlin", status="prospect")
    browser = visit(cast.nora)

    assert b"Pia Prospect" in browser.get("/people/clients/?status=prospect").content
    assert b"Pia Prospect" not in browser.get("/people/clients/?status=active").content
    assert b"Cleo Marten" in browser.get("/people/clients/?q=gus@north").content
    assert b"Nobody found" in browser.get("/people/clients/?q=zzz").content


def test_client_page_hides_staff_matters_from_guardian_and_agent(cast, visit):
    Client.objects.filter(pk=cast.cleo.pk).update(additional_information="Secret sentence")
    url = f"/people/clients/{cast.cleo.pk}/"

    assert b"Secret sentence" in visit(cast.tess).get(url).content
    for name in ("gus", "cleo_login", "ada"):
        page = visit(getattr(cast, name)).get(url)
        assert b"Secret sentence" not in page.content
        assert b"gus@north.test" not in page.content.replace(b'menu__detail">gus@north.test', b"")
    assert "You act for them" in visit(cast.gus).get(url).content.decode()
    assert "You are their agent" in visit(cast.ada).get(url).content.decode()


def test_reading_a_record_is_audited_for_staff(cast, visit):
    visit(cast.tess).get(f"/people/clients/{cast.cleo.pk}/")

    assert AuditEvent.objects.get(action="client.read").actor_label == "Tess North"


def test_nouns_follow_the_vocabulary(cast, visit):
    Brand.objects.update(vocabulary="school")

    browser = visit(cast.nora)
    assert "Add student" in browser.get("/people/clients/").content.decode()
    for page in (f"/people/clients/{cast.cleo.pk}/", "/people/clients/permissions/", "/people/roles/"):
        text = browser.get(page).content.decode()
        assert "lessons" in text
        assert "upcoming appointments" not in text
