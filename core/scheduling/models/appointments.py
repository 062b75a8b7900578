"""Appointments and the clients who take part in them; nobody is in two places at once, by constraint."""

from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Least
from django.utils.translation import gettext_lazy as _

from core.kernel.ids import new_id
from core.kernel.own_texts import OwnText
from core.people.models import Client, StaffMember, User
from core.scheduling.models.cancellations import CancellationPolicy
from core.scheduling.rules.conflicts import Span

if TYPE_CHECKING:
    from core.scheduling.models.resources import BookableResource

LONGEST = timedelta(hours=24)


def new_uid() -> str:
    """A name for calendar programs; without a host, because a host can change and the entry must stay the same one."""
    return str(new_id())


class TimeRange(Func):
    """`tstzrange(start, end, '[)')`: an appointment may begin at the instant at which another ends."""

    function = "tstzrange"
    output_field = DateTimeRangeField()


def held_range() -> TimeRange:
    """The time that a row holds: its own, or what was left of it when it was over. LEAST takes no notice of NULL."""
    return TimeRange("starts_at", Least("ends_at", "free_from"), RangeBoundary())


def free_within(name: str) -> models.CheckConstraint:
    """Time is free again within the row's own."""
    return models.CheckConstraint(
        condition=Q(free_from=None) | Q(free_from__gte=F("starts_at"), free_from__lte=F("ends_at")), name=name
    )


class Appointment(models.Model):
    """A time at which one practitioner meets one or more clients. Instants in UTC; `time_zone` is where it was arranged."""

    class Status(models.TextChoices):
        BOOKED = "booked", _("Booked")
        COMPLETED = "completed", _("Completed")
        CANCELLED = "cancelled", _("Cancelled")

    class Mode(models.TextChoices):
        ONLINE = "online", _("Online")
        IN_PERSON = "in_person", _("In person")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    practitioner = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="appointments")
    clients = models.ManyToManyField(Client, through="Participant", related_name="appointments")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    free_from = models.DateTimeField(null=True)  # when its time is free again, if that is before `ends_at`
    time_zone = models.CharField(max_length=64)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.BOOKED)
    mode = models.CharField(max_length=10, choices=Mode.choices, default=Mode.ONLINE)
    location = models.CharField(max_length=200, blank=True)
    service_id = models.UUIDField(null=True, blank=True)  # billing's Service; no foreign key, billing stands above
    service_name = models.CharField(max_length=120)
    other_service_names = models.JSONField(default=dict, db_default={}, blank=True)  # by language; see OwnText
    note = models.CharField(max_length=1000, blank=True)  # read by everybody who takes part; see FormerNote
    policy = models.ForeignKey(CancellationPolicy, on_delete=models.PROTECT, null=True, related_name="appointments")
    uid = models.CharField(max_length=300, default=new_uid, db_default="", editable=False)  # RFC 5545: never changes
    sequence = models.PositiveIntegerField(default=0)  # RFC 5545: grows with every change that calendars must hear of
    booked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    booked_at = models.DateTimeField()
    series = models.ForeignKey(
        "scheduling.AppointmentSeries", on_delete=models.PROTECT, null=True, blank=True, related_name="occurrences"
    )
    occurrence_on = models.DateField(null=True, blank=True)  # its day by the series' rule, wherever it was moved
    is_exception = models.BooleanField(default=False, db_default=False)  # was changed apart from its series
    is_open_group = models.BooleanField(
        default=False, db_default=False
    )  # people join it: it stands with nobody in it, too

    class Meta:
        ordering: ClassVar = ["starts_at", "id"]
        indexes: ClassVar = [models.Index(fields=["starts_at"], name="appointment_start")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at"), ends_at__lte=F("starts_at") + LONGEST),
                name="appointment_up_to_a_day",
            ),
            free_within("appointment_free_within"),
            models.UniqueConstraint(
                fields=["series", "occurrence_on"],
                condition=Q(series__isnull=False),
                name="appointment_occurrence_once",
            ),
            # The composite key that Participant refers to, so that a place can never keep another time than its appointment.
            models.UniqueConstraint(fields=["id", "starts_at", "ends_at"], name="appointment_with_its_time"),
            ExclusionConstraint(
                name="appointment_practitioner_free",
                expressions=[
                    (held_range(), RangeOperators.OVERLAPS),
                    ("practitioner", RangeOperators.EQUAL),
                ],
                condition=~Q(status="cancelled"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service_name}, {self.starts_at:%Y-%m-%d %H:%M} UTC"

    @property
    def what(self) -> str:
        """What it is, as somebody reads it now: the service by its name at booking."""
        return str(OwnText(self.service_name, self.other_service_names))

    @property
    def span(self) -> Span:
        """The time that it holds."""
        return Span(self.starts_at, self.free_from or self.ends_at)

    @property
    def duration(self) -> timedelta:
        return self.ends_at - self.starts_at

    @property
    def minutes(self) -> int:
        """How long it takes, in whole minutes."""
        return int(self.duration.total_seconds() // 60)

    @property
    def is_booked(self) -> bool:
        return self.status == self.Status.BOOKED

    @property
    def attending(self) -> "list[Participant]":
        """Those who still have their place, from the rows already loaded."""
        return [participant for participant in self.participants.all() if participant.is_attending]

    @property
    def resources(self) -> "list[BookableResource]":
        """The rooms and the equipment that it takes, from the rows already loaded."""
        return [reservation.resource for reservation in self.reservations.all()]

    @property
    def place(self) -> str:
        """Where people find it: the place that was typed, and its rooms."""
        return ", ".join(dict.fromkeys(part for part in (*self.names_of("room"), self.location) if part))

    def names_of(self, kind: str) -> list[str]:
        """The names of its rooms or of its equipment: as `queries.with_people` has loaded them, else from its reservations."""
        loaded: list[str] | None = self.__dict__.get(f"{kind}_names")
        if loaded is not None:
            return loaded
        return [resource.name for resource in self.resources if resource.kind == kind]

    @property
    def is_group(self) -> bool:
        return self.is_open_group or len(self.participants.all()) > 1


class Participant(models.Model):
    """A client's place in an appointment. Its time is the appointment's (foreign key on id and both instants, ON UPDATE CASCADE)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="participants")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="participations")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    free_from = models.DateTimeField(null=True)  # when the client is free again, if that is before `ends_at`
    is_attending = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["client__sort_key", "client_id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["appointment", "client"], name="participant_once"),
            free_within("participant_free_within"),
            ExclusionConstraint(
                name="participant_client_free",
                expressions=[
                    (held_range(), RangeOperators.OVERLAPS),
                    ("client", RangeOperators.EQUAL),
                ],
                condition=Q(is_attending=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client} in {self.appointment}"

    @property
    def span(self) -> Span:
        """The time that it holds while the client attends."""
        return Span(self.starts_at, self.free_from or self.ends_at)
