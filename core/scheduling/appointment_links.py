"""Links to an appointment that work without signing in: made for mails and text messages, and opened.

url = link_to(appointment, user=login, now=now)          # a login, for its clients
url = link_to(appointment, client=client, now=now)       # somebody without a login
link = open_link(token, now=now)                         # NotFound for a forged one and for what is no longer their business
link.holder                                              # `by` of the actions
link.participants                                        # whose places it speaks of
link.acts                                                # what can be done now
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from core.kernel.errors import NotFound
from core.people.models import Client, User
from core.people.roles import ClientPermission
from core.scheduling.models import Appointment, AppointmentLink, Participant
from core.scheduling.permissions import LinkHolder, Viewpoint
from core.scheduling.recipients import AppointmentRecipient
from core.scheduling.rules import appointment_links as rules
from core.scheduling.rules.appointment_links import LinkAct
from tenants.absolute_urls import absolute_url, path_of


@dataclass(frozen=True, slots=True)
class OpenLink:
    """A link as it stands now."""

    token: str
    appointment: Appointment
    holder: Any  # the login, or a `LinkHolder`
    participants: tuple[Participant, ...]
    acts: frozenset[LinkAct]

    @property
    def recipient(self) -> AppointmentRecipient | None:
        """Whom times are told; None for somebody without a login."""
        if isinstance(self.holder, LinkHolder):
            return None
        return AppointmentRecipient(self.holder, tuple(place.client for place in self.participants))

    @property
    def zone(self) -> str:
        """The zone of their times: the client's (NOT-04)."""
        return self.participants[0].client.time_zone

    @property
    def can_cancel(self) -> bool:
        """Whether the organization and the client's permissions let them cancel."""
        return LinkAct.CANCEL in self.acts and bool(self.cancellable)

    @property
    def cancellable(self) -> list[Participant]:
        return Viewpoint(self.holder).cancellable_participants(self.appointment)


def link_to(appointment: Appointment, *, user: User | None = None, client: Client | None = None, now: datetime) -> str:
    """The address of this person's link, made if there is none. In the transaction of the mail that carries it."""
    holder = user or client
    if holder is None:
        raise ValueError("a link is somebody's")
    link_id = rules.id_of(appointment.pk, holder.pk)
    token = rules.token_for(link_id, secret=settings.SECRET_KEY)
    AppointmentLink.objects.update_or_create(
        id=link_id,
        defaults={"token_digest": rules.digest_of(token)},  # another one after SECRET_KEY was changed
        create_defaults={
            "appointment": appointment,
            "user": user,
            "client": None if user else client,
            "token_digest": rules.digest_of(token),
            "created_at": now,
        },
    )
    return absolute_url(path_of("scheduling:link", token))


def open_link(token: str, *, now: datetime) -> OpenLink:
    """What the link opens. NotFound for one that never was, and for what its holder may not see any more."""
    links = AppointmentLink.objects.select_related("user", "client")
    found = links.filter(token_digest=rules.digest_of(token)).first()
    if found is None or (found.user is not None and not found.user.is_active):
        raise NotFound("no such link")
    appointment = (
        Appointment.objects.select_related("practitioner__user", "policy")
        .prefetch_related("participants__client", "cancellations__participant", "reservations__resource")
        .get(pk=found.appointment_id)
    )
    holder = found.user or LinkHolder(found.client)
    theirs = Viewpoint(holder).linked
    rows = appointment.participants.all()
    own = [row for row in rows if row.client_id in theirs and row.client.allows(ClientPermission.SEE_UPCOMING)]
    if not own:
        raise NotFound("it is no longer their business")
    attending = [row for row in own if row.is_attending]
    acts = rules.acts_at(
        now,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        is_booked=appointment.is_booked and bool(attending),
    )
    return OpenLink(token, appointment, holder, tuple(attending or own), acts)
