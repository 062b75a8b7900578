"""What the receiving server found of a test mail: read where the mail comes back with it, and otherwise said not to be measured."""

from email.message import EmailMessage
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart

import pytest

from branding.senders import actions
from branding.senders.authentication import received_results
from branding.senders.queries import current_sender
from core.kernel import clock
from core.notifications import returned_mail
from tenants import outbox_delivery
from tests.factories import mail_domain

LINE = "mx.there.example 1; dkim=pass header.d=clinic.example; spf=softfail smtp.mailfrom=bounce.clinic.example; dmarc=pass"
FOUND = [("SPF", "softfail"), ("DKIM", "pass"), ("DMARC", "pass")]


def original(*lines):
    message = EmailMessage()
    for line in lines:
        message["Authentication-Results"] = line
    message["Subject"] = "This is a test"
    message.set_content("x")
    return message


def report(inner):
    whole = MIMEMultipart("report", **{"report-type": "delivery-status"})
    whole["Authentication-Results"] = "mx.ours.example; spf=fail; dkim=fail"
    whole.attach(MIMEMessage(inner))
    return whole


def pairs(found):
    return [(each["method"], each["result"]) for each in found]


@pytest.mark.unit
def test_results_are_those_of_the_mail_and_of_the_last_server():
    assert pairs(received_results(original(LINE))) == pairs(received_results(report(original(LINE)))) == FOUND
    assert received_results(original(LINE))[0]["server"] == "mx.there.example"
    assert pairs(received_results(original(LINE, "mx.before.example; spf=fail; dkim=fail; dmarc=fail"))) == FOUND


@pytest.mark.unit
@pytest.mark.parametrize("line", ["", "💈", ";;;", "x; spf=", "mx; arc=pass", "mx; " + "spf =\tpass; " * 500])
def test_line_that_says_nothing_is_no_result(line):
    assert pairs(received_results(original(line))) in ([], [("SPF", "pass")])


@pytest.mark.unit
def test_line_over_a_report_is_about_the_report():
    assert received_results(report(original())) == []


@pytest.fixture
def tested(cast, dns, post):
    """Nora has sent a test in the own name; its signed return address."""
    mail_domain.use_own_domain(dns, by=cast.nora)
    actions.request_test(address="nora@north.test", by=cast.nora, now=clock.now())
    outbox_delivery.deliver_all()
    return current_sender().last_test["envelope"]


def test_page_shows_what_came_back_and_otherwise_says_that_nothing_was_measured(cast, tested, visit):
    page = visit(cast.nora).get("/settings/sender/").content.decode()
    assert "was not measured" in page
    assert returned_mail.receive(tested, original(LINE).as_bytes())
    page = visit(cast.nora).get("/settings/sender/").content.decode()
    assert "softfail" in page and "found on receiving it" in page and "was not measured" not in page


def test_strangers_address_and_silent_mail_change_nothing(cast, tested):
    assert not returned_mail.receive("nobody@bounce.clinic.example", original(LINE).as_bytes())
    assert not returned_mail.receive(tested, original().as_bytes())
    assert "received" not in current_sender().last_test


def test_later_test_is_not_given_the_results_of_the_one_before(cast, tested):
    actions.request_test(address="nora@north.test", by=cast.nora, now=clock.now())
    returned_mail.receive(tested, original(LINE).as_bytes())
    assert "received" not in current_sender().last_test
