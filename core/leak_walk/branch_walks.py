"""The same once more for each branch that has a name of its own: nothing of what its people receive says the organization's (K-68)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.core.mail import EmailMessage
from django.db import transaction

from branding.models import Branch
from branding.queries import active_branches, brand_of, published_brand
from core.kernel import outbox
from core.kernel.models import OutboxMessage
from core.leak_walk import canary as canaries
from core.leak_walk.canary import Canary
from core.leak_walk.checklist.captures import Capture, Kind, attachments_of
from core.leak_walk.visits import Visitor
from core.notifications import web_push
from core.notifications.models import Notice
from core.notifications.outbox_names import SEND_PUSH
from core.people.models import Client
from tenants import absolute_urls, context

PAGES = (
    "/account/login/",
    "/account/password/reset/",
    "/account/login/code/",
    "/manifest.webmanifest",
    "/there-is-no-such-page/",
)


def as_branches(
    canary: Canary,
    promised: list[OutboxMessage],
    mails: list[EmailMessage],
    pushes: list[web_push.Caught],
    language: str,
    *,
    now: datetime,
) -> Iterator[Capture]:
    """What the canary's guardian receives while the canary belongs to a branch; `role` is the name that it must say."""
    for branch in active_branches().values():
        name = brand_of(branch).name
        if name == published_brand().name:
            continue
        Client.objects.filter(pk=canary.client.pk).update(branch=branch)
        canary.client.refresh_from_db()
        # What is on paper stays as it was on the day of issue, so that earlier papers are the organization's.
        # A push is said as the branch of the moment in which it was promised.
        others = [each for each in promised if each.name != SEND_PUSH and not each.name.startswith("billing.")]
        known = len(promised)
        canaries.charge(canary, now=now)
        for capture in (
            *_pages(branch, language),
            *_own_pages(canary, language),
            *_mail(canary, [*others, *promised[known:]], mails, pushes, language),
        ):
            yield Capture(Kind.BRANCH, capture.place, _said(capture).encode(), role=name, language=language)


def _pages(branch: Branch, language: str) -> Iterator[Capture]:
    """Of its host, where it has one."""
    with context.branch_context(branch.pk):
        host, path = absolute_urls.primary_host(), absolute_urls.path_of("brand:offline", language)
    if host != absolute_urls.organization_host():
        visitor = Visitor("nobody", language)
        for each in (*PAGES, path):
            yield visitor.fetch(each, host=host)


def _own_pages(canary: Canary, language: str) -> Iterator[Capture]:
    """The live room, the calendar file and the paper, by whatever host they come."""
    visitor = Visitor("guardian", language, canary.guardian)
    for name in ("live:room", "scheduling:calendar_file"):
        yield visitor.fetch(absolute_urls.path_of(name, canary.appointment.pk))
    if canary.invoice is not None:
        yield visitor.fetch(absolute_urls.path_of("billing:invoice-document", canary.invoice.pk))


def _mail(
    canary: Canary,
    promised: list[OutboxMessage],
    mails: list[EmailMessage],
    pushes: list[web_push.Caught],
    language: str,
) -> Iterator[Capture]:
    for message in promised:
        del mails[:], pushes[:]
        if message.name == SEND_PUSH and not _is_guardians(message, canary):
            continue
        with transaction.atomic():
            outbox.keep(message)
        for sent in mails:
            if any(canary.guardian.email in address for address in sent.to):
                mail = Capture(Kind.MAIL, message.name, sent.message().as_bytes(), language=language)
                yield mail
                yield from attachments_of(mail)
        for push in pushes:
            yield Capture(Kind.PUSH, message.name, push.text, language=language)


def _is_guardians(message: OutboxMessage, canary: Canary) -> bool:
    return Notice.objects.filter(pk=message.payload["notice"], user_id=canary.guardian.pk).exists()


def _said(capture: Capture) -> str:
    """Everything that can be read in it."""
    if capture.kind == Kind.DOCUMENT:
        return capture.document_facts
    if capture.kind == Kind.MAIL:
        headers: list[Any] = [f"{name}: {value}" for name, value in capture.message.items()]
        return "\n".join((*headers, capture.mail_part("plain"), capture.mail_part("html")))
    if capture.kind == Kind.CALENDAR:
        return capture.text.replace("\r\n ", "")
    return capture.text
