"""A domain that breaks: mail goes on neutrally under the organization's name, those who look after it hear of it, and it recovers (K-67)."""

from datetime import timedelta
from email import message_from_bytes, policy
from email.utils import parseaddr

import pytest

from branding.senders import actions
from branding.senders.models import MailboxProof, Sender, SigningKey
from branding.senders.queries import current_sender, sender_address
from branding.senders.records import stored
from branding.senders.rules.sender_state import PATIENCE
from core.kernel import clock, outbox
from core.kernel.errors import DomainError
from core.kernel.limits import TooOften
from core.kernel.models import AuditEvent, OutboxMessage
from core.notifications.models import Notice
from core.people.notifications import password_reset_requested
from tenants.context import organization_context
from tenants.dns import Answer, Problem, Resolver
from tests.factories.mail_domain import (
    ADDRESS,
    DOMAIN,
    ZONE,
    publish_domain,
    publish_keys,
    publish_zone,
    use_own_domain,
)


def send_all():
    while outbox.deliver_due():
        pass


@pytest.fixture
def own(cast, dns, post):
    use_own_domain(dns, by=cast.nora)
    send_all()
    post.kept.clear()
    return cast


def found():
    return {record.key: record for record in stored(current_sender().domain_found)}


def active_host():
    return f"{SigningKey.objects.get(state='active').selector}._domainkey.{DOMAIN}"


def last_mail(cast, post):
    post.kept.clear()
    password_reset_requested(cast.tess)
    send_all()
    [mail] = [each for each in post.kept if each.sent_to == ["tess@north.test"]]
    return mail, message_from_bytes(mail.raw, policy=policy.default)


def notices_of(user, kind):
    return list(Notice.objects.filter(user_id=user.pk, kind=kind))


def test_broken_key_falls_back_to_the_neutral_sender_and_recovers(own, dns, post):
    dns.zones.remove(active_host())
    actions.nightly(now=clock.now())

    mail, message = last_mail(own, post)
    name, address = parseaddr(message["From"])
    assert (address, mail.sent_by) == ("no-reply@post.neutral.test", "no-reply@post.neutral.test")
    assert "North" in name and "DKIM-Signature" not in message and DOMAIN not in message["Message-ID"]
    assert sender_address() == "no-reply@post.neutral.test"
    [notice] = notices_of(own.nora, "sender_broken")
    assert ADDRESS in notice.title and "neutral sender, under your name" in notice.body
    assert not notices_of(own.tess, "sender_broken")
    assert AuditEvent.objects.filter(action="sender.broken").count() == 1
    actions.nightly(now=clock.now())
    assert len(notices_of(own.nora, "sender_broken")) == 1

    publish_domain(dns)
    actions.nightly(now=clock.now())
    mail, message = last_mail(own, post)
    assert parseaddr(message["From"])[1] == ADDRESS and "DKIM-Signature" in message
    assert len(notices_of(own.nora, "sender_verified")) == 1


def test_administrators_get_a_mail_with_what_is_wrong(own, dns, post):
    dns.zones.remove(active_host())
    actions.nightly(now=clock.now())
    send_all()

    [mail] = [each for each in post.kept if each.sent_to == ["nora@north.test"]]
    message = message_from_bytes(mail.raw, policy=policy.default)
    text = message.get_body(("plain",)).get_content()
    assert ADDRESS in message["Subject"] and active_host() in text and "/settings/sender/" in text
    assert parseaddr(message["From"])[1] == "no-reply@post.neutral.test"


def test_missing_policy_is_told_and_the_domain_is_used_on(own, dns, post):
    dns.zones.remove(f"_dmarc.{DOMAIN}")
    actions.nightly(now=clock.now())

    _, message = last_mail(own, post)
    assert parseaddr(message["From"])[1] == ADDRESS
    assert len(notices_of(own.nora, "sender_attention")) == 1


