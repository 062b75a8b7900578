"""Enquiries, and what an organization has decided about them."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.kernel import encrypted_columns, encryption, search_keys
from core.kernel.ids import new_id
from core.people.models import Client

TEXT = "text of an enquiry"  # what its encryption is for
LONGEST_TEXT, LONGEST_TOPIC, LONGEST_NAME, MOST_RECIPIENTS = 4000, 80, 80, 10


class Enquiry(models.Model):
    """What a visitor has written. `client`: the one whom its address belongs to, if it is one; it goes with them.

    The text is encrypted. `privacy_version`: of the privacy notice that the form was linked to, as `slug/number`.
    """

    class State(models.TextChoices):
        NEW = "new", _("New")
        ANSWERED = "answered", _("Answered")
        ARCHIVED = "archived", _("Archived")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, null=True, related_name="enquiries")
    first_name = models.CharField(max_length=LONGEST_NAME)
    last_name = models.CharField(max_length=LONGEST_NAME, blank=True)
    email = models.EmailField()
    phone = models.CharField(max_length=40, blank=True)
    topic = models.CharField(max_length=LONGEST_TOPIC, blank=True)
    encrypted_text = models.TextField()
    language = models.CharField(max_length=10)
    time_zone = models.CharField(max_length=64)
    privacy_version = models.CharField(max_length=100, blank=True)
    received_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.NEW)
    handled_at = models.DateTimeField(null=True, blank=True)
    handled_by = models.CharField(max_length=200, blank=True)
    search_key = search_keys.search_key("first_name", "last_name", "email", phone="phone")

    class Meta:
        verbose_name_plural = "enquiries"
        ordering: ClassVar = ["-received_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="new", handled_at__isnull=True) | (~Q(state="new") & Q(handled_at__isnull=False)),
                name="enquiry_handled_at",
            ),
        ]
        indexes: ClassVar = [
            search_keys.search_index("enquiry_search"),
            models.Index(fields=["state", "-received_at"], name="enquiry_latest"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def text(self) -> str:
        """What was written; empty when the key with which it was encrypted is not known any more."""
        try:
            return encryption.decrypt(self.encrypted_text, purpose=TEXT)
        except encryption.InvalidToken:
            return ""

    @text.setter
    def text(self, text: str) -> None:
        self.encrypted_text = encryption.encrypt(text, purpose=TEXT)


class EnquirySettings(models.Model):
    """To whom enquiries are mailed, and for how long those that are dealt with are kept. One row at most."""

    class Kept(models.IntegerChoices):
        MONTHS_3 = 3, _("3 months")
        MONTHS_6 = 6, _("6 months")
        MONTHS_12 = 12, _("12 months")
        MONTHS_24 = 24, _("24 months")

    is_current = models.BooleanField(default=True)
    recipients = ArrayField(models.EmailField(), default=list, blank=True)
    keep_months = models.PositiveSmallIntegerField(choices=Kept.choices, default=Kept.MONTHS_12)

    class Meta:
        verbose_name_plural = "enquiry settings"
        constraints: ClassVar = [models.UniqueConstraint(fields=["is_current"], name="enquiry_settings_once")]

    def __str__(self) -> str:
        return ", ".join(self.recipients)

    @classmethod
    def current(cls) -> Any:
        """The row in force; unsaved defaults where nobody has decided yet."""
        return cls.objects.first() or cls()


encrypted_columns.register(Enquiry, "encrypted_text", purpose=TEXT)
