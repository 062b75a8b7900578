"""One walk over everything that an organization's people receive. What it makes for that is taken back at the end, and no mail leaves."""

import json
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models.signals import post_save

from billing.queries import organization as billing
from branding.queries import current_brand
from branding.senders.queries import current_sender, identity_of
from core.kernel import outbox
from core.kernel.models import OutboxMessage
from core.leak_walk import canary as canaries
from core.leak_walk.branch_walks import as_branches
from core.leak_walk.canary import Canary
from core.leak_walk.checklist.captures import Capture, Kind, attachments_of
from core.leak_walk.checklist.checks import Facts, RowResult, look_at
from core.leak_walk.visits import Visitor
from core.notifications import mail, text_gateway, web_push
from core.notifications.outbox_names import SEND_PUSH
from core.notifications.text_gateway import TextMessage
from tenants import absolute_urls, context, middleware
from tenants.models import Domain, Organization

OPEN_PAGES = ("/", "/account/login/", "/account/password/reset/", "/account/login/code/", "/help/")
FILES = ("/robots.txt", "/sitemap.xml", "/humans.txt", "/.well-known/security.txt", "/.well-known/change-password")
CONSOLE = ("/admin/", "/operator/", "/organizations/", "/sign-in/", "/cms/")
SHORTEST_NAME = 4  # letters; a shorter name stands in too many words


@dataclass(frozen=True, slots=True)
class Walked:
    """What a walk saw, and what became of each row."""

    rows: list[RowResult]
    looked_at: int
    host: str
    languages: list[str]


def walk(*, now: datetime) -> Walked:
    """Walk the organization in force as everybody, in every language that it offers."""
    languages = current_brand().languages or ["en"]
    facts = facts_in_force()
    with transaction.atomic(), mail.caught() as mails, web_push.caught() as pushes, text_gateway.caught() as texts:
        captures = list(_received(languages, mails, pushes, texts, now=now))
        transaction.set_rollback(True)
    return Walked(look_at(facts, captures), len(captures), absolute_urls.primary_host(), languages)


def facts_in_force() -> Facts:
    """What is this organization's own, and what is somebody else's."""
    organization, brand = context.current_organization(), current_brand()
    with context.public_context():
        hosts = frozenset(Domain.objects.filter(tenant=organization).values_list("domain", flat=True))
        others = Organization.objects.exclude(pk=organization.pk)
        names = {
            *others.values_list("name", flat=True),
            *Domain.objects.exclude(tenant=organization).values_list("domain", flat=True),
        }
    partners = (settings.STRIPE_JS_URL, settings.STRIPE_API_BASE, "https://hooks.stripe.com")
    return Facts(
        name=brand.name,
        hosts=hosts,
        vendor=tuple(settings.VENDOR_WORDS),
        others=tuple(sorted(name for name in names if len(name) >= SHORTEST_NAME and name not in brand.name)),
        partners=frozenset(filter(None, (urlsplit(address).hostname for address in partners))),
        senders=frozenset(address.rpartition("@")[2] for address in _senders()),
    )


def _senders() -> set[str]:
    """The addresses that mail leaves from: the one in force, and the neutral one behind it."""
    return {identity_of(current_sender()).address, settings.DEFAULT_FROM_EMAIL}


def _received(
    languages: list[str],
    mails: list[EmailMessage],
    pushes: list[web_push.Caught],
    texts: list[TextMessage],
    *,
    now: datetime,
) -> Iterator[Capture]:
    promised: list[OutboxMessage] = []
    assets: set[str] = set()  # loaded by somebody; they are the same for everybody
    with _promises(promised):
        canary = canaries.make(now=now)
        for language in languages:
            yield from _as_nobody(language, assets)
            canaries.read_in(canary, language)
            for role, user in canary.people.items():
                yield from Visitor(role, language, user, assets).walk(_starts(canary, role))
        canaries.charge(canary, now=now)
        if canary.invoice is not None:
            canaries.read_in(canary, languages[0])
            yield from _money(canary, languages[0])
        yield from _mail(canary, promised, mails, pushes, texts, languages)
        yield from as_branches(canary, promised, mails, pushes, languages[0], now=now)
    yield from _elsewhere(languages[0])


