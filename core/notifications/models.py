"""In-app notices and the delivery log. Recipients are ids and addresses: this app knows no people."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.kernel import outbox, search_keys
from core.kernel.ids import new_id
from core.kernel.reasons import stored_reason
from core.kernel.translation import translate
from core.notifications.advice import advice_on


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
        TRYING = "trying", _("Not sent yet; it is tried again")
        SENT = "sent", _("Handed to the mail server")
        DELIVERED = "delivered", _("Delivered")
        DEFERRED = "deferred", _("Delayed")
        BOUNCED = "bounced", _("Refused by the receiving server")
        COMPLAINED = "complained", _("Reported as spam")
        FAILED = "failed", _("Could not be sent")
        VOID = "void", _("No longer needed")

    ARRIVING = (State.SENT, State.DELIVERED, State.VOID)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=60)
    channel = models.CharField(max_length=10, default="email")
    is_test = models.BooleanField(default=False, db_default=False)
    recipient_id = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=254)
    subject = models.CharField(max_length=200)
    message_id = models.CharField(max_length=200, unique=True)
    state = models.CharField(max_length=10, choices=State.choices)
    # What the mail's server or provider said, in its own words; ours are the reason.
    detail = models.TextField(blank=True)
    reason_code = models.CharField(max_length=60, blank=True, db_default="")
    reason_values = models.JSONField(default=dict, blank=True, db_default={})
    about_kind = models.CharField(max_length=60, blank=True)
    about_id = models.CharField(max_length=40, blank=True)
    promise_id = models.UUIDField(null=True, unique=True)
    promise_name = models.CharField(max_length=80, blank=True, db_default="")
    author_id = models.CharField(max_length=40, blank=True, db_default="")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    search_key = search_keys.search_key("address", "subject")

    class Meta:
        ordering: ClassVar = ["-created_at"]
        verbose_name_plural = "deliveries"
        indexes: ClassVar = [
            models.Index(fields=["about_kind", "about_id", "-created_at"], name="delivery_about"),
            search_keys.search_index("delivery_search"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.address}: {self.state}"

    @property
    def title(self) -> str:
        """What it is called: by its subject, or by what was promised where it was never written."""
        return self.subject or translate(outbox.kind_of(self.promise_name).label) or self.kind.replace("_", " ")

    @property
    def addressee(self) -> str:
        """Whom it is for; what was promised where that was never known."""
        return self.address or self.title

    @property
    def tone(self) -> str:
        """How much its state weighs, as the components colour it."""
        if self.state in (self.State.SENT, self.State.DELIVERED):
            return "success"
        if self.state in (self.State.TRYING, self.State.DEFERRED):
            return "warning"
        return "neutral" if self.state == self.State.VOID else "danger"

    @property
    def reason_sentence(self) -> str:
        """Why it did not arrive, in the language in force."""
        given = stored_reason(self.reason_code, self.reason_values)
        return given.sentence() if given else ""

    @property
    def advice(self) -> str:
        """What to do about it, in the language in force."""
        return advice_on(self.state, self.reason_code)


class MessageVersion(models.Model):
    """The organization's words for one message in one language, as somebody wrote them. Rows are only added; the newest is in force (NOT-07).

    `is_standard`: from this version on the standard words hold again.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    channel = models.CharField(max_length=10)
    code = models.CharField(max_length=60)
    language = models.CharField(max_length=10)
    number = models.PositiveIntegerField()
    is_standard = models.BooleanField(default=False)
    subject = models.CharField(max_length=250, blank=True)
    heading = models.CharField(max_length=250, blank=True)
    body = models.TextField(blank=True)
    button = models.CharField(max_length=120, blank=True)
    author_id = models.CharField(max_length=40, blank=True)
    author_name = models.CharField(max_length=150, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["channel", "code", "language", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "code", "language", "number"], name="message_version_number")
        ]

    def __str__(self) -> str:
        return f"{self.code} ({self.channel}, {self.language}) {self.number}"
