"""What all offers have in common: who is chosen, what keeps the time or the place, and the row with its promises."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from core.booking.models import Hold
from core.kernel import audit, outbox
from core.people.models import StaffMember
from core.scheduling.models import Appointment, SchedulingSettings
from core.scheduling.rules import wall_time
from core.scheduling.rules.conflicts import Span
from core.scheduling.rules.quiet_hours import quiet_until
from core.waiting_list import notifications, outbox_names
from core.waiting_list.audit_codes import WaitingListAudit
from core.waiting_list.models import WaitingEntry, WaitingListSettings, WaitingOffer

Chosen = tuple[WaitingEntry, datetime]


def choose(
    settings: WaitingListSettings, waiting: Iterable[Chosen], *, most: int, now: datetime
) -> tuple[datetime | None, list[Chosen]]:
    """Who is asked now, and when to look again because the next is not to be disturbed before. One after another, `most` are asked at a time.

    A client who waits several times is asked once.
    """
    found, quiet = list[Chosen](), SchedulingSettings.current().quiet_hours
    notice = timedelta(hours=settings.notice_hours)
    asked = set[UUID]()
    for entry, start in waiting:
        if entry.client_id in asked:
            continue
        until = quiet_until(quiet, wall_time.zone(entry.client.time_zone), now=now)
        if until is not None:
            if until + notice <= start:
                return until, found  # those who come later wait for that, too
            continue
        found.append((entry, start))
        asked.add(entry.client_id)
        if settings.mode == WaitingListSettings.Mode.ONE and len(found) == most:
            break
    return None, found


def make_offer(entry: WaitingEntry, **facts: Any) -> WaitingOffer:
    """The row, its end, and the news. The caller has looked that it can be taken."""
    offer = WaitingOffer.objects.create(entry=entry, **facts)
    changes = {"starts_at": [None, offer.starts_at.isoformat()], "practitioner": [None, str(offer.practitioner_id)]}
    audit.record(WaitingListAudit.WAITING_OFFER_MADE, by=offer.by_hand or audit.SYSTEM, subject=entry, changes=changes)
    outbox.enqueue(
        outbox_names.END_OFFER, due_at=offer.expires_at, key=f"waiting:end:{offer.pk}", about=entry, offer=str(offer.pk),
        entry=str(entry.pk), practitioner=str(offer.practitioner_id),
    )  # fmt: skip
    notifications.offered(offer)
    return offer


def keep(
    practitioner: StaffMember,
    span: Span,
    *,
    mode: str,
    time_zone: str,
    group: Appointment | None = None,
    expires_at: datetime,
    now: datetime,
) -> Hold:
    """What keeps a time, or a place in a group, from those who book online; nobody has its token."""
    secret = sha256(secrets.token_bytes(24)).hexdigest()
    return Hold.objects.create(
        token_digest=secret,
        visitor=f"waiting:{secret[:48]}",
        practitioner=practitioner,
        starts_at=span.starts_at,
        ends_at=span.ends_at,
        mode=mode,
        time_zone=time_zone,
        group=group,
        made_at=now,
        expires_at=expires_at,
    )
