"""The life of an organization's own host, against a real name server: proved, pointed here, watched, given back, taken over."""

import json
import time
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from core.kernel import clock
from core.kernel.errors import ConflictError, DomainError, NotFound
from core.kernel.models import AuditEvent, OutboxMessage
from core.notifications.models import Notice
from tenants import certificate_probe, certificates, context, domain_records, domains, hosts, outbox_delivery
from tenants.absolute_urls import absolute_url, primary_host
from tenants.certificate_probe import Certificate
from tenants.domain_rules import DomainState
from tenants.models import Domain, Organization, OrganizationEvent
from tests.factories.dns_server import dns_server

HOST = "care.clinic.example"
EDGE = ("192.0.2.10", "2001:db8::10")


@pytest.fixture(scope="module")
def server():
    with dns_server() as running:
        yield running


@pytest.fixture
def zones(server, settings):
    settings.DNS_SERVERS, settings.DNS_PORT = [server.host], server.port
    settings.EDGE_DOMAIN, settings.EDGE_ADDRESSES = "edge.test", list(EDGE)
    server.zones.clear()
    server.zones.add_zone("clinic.example", name_servers=("a.ns.cloudflare.com",))
    return server.zones


@pytest.fixture
def add(zones, cast):
    def add_host(host=HOST, organization=None, by=None, **more):
        organization = organization or cast.north
        return domains.add_domain(organization.pk, host=host, by=by or cast.nora, now=clock.now(), **more)

    return add_host


@pytest.fixture
def check(cast):
    def check_host(domain, now=None):
        by = cast.nora if domain.tenant_id == cast.north.pk else "op@vendor.test"
        return domains.check_domain(domain.tenant_id, domain.pk, by=by, now=now or clock.now())[0]

    return check_host


def prove(zones, domain):
    record = domain_records.proof_record(domain)
    zones.text(record.name, record.value)


def point(zones, domain):
    zones.set(domain.domain, "CNAME", f"{domain_records.target_host(domain)}.")


@pytest.fixture
def live(add, check, zones):
    domain = add()
    prove(zones, domain)
    point(zones, domain)
    return check(domain)


def answers(client, host=HOST, path="/account/login/"):
    return client.get(path, headers={"host": host}).status_code


def test_host_goes_live_step_by_step_and_each_step_is_noted(cast, add, check, zones, client):
    domain = add("Care.Clinic.Example.")
    assert (domain.domain, domain.state) == (HOST, "requested")
    assert domain_records.target_host(domain).startswith("t-") and "north" not in domain_records.target_host(domain)
    assert (check(domain).state, check(domain).problem) == ("awaiting_dns", "proof_missing")
    prove(zones, domain)
    assert check(domain).state == "ownership_verified"
    assert answers(client) == 404 and not certificates.may_have_certificate(HOST)
    point(zones, domain)
    assert check(domain).state == "live"
    assert answers(client) == 200 and certificates.may_have_certificate(HOST)

    changes = [
        event.changes.get("state") for event in AuditEvent.objects.filter(action="host.state_changed").order_by("at")
    ]
    assert changes == [
        ["requested", "awaiting_dns"],
        ["awaiting_dns", "ownership_verified"],
        ["ownership_verified", "live"],
    ]
    with context.public_context():
        history = OrganizationEvent.objects.filter(action__startswith="domain.")
        assert {event.actor for event in history} == {"administrator"}  # no name of an organization's person
        assert history.count() == 4
    assert "is live" in Notice.objects.filter(user_id=cast.nora.pk).latest("created_at").title


def test_bare_domain_leads_here_by_addresses(add, check, zones):
    domain = add("clinic.example")
    findings = domain_records.look(domain)
    assert findings.zone == "clinic.example"
    assert [record.kind for record in domain_records.target_records(domain, is_apex=True)] == ["A", "AAAA"]
    prove(zones, domain)
    zones.set("clinic.example", "A", EDGE[0])
    zones.set("clinic.example", "AAAA", EDGE[1])
    assert check(domain).state == "live"
    zones.set("clinic.example", "A", EDGE[0], "192.0.2.99")
    assert check(domain).problem == "mixed"


