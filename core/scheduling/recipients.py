"""Somebody who is told about an appointment: a login for its clients, or the practitioner. Each sees their own people only."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.kernel.reasons import Reason
from core.notifications.mail import Recipient
from core.people.models import Client, LinkedLogin, User
from core.people.permissions import logins_acting_for
from core.people.roles import ClientPermission
from core.scheduling.models import Appointment, AppointmentSeries
from core.scheduling.reasons import UntoldReason
from core.scheduling.time_formats import FormattedTime, format_time_span


@dataclass(frozen=True, slots=True)
class AppointmentRecipient:
    """One person, the clients on whose behalf they are told (none for the practitioner), and the zone of their times."""

    user: User
    clients: tuple[Client, ...]

    @property
    def zone(self) -> str:
        return self.clients[0].time_zone if self.clients else self.user.time_zone

    @property
    def mail_recipient(self) -> Recipient:
        return Recipient(
            user_id=str(self.user.pk),
            name=self.user.name,
            address=self.user.email,
            time_zone=self.zone,
            language=self.user.reads,
        )

    def times(self, appointment: Appointment) -> list[dict[str, Any]]:
        """The appointment's time in each zone that counts for this person, with the names it counts for."""
        zones = dict.fromkeys(client.time_zone for client in self.clients) or {self.user.time_zone: None}
        return [
            {
                "names": [client.name for client in self.clients if client.time_zone == zone],
                "when": self.format_time(appointment, zone),
            }
            for zone in zones
        ]

    def format_time(self, appointment: Appointment, zone: str = "") -> FormattedTime:
        """The appointment's time as this person reads it, in their zone unless another is given."""
        return format_time_span(
            appointment.starts_at, appointment.ends_at, zone=zone or self.zone, language=self.user.reads
        )


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is told of something about an appointment, and which people of it are not, with the reason."""

    told: tuple[AppointmentRecipient, ...] = ()
    untold: tuple[tuple[str, Reason], ...] = ()

    def __add__(self, other: "Audience") -> "Audience":
        return Audience(self.told + other.told, self.untold + other.untold)


def audience_of(
    appointment: Appointment | AppointmentSeries,
    clients: Sequence[Client],
    *,
    by: Any = None,
    is_cancelled: bool = False,
    with_practitioner: bool = True,
) -> Audience:
    """Everybody concerned by news about these clients of the appointment, as things stand now. `by` knows of their own act already."""
    links = LinkedLogin.objects.filter(client__in=clients).select_related("user").order_by("created_at")
    open_to = {client.pk: client for client in clients if _is_told(client, is_cancelled=is_cancelled)}
    told: dict[Any, tuple[User, list[Client]]] = {}
    for link in links:
        if link.user.is_active and link.client_id in open_to:
            told.setdefault(link.user_id, (link.user, []))[1].append(open_to[link.client_id])
    reached = {client.pk for _, theirs in told.values() for client in theirs}
    untold = [
        (client.name, _why_untold(client, [link for link in links if link.client_id == client.pk]))
        for client in clients
        if client.pk not in reached
    ]
    recipients = [AppointmentRecipient(user, _by_name(theirs)) for user, theirs in told.values()]
    practitioner = appointment.practitioner.user
    if with_practitioner and practitioner.pk not in told and practitioner.pk != getattr(by, "pk", None):
        if practitioner.is_active:
            recipients.append(AppointmentRecipient(practitioner, ()))
        else:
            untold.append((practitioner.name, Reason(UntoldReason.SWITCHED_OFF)))
    return Audience(tuple(recipients), tuple(untold))


def audience_of_logins(client: Client, *, by: Any = None) -> Audience:
    """The logins that act for the client, for what is theirs to answer; or why nobody does. `by` knows of their own act already."""
    logins = logins_acting_for(client)
    if not logins:
        links = list(LinkedLogin.objects.filter(client=client).select_related("user"))
        return Audience(untold=((client.name, _why_nobody_acts(links)),))
    others = [user for user in logins if user.pk != getattr(by, "pk", None)]
    return Audience(tuple(AppointmentRecipient(user, (client,)) for user in others))


def recipient_for(
    user: User,
    appointment: Appointment | AppointmentSeries,
    clients: Sequence[Client],
    *,
    is_cancelled: bool = False,
) -> AppointmentRecipient | None:
    """`user` as somebody to be told about these clients of the appointment; None when it is no longer their business."""
    if not user.is_active:
        return None
    linked = set(LinkedLogin.objects.filter(user=user, client__in=clients).values_list("client_id", flat=True))
    own = [client for client in clients if client.pk in linked and _is_told(client, is_cancelled=is_cancelled)]
    if own or appointment.practitioner.user_id == user.pk:
        return AppointmentRecipient(user, _by_name(own))
    return None


def _is_told(client: Client, *, is_cancelled: bool) -> bool:
    """Whether the client's logins hear of it: nobody is told of what they may not see.

    One thing is told of whoever is inactive by now: that their appointment was cancelled, because they were told that it takes place.
    """
    return client.allows(ClientPermission.SEE_UPCOMING) and (client.is_active or is_cancelled)


def _by_name(clients: Sequence[Client]) -> tuple[Client, ...]:
    return tuple(sorted(clients, key=lambda client: client.sort_key))


def _why_untold(client: Client, links: Sequence[LinkedLogin]) -> Reason:
    if any(link.user.is_active for link in links) and not client.allows(ClientPermission.SEE_UPCOMING):
        return Reason(UntoldReason.MAY_NOT_SEE)
    return _why_nobody_acts(links)


def _why_nobody_acts(links: Sequence[LinkedLogin]) -> Reason:
    if not links:
        return Reason(UntoldReason.NO_LOGIN)
    if not any(link.user.is_active for link in links):
        return Reason(UntoldReason.SWITCHED_OFF)
    return Reason(UntoldReason.INACTIVE)
