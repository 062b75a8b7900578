"""What an organization lets people book themselves, the times that are held meanwhile, and what they answered."""

import json
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.booking.rules.slots import STEPS
from core.kernel import encrypted_columns, encryption
from core.kernel.ids import new_id
from core.people.models import Client, StaffMember, User
from core.scheduling.models import Appointment, BookableResource

ANSWERS = "answers at booking"  # what their encryption is for
DETAILS = "details at booking"


class BookingSettings(models.Model):
    """Who may book themselves, and when. One row per organization; without it nobody does."""

    class Audience(models.TextChoices):
        EVERYBODY = "everybody", _("Everybody, also people who were never here")
        CLIENTS = "clients", _("%(Clients)s who have signed in")
        CHOSEN = "chosen", _("Only those %(clients)s for whom you switch it on")

    class FirstVisit(models.TextChoices):
        ANY = "any", _("All %(services)s")
        CHOSEN = "chosen", _("Only the %(services)s that are marked for it")
        ASK = "ask", _("Nothing: people get in touch with you first")

    class Phone(models.TextChoices):
        NO = "no", _("Not asked")
        OPTIONAL = "optional", _("Asked, may stay empty")
        REQUIRED = "required", _("Asked, and needed")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    is_current = models.BooleanField(default=True)
    is_open = models.BooleanField(default=False)
    audience = models.CharField(max_length=10, choices=Audience.choices, default=Audience.CLIENTS)
    first_visit = models.CharField(max_length=10, choices=FirstVisit.choices, default=FirstVisit.ANY)
    phone = models.CharField(max_length=10, choices=Phone.choices, default=Phone.OPTIONAL)
    notice_hours = models.PositiveSmallIntegerField(default=24)
    horizon_days = models.PositiveSmallIntegerField(default=60)
    step = models.PositiveSmallIntegerField(choices=[(each, each) for each in STEPS], default=30)  # minutes
    most_per_day = models.PositiveSmallIntegerField(default=2)  # of one person
    newcomers_may_cancel = models.BooleanField(
        default=True
    )  # the second of two gates, for clients who come by themselves
    frame_hosts = ArrayField(models.CharField(max_length=253), default=list, blank=True)  # that may show the times

    class Meta:
        verbose_name_plural = "booking settings"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["is_current"], condition=Q(is_current=True), name="bookingsettings_once")
        ]

    def __str__(self) -> str:
        return "booking settings"

    @classmethod
    def current(cls) -> "BookingSettings":
        """The row in force; unsaved defaults where nobody has decided yet."""
        return cls.objects.filter(is_current=True).first() or cls()

    @property
    def is_public(self) -> bool:
        """Whether people without a login find free times."""
        return self.is_open and self.audience == self.Audience.EVERYBODY


class BookableService(models.Model):
    """A service that people book themselves: its address, how it takes place, and what it takes besides the practitioner."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    service_id = models.UUIDField(unique=True)  # billing's Service; no foreign key, billing stands above
    slug = models.SlugField(max_length=60, unique=True)
    is_for_first_visit = models.BooleanField(default=False)
    modes = ArrayField(models.CharField(max_length=10, choices=Appointment.Mode.choices), default=list)
    location = models.CharField(max_length=200, blank=True)
    resources = models.ManyToManyField(BookableResource, blank=True, related_name="+")
    places = models.PositiveSmallIntegerField(null=True)  # of a group; None: free hours, for one person at a time

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(modes=[]), name="bookableservice_some_way"),
            models.CheckConstraint(condition=Q(places=None) | Q(places__gte=2), name="bookableservice_places"),
        ]

    def __str__(self) -> str:
        return self.slug


class BookablePractitioner(models.Model):
    """Somebody with whom people book themselves, and under which address."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    practitioner = models.OneToOneField(StaffMember, on_delete=models.CASCADE, related_name="bookable")
    slug = models.SlugField(max_length=60, unique=True)
    service_ids = ArrayField(models.UUIDField(), default=list, blank=True)  # billing's; none: all that can be booked

    def __str__(self) -> str:
        return self.slug

    def offers(self, service_id: Any) -> bool:
        return not self.service_ids or service_id in self.service_ids


