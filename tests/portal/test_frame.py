"""The frame around every page: brand, words, headers, errors."""

import pytest
from django.core import mail
from django.urls import reverse

from billing.messages import NOT_INVOICED_NOTICE
from branding.actions import change_brand
from branding.queries import current_brand
from core.kernel.models import OutboxMessage
from core.notifications import notices
from tenants.context import organization_context, public_context
from tenants.models import Organization
from tenants.provisioning import provision_organization


@pytest.fixture
def provisioned(db):
    return provision_organization(
        name="Harbour Clinic", slug="harbour", host="harbour.test", plan="enterprise", owner_email="olive@harbour.test",
        owner_name="Olive Owner", blueprint="clinic", by="Ops", time_zone="Europe/Lisbon",
    )  # fmt: skip


def test_new_organization_is_usable_at_once(provisioned, client):
    home = client.get("/", headers={"host": "harbour.test"})
    article = client.get("/help/join/", headers={"host": "harbour.test"})

    assert home.status_code == article.status_code == 200
    assert "Harbour Clinic" in home.content.decode()
    assert "harbour.test" in article.content.decode()
    with organization_context(provisioned):
        assert current_brand().time_zone == "Europe/Lisbon"


def test_provisioning_twice_returns_the_first(provisioned):
    again = provision_organization(
        name="Harbour Clinic", slug="harbour", host="harbour.test", plan="enterprise", owner_email="olive@harbour.test",
        owner_name="Olive Owner", blueprint="clinic", by="Ops",
    )  # fmt: skip

    assert again.pk == provisioned.pk
    with public_context():
        assert Organization.objects.filter(slug="harbour").count() == 1


def test_every_answer_carries_the_headers(cast, visit):
    response = visit(cast.nora).get("/dashboard/")

    assert response.status_code == 200
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in response.headers["Content-Security-Policy"]
    assert response.headers["Cache-Control"] == "no-store"
    assert "Server" not in response.headers


@pytest.mark.parametrize(("scheme", "socket"), [("https", "wss"), ("http", "ws")])
@pytest.mark.parametrize("host", ["north.test", "console.test"])
def test_policy_allows_sockets_of_the_pages_own_scheme_only(cast, visit, settings, host, scheme, socket):
    settings.PUBLIC_SCHEME = scheme

    policy = visit().get("/account/login/", headers={"host": host}).headers["Content-Security-Policy"]

    assert [source for source in policy.split() if source.startswith("ws")] == [f"{socket}://{host}"]


def test_anonymous_person_is_led_to_sign_in(cast, visit):
    response = visit().get("/dashboard/")

    assert response.status_code == 302
    assert response.headers["Location"].startswith(reverse("account_login"))


def test_unknown_address_shows_the_organizations_own_page(cast, visit):
    response = visit(cast.nora).get("/no/such/thing/")

    assert response.status_code == 404
    assert "North Practice" in response.content.decode()


def test_brand_css_changes_its_address_with_the_brand(cast, visit):
    before = current_brand().digest

    change_brand(current_brand(), by=cast.nora, primary_color="#7c2d6b")

    assert current_brand().digest != before
    css = visit().get(f"/brand.css?v={current_brand().digest}")
    assert "immutable" in css.headers["Cache-Control"]
    assert "--brand-action" in css.content.decode()


def test_notice_opens_the_thing_itself(cast, visit):
    notice = notices.post(NOT_INVOICED_NOTICE, user_id=cast.nora.pk, path="/dashboard/", client="Cleo")
    page = visit(cast.nora)

    assert "No invoice for Cleo" in page.get("/notifications/").content.decode()
    assert page.get(f"/notifications/{notice.pk}/").headers["Location"] == "/dashboard/"
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_notice_of_somebody_else_is_not_there(cast, visit):
    notice = notices.post(NOT_INVOICED_NOTICE, user_id=cast.nora.pk, path="/dashboard/", client="Secret")

    assert visit(cast.tess).get(f"/notifications/{notice.pk}/").status_code == 404
    assert "Secret" not in visit(cast.tess).get("/notifications/").content.decode()
    assert not OutboxMessage.objects.exists()
    assert mail.outbox == []