def _as_nobody(language: str, assets: set[str]) -> Iterator[Capture]:
    visitor = Visitor("nobody", language, assets=assets)
    yield from visitor.walk(OPEN_PAGES)
    yield visitor.fetch("/service-worker.js")
    yield visitor.fetch(absolute_urls.path_of("brand:offline", language), kind=Kind.ERROR)
    for path in FILES:
        yield visitor.fetch(path, kind=Kind.ROBOTS)
    for path in CONSOLE:
        yield visitor.fetch(path, kind=Kind.CONSOLE)
    yield visitor.fetch("/there-is-no-such-page/")
    yield visitor.fetch("/dashboard/", method="post")
    yield visitor.fetch("/account/login/", method="put")


def _starts(canary: Canary, role: str) -> list[str]:
    """The first page, and the canaries' own, so that of each kind theirs is read."""
    own = [
        absolute_urls.path_of("scheduling:appointment", canary.appointment.pk),
        absolute_urls.path_of("scheduling:calendar_file", canary.appointment.pk),
        absolute_urls.path_of("live:room", canary.appointment.pk),
        absolute_urls.path_of("live:ended", canary.appointment.pk),
        absolute_urls.path_of("people:client", canary.client.pk),
    ]
    return ["/dashboard/", "/profile/agreements/open/", *own, "/settings/audit/" if role == "owner" else "/profile/"]


def _money(canary: Canary, language: str) -> Iterator[Capture]:
    for role in ("owner", "guardian"):
        visitor = Visitor(role, language, canary.people[role])
        for name in ("billing:invoice", "billing:invoice-document"):
            yield visitor.fetch(absolute_urls.path_of(name, canary.invoice.pk))


def _mail(
    canary: Canary,
    promised: list[OutboxMessage],
    mails: list[EmailMessage],
    pushes: list[web_push.Caught],
    texts: list[TextMessage],
    languages: list[str],
) -> Iterator[Capture]:
    """Every promise that the walk made is kept, in each language, with mail and push messages caught."""
    for language in languages:
        canaries.read_in(canary, language)
        for message in promised:
            del mails[:], pushes[:], texts[:]
            if message.name == SEND_PUSH:
                message.payload["language"] = language  # because it was promised in that of the moment
            with transaction.atomic():
                outbox.keep(message)
            for sent in mails:
                capture = Capture(Kind.MAIL, message.name, sent.message().as_bytes(), language=language)
                yield capture
                yield from attachments_of(capture)
            for text in texts:
                yield Capture(
                    Kind.TEXT, message.name, json.dumps(asdict(text), ensure_ascii=False).encode(), language=language
                )
            for push in pushes:
                shown = {**json.loads(push.text), "contact": push.contact}
                yield Capture(
                    Kind.PUSH, message.name, json.dumps(shown, ensure_ascii=False).encode(), language=language
                )


def _elsewhere(language: str) -> Iterator[Capture]:
    """What is no page of the organization's own host."""
    visitor, primary = Visitor("nobody", language), absolute_urls.primary_host()
    organization = context.current_organization()
    with context.public_context():
        ours = Domain.objects.filter(tenant=organization, verified_at__isnull=False).exclude(domain=primary)
        names = [
            domain.domain for domain in ours if not domain.serves_branch
        ]  # a branch is met there, and looked at by itself
    for host in names:
        yield visitor.fetch("/", kind=Kind.OTHER_HOST, host=host)
    for page in sorted((Path(settings.PROXY_PAGES) / primary).glob("*.html")):
        named = page.stem.partition("-")[0]
        read_in = language if named == "first" else named
        yield Capture(Kind.PROXY, page.name, page.read_bytes(), language=read_in)
    for text in (middleware.NEUTRAL_404, middleware.NEUTRAL_429, middleware.NEUTRAL_503):
        yield Capture(Kind.FALLBACK, text.partition("<title>")[2].partition("<")[0], text.encode())
    yield Capture(Kind.STATEMENT, "statement", billing.statement_descriptor().encode())
    yield Capture(Kind.CALL, "ICE", "\n".join(settings.TURN_URLS).encode())


@contextmanager
def _promises(made: list[OutboxMessage]) -> Iterator[None]:
    """Collect what this thread promises meanwhile."""
    thread = threading.get_ident()

    def note(*, instance: OutboxMessage, created: bool, **ignored: Any) -> None:
        if created and threading.get_ident() == thread:
            made.append(instance)

    post_save.connect(note, sender=OutboxMessage, weak=False)
    try:
        yield
    finally:
        post_save.disconnect(note, sender=OutboxMessage)


def as_rows(results: Iterable[RowResult]) -> list[dict[str, Any]]:
    """As they are kept."""
    return [
        {
            "row": result.row,
            "status": result.status.value,
            "seen": result.seen,
            "findings": [[finding.place, finding.found] for finding in result.findings],
        }
        for result in results
    ]
