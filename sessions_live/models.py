"""Live rooms, who asked to come in, and what was written in them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.kernel.ids import new_id
from core.people.models import User
from core.scheduling.models import Appointment


class MediaPolicy(models.TextChoices):
    """Which way picture and sound take."""

    DIRECT = "direct", _("Two people talk directly; the media server joins in for more")
    SERVER = "server", _("Always through the media server")


class LiveSettings(models.Model):
    """What an organization has decided about its live sessions. One row."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    is_current = models.BooleanField(default=True)
    policy = models.CharField(max_length=10, choices=MediaPolicy.choices, default=MediaPolicy.DIRECT)
    front_desk_hears = models.BooleanField(default=False)  # the doorbell, of those who manage all schedules

    class Meta:
        verbose_name_plural = "live settings"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["is_current"], condition=Q(is_current=True), name="livesettings_one_current"
            )
        ]

    def __str__(self) -> str:
        return "live settings"

    @classmethod
    def current(cls) -> "LiveSettings":
        """The row in force; unsaved defaults where nobody has decided yet."""
        return cls.objects.filter(is_current=True).first() or cls()


class Room(models.Model):
    """Where one appointment takes place online. Its id is what the media server knows; it carries no name."""

    Policy = MediaPolicy

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    appointment = models.OneToOneField(Appointment, on_delete=models.PROTECT, related_name="room")
    policy = models.CharField(max_length=10, choices=Policy.choices, default=Policy.DIRECT)
    moved_to_server = models.BooleanField(default=False)  # a third person came: until the session ends
    generation = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"room of {self.appointment}"

    @property
    def uses_server(self) -> bool:
        """Whether media goes through the media server at present."""
        return self.moved_to_server or self.policy == self.Policy.SERVER


class Admission(models.Model):
    """Somebody asked to come in: when, and what a host decided."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        ADMITTED = "admitted", _("Admitted")
        DENIED = "denied", _("Not admitted")
        LEFT = "left", _("Left")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="admissions")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=150)
    is_host = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    left_at = models.DateTimeField(null=True, blank=True)
    connection = models.CharField(max_length=150, default="", editable=False)  # the page that holds the seat

    class Meta:
        ordering: ClassVar = ["asked_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["room", "user"],
                condition=Q(state__in=["waiting", "admitted"]),
                name="admission_one_open_per_person",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at=None) | ~Q(state="waiting"), name="admission_waits_undecided"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.state}"


class ChatMessage(models.Model):
    """What somebody wrote, in the waiting room (to the hosts and one waiting person) or in the session (to all who are in)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="messages")
    sender = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    sender_name = models.CharField(max_length=150)
    waiting_person = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    text = models.CharField(max_length=2000)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.sender_name} at {self.at:%H:%M}"
