"""In-app notices and the delivery log. Recipients are ids and addresses: this app knows no people."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.kernel.ids import new_id


class Notice(models.Model):
    """What a login sees behind the bell: a sentence and where it leads."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user_id = models.UUIDField()
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    body = models.CharField(max_length=500, blank=True)
    path = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-created_at"]
        indexes: ClassVar = [models.Index(fields=["user_id", "read_at", "-created_at"], name="notice_inbox")]

    def __str__(self) -> str:
        return self.title


class Delivery(models.Model):
    """One message to one address: what became of it. Answers “I did not get it” with facts."""

    class State(models.TextChoices):
        SENT = "sent", _("Handed to the mail server")
        DELIVERED = "delivered", _("Delivered")
        DEFERRED = "deferred", _("Delayed")
        BOUNCED = "bounced", _("Refused by the receiving server")
        FAILED = "failed", _("Could not be sent")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=60)
    channel = models.CharField(max_length=10, default="email")
    recipient_id = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=254)
    subject = models.CharField(max_length=200)
    message_id = models.CharField(max_length=200, unique=True)
    state = models.CharField(max_length=10, choices=State.choices)
    detail = models.TextField(blank=True)
    about_kind = models.CharField(max_length=60, blank=True)
    about_id = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-created_at"]
        verbose_name_plural = "deliveries"

    def __str__(self) -> str:
        return f"{self.kind} to {self.address}: {self.state}"
