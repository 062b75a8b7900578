"""How long before people are reminded, in whose word, and which login has been reminded of which appointment at which time."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from core.kernel.ids import new_id
from core.notifications.messages import Channel
from core.people.models import Client, User
from core.scheduling.rules.quiet_hours import QuietHours
from core.scheduling.rules.reminders import DAY


class Reminder(models.Model):
    """One login was mailed about one appointment at one start time, so long before. A moved appointment has another time."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    appointment = models.ForeignKey("scheduling.Appointment", on_delete=models.CASCADE, related_name="reminders")
    starts_at = models.DateTimeField()
    minutes_before = models.PositiveIntegerField(default=DAY, db_default=DAY)
    channel = models.CharField(
        max_length=10, default=Channel.EMAIL, db_default=Channel.EMAIL.value
    )  # of no other: to be dropped
    sent_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "appointment", "starts_at", "minutes_before", "channel"],
                name="reminder_once_by_channel",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} reminded of {self.appointment}"


class ChannelReminder(models.Model):
    """The same by another channel than mail.

    A table of its own, because workers of the release before take every row of `Reminder` for a mail, and would send none.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    appointment = models.ForeignKey("scheduling.Appointment", on_delete=models.CASCADE, related_name="+")
    starts_at = models.DateTimeField()
    minutes_before = models.PositiveIntegerField()
    channel = models.CharField(max_length=10)
    sent_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "appointment", "starts_at", "minutes_before", "channel"],
                name="channel_reminder_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} reminded of {self.appointment} by {self.channel}"


class ServiceReminders(models.Model):
    """A service's own word; without a row the organization's counts. No minutes: no reminder."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    service_id = models.UUIDField(unique=True)  # billing's Service; no foreign key, billing stands above
    minutes_before = ArrayField(models.PositiveIntegerField(), default=list, blank=True)

    class Meta:
        verbose_name_plural = "service reminders"

    def __str__(self) -> str:
        return f"reminders of {self.service_id}"


class ReminderPreference(models.Model):
    """A login's own word: for itself, or for one client. None: nothing was said; an empty list: no reminder."""

    class Quiet(models.TextChoices):
        ORGANIZATION = "organization"
        NONE = "none"
        OWN = "own"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="reminder_preferences")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, null=True, related_name="+")
    minutes_before = ArrayField(models.PositiveIntegerField(), null=True, blank=True)
    # Only where `client` is empty:
    schedule_minutes_before = ArrayField(models.PositiveIntegerField(), null=True, blank=True)
    quiet = models.CharField(max_length=12, choices=Quiet.choices, default=Quiet.ORGANIZATION)
    quiet_begins = models.TimeField(null=True, blank=True)
    quiet_ends = models.TimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "client"], name="reminder_preference_once", nulls_distinct=False),
            models.CheckConstraint(
                condition=~Q(quiet="own") | Q(quiet_begins__isnull=False, quiet_ends__isnull=False),
                name="reminder_preference_quiet_from_until",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} about reminders"

    def quiet_hours(self, of_organization: QuietHours | None) -> QuietHours | None:
        """The quiet hours that count for this login."""
        if self.quiet == self.Quiet.ORGANIZATION:
            return of_organization
        if self.quiet == self.Quiet.NONE or self.quiet_begins is None or self.quiet_ends is None:
            return None
        return QuietHours(self.quiet_begins, self.quiet_ends)
