"""Requests for a time, what was proposed instead, and how each ended."""

from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.kernel.ids import new_id
from core.kernel.own_texts import OwnText
from core.people.models import Client, StaffMember, User
from core.scheduling.models import Appointment


class RequestSettings(models.Model):
    """Whether people can ask for times at all. One row per organization; without it they can."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    is_current = models.BooleanField(default=True)
    is_open = models.BooleanField(default=True)
    shows_free_times = models.BooleanField(default=True, db_default=True)  # to those who ask, to choose from

    class Meta:
        verbose_name_plural = "request settings"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["is_current"], condition=Q(is_current=True), name="requestsettings_once")
        ]

    def __str__(self) -> str:
        return "request settings"

    @classmethod
    def current(cls) -> "RequestSettings":
        """The row in force; unsaved defaults where nobody has decided yet."""
        return cls.objects.filter(is_current=True).first() or cls()


class BookingRequest(models.Model):
    """What somebody asks for: an appointment at one of several times, or another time for one that they have, which stands meanwhile."""

    class State(models.TextChoices):
        ASKED = "asked", _("Waiting for an answer")
        PROPOSED = "proposed", _("Other times proposed")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        EXPIRED = "expired", _("Expired")
        OVERTAKEN = "overtaken", _("Settled otherwise")

    OPEN: ClassVar = (State.ASKED, State.PROPOSED)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="booking_requests")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    practitioner = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+")  # None: any
    moves = models.ForeignKey(Appointment, on_delete=models.CASCADE, null=True, related_name="move_requests")
    service_id = models.UUIDField(null=True, blank=True)  # billing's Service; no foreign key, billing stands above
    service_name = models.CharField(max_length=120)
    other_service_names = models.JSONField(default=dict, blank=True)  # by language; see OwnText
    minutes = models.PositiveSmallIntegerField()
    mode = models.CharField(max_length=10, choices=Appointment.Mode.choices)
    time_zone = models.CharField(max_length=64)  # in which the times were meant
    wish = models.CharField(max_length=400, blank=True)  # when it would suit, in words
    note = models.CharField(max_length=1000, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    changed_at = models.DateTimeField()  # the last word about it
    expires_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-asked_at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["state", "asked_at"], name="bookingrequest_state"),
            models.Index(fields=["client", "state"], name="bookingrequest_client"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["moves", "client"],
                condition=Q(state__in=["asked", "proposed"], moves__isnull=False),
                name="bookingrequest_one_move",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client}: {self.service_name}"

    @property
    def what(self) -> str:
        """What it is about, as somebody reads it now."""
        return str(OwnText(self.service_name, self.other_service_names))

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def runner(self) -> StaffMember | None:
        """On whose schedule it would be; None for anybody's."""
        return self.moves.practitioner if self.moves is not None else self.practitioner

    @property
    def runner_id(self) -> UUID | None:
        return self.moves.practitioner_id if self.moves is not None else self.practitioner_id

    @property
    def asked_times(self) -> "list[RequestedTime]":
        """Those that whoever asked would take, from the rows already loaded."""
        return [each for each in self.times.all() if each.proposal_id is None]

    @property
    def proposed_times(self) -> "list[RequestedTime]":
        """Those of the last proposal, from the rows already loaded."""
        rows = [each for each in self.times.all() if each.proposal is not None]
        last = max((each.proposal.made_at for each in rows), default=None)
        return [each for each in rows if each.proposal.made_at == last]

    @property
    def proposal(self) -> "Proposal | None":
        """The last one, from the rows already loaded."""
        return max(self.proposals.all(), key=lambda each: each.made_at, default=None)


class Proposal(models.Model):
    """Other times that somebody who works here has proposed, with a word about them."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    request = models.ForeignKey(BookingRequest, on_delete=models.CASCADE, related_name="proposals")
    message = models.CharField(max_length=500, blank=True)
    override_reason = models.CharField(max_length=500, blank=True)  # why beside the practitioner's time
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    answer = models.CharField(max_length=400, blank=True)  # why none of them suits
    refused_at = models.DateTimeField(null=True)  # or when a later one took its place

    class Meta:
        ordering: ClassVar = ["made_at", "id"]

    def __str__(self) -> str:
        return f"{self.request}, {self.made_at:%Y-%m-%d %H:%M} UTC"


class RequestedTime(models.Model):
    """One of the times: asked for, or of a proposal, which says with whom."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    request = models.ForeignKey(BookingRequest, on_delete=models.CASCADE, related_name="times")
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, null=True, related_name="times")
    practitioner = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["starts_at", "id"]
        indexes: ClassVar = [models.Index(fields=["starts_at"], name="requestedtime_start")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="requestedtime_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M} UTC"

    @property
    def runner(self) -> StaffMember | None:
        """On whose schedule it would be: what is to be moved stays with whoever runs it now, whoever has proposed the time."""
        return self.practitioner if self._is_on_own else self.request.runner

    @property
    def runner_id(self) -> UUID | None:
        return self.practitioner_id if self._is_on_own else self.request.runner_id

    @property
    def _is_on_own(self) -> bool:
        return self.practitioner_id is not None and self.request.moves_id is None


class RequestEnd(models.Model):
    """How a request ended: by whom, when and why. Nobody's act where it expired or was overtaken."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    request = models.OneToOneField(BookingRequest, on_delete=models.CASCADE, related_name="end")
    appointment = models.ForeignKey(Appointment, on_delete=models.SET_NULL, null=True, related_name="request_ends")
    reason = models.CharField(max_length=500, blank=True)
    ended_by_id = models.UUIDField(null=True)
    ended_by_name = models.CharField(max_length=150, blank=True)
    ended_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.request}: {self.request.state}"


def values_of(request: BookingRequest) -> dict[str, Any]:
    """What must be as it was when somebody looked: its state, and the last word about it."""
    return {"state": request.state, "changed_at": request.changed_at}
