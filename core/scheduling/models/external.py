"""Calendars that practitioners keep elsewhere, and when they are busy there. What they do then is never stored."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.kernel import encrypted_columns, encryption
from core.kernel.ids import new_id
from core.kernel.reasons import stored_reason
from core.people.models import StaffMember

PURPOSE = "addresses and passwords of external calendars"  # what their encryption is for


class ExternalCalendar(models.Model):
    """One calendar of a practitioner's somewhere else. Its address is a secret, like its password: both are encrypted."""

    class Kind(models.TextChoices):
        FILE = "file", _("Calendar address (ICS)")
        CALDAV = "caldav", _("CalDAV, with name and password")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    practitioner = models.ForeignKey(StaffMember, on_delete=models.CASCADE, related_name="external_calendars")
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.FILE)
    host = models.CharField(max_length=253)  # what is shown of the address
    encrypted_address = models.TextField()
    username = models.CharField(max_length=200, blank=True)
    encrypted_password = models.TextField(blank=True)
    added_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)  # when it was read last, and what it said holds
    failures = models.PositiveIntegerField(default=0)  # in a row
    reason_code = models.CharField(max_length=80, blank=True)  # why the last attempt failed
    reason_values = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering: ClassVar = ["added_at", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        return encryption.decrypt(self.encrypted_address, purpose=PURPOSE)

    @address.setter
    def address(self, value: str) -> None:
        self.encrypted_address = encryption.encrypt(value, purpose=PURPOSE)

    @property
    def password(self) -> str:
        return encryption.decrypt(self.encrypted_password, purpose=PURPOSE) if self.encrypted_password else ""

    @password.setter
    def password(self, value: str) -> None:
        self.encrypted_password = encryption.encrypt(value, purpose=PURPOSE) if value else ""

    @property
    def trouble(self) -> str:
        """Why it could not be read last time, in the language in force; empty when it could."""
        reason = stored_reason(self.reason_code, self.reason_values) if self.reason_code else None
        return reason.sentence() if reason else ""


class BusyTime(models.Model):
    """A time that a practitioner is busy with elsewhere; replaced with every reading."""

    id = models.BigAutoField(primary_key=True)
    calendar = models.ForeignKey(ExternalCalendar, on_delete=models.CASCADE, related_name="times")
    practitioner = models.ForeignKey(StaffMember, on_delete=models.CASCADE, related_name="busy_times")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["starts_at", "id"]
        indexes: ClassVar = [models.Index(fields=["practitioner", "ends_at"], name="busy_time_of")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="busy_time_ends_after_it_starts")
        ]

    def __str__(self) -> str:
        return f"{self.practitioner} from {self.starts_at}"


for each in ("encrypted_address", "encrypted_password"):
    encrypted_columns.register(ExternalCalendar, each, purpose=PURPOSE)
