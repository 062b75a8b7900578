"""The owner renames the brand: one name everywhere at once, on the pages of everybody, signed in or not."""

import re

import pytest
from django.core import mail

from branding.actions import change_brand
from branding.models import Brand
from core.kernel import clock, outbox
from core.people import actions
from core.people.actions import NewLogin
from core.people.receivers import invite_owner

NEW = "Lighthouse <& Söhne"
SHOWN = "Lighthouse &lt;&amp; Söhne"


@pytest.fixture
def renamed(cast, django_capture_on_commit_callbacks):
    """North, whose people were invited before it had another name."""
    login = NewLogin("mia@example.test", "Mia Long", "guardian", "Europe/Berlin")
    actions.add_client(first_name="Max", time_zone="Europe/Berlin", logins=[login], by=cast.nora, now=clock.now())
    invite_owner(
        organization=cast.north, owner_email="ona@example.test", owner_name="Ona Own", time_zone="Europe/Paris"
    )
    outbox.deliver_due()
    invitations = [re.search(r"http://north\.test(\S+)", message.body).group(1) for message in mail.outbox]
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        change_brand(Brand.objects.get(is_current=True), by=cast.nora, name=NEW)
    for kept in ("_brand", "_palette"):
        cast.north.__dict__.pop(kept, None)  # because this object comes from no cache that could forget it
    return invitations


@pytest.mark.parametrize(
    "path",
    ["/", "/account/login/", "/account/login/code/", "/account/password/reset/", "/account/inactive/", "/no/such/page/",
     "/account/invitations/x/"],
)  # fmt: skip
def test_pages_before_signing_in_have_the_new_name_only(renamed, visit, path):
    text = visit().get(path, follow=True).content.decode()

    assert SHOWN in text and "North Practice" not in text
    assert re.search(r"<title>[^<]*</title>", text).group(0).count(SHOWN) == 1


@pytest.mark.parametrize(
    "path", ["/dashboard/", "/profile/", "/settings/", "/account/2fa/", "/people/staff/", "/no/such/page/"]
)
def test_pages_after_signing_in_have_the_new_name_only(renamed, cast, visit, path):
    text = visit(cast.nora).get(path, follow=True).content.decode()

    assert SHOWN in text and "North Practice" not in text


def test_invitation_that_was_sent_before_has_the_new_name(renamed, visit):
    for path in renamed:
        text = visit().get(path).content.decode()
        assert SHOWN in text and "North Practice" not in text


def test_mail_and_authenticator_have_the_new_name(renamed, cast, visit):
    visit().post("/account/password/reset/", {"email": "tess@north.test"})
    outbox.deliver_due()

    assert NEW in mail.outbox[-1].subject and "North Practice" not in str(mail.outbox[-1].message())
