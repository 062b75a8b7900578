"""What becomes of an appointment: the types an organization knows, and the row that records one."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.kernel.ids import new_id
from core.kernel.own_texts import OwnText
from core.kernel.search_keys import Sorted


def share(name: str) -> models.CheckConstraint:
    """A percentage stays between 0 and 100."""
    field = name.split("_", 1)[1]
    return models.CheckConstraint(condition=Q(**{f"{field}__gte": 0, f"{field}__lte": 100}), name=name)


class CompletionType(models.Model):
    """A way for an appointment to end, and what it means for money: the client's cost and the practitioner's wage, each on its own."""

    class Outcome(models.TextChoices):
        HELD = "held", _("It took place")
        MISSED = "missed", _("Missed without notice")
        CANCELLED = "cancelled", _("Cancelled late")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=80)
    other_names = models.JSONField(default=dict, db_default={}, blank=True)  # by language; see OwnText
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    client_share = models.PositiveSmallIntegerField(default=100)  # percent of the price
    wage_share = models.PositiveSmallIntegerField(default=100)  # percent of the wage
    is_default = models.BooleanField(default=False)  # came with the house; may be renamed and switched off
    is_active = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=100)

    class Meta:
        ordering: ClassVar = ["position", Sorted("name")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["name"], name="completiontype_name_unique"),
            share("completiontype_client_share"),
            share("completiontype_wage_share"),
        ]

    def __str__(self) -> str:
        return str(self.own_name)

    @property
    def own_name(self) -> OwnText:
        """Its name in each of the organization's languages."""
        return OwnText(self.name, self.other_names)


class Completion(models.Model):
    """The record that an appointment is over: who said so, what it counts as, how many minutes are charged."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    appointment = models.OneToOneField("scheduling.Appointment", on_delete=models.PROTECT, related_name="completion")
    completion_type = models.ForeignKey(CompletionType, on_delete=models.PROTECT, related_name="+")
    wage_share = models.PositiveSmallIntegerField()  # as it was on that day
    charged_minutes = models.PositiveSmallIntegerField()
    note = models.CharField(max_length=500, blank=True)
    completed_by_id = models.UUIDField(null=True)
    completed_by_name = models.CharField(max_length=150)
    completed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [share("completion_wage_share")]

    def __str__(self) -> str:
        return f"{self.completion_type}: {self.appointment}"


class Attendance(models.Model):
    """How one client's place ended, and which share of the price it costs: in a group, each on their own."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    completion = models.ForeignKey(Completion, on_delete=models.CASCADE, related_name="attendances")
    participant = models.OneToOneField("scheduling.Participant", on_delete=models.PROTECT, related_name="attendance")
    completion_type = models.ForeignKey(CompletionType, on_delete=models.PROTECT, related_name="+")
    client_share = models.PositiveSmallIntegerField()  # as it was on that day

    class Meta:
        constraints: ClassVar = [share("attendance_client_share")]

    def __str__(self) -> str:
        return f"{self.participant}: {self.completion_type}"
