"""What the DNS says, as values, asked of a real server over UDP and TCP."""

import time

import pytest

from tenants.dns import Authorization, MailServer, Problem, Resolver, system_resolver
from tests.factories.dns_server import asking, dns_server


@pytest.fixture(scope="module")
def server():
    with dns_server() as running:
        yield running


@pytest.fixture
def zones(server):
    server.zones.clear()
    server.zones.add_zone("clinic.example", name_servers=("ns1.company.example", "ns2.company.example"))
    return server.zones


@pytest.fixture
def dns(server, zones):
    return asking(server)


def test_texts_come_whole_however_long_or_odd(dns, zones):
    odd = ["token=1", "x" * 700, 'quo"te \\ and ; semicolon', "Grüße 見", ""]
    zones.text("_verify.clinic.example", *odd)
    assert set(dns.texts("_verify.clinic.example").records) == set(odd)


def test_alias_is_of_the_very_name_and_addresses_follow_it(dns, zones):
    zones.set("care.clinic.example", "CNAME", "T-1.Edge.example.")
    zones.set("t-1.edge.example", "A", "192.0.2.1", "192.0.2.2")
    zones.set("t-1.edge.example", "AAAA", "2001:db8::1")
    assert dns.alias("care.clinic.example").records == ("t-1.edge.example",)
    assert set(dns.addresses("care.clinic.example").records) == {"192.0.2.1", "192.0.2.2", "2001:db8::1"}


def test_addresses_of_one_kind_are_an_answer(dns, zones):
    zones.set("four.clinic.example", "A", "192.0.2.1")
    answer = dns.addresses("four.clinic.example")
    assert (answer.records, answer.problem) == (("192.0.2.1",), None)


def test_mail_servers_come_in_the_order_of_preference(dns, zones):
    zones.set("clinic.example", "MX", "20 second.example.", "5 first.example.")
    assert dns.mail_servers("clinic.example").records == (
        MailServer(5, "first.example"),
        MailServer(20, "second.example"),
    )


def test_authorizations_are_those_of_the_nearest_name_that_has_some(dns, zones):
    zones.set("clinic.example", "CAA", '0 issue "letsencrypt.org"', '0 issuewild ";"')
    found = dns.authorizations("deep.care.clinic.example")
    assert found.name == "clinic.example"
    assert set(found.records) == {Authorization(0, "issue", "letsencrypt.org"), Authorization(0, "issuewild", ";")}


def test_no_authorizations_anywhere_is_a_certain_answer(dns):
    answer = dns.authorizations("care.clinic.example")
    assert answer.records == () and answer.is_certain


def test_zone_is_the_nearest_above_and_tells_the_company(dns, zones):
    zones.add_zone("branch.clinic.example", name_servers=("ns.other.example",))
    assert dns.zone("deep.care.clinic.example").records == ("clinic.example",)
    assert dns.zone("branch.clinic.example").records == ("branch.clinic.example",)
    assert dns.name_servers_of_zone("care.clinic.example").records == ("ns1.company.example", "ns2.company.example")
    assert dns.name_servers_of_zone("x.branch.clinic.example").records == ("ns.other.example",)
    assert dns.zone("nowhere.invalid").problem == Problem.NO_SUCH_NAME


def test_name_without_this_record_is_told_from_no_name(dns, zones):
    zones.set("care.clinic.example", "A", "192.0.2.1")
    assert dns.texts("care.clinic.example").problem == Problem.NO_ANSWER
    assert dns.texts("gone.clinic.example").problem == Problem.NO_SUCH_NAME
    assert dns.addresses("gone.clinic.example").problem == Problem.NO_SUCH_NAME


@pytest.mark.parametrize("name", ["a" * 64 + ".example", "a..example", ".".join(["abc"] * 70), ""])
def test_what_is_no_name_does_not_exist(dns, name):
    assert dns.texts(name).problem in (Problem.NO_SUCH_NAME, Problem.NO_ANSWER)


@pytest.mark.parametrize("fault", ["servfail", "refused"])
def test_server_that_fails_is_no_answer(dns, zones, fault):
    zones.fail("clinic.example", fault)
    answer = dns.texts("clinic.example")
    assert answer.problem == Problem.SERVER_FAILED and not answer.is_certain


def test_silence_ends_at_the_deadline(server, zones):
    zones.fail("clinic.example", "silence")
    begun = time.monotonic()
    answer = asking(server, seconds=0.4).texts("clinic.example")
    assert answer.problem == Problem.TIMED_OUT and not answer.is_certain
    assert time.monotonic() - begun < 2  # the deadline is 0.4 s; the rest is for a busy machine


def test_nobody_at_the_port_is_a_failure_and_no_exception():
    assert not Resolver(["127.0.0.1"], 9, 0.4).texts("clinic.example").is_certain


def test_two_names_that_lead_to_each_other_end(dns, zones):
    zones.set("a.clinic.example", "CNAME", "b.clinic.example.")
    zones.set("b.clinic.example", "CNAME", "a.clinic.example.")
    assert dns.addresses("a.clinic.example").records == ()


def test_settings_name_the_server(zones):
    zones.text("clinic.example", "asked by the settings")
    assert system_resolver().texts("clinic.example").records == ("asked by the settings",)


def test_what_was_changed_is_seen_at_once(dns, zones):
    zones.text("clinic.example", "before")
    assert dns.texts("clinic.example").records == ("before",)
    zones.text("clinic.example", "after")
    assert dns.texts("clinic.example").records == ("after",)
    zones.remove("clinic.example", "TXT")
    assert dns.texts("clinic.example").problem == Problem.NO_ANSWER
