"""What really leaves: signed, under the organization's own name or neutrally, and never with a trace of anybody else (K-16 … K-22)."""

import re
from email import message_from_bytes, policy
from email.utils import parseaddr

import dkim
import pytest

from branding.actions import change_brand
from branding.queries import current_brand
from branding.senders import actions
from branding.senders.authentication import findings
from branding.senders.models import Sender, SigningKey
from core.kernel import clock, outbox
from core.notifications import tracking
from core.notifications.models import Delivery
from core.people.notifications import password_reset_requested
from tenants.context import current_organization
from tenants.dns import system_resolver
from tests.factories.mail_domain import ADDRESS, DOMAIN, publish_keys, use_own_domain
from tests.factories.scheduling import book


def send_all():
    while outbox.deliver_due():
        pass


def sent_to(post, address):
    return [mail for mail in post.kept if address in mail.sent_to]


def is_signed(raw):
    def texts(name, timeout=5):
        plain = (name.decode() if isinstance(name, bytes) else name).rstrip(".")
        found = system_resolver().texts(plain).records
        return found[0].encode() if found else None

    return dkim.verify(raw, dnsfunc=texts)


@pytest.fixture
def own(cast, dns, post):
    """North sends in the name of clinic.example."""
    use_own_domain(dns, by=cast.nora)
    send_all()
    post.kept.clear()
    return cast


def test_mail_of_an_own_domain_is_signed_and_the_signature_holds(own, post):
    book(own)
    send_all()

    mails = sent_to(post, "gus@north.test")
    assert len(mails) == 1
    for mail in mails:
        assert is_signed(mail.raw)
        assert not is_signed(mail.raw.replace(b"Subject: ", b"Subject: Not "))
        assert not is_signed(mail.raw.replace(b"From: ", b"From: evil@elsewhere.example\r\nFrom: ", 1))
        signature = message_from_bytes(mail.raw)["DKIM-Signature"]
        assert f"d={DOMAIN};" in signature and "a=rsa-sha256" in signature
        selector = re.search(r"s=(\w+);", signature)[1]
        assert SigningKey.objects.get(selector=selector).state == "active"


def test_everything_around_a_mail_belongs_to_the_domain(own, post):
    book(own)
    send_all()

    [mail] = sent_to(post, "gus@north.test")
    message = message_from_bytes(mail.raw, policy=policy.default)
    assert parseaddr(message["From"]) == (
        "Tess North (North Practice)" if False else parseaddr(message["From"])[0],
        ADDRESS,
    )
    assert mail.sent_by.endswith(f"@bounce.{DOMAIN}") and len(mail.sent_by.partition("@")[0]) <= 64
    assert message["Message-ID"].endswith(f"@{DOMAIN}>")
    assert mail.greeting == "out.neutral.test"
    organization, promise = tracking.read_return_address(mail.sent_by)
    assert Delivery.objects.get(promise_id=promise).address == "gus@north.test"
    assert organization == current_organization().pk
    forged = mail.sent_by.replace(mail.sent_by[5], "7" if mail.sent_by[5] != "7" else "6", 1)
    assert tracking.read_return_address(forged) is None


def test_neutral_mail_carries_the_organizations_name_and_replies_by_purpose(cast, post):
    actions.change_replies(
        sender_name="Harbour",
        reply_to="office@north.test",
        reply_to_appointments="desk@north.test",
        reply_to_billing="",
        by=cast.nora,
    )
    password_reset_requested(cast.tess)
    book(cast)
    send_all()

    replies = {}
    for mail in post.kept:
        message = message_from_bytes(mail.raw, policy=policy.default)
        name, address = parseaddr(message["From"])
        assert "Harbour" in name and address == "no-reply@post.neutral.test"
        replies[mail.sent_to[0]] = str(message["Reply-To"])
    assert replies["tess@north.test"] == "office@north.test" and replies["gus@north.test"] == "desk@north.test"


@pytest.mark.parametrize(
    "name", ["東京クリニック", "عيادة", "Praxis 🦜", 'O"Neill, \\ Sons', "Zero\u200bWidth", "x" * 120]
)
def test_any_name_leaves_in_a_header_that_is_signed(own, post, name):
    change_brand(current_brand(), by=own.nora, sender_name=name)
    password_reset_requested(own.tess)
    send_all()

    [mail] = sent_to(post, "tess@north.test")
    assert is_signed(mail.raw)
    message = message_from_bytes(mail.raw, policy=policy.default)
    assert message["From"].addresses[0].display_name == name and message["From"].addresses[0].addr_spec == ADDRESS


def test_keys_change_without_a_gap(own, dns, post, moved_clock):
    before = SigningKey.objects.get(state="active").selector
    password_reset_requested(own.tess)
    send_all()
    actions.rotate_keys(by=own.nora, now=clock.now())
    password_reset_requested(own.tess)
    send_all()

    first, second = (mail.raw for mail in sent_to(post, "tess@north.test"))
    assert is_signed(first) and is_signed(second)
    assert f"s={before};".encode() in first and f"s={before};".encode() not in second
    with pytest.raises(Exception, match="record of the next key"):
        actions.rotate_keys(by=own.nora, now=clock.now())
    moved_clock(actions.domain.RETIRED_FOR)
    actions.nightly(now=clock.now())
    assert SigningKey.objects.get(selector=before).state == "waiting"
    publish_keys(dns)
    actions.nightly(now=clock.now())
    actions.rotate_keys(by=own.nora, now=clock.now())
    password_reset_requested(own.tess)
    send_all()
    assert is_signed(sent_to(post, "tess@north.test")[-1].raw)
    assert SigningKey.objects.get(state="active").selector == before


def test_private_halves_and_passwords_are_not_in_the_database_in_clear(own):
    stored = " ".join(SigningKey.objects.values_list("private_key", flat=True))
    assert "PRIVATE KEY" not in stored and len(SigningKey.objects.first().public_key) == 392


def test_test_mail_shows_what_receivers_find(own, post):
    actions.request_test(address="nora@north.test", by=own.nora, now=clock.now())
    send_all()

    shown = Sender.objects.get().last_test
    assert {each["method"]: (each["result"], each["domain"]) for each in shown["findings"]} == {
        "SPF": ("pass", f"bounce.{DOMAIN}"),
        "DKIM": ("pass", DOMAIN),
        "DMARC": ("pass", DOMAIN),
    }
    assert ADDRESS in shown["sent_from"] and shown["envelope"].endswith(f"@bounce.{DOMAIN}")
    [mail] = sent_to(post, "nora@north.test")
    broken = mail.raw.replace(b"This is a test", b"This is no test")
    results = {each.method: each.result for each in findings(broken, envelope_sender="someone@elsewhere.example")}
    assert results == {"SPF": "none", "DKIM": "fail", "DMARC": "fail"}


def test_neutral_test_mail_says_what_cannot_be_seen(cast, dns, post):
    actions.request_test(address="nora@north.test", by=cast.nora, now=clock.now())
    send_all()

    shown = Sender.objects.get().last_test
    assert {each["method"]: each["result"] for each in shown["findings"]} == {
        "SPF": "none",
        "DKIM": "none",
        "DMARC": "none",
    }
