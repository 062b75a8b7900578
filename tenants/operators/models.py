"""Operators, their sessions and devices, and how much each organization uses. In the public schema; no tenant's people in it."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower

from core.kernel.ids import new_id
from core.kernel.models import SentFormModel
from tenants.models import Organization


class Operator(models.Model):
    """A person who looks after organizations. Password and one-time codes both, always."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField()
    name = models.CharField(max_length=120)
    password = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)
    encrypted_secret = models.TextField(blank=True)  # of the authenticator, by the application's key
    enrolled_at = models.DateTimeField(null=True, blank=True)
    last_counter = models.BigIntegerField(default=0)  # a code works once
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(Lower("email"), name="operator_email_unique_any_case")]

    def __str__(self) -> str:
        return self.email


class OperatorSession(models.Model):
    """One browser of an operator, by the digest of the token in its cookie."""

    class Stage(models.TextChoices):
        PASSWORD = "password", "password given"
        COMPLETE = "complete", "signed in"

    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="sessions")
    digest = models.CharField(max_length=64, unique=True)
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.PASSWORD)
    created_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    address = models.GenericIPAddressField(null=True)

    def __str__(self) -> str:
        return f"{self.operator_id} since {self.created_at:%Y-%m-%d %H:%M}"


class RecoveryCode(models.Model):
    """One of ten codes that stand in for a lost device, each once."""

    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"of {self.operator_id}"


class SignInFailure(models.Model):
    """A password or code that was wrong: how guessing is slowed down. Kept for a day."""

    account = models.CharField(max_length=64, default="", db_default="")  # digest of the e-mail address, known or not
    device = models.CharField(
        max_length=40, default="", db_default="", blank=True
    )  # one that the operator has signed in on
    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, null=True, related_name="+")
    address = models.GenericIPAddressField(null=True)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.address} at {self.at:%Y-%m-%d %H:%M}"


class OrganizationUsage(models.Model):
    """How much an organization uses: numbers only, refreshed by a job, so that a list of organizations opens no schema."""

    organization = models.OneToOneField(Organization, on_delete=models.CASCADE, primary_key=True, related_name="usage")
    people = models.PositiveIntegerField(default=0)
    staff = models.PositiveIntegerField(default=0)
    clients = models.PositiveIntegerField(default=0)
    storage_bytes = models.PositiveBigIntegerField(default=0)
    sessions = models.PositiveIntegerField(default=0)  # live sessions in the last 30 days
    measured_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.organization_id} at {self.measured_at:%Y-%m-%d %H:%M}"


class KeptForm(models.Model):
    """A form of the console that came when the session had ended: encrypted, for the operator it was written for, for hours."""

    key = models.CharField(primary_key=True, max_length=20)
    owner = models.CharField(max_length=40)  # the operator's id, as the form said, signed
    path = models.CharField(max_length=300)
    encrypted_text = models.TextField()
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.path} at {self.at:%Y-%m-%d %H:%M}"


class SentForm(SentFormModel):
    """A form of the console that was carried out."""
