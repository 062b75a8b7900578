"""Who is invited to one appointment without an account."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from core.kernel.ids import new_id
from core.people.models import User
from core.scheduling.models import Appointment
from sessions_live.personal_links.models import LinkGuest

LONGEST_ADDRESS = 254


class GuestInvitation(models.Model):
    """A guest of one appointment: by mail with a link of their own, good until its room closes or it is withdrawn. `guest` is who they are in
    the room: their name, and the language in which they are written to."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="guest_invitations")
    guest = models.OneToOneField(LinkGuest, on_delete=models.PROTECT, related_name="invitation")
    email = models.CharField(max_length=LONGEST_ADDRESS)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    times_sent = models.PositiveSmallIntegerField(default=1)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["invited_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                "appointment", Lower("email"), condition=Q(withdrawn_at=None), name="guestinvitation_once_per_address"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="guestinvitation_withdrawn_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.guest.name

    @property
    def is_good(self) -> bool:
        """Whether it still invites: not withdrawn, and its guest not blocked."""
        return self.withdrawn_at is None and self.guest.blocked_at is None
