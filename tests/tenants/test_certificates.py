"""The proxy's question before it fetches a certificate: fail closed."""

import pytest

from tenants import certificates, context, hosts
from tenants.models import Domain, Organization


def asked(client, domain, host="web:8000"):
    return client.get(certificates.PATH, {"domain": domain}, headers={"host": host})


@pytest.mark.parametrize("domain", ["north.test", "NORTH.test.", "console.test"])
def test_hosts_of_ours_may_have_a_certificate(db, client, domain):
    answer = asked(client, domain)
    assert answer.status_code == 200 and not answer.content and not answer.cookies


@pytest.mark.parametrize(
    "domain", ["", "stranger.test", "www.stranger.test", "127.0.0.1", "a" * 300, "north.test/x", "\x00"]
)
def test_hosts_of_nobody_may_not(db, client, domain):
    assert asked(client, domain).status_code == 404


def test_question_without_a_domain_is_answered_no(db, client):
    assert client.get(certificates.PATH).status_code == 404


def test_host_that_is_not_verified_yet_may_not(db, client, north):
    with context.public_context():
        Domain.objects.create(tenant=north, domain="new.north.test")
    assert asked(client, "new.north.test").status_code == 404


def test_suspended_organization_keeps_its_certificate_and_a_closed_one_does_not(db, client, north):
    for state, expected in ((Organization.State.SUSPENDED, 200), (Organization.State.CLOSED, 404)):
        with context.public_context():
            Organization.objects.filter(pk=north.pk).update(state=state)
        hosts.forget_all()
        assert asked(client, "north.test").status_code == expected


def test_database_that_is_away_is_not_a_yes(db, client, monkeypatch):
    def away(host):
        raise hosts.outages.DATABASE_ERRORS[0]("away")

    monkeypatch.setattr(hosts, "find_organization", away)
    client.raise_request_exception = False
    assert asked(client, "north.test").status_code >= 500