def test_dns_that_does_not_answer_changes_nothing_for_three_days(own, dns, post, moved_clock):
    dns.zones.fail(active_host(), "servfail")
    actions.nightly(now=clock.now())
    assert current_sender().domain_state == "verified" and found()["dkim"].found == "unknown"
    moved_clock(PATIENCE - timedelta(minutes=1))
    actions.nightly(now=clock.now())
    assert current_sender().domain_state == "verified"
    moved_clock(timedelta(minutes=2))
    actions.nightly(now=clock.now())
    assert current_sender().domain_state == "broken"


def test_dns_that_is_silent_is_asked_twice_and_holds_nobody(own, dns):
    class Silent(Resolver):
        asked = 0

        def _ask(self, name, kind, read):
            type(self).asked += 1
            return Answer(name, (), Problem.TIMED_OUT)

    found = actions.check_domain(now=clock.now(), resolver=Silent())
    assert {record.found for record in found} == {"unknown"} and Silent.asked == 2
    assert current_sender().domain_state == "verified"


def test_first_mail_of_an_hour_looks_again(own, dns, post, moved_clock):
    dns.zones.remove(active_host())
    moved_clock(timedelta(hours=1, minutes=1))
    last_mail(own, post)
    last_mail(own, post)

    assert current_sender().domain_state == "broken"
    assert OutboxMessage.objects.filter(name="senders.check").count() == 1


def set_up(cast, dns):
    publish_zone(dns)
    actions.name_domain(ADDRESS, by=cast.nora)
    publish_keys(dns)
    publish_domain(dns)


@pytest.mark.parametrize(
    ("spoil", "record", "said"),
    [
        (
            lambda dns, key: dns.zones.text(DOMAIN, f"v=spf1 include:spf.{ZONE} ~all", "v=spf1 mx -all"),
            "spf",
            "There are 2 SPF records",
        ),
        (lambda dns, key: dns.zones.text(DOMAIN, "v=spf1 mx -all"), "spf", "does not name the servers"),
        (lambda dns, key: dns.zones.text(DOMAIN, "v=spf1 " + "mx " * 11 + "-all"), "spf", "more than 10 look-ups"),
        (
            lambda dns, key: _text(dns, key, f"v=DKIM1; k=rsa; p={key.public_key[:200]}"),
            "dkim",
            "cut off after 200 of 392",
        ),
        (lambda dns, key: _text(dns, key, f"v=DKIM1; k=rsa; p={key.public_key[::-1]}"), "dkim", "another key"),
        (lambda dns, key: dns.zones.remove(f"bounce.{DOMAIN}"), "return_path", "no such record yet"),
        (
            lambda dns, key: dns.zones.text(f"_dmarc.{DOMAIN}", "v=DMARC1; p=none", "v=DMARC1; p=reject"),
            "dmarc",
            "There are 2 DMARC",
        ),
    ],
)
def test_each_wrong_record_has_its_sentence_and_stops_the_choice(cast, dns, post, spoil, record, said):
    set_up(cast, dns)
    spoil(dns, SigningKey.objects.get(state="active"))
    actions.check_domain(now=clock.now(), by=cast.nora)

    assert said in found()[record].sentence
    assert current_sender().domain_state == "setting_up"
    with pytest.raises(DomainError) as refusal:
        actions.choose_way("domain", by=cast.nora)
    assert refusal.value.code == "domain_not_ready"


def _text(dns, key, text):
    host = f"{key.selector}._domainkey.{DOMAIN}"
    dns.zones.remove(host)
    dns.zones.text(host, text)


def test_merged_spf_record_is_offered_in_place_of_a_second_one(cast, dns, post):
    set_up(cast, dns)
    dns.zones.text("_spf.provider.example", "v=spf1 ip4:198.51.100.1 -all")
    dns.zones.text(DOMAIN, "v=spf1 include:_spf.provider.example ~all", "unrelated=1")
    actions.check_domain(now=clock.now(), by=cast.nora)

    record = found()["spf"]
    assert record.value == f"v=spf1 include:_spf.provider.example include:spf.{ZONE} ~all"
    assert (record.lookups, record.seen) == (1, ["v=spf1 include:_spf.provider.example ~all"])
    dns.zones.text(DOMAIN, record.value)
    actions.check_domain(now=clock.now(), by=cast.nora)
    assert found()["spf"].is_right and found()["spf"].lookups == 2