@pytest.mark.parametrize(
    ("host", "code"),
    [
        ("", "host_invalid"), ("*.clinic.example", "host_invalid"), ("https://clinic.example/", "host_invalid"), ("clinic", "host_invalid"),
        ("192.0.2.1", "host_invalid"), ("clinic.example:443", "host_invalid"), ("a" * 200 + ".example", "host_invalid"),
        ("診療 所.example", "host_invalid"),
        ("a\u200bb\n.example", "host_invalid"), ("💈.example", "host_invalid"), ("console.test", "host_reserved"),
        ("x.console.test", "host_reserved"),
        ("test", "host_invalid"), ("other.test", "host_reserved"), ("edge.test", "host_reserved"), ("t-1.edge.test", "host_reserved"),
        ("cаre.clinic.example", "host_look_alike"), ("typo.clinnic", "host_unregistered"), ("shop.parked.example", "host_parked"),
    ],
)  # fmt: skip
def test_host_that_cannot_be_is_refused_with_a_sentence(add, zones, host, code):
    zones.add_zone("parked.example", name_servers=("ns1.sedoparking.com",))
    with pytest.raises(DomainError) as refused:
        add(host)
    assert (refused.value.code, refused.value.field) == (code, "host") and len(refused.value.message) < 300
    with context.public_context():
        assert Domain.objects.count() == 2


def test_letters_of_their_own_are_kept_as_the_dns_has_them(add, zones):
    zones.add_zone("praxis-süd.example".encode("idna").decode())
    assert add("Praxis-Süd.example").domain == "praxis-süd.example".encode("idna").decode()


def test_host_of_another_organization_is_refused_until_its_dns_moves(cast, south, live, add, check, zones):
    with pytest.raises(ConflictError) as refused:
        add(organization=south, by="op@vendor.test")
    assert refused.value.code == "domain_taken" and "north" not in refused.value.message.lower()

    zones.set(HOST, "CNAME", "elsewhere.example.")
    assert check(live).problem == "moved_away"
    wanted = add(organization=south, by="op@vendor.test")
    assert wanted.verification_token != live.verification_token
    assert check(wanted).state == "awaiting_dns"  # the old proof is none for somebody else
    prove(zones, wanted)
    point(zones, wanted)
    assert check(wanted).state == "live"
    with context.public_context():
        before = Domain.objects.get(pk=live.pk)
    assert (before.state, before.verified_at, before.verification_token) == ("released", None, "")
    assert hosts.find_organization(HOST).pk == south.pk


def test_who_loses_a_host_is_told_behind_the_bell_and_by_mail(cast, south, live, add, check, zones, mailoutbox):
    zones.set(HOST, "CNAME", "elsewhere.example.")
    check(live)
    wanted = add(organization=south, by="op@vendor.test")
    prove(zones, wanted)
    point(zones, wanted)
    check(wanted)

    assert Notice.objects.filter(user_id=cast.nora.pk, title=f"{HOST} is no longer yours").count() == 1
    outbox_delivery.deliver_all()
    told = [sent for sent in mailoutbox if sent.subject == f"{HOST} is no longer yours"]
    assert [sent.to for sent in told] == [["Nora North <nora@north.test>"]]
    assert "links lead to north.test" in told[0].body and "/settings/hosts/" in told[0].body
    assert "south" not in told[0].body.lower()


def test_two_may_ask_and_the_first_who_proves_it_has_it(cast, south, add, check, zones):
    ours, theirs = add(), add(organization=south, by="op@vendor.test")
    zones.text(f"_verify.{HOST}", ours.verification_token, theirs.verification_token)
    point(zones, ours)
    assert check(ours).state == "live"
    point(zones, theirs)
    zones.remove(HOST, "CNAME")
    zones.set(HOST, "A", EDGE[0])
    assert (check(theirs).state, theirs.pk != ours.pk) == ("awaiting_dns", True)
    assert check(theirs).problem == "held"
    assert hosts.find_organization(HOST).pk == cast.north.pk


def test_silent_dns_changes_nothing(live, check, zones, client):
    for name in (HOST, f"_verify.{HOST}", "clinic.example", "example"):
        zones.fail(name, "servfail")
    assert (check(live).state, check(live).problem) == ("live", "unreachable")
    hosts._entries.clear()
    assert answers(client) == 200


