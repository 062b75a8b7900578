"""Legal texts with their versions, and what people have answered. A version that was published is never changed; answers are only added."""

import hashlib
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.kernel import search_keys
from core.kernel.ids import new_id
from core.people.models import Client, User

TITLE, CHANGES, LONGEST = 120, 600, 200_000


class LegalText(models.Model):
    """One text: its address, and who is asked about it. What it says is in its versions.

    `current_number`: of the version that is read; None as long as none was published. `required_number`: of the last that must be accepted again.
    """

    class Kind(models.TextChoices):
        TERMS = "terms", _("Terms")
        PRIVACY = "privacy", _("Privacy notice")
        IMPRINT = "imprint", _("Imprint")
        CONSENT = "consent", _("Consent")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    slug = models.SlugField(max_length=60, unique=True)
    is_asked_of_clients = models.BooleanField(default=False)
    is_asked_of_staff = models.BooleanField(default=False)
    is_per_client = models.BooleanField(default=False)
    is_linked = models.BooleanField(default=True)
    current_number = models.PositiveIntegerField(null=True, blank=True)
    required_number = models.PositiveIntegerField(default=1)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["created_at"]

    def __str__(self) -> str:
        return self.slug

    @property
    def is_live(self) -> bool:
        """Whether readers find it."""
        return self.current_number is not None and self.withdrawn_at is None

    @property
    def is_consent(self) -> bool:
        """Whether no is an answer, and a yes can be withdrawn."""
        return self.kind == self.Kind.CONSENT


class LegalVersion(models.Model):
    """A text as it was published; without a number it is the draft, of which there is at most one."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    text = models.ForeignKey(LegalText, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(null=True, blank=True)
    must_accept = models.BooleanField(default=False)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["text", "number"], name="legal_version_number"),
            models.UniqueConstraint(fields=["text"], condition=Q(number=None), name="legal_one_draft"),
        ]

    def __str__(self) -> str:
        return f"{self.text} {self.number or 'draft'}"


class VersionText(models.Model):
    """What a version says in one language, and what has changed since the one before. `digest`: of what readers see."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(LegalVersion, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=10)
    title = models.CharField(max_length=TITLE)
    body = models.TextField(blank=True)
    changes = models.CharField(max_length=CHANGES, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["version", "language"], name="legal_text_once")]

    def __str__(self) -> str:
        return self.title

    def made_digest(self) -> str:
        """SHA-256 of title and text as they are shown, in hexadecimal."""
        return hashlib.sha256(f"{self.title}\n{self.body}".encode()).hexdigest()


class Acceptance(models.Model):
    """One answer of one person to one version, for themselves or for a client. The latest of a person for a client holds.

    Names stay as they were, because the answer outlives the login.
    """

    class Answer(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(LegalVersion, on_delete=models.PROTECT, related_name="acceptances")
    language = models.CharField(max_length=10)
    digest = models.CharField(max_length=64)
    answer = models.CharField(max_length=10, choices=Answer.choices)
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="acceptances")
    user_name = models.CharField(max_length=150)
    user_email = models.EmailField()
    client = models.ForeignKey(Client, on_delete=models.SET_NULL, null=True, blank=True, related_name="acceptances")
    client_name = models.CharField(max_length=161, blank=True)
    at = models.DateTimeField()
    address = models.GenericIPAddressField(null=True, blank=True)
    search_key = search_keys.search_key("user_name", "user_email", "client_name")

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [
            search_keys.search_index("acceptance_search"),
            models.Index(fields=["version", "-at"], name="acceptance_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.user_name}: {self.answer} {self.version_id}"

    @property
    def tone(self) -> str:
        """In which colour it is shown."""
        return {"accepted": "success", "declined": "neutral", "withdrawn": "warning"}[self.answer]