def test_key_as_text_is_as_good_as_the_alias(cast, dns, post):
    set_up(cast, dns)
    key = SigningKey.objects.get(state="active")
    actions.check_domain(now=clock.now(), by=cast.nora)
    _text(dns, key, found()["dkim"].text)
    actions.check_domain(now=clock.now(), by=cast.nora)
    assert found()["dkim"].is_right and current_sender().domain_state == "verified"


def test_domain_without_a_proven_mailbox_is_not_used(cast, dns, post):
    set_up(cast, dns)
    actions.check_domain(now=clock.now(), by=cast.nora)
    with pytest.raises(DomainError) as refusal:
        actions.choose_way("domain", by=cast.nora)
    assert refusal.value.code == "address_not_proven"


def test_another_address_begins_anew(own):
    actions.name_domain("praxis@other.example", by=own.nora)
    sender = current_sender()
    assert (sender.way, sender.domain_state, sender.domain_found) == ("neutral", "setting_up", [])


@pytest.mark.parametrize("address", [f"x@{ZONE}", f"x@sub.{ZONE}", "x@localhost"])
def test_platforms_own_names_are_nobodys(cast, dns, post, address):
    with pytest.raises(DomainError):
        actions.name_domain(address, by=cast.nora)
    assert not Sender.objects.filter(domain_address=address).exists()


def codes():
    return [
        message.payload["code"]
        for message in OutboxMessage.objects.filter(name="senders.send_address_code").order_by("created_at")
    ]


def test_code_works_once_for_half_an_hour_and_five_tries(cast, dns, post, moved_clock):
    set_up(cast, dns)
    actions.request_code(ADDRESS, by=cast.nora, now=clock.now())
    [code] = codes()
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(5):
        with pytest.raises(DomainError) as refusal:
            actions.confirm_code(ADDRESS, wrong, by=cast.nora, now=clock.now())
        assert refusal.value.code == "code_wrong"
    with pytest.raises(DomainError) as refusal:
        actions.confirm_code(ADDRESS, code, by=cast.nora, now=clock.now())
    assert refusal.value.code == "code_expired"

    actions.request_code(ADDRESS, by=cast.nora, now=clock.now())
    first, second = codes()
    with pytest.raises(DomainError):
        if first == second:
            raise DomainError("code_wrong", "")
        actions.confirm_code(ADDRESS, first, by=cast.nora, now=clock.now())
    moved_clock(timedelta(minutes=31))
    with pytest.raises(DomainError):
        actions.confirm_code(ADDRESS, second, by=cast.nora, now=clock.now())
    actions.request_code(ADDRESS, by=cast.nora, now=clock.now())
    actions.confirm_code(ADDRESS.upper(), f" {codes()[-1][:3]} {codes()[-1][3:]} ", by=cast.nora, now=clock.now())
    proof = MailboxProof.objects.get()
    assert proof.proven_at and not proof.code_hash
    with pytest.raises(DomainError):
        actions.request_code(ADDRESS, by=cast.nora, now=clock.now())


def test_nobodys_mailbox_is_filled(cast, dns, post):
    set_up(cast, dns)
    for _ in range(5):
        actions.request_code(ADDRESS, by=cast.nora, now=clock.now())
    with pytest.raises(TooOften):
        actions.request_code(ADDRESS, by=cast.nora, now=clock.now())
    with pytest.raises(DomainError):
        actions.request_code("somebody@elsewhere.example", by=cast.nora, now=clock.now())


def test_code_goes_to_the_address_by_the_neutral_sender(cast, dns, post):
    set_up(cast, dns)
    actions.request_code(ADDRESS, by=cast.nora, now=clock.now())
    send_all()
    [mail] = post.kept
    message = message_from_bytes(mail.raw, policy=policy.default)
    assert mail.sent_to == [ADDRESS] and parseaddr(message["From"])[1] == "no-reply@post.neutral.test"
    assert codes()[0] in message.get_body(("plain",)).get_content()


def test_other_organization_sends_as_before(own, south):
    with organization_context(south):
        assert not Sender.objects.exists() and not SigningKey.objects.exists()
        assert sender_address() == "no-reply@post.neutral.test"
