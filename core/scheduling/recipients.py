"""Somebody who is told about an appointment: a login for its clients, or the practitioner. Each sees their own people only."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.notifications.mail import Recipient
from core.people.models import Client, LinkedLogin, User
from core.scheduling.models import Appointment
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


def recipient_for(user: User, appointment: Appointment, clients: Sequence[Client]) -> AppointmentRecipient | None:
    """`user` as somebody to be told about these clients of the appointment; None when it is no longer their business."""
    if not user.is_active:
        return None
    linked = set(LinkedLogin.objects.filter(user=user, client__in=clients).values_list("client_id", flat=True))
    own = tuple(sorted((client for client in clients if client.pk in linked), key=lambda client: client.name))
    if own or appointment.practitioner.user_id == user.pk:
        return AppointmentRecipient(user, own)
    return None
