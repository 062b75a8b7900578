"""Mail as it really leaves, by every way and also after a fall-back: nothing in it belongs to whoever runs the platform (K-16 … K-22, K-67)."""

import re
from email import message_from_bytes, policy
from email.utils import parseaddr

import pytest

from branding.senders import actions
from branding.senders.models import SigningKey
from core.kernel import clock, outbox
from core.people.notifications import password_reset_requested
from tests.factories.dns_server import dns_server
from tests.factories.mail_domain import DOMAIN, ZONE, platform_mail, use_own_domain
from tests.factories.scheduling import book

VENDOR = "colon" + "nade"
# What a relay, a library or a provider would betray itself by.
TRACES = ("x-", "user-agent", "feedback-id", "sender", "list-id")
NEUTRAL = "post.neutral.test"
OWN = {DOMAIN, f"bounce.{DOMAIN}"}


@pytest.fixture
def post():
    with platform_mail() as server:
        yield server


@pytest.fixture
def dns():
    with dns_server() as server:
        yield server


def break_the_key(dns):
    key = SigningKey.objects.get(state="active")
    dns.zones.remove(f"{key.selector}._domainkey.{DOMAIN}")
    actions.nightly(now=clock.now())


@pytest.mark.parametrize(("way", "hosts"), [("neutral", {NEUTRAL}), ("domain", OWN), ("broken", {NEUTRAL})])
def test_no_mail_betrays_who_runs_the_platform(cast, dns, post, way, hosts):
    if way != "neutral":
        use_own_domain(dns, by=cast.nora)
        while outbox.deliver_due():
            pass
        post.kept.clear()
    if way == "broken":
        break_the_key(dns)
    password_reset_requested(cast.tess)
    book(cast)
    actions.request_test(address="nora@north.test", by=cast.nora, now=clock.now())
    while outbox.deliver_due():
        pass

    assert len(post.kept) >= 3
    for mail in post.kept:
        message = message_from_bytes(mail.raw, policy=policy.default)
        assert VENDOR not in mail.raw.decode(errors="replace").lower()
        assert not [name for name in message if name.lower().startswith(TRACES)]
        name, address = parseaddr(message["From"])
        assert "North" in name
        assert {address.rpartition("@")[2], mail.sent_by.rpartition("@")[2]} <= hosts
        assert mail.greeting == "out.neutral.test"
        assert ZONE not in mail.raw.decode(errors="replace")
        for part in message.walk():
            if part.get_content_maintype() == "text" and part.get_content_subtype() != "calendar":
                text = part.get_content()
                assert not re.search(r"\{\{|\{%|undefined|\[object", text)
                assert set(re.findall(r"https?://([^/\"'\s>:]+)", text)) <= {"north.test", "www.w3.org"}
