"""Addresses leave with the host that was meant, by the rules of 2008, everywhere."""

from email import message_from_bytes, policy
from email.utils import parseaddr
from smtplib import SMTP

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.mail.backends.smtp import EmailBackend
from django.db import models

from billing.gateways.stripe import StripeGateway
from branding.actions import change_brand
from branding.queries import current_brand
from branding.senders.actions import name_domain
from branding.senders.models import Sender
from core.kernel import outbox
from core.kernel.mail_addresses import deliverable, mailto
from core.notifications.models import Delivery
from core.people.models import User
from tests.factories.scheduling import book

SHARP_S = "user@faß.example"
ENCODED = "user@xn--fa-hia.example"


@pytest.mark.unit
@pytest.mark.parametrize(
    ("address", "uri"),
    [
        ("nora@north.test", "mailto:nora@north.test"),
        ("o'hara+1@north.test", "mailto:o%27hara+1@north.test"),
        ("a?subject=x&bcc=b%40c@north.test", "mailto:a%3Fsubject%3Dx%26bcc%3Db%2540c@north.test"),
        (SHARP_S, f"mailto:{ENCODED}"),
        ("größe@north.test", ""),
        ("", ""),
    ],
)
def test_link_to_an_address_leads_to_that_address_and_asks_for_nothing_else(address, uri):
    assert mailto(address) == uri


@pytest.mark.unit
@pytest.mark.parametrize(
    ("address", "leaves_as"),
    [
        (SHARP_S, ENCODED),
        ("anna@βόλος.example", "anna@xn--nxasmm1c.example"),  # a final sigma, which 2003 loses
        ("a@ﬁlm.example", "a@film.example"),  # a ligature, which UTS 46 maps
        ("a@BÜCHER.example", "a@xn--bcher-kva.example"),
        ("a@bücher。example", "a@xn--bcher-kva.example"),
        ("Anna.B+1@Clinic.example", "Anna.B+1@Clinic.example"),
        ("a@xn--fa-hia.example", "a@xn--fa-hia.example"),
        ('"a@b"@faß.example', '"a@b"@xn--fa-hia.example'),
    ],
)
def test_address_leaves_for_the_host_that_was_meant(address, leaves_as):
    assert deliverable(address) == leaves_as


@pytest.mark.unit
@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "@faß.example",
        "a@",
        "a@-faß.example",
        f"a@{'ü' * 64}.example",
        "ä@clinic.example",
        "a@☃\u200d.example",
    ],
)
def test_address_that_cannot_leave_is_refused(address):
    with pytest.raises(ValueError, match=r"."):
        deliverable(address)


@pytest.mark.unit
@pytest.mark.parametrize("field", [forms.EmailField(), models.EmailField()])
def test_every_address_field_says_what_is_wrong(field):
    field.run_validators(SHARP_S)
    with pytest.raises(ValidationError, match="no host name"):
        field.run_validators("a@" + "ü" * 64 + ".example")


@pytest.fixture
def on_the_wire(monkeypatch):
    """What would be said to an SMTP server: sender, recipients and message."""
    said = []

    def sendmail(self, sender, recipients, message, *options, **more):
        said.append((sender, recipients, message_from_bytes(message, policy=policy.default)))

    monkeypatch.setattr(SMTP, "sendmail", sendmail)
    monkeypatch.setattr(SMTP, "connect", lambda self, *_, **__: (220, b"ready"))
    monkeypatch.setattr(SMTP, "close", lambda self: None)
    monkeypatch.setattr(EmailBackend, "open", lambda self: setattr(self, "connection", SMTP()) or True)
    monkeypatch.setattr(EmailBackend, "close", lambda self: None)
    return said


def test_mail_sender_replies_and_calendar_file_leave_for_the_hosts_that_were_meant(cast, settings, on_the_wire):
    settings.EMAIL_BACKEND = "branding.senders.backend.EmailBackend"
    User.objects.filter(pk=cast.gus.pk).update(email=SHARP_S)
    change_brand(current_brand(), by=cast.nora, reply_to="hallo@straße.example")
    sender = name_domain("praxis@straße.example", by=cast.nora)
    Sender.objects.filter(pk=sender.pk).update(way="domain", domain_state="verified")
    book(cast)
    outbox.deliver_due()

    sender, recipients, message = next(each for each in on_the_wire if "cleo@" not in str(each[1]))
    assert parseaddr(sender)[1].endswith("@bounce.xn--strae-oqa.example") and [
        parseaddr(to)[1] for to in recipients
    ] == [ENCODED]
    assert ENCODED in message["To"] and "praxis@xn--strae-oqa.example" in message["From"]
    assert message["Reply-To"] == "hallo@xn--strae-oqa.example"
    calendar = next(part for part in message.walk() if part.get_content_type() == "text/calendar").get_content()
    unfolded = str(calendar).replace("\r\n ", "").replace("\n ", "")
    assert f"mailto:{ENCODED}" in unfolded and "mailto:praxis@xn--strae-oqa.example" in unfolded
    assert "fass" not in str(message) and "strasse" not in str(message)
    assert Delivery.objects.filter(address=SHARP_S, state="sent").count() == 1  # read as it was written


def test_payer_leaves_for_the_processor_with_the_host_that_was_meant(monkeypatch, settings):
    sent = []

    class Customers:
        def create(self, params, options):
            sent.append(params)
            return type("Customer", (), {"id": "cus_1"})

    gateway = StripeGateway()
    monkeypatch.setattr(gateway, "_client", type("C", (), {"v1": type("V", (), {"customers": Customers()})}))
    gateway.create_customer("acct_1", name="A", email=SHARP_S, key="k")

    assert sent == [{"name": "A", "email": ENCODED}]
