"""What comes back to the return path stands in the delivery log, of the one mail that the signed address names."""

import io

import pytest
from django.core.management import call_command

from core.kernel import outbox
from core.kernel.models import OutboxMessage
from core.notifications import returned_mail, tracking
from core.notifications.models import Delivery, Notice
from core.people.notifications import password_reset_requested
from tenants.context import organization_context

REPORT = """\
From: mailer-daemon@mx.example
To: {to}
Subject: Undelivered
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="x"

--x
Content-Type: text/plain

Sorry.
--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; tess@north.test
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {said}

--x--
"""
OTHER = "01234567-89ab-4def-8123-456789abcdef"
SPAM = """\
From: reports@provider.example
To: {to}
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="x"

--x
Content-Type: text/plain

Somebody complained.
--x
Content-Type: message/feedback-report

Feedback-Type: abuse
Version: 1

--x--
"""


@pytest.fixture
def sent(cast, mailoutbox):
    password_reset_requested(cast.tess)
    while outbox.deliver_due():
        pass
    message = OutboxMessage.objects.get(name="people.send_password_reset")
    return tracking.return_address(message, "bounce.clinic.example")


def mail():
    return Delivery.objects.get(address="tess@north.test")


@pytest.mark.parametrize(
    ("action", "status", "said", "state", "reason"),
    [
        ("failed", "5.1.1", "550 5.1.1 no such user", "bounced", "delivery.address_unknown"),
        ("failed", "5.7.1", "554 5.7.1 policy", "bounced", "delivery.blocked"),
        ("failed", "4.4.7", "time is over", "bounced", "delivery.timed_out"),
        ("failed", "5.2.2", "552 full", "bounced", "delivery.refused_there"),
        ("delayed", "4.2.0", "451 later", "deferred", "delivery.delayed"),
        ("delivered", "2.0.0", "250 ok", "delivered", ""),
    ],
)
def test_report_of_the_mail_system_is_in_the_log(cast, sent, action, status, said, state, reason):
    assert returned_mail.receive(sent.upper(), REPORT.format(to=sent, action=action, status=status, said=said).encode())
    assert (mail().state, mail().reason_code) == (state, reason)
    assert said in mail().detail
    assert Notice.objects.filter(kind="mail_bounced").exists() == (state == "bounced")


def test_complaint_is_in_the_log(cast, sent):
    assert returned_mail.receive(sent, SPAM.format(to=sent).encode())
    assert mail().state == "complained" and "not spam" in mail().advice


@pytest.mark.parametrize(
    "raw",
    [b"", b"\x00\xff", b"Subject: I am on holiday\r\n\r\nBack soon.", b"Content-Type: message/delivery-status\r\n\r\n"],
)
def test_what_is_no_report_changes_nothing(cast, sent, raw):
    assert not returned_mail.receive(sent, raw)
    assert mail().state == "sent"


def test_forged_address_changes_nothing(cast, sent):
    report = REPORT.format(to=sent, action="failed", status="5.1.1", said="x").encode()
    for address in (
        "r@bounce.clinic.example",
        "",
        sent[1:],
        sent.replace(sent[60], "0" if sent[60] != "0" else "1"),
        "r" + "a" * 62 + "@x.example",
    ):
        assert not returned_mail.receive(address, report)
    assert mail().state == "sent"


def test_address_of_one_organization_says_nothing_of_another(cast, south, sent):
    with organization_context(south):
        Delivery.objects.create(
            kind="t", address="tess@north.test", subject="", message_id="<s>", state="sent", promise_id=OTHER, created_at="2026-01-01T00:00Z",
            changed_at="2026-01-01T00:00Z",
        )  # fmt: skip
    returned_mail.receive(sent, REPORT.format(to=sent, action="failed", status="5.1.1", said="x").encode())
    with organization_context(south):
        assert mail().state == "sent"


def test_program_reads_the_standard_input(cast, sent, monkeypatch, capsys):
    raw = REPORT.format(to=sent, action="failed", status="5.1.1", said="x").encode()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw)))
    call_command("receive_returned_mail", sent)
    assert mail().state == "bounced" and "noted" in capsys.readouterr().out
