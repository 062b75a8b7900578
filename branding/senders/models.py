"""How an organization's mail leaves: its sender, the keys that sign, and the addresses that somebody has proved to read."""

from typing import ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from branding.senders.rules.sender_state import IN_USE, State
from core.kernel.ids import new_id


class Sender(models.Model):
    """One row per organization: what was chosen, and what is known of it."""

    class Way(models.TextChoices):
        NEUTRAL = "neutral", _("Neutral sender")
        DOMAIN = "domain", _("Own domain")
        SERVER = "server", _("Own mail server")

    class Security(models.TextChoices):
        STARTTLS = "starttls", _("STARTTLS, usually port 587")
        TLS = "tls", _("TLS from the first byte, usually port 465")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    is_current = models.BooleanField(default=True)
    way = models.CharField(max_length=10, choices=Way.choices, default=Way.NEUTRAL)
    reply_to_appointments = models.EmailField(blank=True)
    reply_to_billing = models.EmailField(blank=True)
    # The own domain.
    domain_address = models.EmailField(blank=True)
    domain_state = models.CharField(max_length=12, default=State.SETTING_UP)
    domain_found = models.JSONField(default=list, blank=True, encoder=DjangoJSONEncoder)
    domain_checked_at = models.DateTimeField(null=True)
    domain_unknown_since = models.DateTimeField(null=True)
    # The own mail server.
    server_address = models.EmailField(blank=True)
    server_host = models.CharField(max_length=253, blank=True)
    server_port = models.PositiveIntegerField(default=587)
    server_security = models.CharField(max_length=10, choices=Security.choices, default=Security.STARTTLS)
    server_user = models.CharField(max_length=254, blank=True)
    server_password = models.TextField(blank=True)  # encrypted, see `passwords`
    server_works = models.BooleanField(default=False)
    server_failures = models.PositiveSmallIntegerField(default=0)
    server_reason_code = models.CharField(max_length=60, blank=True)
    server_reason_values = models.JSONField(default=dict, blank=True)
    server_checked_at = models.DateTimeField(null=True)
    # What a test mail showed.
    last_test = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["is_current"], condition=Q(is_current=True), name="sender_one_current")
        ]

    def __str__(self) -> str:
        return self.get_way_display()

    @property
    def domain(self) -> str:
        """The host of the own address, as the DNS has it."""
        return self.domain_address.rpartition("@")[2].lower()

    @property
    def uses_domain(self) -> bool:
        """Whether mail leaves in the name of the own domain now."""
        return self.way == self.Way.DOMAIN and self.domain_state in IN_USE

    @property
    def uses_server(self) -> bool:
        """Whether mail leaves by the own server now."""
        return self.way == self.Way.SERVER and self.server_works

    @property
    def is_fallen_back(self) -> bool:
        """Whether the neutral sender stands in for what was chosen."""
        return self.way != self.Way.NEUTRAL and not (self.uses_domain or self.uses_server)


class SigningKey(models.Model):
    """One of the two keys of a domain: while one signs, the other waits to take its place, or can still be verified."""

    class State(models.TextChoices):
        ACTIVE = "active", _("Signs")
        WAITING = "waiting", _("Waits")
        RETIRED = "retired", _("Only verified any more")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    selector = models.CharField(max_length=20, unique=True)
    public_key = models.TextField()  # base64 of the DER form, as it stands in the DNS
    private_key = models.TextField()  # PEM, encrypted
    state = models.CharField(max_length=10, choices=State.choices)
    changed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["selector"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["state"], condition=Q(state="active"), name="signing_key_one_active")
        ]

    def __str__(self) -> str:
        return self.selector


class MailboxProof(models.Model):
    """A code that went to an address, and whether somebody has typed it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    address = models.EmailField(unique=True)
    code_hash = models.CharField(max_length=64, blank=True)
    tries_left = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField()
    proven_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.address