def test_night_finds_a_host_that_moved_away_tells_of_it_and_takes_it_back(cast, live, zones, client, mailoutbox):
    domains.make_primary(cast.north.pk, live.pk, by=cast.nora, now=clock.now())
    assert primary_host() == HOST
    zones.set(HOST, "CNAME", "stranger.example.")
    with context.organization_context(cast.north):
        domains.look_after(cast.north, now=clock.now())
        domains.look_after(cast.north, now=clock.now())
    cast.north.__dict__.pop("_primary_host", None)
    assert answers(client) == 404 and not certificates.may_have_certificate(HOST)
    assert absolute_url("/").startswith("http://north.test")  # links lead to the host that works
    assert answers(client, "north.test") == 200
    told = OutboxMessage.objects.filter(name="people.send_host_notice")
    assert {message.payload["user_id"] for message in told} == {str(cast.nora.pk)}  # once, and nobody else
    assert "needs attention" in Notice.objects.filter(user_id=cast.nora.pk).latest("created_at").title

    point(zones, live)
    domains.look_after(cast.north, now=clock.now())
    assert answers(client) == 200
    cast.north.__dict__.pop("_primary_host", None)
    assert primary_host() == HOST


def test_missing_proof_of_a_bare_domain_is_told_and_a_week_later_the_host_is_not_answered(add, check, zones, client):
    domain = add("clinic.example")
    prove(zones, domain)
    zones.set("clinic.example", "A", EDGE[0])
    zones.set("clinic.example", "AAAA", EDGE[1])
    check(domain)
    zones.remove("_verify.clinic.example")
    now = clock.now()
    assert check(domain, now).problem == "proof_missing"
    assert answers(client, "clinic.example") == 200
    assert check(domain, now + timedelta(days=8)).problem == "proof_lost"
    assert check(domain, now + timedelta(days=9)).problem == "proof_lost"
    assert answers(client, "clinic.example") == 404
    prove(zones, domain)
    assert check(domain, now + timedelta(days=10)).state == "live"


def test_removal_leads_on_for_a_while_and_leaves_a_tombstone(cast, live, client):
    removed = domains.remove_domain(cast.north.pk, live.pk, by=cast.nora, now=clock.now(), at_once=False)
    assert removed.state == "detaching"
    assert client.get("/x", headers={"host": HOST})["Location"] == "http://north.test/x"
    kept = domains.keep_domain(cast.north.pk, live.pk, by=cast.nora, now=clock.now())
    assert kept.state == "live" and answers(client) == 200

    domains.remove_domain(cast.north.pk, live.pk, by=cast.nora, now=clock.now(), at_once=False)
    domains.look_after(cast.north, now=clock.now() + timedelta(days=15))
    assert answers(client) == 404
    with context.public_context():
        assert Domain.objects.get(pk=live.pk).state == "released"
    with pytest.raises(NotFound):
        domains.find(cast.north.pk, live.pk)


def test_same_organization_proves_a_removed_host_anew(cast, live, add, check):
    domains.remove_domain(cast.north.pk, live.pk, by=cast.nora, now=clock.now())
    again = add()
    assert again.pk != live.pk and again.verification_token != live.verification_token
    assert check(again).problem == "proof_wrong"


def test_request_that_nobody_answers_is_dropped_after_a_month(cast, add):
    domain = add()
    domains.look_after(cast.north, now=clock.now() + timedelta(days=29))
    assert domains.find(cast.north.pk, domain.pk).state == "awaiting_dns"
    domains.look_after(cast.north, now=clock.now() + timedelta(days=31))
    with pytest.raises(NotFound):
        domains.find(cast.north.pk, domain.pk)


def test_waiting_hosts_are_looked_at_every_few_minutes(add, zones):
    domain = add()
    prove(zones, domain)
    point(zones, domain)
    assert domains.check_waiting(now=clock.now()) == 1
    assert domains.check_waiting(now=clock.now()) == 0
    assert domains.find(domain.tenant_id, domain.pk).state == "live"


def test_blocked_host_is_not_answered_and_nobody_can_ask_for_it(cast, south, live, add, client):
    with pytest.raises(DomainError):
        domains.block_domain(cast.north.pk, live.pk, reason=" ", by="op@vendor.test", now=clock.now())
    domains.block_domain(cast.north.pk, live.pk, reason="phishing", by="op@vendor.test", now=clock.now())
    assert answers(client) == 404
    for organization in (cast.north, south):
        with pytest.raises(DomainError) as refused:
            add(organization=organization, by="op@vendor.test")
        assert refused.value.code == "host_blocked"
    assert "phishing" not in str([event.changes for event in AuditEvent.objects.all()])
    assert "op@vendor.test" not in set(AuditEvent.objects.values_list("actor_label", flat=True))
    domains.unblock_domain(cast.north.pk, live.pk, by="op@vendor.test", now=clock.now())
    assert domains.find(cast.north.pk, live.pk).verified_at is None


