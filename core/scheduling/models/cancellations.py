"""Cancellation policies, never changed once adopted, and the cancellations that follow them."""

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.kernel.ids import new_id
from core.scheduling.models.completions import CompletionType, share

if TYPE_CHECKING:
    from core.people.models import Client

MOST_LEVELS = 3


class CancellationPolicy(models.Model):
    """The levels in force since `adopted_at`. A change adopts a new row: an appointment keeps the one it was booked under."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    adopted_at = models.DateTimeField()
    adopted_by_name = models.CharField(max_length=150)

    class Meta:
        ordering: ClassVar = ["-adopted_at", "-id"]
        get_latest_by = "adopted_at"
        verbose_name_plural = "cancellation policies"

    def __str__(self) -> str:
        return f"policy of {self.adopted_at:%Y-%m-%d}"


class PolicyLevel(models.Model):
    """Below so many hours before the start, cancelling counts as this completion type; shares as they were at adoption."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    policy = models.ForeignKey(CancellationPolicy, on_delete=models.CASCADE, related_name="levels")
    position = models.PositiveSmallIntegerField()
    hours_before = models.PositiveSmallIntegerField()
    completion_type = models.ForeignKey(CompletionType, on_delete=models.PROTECT, related_name="+")
    client_share = models.PositiveSmallIntegerField()
    wage_share = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar = ["-hours_before"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["policy", "position"], name="policylevel_position_once"),
            models.UniqueConstraint(fields=["policy", "hours_before"], name="policylevel_hours_once"),
            models.CheckConstraint(
                condition=Q(position__gte=1, position__lte=MOST_LEVELS), name="policylevel_at_most_three"
            ),
            models.CheckConstraint(condition=Q(hours_before__gte=1), name="policylevel_hours"),
            share("policylevel_client_share"),
            share("policylevel_wage_share"),
        ]

    def __str__(self) -> str:
        return f"below {self.hours_before} h: {self.completion_type}"


class Cancellation(models.Model):
    """Who gave up a time, when, and what it costs by the policy. Without a participant it is the whole appointment."""

    class Party(models.TextChoices):
        CLIENT = "client", _("The %(client)s")
        PRACTICE = "practice", _("The %(organization)s")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    appointment = models.ForeignKey("scheduling.Appointment", on_delete=models.PROTECT, related_name="cancellations")
    participant = models.OneToOneField(
        "scheduling.Participant", on_delete=models.PROTECT, null=True, related_name="cancellation"
    )
    party = models.CharField(max_length=10, choices=Party.choices)
    reason = models.CharField(max_length=500, blank=True)
    hours_before = models.PositiveSmallIntegerField(null=True)  # the level that applied
    completion_type = models.ForeignKey(CompletionType, on_delete=models.PROTECT, null=True, related_name="+")
    client_share = models.PositiveSmallIntegerField(default=0)
    wage_share = models.PositiveSmallIntegerField(default=0)
    waiver_reason = models.CharField(max_length=500, blank=True)
    cancelled_by_id = models.UUIDField(null=True)
    cancelled_by_name = models.CharField(max_length=150)
    cancelled_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["cancelled_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["appointment"], condition=Q(participant=None), name="cancellation_of_the_whole_once"
            ),
            # What was waived is not charged; what is charged has a completion type, and what is free has none.
            models.CheckConstraint(
                condition=Q(waiver_reason="") | Q(completion_type=None), name="cancellation_waived_is_free"
            ),
            models.CheckConstraint(
                condition=Q(completion_type__isnull=False) | Q(client_share=0, wage_share=0),
                name="cancellation_charged_by_a_type",
            ),
            share("cancellation_client_share"),
            share("cancellation_wage_share"),
        ]

    def __str__(self) -> str:
        return f"cancelled: {self.appointment}"

    @property
    def clients(self) -> "list[Client]":
        """Whose place this gave up: one client of a group, or all who were still in the appointment."""
        if self.participant is not None:
            return [self.participant.client]
        left_before = {row.participant_id for row in self.appointment.cancellations.all() if row.participant_id}
        return [row.client for row in self.appointment.participants.all() if row.pk not in left_before]
