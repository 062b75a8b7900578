"""What the pages about the sender show."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from branding.queries import published_brand
from branding.senders.models import Sender, SigningKey
from branding.senders.queries import Purpose, address_of, is_proven, open_proof, reply_to, uses_domain
from branding.senders.records import mail_zone, return_host
from branding.senders.rules.sender_state import IN_USE, State
from core.kernel import clock
from core.kernel.reasons import stored_reason
from core.notifications.models import Delivery
from tenants import entitlements


@dataclass(frozen=True, slots=True)
class WayCard:
    """One of the three ways, as somebody chooses it."""

    way: str
    title: str
    text: str
    icon: str
    state: str
    tone: str
    is_current: bool
    can_use: bool
    url_name: str = ""


@dataclass(frozen=True, slots=True)
class TestResult:
    """What is known of the last test mail."""

    address: str
    is_pending: bool
    sent_from: str
    envelope: str
    findings: list[dict[str, Any]]
    delivery: Delivery | None
    received: list[dict[str, str]]  # by the receiving server, where the mail came back with it


def overview(sender: Sender) -> dict[str, Any]:
    """How mail leaves now."""
    brand, address = published_brand(), address_of(sender)
    return {
        "sender": sender,
        "shown_name": brand.sender_name or brand.name,
        "address": address,
        "replies": {purpose.value: reply_to(sender, purpose, brand) for purpose in Purpose},
        "return_host": return_host(sender.domain) if uses_domain(sender) else "",
        "chosen_address": sender.domain_address if sender.way == Sender.Way.DOMAIN else sender.server_address,
        "server_reason": server_sentence(sender),
        "may_be_own": entitlements.allows(entitlements.OWN_SENDER),
        "is_kept": entitlements.keeps(entitlements.OWN_SENDER),
    }


def ways(sender: Sender) -> list[WayCard]:
    """The ways that this organization can take; without a sender of its own in the plan, the one it still has."""
    if not entitlements.allows(entitlements.OWN_SENDER):
        kept = {Sender.Way.DOMAIN: _domain, Sender.Way.SERVER: _server}.get(Sender.Way(sender.way))
        return [_neutral(sender), *([kept(sender)] if kept and entitlements.keeps(entitlements.OWN_SENDER) else [])]
    return [_neutral(sender), *([_domain(sender)] if mail_zone() else []), _server(sender)]


def steps(sender: Sender) -> list[dict[str, str]]:
    """How far an own domain has come."""
    done = [
        bool(sender.domain_address),
        sender.domain_state in IN_USE,
        is_proven(sender.domain_address),
        uses_domain(sender),
    ]
    labels = [_("Address"), _("Records"), _("Mailbox"), _("In use")]
    first = next((index for index, is_done in enumerate(done) if not is_done), len(done))
    return [
        {"label": label, "state": "done" if is_done else "current" if index == first else "todo"}
        for index, (label, is_done) in enumerate(zip(labels, done, strict=True))
    ]


def keys_of() -> list[SigningKey]:
    return list(SigningKey.objects.all())


def proof_of(address: str) -> dict[str, Any]:
    """Whether the mailbox is proven, or a code waits to be typed."""
    return {"is_proven": is_proven(address), "waiting": open_proof(address, now=clock.now()) is not None}


def server_sentence(sender: Sender) -> str:
    """What the last look at the own server found."""
    reason = stored_reason(sender.server_reason_code, sender.server_reason_values)
    return reason.sentence() if reason else ""


def test_result(sender: Sender) -> TestResult | None:
    """The last test mail; None where nobody has asked for one."""
    kept = sender.last_test
    if not kept:
        return None
    delivery = Delivery.objects.filter(promise_id=kept["promise"]).first()
    is_pending = not kept.get("sent_at") and (delivery is None or delivery.state == Delivery.State.TRYING)
    return TestResult(
        kept["address"],
        is_pending,
        kept.get("sent_from", ""),
        kept.get("envelope", ""),
        kept.get("findings", []),
        delivery,
        kept.get("received", []),
    )


def _neutral(sender: Sender) -> WayCard:
    is_current = sender.way == Sender.Way.NEUTRAL or not entitlements.keeps(entitlements.OWN_SENDER)
    text = _("Works at once, without any settings: your name, and a neutral address. Replies go where you say below.")
    state = _("In use") if is_current else _("Ready")
    return WayCard(
        "neutral", _("Neutral sender"), text, "send", state, "success" if is_current else "neutral", is_current, True
    )


def _domain(sender: Sender) -> WayCard:
    is_current = sender.way == Sender.Way.DOMAIN
    names = {
        State.SETTING_UP: (_("Being set up"), "info"),
        State.VERIFIED: (_("In use") if is_current else _("Ready"), "success"),
        State.ATTENTION: (_("Needs a hand"), "warning"),
        State.BROKEN: (_("Not used: a record is wrong"), "danger"),
    }
    state, tone = names[State(sender.domain_state)] if sender.domain_address else (_("Not set up"), "neutral")
    can_use = sender.domain_state in IN_USE and is_proven(sender.domain_address)
    text = _(
        "Mail comes from an address of your own domain, signed by a key of your own. Needs a few records in your DNS."
    )
    return WayCard("domain", _("Own domain"), text, "globe", state, tone, is_current, can_use, "settings:sender_domain")


def _server(sender: Sender) -> WayCard:
    is_current = sender.way == Sender.Way.SERVER
    text = _("Mail leaves by the mail server that you have already, with a user name and a password.")
    if not sender.server_host:
        state, tone = _("Not set up"), "neutral"
    elif sender.server_works:
        state, tone = _("In use") if is_current else _("Ready"), "success"
    else:
        state, tone = (
            _("Not used: it takes no mail") if is_current else _("Being set up"),
            "danger" if is_current else "info",
        )
    can_use = sender.server_works and is_proven(sender.server_address)
    return WayCard(
        "server", _("Own mail server"), text, "server", state, tone, is_current, can_use, "settings:sender_server"
    )
