"""What people answer without signing in, by the link in a mail or text message."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from core.kernel.ids import new_id
from core.people.models import Client, User


class AppointmentLink(models.Model):
    """One person's link to one appointment: a login, or a client without one. The token itself is never stored."""

    id = models.UUIDField(primary_key=True, editable=False)
    appointment = models.ForeignKey("scheduling.Appointment", on_delete=models.CASCADE, related_name="links")
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, null=True, related_name="+")
    token_digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(user=None, client__isnull=False) | Q(user__isnull=False, client=None),
                name="appointment_link_of_one",
            )
        ]

    def __str__(self) -> str:
        return f"link of {self.user or self.client} to {self.appointment}"


class Confirmation(models.Model):
    """Somebody said that a client comes at this start. Moved, it says nothing any more."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    participant = models.ForeignKey("scheduling.Participant", on_delete=models.CASCADE, related_name="confirmations")
    starts_at = models.DateTimeField()
    confirmed_at = models.DateTimeField()
    confirmed_by_id = models.UUIDField(null=True)
    confirmed_by_name = models.CharField(max_length=150)

    class Meta:
        ordering: ClassVar = ["-confirmed_at"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["participant", "starts_at"], name="confirmation_once")]

    def __str__(self) -> str:
        return f"{self.participant} confirmed"


class LateNotice(models.Model):
    """Somebody said that a client will be late, and by about how much. The last word counts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    participant = models.ForeignKey("scheduling.Participant", on_delete=models.CASCADE, related_name="late_notices")
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    told_at = models.DateTimeField()
    told_by_id = models.UUIDField(null=True)
    told_by_name = models.CharField(max_length=150)

    class Meta:
        ordering: ClassVar = ["-told_at"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["participant", "starts_at"], name="late_notice_once")]

    def __str__(self) -> str:
        return f"{self.participant}: {self.minutes} minutes late"
