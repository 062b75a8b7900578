"""Rooms and equipment that appointments take, each for one at a time."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.kernel.ids import new_id
from core.kernel.search_keys import Sorted
from core.scheduling.models.appointments import Appointment, free_within, held_range
from core.scheduling.rules.conflicts import Span


class BookableResource(models.Model):
    """A room, or a thing that is carried to where it is needed. What was ever booked is archived and never deleted."""

    class Kind(models.TextChoices):
        ROOM = "room", _("Room")
        EQUIPMENT = "equipment", _("Equipment")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(
        max_length=80, error_messages={"unique": _("There is a room or equipment of that name already.")}
    )
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.ROOM)
    description = models.CharField(max_length=200, blank=True)
    is_active = models.BooleanField(default=True)  # can be chosen; else it is archived

    class Meta:
        ordering: ClassVar = ["-kind", Sorted("name"), "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["name"], name="bookableresource_name_unique")]

    def __str__(self) -> str:
        return self.name


class Reservation(models.Model):
    """That an appointment takes a resource. Its time is the appointment's (foreign key on id and both instants, ON UPDATE CASCADE)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="reservations")
    resource = models.ForeignKey(BookableResource, on_delete=models.PROTECT, related_name="reservations")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    free_from = models.DateTimeField(null=True)  # when it is free again, if that is before `ends_at`
    is_held = models.BooleanField(default=True)  # not any more once the appointment is cancelled

    class Meta:
        ordering: ClassVar = ["-resource__kind", Sorted("resource__name")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["appointment", "resource"], name="reservation_once"),
            free_within("reservation_free_within"),
            ExclusionConstraint(
                name="reservation_resource_free",
                expressions=[(held_range(), RangeOperators.OVERLAPS), ("resource", RangeOperators.EQUAL)],
                condition=Q(is_held=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resource} for {self.appointment}"

    @property
    def span(self) -> Span:
        """The time for which it is taken."""
        return Span(self.starts_at, self.free_from or self.ends_at)
