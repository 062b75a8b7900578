"""A mail domain of an organization's own, in a name server of the test's own, and a mail server that keeps what it is given."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from aiosmtpd.smtp import SMTP
from django.test import override_settings

from branding.senders import actions, keys
from branding.senders.models import Sender, SigningKey
from branding.senders.records import MailZone
from core.kernel import clock
from core.kernel.models import OutboxMessage
from core.notifications import outbox_handlers  # noqa: F401 because the promise of a code needs its handler
from deploy.local.nameserver.server import Nameserver

ZONE = "mail.neutral.test"
DOMAIN = "clinic.example"
ADDRESS = f"hello@{DOMAIN}"


def publish_zone(server: Nameserver) -> None:
    """What the operator's zone says of every organization."""
    zone = MailZone(ZONE)
    server.zones.text(zone.spf, "v=spf1 ip4:192.0.2.1 -all")
    server.zones.text(zone.bounce, f"v=spf1 include:{zone.spf} -all")
    server.zones.set(zone.bounce, "MX", f"10 {zone.exchange}.")


def publish_keys(server: Nameserver) -> None:
    """The public keys of the organization in force, in the operator's zone."""
    for key in SigningKey.objects.all():
        server.zones.text(MailZone(ZONE).dkim(key.selector), keys.record_of(key))


def publish_domain(server: Nameserver, domain: str = DOMAIN) -> None:
    """Everything that the organization has to set."""
    zone = MailZone(ZONE)
    server.zones.text(domain, f"v=spf1 include:{zone.spf} ~all")
    server.zones.text(f"_dmarc.{domain}", "v=DMARC1; p=none")
    server.zones.set(f"bounce.{domain}", "CNAME", f"{zone.bounce}.")
    for key in SigningKey.objects.all():
        server.zones.set(f"{key.selector}._domainkey.{domain}", "CNAME", f"{zone.dkim(key.selector)}.")


def prove(address: str, by: Any) -> None:
    """Type the code that would be in the mail."""
    now = clock.now()
    actions.request_code(address, by=by, now=now)
    code = OutboxMessage.objects.filter(name="senders.send_address_code").latest("created_at").payload["code"]
    actions.confirm_code(address, code, by=by, now=now)


def use_own_domain(server: Nameserver, *, by: Any, address: str = ADDRESS) -> Sender:
    """From nothing to mail in the own name."""
    publish_zone(server)
    actions.name_domain(address, by=by)
    publish_keys(server)
    publish_domain(server, address.rpartition("@")[2])
    actions.check_domain(now=clock.now(), by=by)
    prove(address, by)
    return actions.choose_way("domain", by=by)


class _Keeper:
    def __init__(self) -> None:
        self.kept: list[SimpleNamespace] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.kept.append(
            SimpleNamespace(
                raw=envelope.content, sent_by=envelope.mail_from, sent_to=envelope.rcpt_tos, greeting=session.host_name
            )
        )
        return "250 kept"


@contextmanager
def mail_server(**options: Any) -> Iterator[SimpleNamespace]:
    """A mail server on the loopback address; `kept`: what it was given, raw, with its envelope and greeting."""
    keeper, loop = _Keeper(), asyncio.new_event_loop()
    listening = loop.run_until_complete(loop.create_server(lambda: SMTP(keeper, **options), "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield SimpleNamespace(kept=keeper.kept, port=listening.sockets[0].getsockname()[1])
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        listening.close()
        loop.close()


@contextmanager
def platform_mail() -> Iterator[SimpleNamespace]:
    """All mail of the platform goes to a server of the test's own."""
    with (
        mail_server() as server,
        override_settings(
            EMAIL_BACKEND="branding.senders.backend.EmailBackend", EMAIL_HOST="127.0.0.1", EMAIL_PORT=server.port,
            EMAIL_HOST_USER="", EMAIL_HOST_PASSWORD="", EMAIL_USE_TLS=False, EMAIL_USE_SSL=False,
            MAIL_ZONE=ZONE, MAIL_EHLO="out.neutral.test", DEFAULT_FROM_EMAIL="no-reply@post.neutral.test",
        ),
    ):  # fmt: skip
        yield server
