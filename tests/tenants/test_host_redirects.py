"""One host is the primary one; the others lead to it after an overlap, and nothing that is open breaks."""

from datetime import timedelta

import pytest

from core.kernel import clock
from core.kernel.errors import ConflictError
from tenants import context, domains, hosts
from tenants.models import Domain


@pytest.fixture
def own(cast):
    with context.public_context():
        return Domain.objects.create(
            tenant=cast.north, domain="care.example", is_primary=False, verified_at=clock.now()
        )


@pytest.fixture
def moved(cast, own):
    domains.make_primary(cast.north.pk, own.pk, by=cast.nora, now=clock.now(), overlap=timedelta())
    return own


def get(client, path="/account/login/", host="north.test", **headers):
    return client.get(path, headers={"host": host, **headers})


def test_page_of_the_host_before_leads_to_the_same_page(client, moved):
    answer = get(client, "/account/login/?next=/dashboard/")
    assert (answer.status_code, answer["Location"]) == (308, "http://care.example/account/login/?next=/dashboard/")
    assert not answer.cookies and not answer.content
    assert get(client, host="care.example").status_code == 200


def test_both_work_during_the_overlap(client, cast, own, moved_clock):
    domains.make_primary(cast.north.pk, own.pk, by=cast.nora, now=clock.now())
    assert get(client).status_code == 200
    moved_clock(timedelta(days=13))
    assert get(client).status_code == 200
    moved_clock(timedelta(days=2))
    assert get(client).status_code == 308


def test_overlap_may_last_for_good(client, cast, own, moved_clock):
    domains.make_primary(cast.north.pk, own.pk, by=cast.nora, now=clock.now(), overlap=None)
    moved_clock(timedelta(days=1000))
    assert get(client).status_code == 200


def test_what_is_open_already_goes_on_working(client, moved):
    assert get(client, "/dashboard/", **{"HX-Request": "true"}).status_code != 308
    assert get(client, "/brand.css").status_code == 200
    assert get(client, "/notifications/", **{"Sec-Fetch-Mode": "cors"}).status_code != 308
    assert client.post("/account/login/", {"login": "x"}, headers={"host": "north.test"}).status_code != 308
    assert get(client, "/.well-known/security.txt").status_code != 308


def test_host_before_is_not_listed_by_search_engines(client, cast, own):
    assert "X-Robots-Tag" not in get(client)
    domains.make_primary(cast.north.pk, own.pk, by=cast.nora, now=clock.now())
    assert get(client)["X-Robots-Tag"] == "noindex"
    assert "X-Robots-Tag" not in get(client, host="care.example")


def test_host_leads_on_or_works_by_itself_as_somebody_chooses(client, cast, moved):
    old = next(host for host in domains.hosts_of(cast.north.pk) if not host.is_primary)
    domains.redirect_domain(cast.north.pk, old.pk, redirects=False, by=cast.nora, now=clock.now())
    assert get(client).status_code == 200
    domains.redirect_domain(cast.north.pk, old.pk, redirects=True, by=cast.nora, now=clock.now())
    assert get(client).status_code == 308
    with pytest.raises(ConflictError):
        domains.redirect_domain(cast.north.pk, moved.pk, redirects=True, by=cast.nora, now=clock.now())


def test_host_does_not_lead_to_a_primary_one_that_moved_away(client, moved):
    with context.public_context():
        Domain.objects.filter(pk=moved.pk).update(state="degraded", problem="moved_away")
    hosts.forget_all()
    assert get(client).status_code == 200
    assert get(client, host="care.example").status_code == 404


def test_address_that_tries_to_lead_elsewhere_stays_on_the_primary_host(client, moved):
    for path in ("//evil.example/", "/\\evil.example", "/@evil.example"):
        location = get(client, path)["Location"]
        assert location.startswith("http://care.example/")


def test_console_is_unknown_on_an_organizations_host(client, moved):
    for path in ("/organizations/", "/operator/", "/admin/"):
        assert get(client, path, host="care.example").status_code == 404


def test_warm_request_asks_the_database_nothing_about_the_host(client, moved, django_assert_num_queries):
    hosts.find("north.test")
    with django_assert_num_queries(0):
        assert get(client).status_code == 308
