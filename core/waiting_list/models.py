"""Who waits for what, what was offered to them, and how an organization does it."""

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext_lazy as _

from core.booking.models import Hold
from core.kernel.ids import new_id
from core.kernel.own_texts import OwnText
from core.people.models import Client, StaffMember, User
from core.scheduling.models import Appointment
from core.scheduling.rules import wall_time
from core.waiting_list.rules.waiting_list import DAY, Wish


class WaitingListSettings(models.Model):
    """How times are offered. One row per organization; without it nothing is offered by itself."""

    class Mode(models.TextChoices):
        ONE = "one", _("To one after another")
        ALL = "all", _("To all at once; the first to take it has it")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    is_current = models.BooleanField(default=True)
    is_open = models.BooleanField(default=False)  # times are offered by themselves
    clients_may_join = models.BooleanField(default=False)
    mode = models.CharField(max_length=3, choices=Mode.choices, default=Mode.ONE)
    minutes = models.PositiveSmallIntegerField(default=60)  # that somebody has to answer
    notice_hours = models.PositiveSmallIntegerField(default=3)

    class Meta:
        verbose_name_plural = "waiting list settings"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["is_current"], condition=Q(is_current=True), name="waitingsettings_once")
        ]

    def __str__(self) -> str:
        return "waiting list settings"

    @classmethod
    def current(cls) -> "WaitingListSettings":
        """The row in force; unsaved defaults where nobody has decided yet."""
        return cls.objects.filter(is_current=True).first() or cls()


class WaitingEntry(models.Model):
    """That a client waits: for what, with whom, on which weekdays and hours of their wall, and until which day."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SERVED = "served", _("Got a time")
        REMOVED = "removed", _("Taken off")
        ENDED = "ended", _("Ended")  # the last day on which they waited has passed

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="waiting_entries")
    practitioners = models.ManyToManyField(StaffMember, blank=True, related_name="+")  # none: any
    service_id = models.UUIDField(null=True, blank=True)  # billing's Service; no foreign key, billing stands above
    service_name = models.CharField(max_length=120)
    other_service_names = models.JSONField(default=dict, blank=True)
    minutes = models.PositiveSmallIntegerField()
    mode = models.CharField(max_length=10, choices=Appointment.Mode.choices)
    weekdays = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)  # Monday is 0; none: every day
    begins = models.PositiveSmallIntegerField(default=0)  # minutes of the day
    ends = models.PositiveSmallIntegerField(default=DAY)
    time_zone = models.CharField(max_length=64)
    until_on = models.DateField()  # the last day
    note = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["added_at", "id"]
        verbose_name_plural = "waiting entries"
        indexes: ClassVar = [models.Index(fields=["state", "added_at"], name="waitingentry_state")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends__gt=F("begins"), ends__lte=DAY), name="waitingentry_hours"),
        ]

    def __str__(self) -> str:
        return f"{self.client}: {self.service_name}"

    @property
    def what(self) -> str:
        """What they wait for, as somebody reads it now."""
        return str(OwnText(self.service_name, self.other_service_names))

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING

    def has_run_out(self, now: datetime) -> bool:
        """Whether the last day on which they wait is over, on their own clock."""
        return self.until_on < now.astimezone(wall_time.zone(self.time_zone)).date()

    @property
    def wish(self) -> Wish:
        """As the rule reads it; practitioners from the rows already loaded."""
        return Wish(
            zone=wall_time.zone(self.time_zone),
            minutes=self.minutes,
            until_on=self.until_on,
            weekdays=frozenset(self.weekdays),
            begins=self.begins,
            ends=self.ends,
            practitioners=frozenset(person.pk for person in self.practitioners.all()),
        )


class WaitingOffer(models.Model):
    """A time that is offered to somebody who waits, until when; `hold` keeps it from those who book online."""

    class State(models.TextChoices):
        OPEN = "open", _("Offered")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Let go")
        EXPIRED = "expired", _("Ran out")
        LOST = "lost", _("Went to somebody else")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    entry = models.ForeignKey(WaitingEntry, on_delete=models.CASCADE, related_name="offers")
    practitioner = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    freed_from = models.DateTimeField()  # the time that has freed, within which it lies
    freed_until = models.DateTimeField()
    apart_from = ArrayField(  # the clients who gave it up, to whom it is not offered
        models.UUIDField(), default=list, blank=True, db_default=Value([], ArrayField(models.UUIDField()))
    )
    group = models.ForeignKey(  # in which a place is offered; None: the time itself
        Appointment, on_delete=models.CASCADE, null=True, related_name="offered_places"
    )
    hold = models.ForeignKey(Hold, on_delete=models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    by_hand = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")  # None: by itself
    offered_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    appointment = models.ForeignKey(Appointment, on_delete=models.SET_NULL, null=True, related_name="waiting_offers")

    class Meta:
        ordering: ClassVar = ["-offered_at", "id"]
        indexes: ClassVar = [models.Index(fields=["practitioner", "starts_at"], name="waitingoffer_time")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="waitingoffer_ends_after_start"),
            models.UniqueConstraint(fields=["entry"], condition=Q(state="open"), name="waitingoffer_one_open"),
        ]

    def __str__(self) -> str:
        return f"{self.entry}, {self.starts_at:%Y-%m-%d %H:%M} UTC"

    def is_open(self, now: datetime) -> bool:
        """Whether it can still be taken."""
        return self.state == self.State.OPEN and self.expires_at > now and self.starts_at > now


def values_of(settings: WaitingListSettings) -> dict[str, Any]:
    """What a person decides."""
    return {
        name: getattr(settings, name) for name in ("is_open", "clients_may_join", "mode", "minutes", "notice_hours")
    }
