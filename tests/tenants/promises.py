"""Promises for tests of the workers: handlers that note what they did."""

import time
from uuid import uuid4

from core.kernel import outbox
from core.kernel.models import OutboxMessage
from tenants import context
from tests.tenants import outbox_names

kept: list[tuple[str, str]] = []  # (schema, mark) in the order of delivery


@outbox.handler(outbox_names.NOTHING, label="Nothing")
def nothing(message: OutboxMessage) -> None:
    kept.append((context.current().schema, str(message.payload.get("mark", ""))))


@outbox.handler(outbox_names.SLOW, label="Something slow")
def slow(message: OutboxMessage) -> None:
    time.sleep(message.payload["seconds"])
    kept.append((context.current().schema, str(message.payload.get("mark", ""))))


@outbox.handler(outbox_names.BROKEN, label="Something broken")
def broken(message: OutboxMessage) -> None:
    raise RuntimeError("this promise cannot be kept")


def mark() -> str:
    return uuid4().hex


def forget_messages(*organizations: object) -> None:
    """Delete the tests' messages in each organization's outbox."""
    for organization in organizations:
        with context.organization_context(organization):
            OutboxMessage.objects.filter(name__startswith="tests.").delete()