def test_organizations_people_do_not_remove_the_platforms_host(cast, live):
    domains.make_primary(cast.north.pk, live.pk, by=cast.nora, now=clock.now())
    ours = next(host for host in domains.hosts_of(cast.north.pk) if host.is_the_platforms)
    with pytest.raises(DomainError) as refused:
        domains.remove_domain(cast.north.pk, ours.pk, by=cast.nora, now=clock.now())
    assert refused.value.code == "host_reserved"


def test_certificate_is_waited_for_watched_and_alarmed_of(add, check, zones, settings, monkeypatch):
    settings.PUBLIC_SCHEME = "https"
    shown = {"certificate": None}
    monkeypatch.setattr(certificate_probe, "look", lambda host: shown["certificate"])
    domain = add()
    prove(zones, domain)
    point(zones, domain)
    assert (check(domain).state, check(domain).problem) == ("cert_issuing", "certificate")
    assert certificates.may_have_certificate(HOST)
    now = clock.now()
    shown["certificate"] = Certificate(now, now + timedelta(days=90))
    assert check(domain).state == "live"
    late = now + timedelta(days=80)
    assert (check(domain, late).state, check(domain, late).problem) == ("degraded", "certificate_ends")
    assert hosts.find_organization(HOST) is not None
    told = OutboxMessage.objects.filter(name="people.send_host_notice").count()
    check(domain, late + timedelta(days=1))
    assert OutboxMessage.objects.filter(name="people.send_host_notice").count() == told  # once, not every night
    shown["certificate"] = Certificate(late, late + timedelta(days=90))
    assert check(domain, late + timedelta(days=1)).state == "live"


def test_caa_that_leaves_us_out_is_told(add, check, zones, settings):
    settings.PUBLIC_SCHEME = "https"
    zones.set("clinic.example", "CAA", '0 issue "other-authority.example"')
    domain = add()
    prove(zones, domain)
    point(zones, domain)
    assert (check(domain).state, check(domain).problem) == ("ownership_verified", "caa")


def test_thousand_unknown_names_get_no_certificate_and_asking_is_quick(db, client):
    client.get(certificates.PATH, {"domain": "north.test"})
    took = []
    for number in range(1000):
        begun = time.perf_counter()
        answer = client.get(
            certificates.PATH, {"domain": "north.test" if number % 2 else f"x{number}.stranger.example"}
        )
        took.append(time.perf_counter() - begun)
        assert answer.status_code == (200 if number % 2 else 404)
    known = sorted(took[1::2])
    assert (
        known[int(len(known) * 0.95)] < 0.05
    )  # the figure is 5 ms on a machine of its own; other work runs beside the tests


def test_add_host_command_tells_the_records_and_adds_nothing_twice(cast, zones, tmp_path, capsys):
    file = tmp_path / "hosts.json"
    file.write_text(json.dumps([{"organization": "north", "host": HOST, "check": True, "primary": True}]))
    call_command("add_host", str(file))
    (first,) = json.loads(capsys.readouterr().out)
    assert (first["state"], first["records"][0]["type"], first["primary"]) == ("awaiting_dns", "TXT", False)
    for record in first["records"]:
        if record["type"] == "TXT":
            zones.text(record["name"], record["value"])
        else:
            zones.set(record["name"], record["type"], f"{record['value']}.")
    call_command("add_host", str(file))
    (second,) = json.loads(capsys.readouterr().out)
    assert (second["state"], second["primary"]) == ("live", True)
    with context.public_context():
        assert Domain.objects.filter(domain=HOST).count() == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "no JSON"), ("[1]", "list of objects"), ('{"organization": "nobody", "host": "a.clinic.example"}', "1 of 1 failed"),
        ('{"organization": "north", "host": "*.clinic.example"}', "1 of 1 failed"), ('{"organization": "north"}', "1 of 1 failed"),
        ('{"organization": "north", "host": "a.clinic.example", "colour": "red"}', "1 of 1 failed"),
    ],
)  # fmt: skip
def test_add_host_command_says_what_is_wrong(cast, zones, tmp_path, text, said):
    file = tmp_path / "hosts.json"
    file.write_text(text)
    with pytest.raises(CommandError, match=said):
        call_command("add_host", str(file))
    with context.public_context():
        assert Organization.objects.count() == 2 and Domain.objects.count() == 2


@pytest.mark.parametrize("state", list(DomainState))
def test_every_state_has_a_sentence(state):
    assert state.sentence and state.tone
