"""Settings → Web address: an administrator connects a host alone, sees what the DNS says, and sends the records to somebody else."""

import re

import pytest

from core.kernel import clock
from tenants import context, domain_records, domains, hosts
from tenants.models import Domain, Organization
from tests.factories.dns_server import dns_server

HOST = "care.clinic.example"


@pytest.fixture(scope="module")
def server():
    with dns_server() as running:
        yield running


@pytest.fixture
def zones(server, settings):
    settings.DNS_SERVERS, settings.DNS_PORT = [server.host], server.port
    settings.EDGE_DOMAIN, settings.EDGE_ADDRESSES = "edge.test", ["192.0.2.10"]
    server.zones.clear()
    server.zones.add_zone("clinic.example", name_servers=("a.ns.cloudflare.com",))
    return server.zones


@pytest.fixture
def nora(cast, visit, zones):
    return visit(cast.nora)


@pytest.fixture
def added(cast, zones):
    return domains.add_domain(cast.north.pk, host=HOST, by=cast.nora, now=clock.now())


def set_records(zones, domain):
    zones.text(f"_verify.{HOST}", domain.verification_token)
    zones.set(HOST, "CNAME", f"{domain_records.target_host(domain)}.")


def text_of(answer):
    whole = answer.content.decode().replace("<wbr>", "")
    return " ".join(re.sub(r"<[^>]+>", " ", whole).split())


def test_administrator_connects_a_host_from_the_form_to_live(cast, nora, zones, client):
    answer = nora.post("/settings/hosts/", {"host": HOST})
    assert answer.status_code == 302
    with context.public_context():
        domain = Domain.objects.select_related("tenant").get(domain=HOST)
    assert answer["Location"] == f"/settings/hosts/{domain.pk}/"
    page = answer["Location"]
    assert "Records to set" in text_of(nora.get(page))

    records = text_of(nora.get(f"{page}records/"))
    assert domain.verification_token in records and domain_records.target_host(domain) in records
    assert "Not found yet" in records and "How to set them at Cloudflare" in records and "_verify.care" in records
    assert "not there" in text_of(nora.post(f"{page}check/", follow=True))

    set_records(zones, domain)
    assert text_of(nora.get(f"{page}records/")).count("Found") >= 2
    assert "is live" in text_of(nora.post(f"{page}check/", follow=True))
    assert client.get("/account/login/", headers={"host": HOST}).status_code == 200


def test_looking_changes_nothing_and_the_page_reloads_when_the_state_is_another(nora, added, zones):
    set_records(zones, added)
    same = nora.get(f"/settings/hosts/{added.pk}/records/?state=requested")
    assert "HX-Refresh" not in same.headers
    assert domains.find(added.tenant_id, added.pk).state == "requested"
    domains.check_waiting(now=clock.now())
    assert nora.get(f"/settings/hosts/{added.pk}/records/?state=requested").headers["HX-Refresh"] == "true"


def test_wrong_value_is_shown_beside_what_is_expected(nora, added, zones):
    zones.text(f"_verify.{HOST}", "old-value")
    zones.set(HOST, "CNAME", "elsewhere.example.")
    records = text_of(nora.get(f"/settings/hosts/{added.pk}/records/"))
    assert "old-value" in records and "elsewhere.example" in records and records.count("Something else found") == 2


@pytest.mark.parametrize(
    "host", ["*.clinic.example", "console.test", "x.test", "south.test", "a b", "<b>x</b>.example", "", "💈", "y" * 250]
)
def test_what_cannot_be_is_said_beside_the_field_and_kept(nora, host):
    answer = nora.post("/settings/hosts/", {"host": host})
    assert answer.status_code == 422
    assert "<b>x</b>" not in answer.content.decode()
    with context.public_context():
        assert Domain.objects.count() == 2


def test_plan_without_white_label_offers_no_host(cast, nora, zones):
    with context.public_context():
        Organization.objects.filter(pk=cast.north.pk).update(plan="practice")
    context.current_organization().known_allowances = None
    context.current_organization().plan_id = "practice"
    hosts.forget_all()
    assert "part of a larger plan" in text_of(nora.get("/settings/hosts/"))
    answer = nora.post("/settings/hosts/", {"host": HOST})
    assert answer.status_code == 422 and "needs another plan" in text_of(answer)


@pytest.mark.parametrize("who", ["tess", "gus", "ada", "sam"])
def test_others_have_no_such_page(cast, visit, added, who):
    browser = visit(getattr(cast, who))
    for path in ("", f"{added.pk}/", f"{added.pk}/records/", f"{added.pk}/primacy/", f"{added.pk}/removal/"):
        assert browser.get(f"/settings/hosts/{path}").status_code in (403, 404)
    for act in ("check", "redirect", "keeping", "link", "link/end"):
        assert browser.post(f"/settings/hosts/{added.pk}/{act}/").status_code in (403, 404)


def test_host_of_another_organization_is_not_found(cast, nora, south):
    with context.public_context():
        theirs = Domain.objects.get(tenant=south)
    assert nora.get(f"/settings/hosts/{theirs.pk}/").status_code == 404
    assert nora.post(f"/settings/hosts/{theirs.pk}/removal/", {"when": "now"}).status_code == 404


def test_primary_host_is_changed_having_read_what_follows(cast, nora, added, zones):
    set_records(zones, added)
    nora.post(f"/settings/hosts/{added.pk}/check/")
    page = text_of(nora.get(f"/settings/hosts/{added.pk}/primacy/"))
    assert "Everybody signs in once more" in page and "keep their identity" in page
    assert nora.post(f"/settings/hosts/{added.pk}/primacy/", {"overlap": "14"}).status_code == 302
    assert domains.find(cast.north.pk, added.pk).is_primary
    assert "leads to the primary one from" in text_of(nora.get("/settings/hosts/"))


def test_host_is_removed_at_once_or_later(cast, nora, added, zones):
    assert "When" not in text_of(nora.get(f"/settings/hosts/{added.pk}/removal/"))
    set_records(zones, added)
    nora.post(f"/settings/hosts/{added.pk}/check/")
    assert "for 14 days" in text_of(nora.post(f"/settings/hosts/{added.pk}/removal/", {"when": "later"}, follow=True))
    assert "The web address stays" in text_of(nora.post(f"/settings/hosts/{added.pk}/keeping/", follow=True))
    assert "The web address is removed" in text_of(
        nora.post(f"/settings/hosts/{added.pk}/removal/", {"when": "now"}, follow=True)
    )
    assert nora.get(f"/settings/hosts/{added.pk}/").status_code == 404


def test_form_sent_twice_adds_one_host(nora):
    page = nora.get("/settings/hosts/").content.decode()
    key = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]+)"', page))
    first, second = (nora.post("/settings/hosts/", {**key, "host": HOST}) for _ in range(2))
    assert first.status_code == second.status_code == 302 or second.status_code == 422
    with context.public_context():
        assert Domain.objects.filter(domain=HOST).count() == 1


def test_list_asks_the_database_as_often_for_twenty_hosts(cast, nora, django_assert_max_num_queries):
    with context.public_context():
        for number in range(18):
            Domain.objects.create(tenant=cast.north, domain=f"h{number}.example", is_primary=False, state="requested")
    nora.get("/settings/hosts/")
    with django_assert_max_num_queries(25):
        nora.get("/settings/hosts/")
