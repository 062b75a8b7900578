"""In-app notices and the delivery log. Recipients are ids and addresses: this app knows no people."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from branding.models import Branch
from core.kernel import outbox, search_keys
from core.kernel.ids import new_id
from core.kernel.reasons import stored_reason
from core.kernel.translation import gettext_noop, translate
from core.notifications.advice import advice_on
from core.notifications.rules.channels import Channel

CODE_LIVES = timedelta(minutes=15)


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
            models.Index(fields=["-created_at"], condition=Q(channel="sms"), name="delivery_texts"),
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
    def is_mail(self) -> bool:
        return self.channel == Channel.EMAIL

    @property
    def channel_label(self) -> str:
        return Channel(self.channel).label

    @property
    def icon(self) -> str:
        return _ICONS.get(self.channel, "mail")

    @property
    def state_label(self) -> str:
        """Its state in words, as its channel has it."""
        known = _OTHER_STATES.get((self.channel, self.state))
        if known is not None:
            return translate(known)
        return self.get_state_display()

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
        is_alone = self.is_test or self.kind == "text_code"  # it comes by no other way
        return advice_on(self.state, self.reason_code, self.channel, is_alone=is_alone)


_ICONS = {Channel.PUSH: "smartphone", Channel.SMS: "message-square"}
_OTHER_STATES = {
    (Channel.PUSH, Delivery.State.SENT): gettext_noop("Handed on to the device"),
    (Channel.SMS, Delivery.State.SENT): gettext_noop("Handed on to the provider"),
    (Channel.SMS, Delivery.State.BOUNCED): gettext_noop("Could not be delivered"),
}


class OwnWords(models.Model):
    """Words for one message in one language, as somebody wrote them. Rows are only added; the newest is in force (NOT-07)."""

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
        abstract = True
        ordering: ClassVar = ["channel", "code", "language", "-number"]

    def __str__(self) -> str:
        return f"{self.code} ({self.channel}, {self.language}) {self.number}"


class MessageVersion(OwnWords):
    """The organization's own. `is_standard`: from this version on the standard words hold again."""

    class Meta(OwnWords.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "code", "language", "number"], name="message_version_number")
        ]


class BranchMessageVersion(OwnWords):
    """A branch's own. `is_standard`: from this version on the organization's hold there again."""

    branch = models.ForeignKey(Branch, on_delete=models.CASCADE, related_name="+")

    class Meta(OwnWords.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["branch", "channel", "code", "language", "number"], name="branch_message_version_number"
            )
        ]


class NotificationSettings(models.Model):
    """One row per organization: which channels there are, what is on unless somebody chooses otherwise, and the key pair of its push messages."""

    class PushText(models.TextChoices):
        NEUTRAL = "neutral", _("Only that there is something new")
        SUBJECT = "subject", _("What it is about, as behind the bell")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    is_current = models.BooleanField(default=True)
    has_push = models.BooleanField(default=True)
    push_text = models.CharField(max_length=10, choices=PushText.choices, default=PushText.NEUTRAL)
    usual = models.JSONField(default=dict, blank=True)  # topic → channels; a topic that is missing has the product's
    push_public_key = models.CharField(max_length=100, blank=True)
    push_private_key = models.TextField(blank=True)  # encrypted, see `push_keys`
    # Text messages, by the organization's own account at whoever carries them.
    has_texts = models.BooleanField(default=False)
    text_account = models.CharField(max_length=60, blank=True)
    text_token = models.TextField(blank=True)  # encrypted, see `text_gateway`
    text_sender = models.CharField(max_length=40, blank=True)
    texts_a_day = models.PositiveIntegerField(default=200)

    class Meta:
        verbose_name_plural = "notification settings"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["is_current"], condition=Q(is_current=True), name="notificationsettings_one_current"
            )
        ]

    def __str__(self) -> str:
        return "notification settings"

    @classmethod
    def current(cls) -> "NotificationSettings":
        """The row in force; unsaved defaults where nobody has decided yet."""
        return cls.objects.filter(is_current=True).first() or cls()


class ChannelPreference(models.Model):
    """How one login hears of one topic. Without a row, what the organization says counts; no channels: muted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user_id = models.UUIDField()
    topic = models.CharField(max_length=20)
    channels = ArrayField(models.CharField(max_length=10), default=list, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user_id", "topic"], name="channel_preference_once")]

    def __str__(self) -> str:
        return f"{self.topic}: {', '.join(self.channels) or 'muted'}"


class PushSubscription(models.Model):
    """One device of one login that takes push messages, as its browser subscribed it (RFC 8030)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user_id = models.UUIDField(db_index=True)
    device_id = models.BigIntegerField(null=True, db_index=True)  # allauth's UserSession
    device = models.CharField(max_length=60, blank=True)  # browser and system, for people
    endpoint = models.URLField(max_length=1000, unique=True)
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=40)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-created_at"]

    def __str__(self) -> str:
        return self.device or "a device"


class TextNumber(models.Model):
    """The mobile number of one login: text messages go to `number`, to which it has agreed. `asked_number` waits for the code that was sent there."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user_id = models.UUIDField(unique=True)
    number = models.CharField(max_length=16, blank=True, db_index=True)  # E.164
    agreed_at = models.DateTimeField(null=True)
    asked_number = models.CharField(max_length=16, blank=True, db_index=True)
    asked_at = models.DateTimeField(null=True)
    code_hash = models.CharField(max_length=64, blank=True)
    tries_left = models.PositiveSmallIntegerField(default=0)
    language = models.CharField(max_length=10, default="en")  # of answers to what somebody sends from there

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(number="", agreed_at=None) | (~Q(number="") & Q(agreed_at__isnull=False)),
                name="text_number_agreed",
            )
        ]

    def __str__(self) -> str:
        return "mobile number"

    def awaits_code(self, now: datetime) -> bool:
        """Whether the code that was sent can still be typed."""
        return bool(self.asked_number and self.asked_at and self.tries_left) and now - self.asked_at <= CODE_LIVES


class StoppedNumber(models.Model):
    """A number from which somebody has answered STOP. It holds whoever has the number, and also after they have taken it away; START ends it."""

    number = models.CharField(max_length=16, primary_key=True)
    stopped_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.number


class TextAnswer(models.Model):
    """What came in by text message, by the provider's id of it: the same one again changes nothing."""

    sid = models.CharField(max_length=64, primary_key=True)
    received_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.sid