class BookingException(models.Model):
    """That one client may book themselves, or may not, whatever holds for the others."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.OneToOneField(Client, on_delete=models.CASCADE, related_name="booking_exception")
    may_book = models.BooleanField()
    set_by_name = models.CharField(max_length=150)
    set_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.client}: {self.may_book}"


class IntakeQuestion(models.Model):
    """What the organization wants to know at booking. One that was asked is taken out of use and never changed into another."""

    class Kind(models.TextChoices):
        TEXT = "text", _("A line of text")
        LONG_TEXT = "long_text", _("Several lines")
        CHOICE = "choice", _("One of several answers")
        YES_NO = "yes_no", _("Yes or no")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    question = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.TEXT)
    choices = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    is_required = models.BooleanField(default=False)
    is_for_first_visit = models.BooleanField(default=False)  # asked of people who were never here only
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "id"]

    def __str__(self) -> str:
        return self.question


class Hold(models.Model):
    """A time kept for one visitor while they finish. The token in its address is not stored; what was typed is encrypted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    token_digest = models.CharField(max_length=64, unique=True)
    visitor = models.CharField(max_length=64, db_index=True)  # a digest: one hold per visitor
    bookable = models.ForeignKey(
        BookableService, on_delete=models.CASCADE, null=True, related_name="+"
    )  # None: kept by other apps than this one
    practitioner = models.ForeignKey(StaffMember, on_delete=models.CASCADE, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    mode = models.CharField(max_length=10, choices=Appointment.Mode.choices)
    time_zone = models.CharField(max_length=64)  # in which the visitor reads
    is_anybody = models.BooleanField(default=False)  # they wanted any practitioner
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    encrypted_details = models.TextField(blank=True)
    code_digest = models.CharField(max_length=64, blank=True)
    code_expires_at = models.DateTimeField(null=True)
    proven_address = models.CharField(max_length=254, blank=True)  # the visitor has shown that it is theirs
    group = models.ForeignKey(
        Appointment, on_delete=models.CASCADE, null=True, related_name="held_places"
    )  # in which a place is held; None: the time itself
    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, null=True, related_name="+")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, null=True, related_name="+")  # for whom it was booked

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="hold_ends_after_it_starts"),
        ]
        indexes: ClassVar = [models.Index(fields=["expires_at"], name="hold_expiry")]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M} UTC"

    def is_over(self, now: datetime) -> bool:
        """Whether others can have the time again."""
        return self.expires_at <= now

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at) / timedelta(minutes=1))

    @property
    def details(self) -> dict[str, Any]:
        """What was typed so far; nothing when its key is gone."""
        return _opened(self.encrypted_details, DETAILS)

    @details.setter
    def details(self, values: dict[str, Any]) -> None:
        self.encrypted_details = encryption.encrypt(json.dumps(values), purpose=DETAILS)


class SelfBooking(models.Model):
    """That an appointment was booked by the people whom it is for: who, with which address, and what they answered (encrypted)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="self_bookings")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    is_first_visit = models.BooleanField(default=False)
    encrypted_answers = models.TextField(blank=True)
    booked_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["appointment", "client"], name="selfbooking_once")]

    def __str__(self) -> str:
        return f"{self.client}: {self.appointment}"

    @property
    def answers(self) -> list[list[str]]:
        """Question and answer, in the order in which they were asked."""
        return list(_opened(self.encrypted_answers, ANSWERS).get("answers", ()))

    @answers.setter
    def answers(self, pairs: list[list[str]]) -> None:
        self.encrypted_answers = encryption.encrypt(json.dumps({"answers": pairs}), purpose=ANSWERS) if pairs else ""


def _opened(text: str, purpose: str) -> dict[str, Any]:
    if not text:
        return {}
    try:
        return dict(json.loads(encryption.decrypt(text, purpose=purpose)))
    except encryption.InvalidToken:
        return {}


encrypted_columns.register(Hold, "encrypted_details", purpose=DETAILS)
encrypted_columns.register(SelfBooking, "encrypted_answers", purpose=ANSWERS)
