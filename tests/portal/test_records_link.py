"""The link for whoever looks after the DNS: without a login, the records of hosts and of mail, and nothing else of the organization."""

import re
from datetime import timedelta

import pytest

from branding.senders import actions as senders
from branding.senders.models import SigningKey
from core.kernel import clock
from core.kernel.errors import NotFound
from core.kernel.models import AuditEvent
from core.setup.actions import end_link, make_link
from core.setup.models import RecordsLink
from core.setup.queries import open_link, token_of
from tenants import context, domain_records, domains
from tests.factories import mail_domain
from tests.factories.dns_server import dns_server

HOST = "care.clinic.example"
SETTINGS = "/settings/setup/"


@pytest.fixture(scope="module")
def server():
    with dns_server() as running:
        yield running


@pytest.fixture
def zones(server, settings):
    settings.DNS_SERVERS, settings.DNS_PORT = [server.host], server.port
    settings.EDGE_DOMAIN, settings.EDGE_ADDRESSES = "edge.test", ["192.0.2.10"]
    settings.MAIL_ZONE = mail_domain.ZONE
    server.zones.clear()
    server.zones.add_zone("clinic.example", name_servers=("a.ns.cloudflare.com",))
    mail_domain.publish_zone(server)
    return server.zones


@pytest.fixture
def nora(cast, visit):
    return visit(cast.nora)


@pytest.fixture
def wanted(cast, zones):
    """A host and a mail domain whose records nobody has set."""
    senders.name_domain(mail_domain.ADDRESS, by=cast.nora)
    return domains.add_domain(cast.north.pk, host=HOST, by=cast.nora, now=clock.now())


@pytest.fixture
def link(cast, wanted):
    return make_link(by=cast.nora, now=clock.now())


def address(link):
    return f"/records/{token_of(link)}/"


def test_stranger_sees_the_records_of_host_and_mail_and_nothing_else(cast, nora, visit, wanted):
    page = nora.post(f"{SETTINGS}link/", {"back": f"/settings/hosts/{wanted.pk}/"}, follow=True)
    assert page.redirect_chain[-1][0] == f"/settings/hosts/{wanted.pk}/"
    link = RecordsLink.objects.get()
    for path in (f"/settings/hosts/{wanted.pk}/", "/settings/sender/domain/", SETTINGS):
        assert token_of(link) in nora.get(path).content.decode()

    answer = visit().get(address(link))
    shown = answer.content.decode()
    assert wanted.verification_token in shown and domain_records.target_host(wanted) in shown
    assert (
        f"{SigningKey.objects.first().selector}._domainkey.clinic.example" in shown and "bounce.clinic.example" in shown
    )
    assert "How to set them at Cloudflare" in shown and "Not found yet" in shown and "Missing" in shown
    assert answer["X-Robots-Tag"] == "noindex" and answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    for leak in ("Nora", "nora@", "hello@", "/settings/", "/dashboard/", str(cast.north.pk), "t_north"):
        assert leak not in shown
    assert visit().post(address(link)).status_code in (403, 405)


def test_page_says_when_nothing_is_left(cast, visit, link, wanted, server, zones):
    zones.text(f"_verify.{HOST}", wanted.verification_token)
    zones.set(HOST, "CNAME", f"{domain_records.target_host(wanted)}.")
    mail_domain.publish_keys(server)
    mail_domain.publish_domain(server)
    part = visit().get(address(link), headers={"hx-request": "true"}).content.decode()
    assert "Nothing is left to do" in part and "hx-trigger" not in part and "<html" not in part


def test_looking_changes_nothing(visit, link, wanted, server, zones):
    zones.text(f"_verify.{HOST}", wanted.verification_token)
    zones.set(HOST, "CNAME", f"{domain_records.target_host(wanted)}.")
    before = AuditEvent.objects.count()
    visit().get(address(link))
    assert domains.find(wanted.tenant_id, wanted.pk).state == "requested" and AuditEvent.objects.count() == before


def test_file_has_a_line_for_each_record(visit, link, wanted, zones):
    answer = visit().get(address(link) + "file/")
    lines = answer.content.decode().splitlines()
    assert answer["Content-Type"].startswith("text/plain") and "dns-records.txt" in answer["Content-Disposition"]
    assert f'_verify.{HOST}. 3600 IN TXT "{wanted.verification_token}"' in lines
    assert f"{HOST}. 3600 IN CNAME {domain_records.target_host(wanted)}." in lines
    assert any(line.startswith("bounce.clinic.example. 3600 IN CNAME ") and line.endswith(".") for line in lines)
    assert any(line.startswith('_dmarc.clinic.example. 3600 IN TXT "v=DMARC1') for line in lines)
    assert all(re.fullmatch(r'\S+\. 3600 IN (CNAME \S+\.|TXT( "[^"]{1,255}")+)', line) for line in lines)


def test_page_without_anything_to_set_says_so(cast, visit, zones):
    link = make_link(by=cast.nora, now=clock.now())
    assert "No record is asked for at present" in visit().get(address(link)).content.decode()
    assert visit().get(address(link) + "file/").content == b""


def test_link_opens_for_two_weeks_until_it_is_ended_and_nowhere_else(cast, south, link, visit, moved_clock):
    now, token = clock.now(), token_of(link)
    assert open_link(token, now=now).pk == link.pk
    for wrong in (token[:-1], f"{token}x", "", "x:y:z", "💈"):
        with pytest.raises(NotFound):
            open_link(wrong, now=now)
    with context.organization_context(south), pytest.raises(NotFound):
        open_link(token, now=now)
    assert visit(organization="south").get(address(link)).status_code == 404
    moved_clock(timedelta(days=15))
    assert visit().get(address(link)).status_code == visit().get(address(link) + "file/").status_code == 404


def test_new_link_ends_the_one_before_and_ending_ends_it(cast, nora, visit, zones):
    tokens = [token_of(make_link(by=cast.nora, now=clock.now())) for _ in range(2)]
    assert [visit().get(f"/records/{token}/").status_code for token in tokens] == [404, 200]
    nora.post(f"{SETTINGS}link/end/")
    nora.post(f"{SETTINGS}link/end/")
    assert visit().get(f"/records/{tokens[1]}/").status_code == 404
    assert list(AuditEvent.objects.order_by("at").values_list("action", flat=True)) == [
        "records_link.made", "records_link.made", "records_link.ended"
    ]  # fmt: skip
    end_link(by=cast.nora)
    assert AuditEvent.objects.count() == 3


@pytest.mark.parametrize("who", ["tess", "gus", "ada", "cleo_login"])
def test_others_make_no_link(cast, visit, who):
    browser = visit(getattr(cast, who))
    assert browser.post(f"{SETTINGS}link/").status_code == browser.post(f"{SETTINGS}link/end/").status_code == 403
    assert not RecordsLink.objects.exists()


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example/settings/", "/account/logout/", "/settings/\\evil"]
)
def test_way_back_stays_among_the_settings(nora, back):
    assert nora.post(f"{SETTINGS}link/", {"back": back})["Location"] == SETTINGS
