"""Set-up links by which payers save a card, and what payers have agreed to."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q

from billing.models.processor import SavedCard
from billing.rules.card_links import CardLinkState, state_at
from core.kernel.ids import new_id
from core.people.models import Client, User


class CardLink(models.Model):
    """A link mailed to a payer of a client, by which they save one card."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="card_links")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="card_links")
    email = models.EmailField()
    sent_at = models.DateTimeField()
    sent_by = models.CharField(max_length=200)
    sender = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    account_id = models.CharField(max_length=80, blank=True)
    setup_id = models.CharField(max_length=120, blank=True, db_index=True)
    saved_at = models.DateTimeField(null=True)
    card = models.ForeignKey(SavedCard, on_delete=models.SET_NULL, null=True, related_name="links")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-sent_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "client"], condition=Q(saved_at=None, revoked_at=None), name="card_link_one_open"
            )
        ]

    def __str__(self) -> str:
        return f"card link for {self.email}"

    def state_at(self, now: datetime) -> CardLinkState:
        """How far it has come."""
        return state_at(
            now,
            expires_at=self.expires_at,
            opened_at=self.opened_at,
            saved_at=self.saved_at,
            revoked_at=self.revoked_at,
        )


class CardMandate(models.Model):
    """What a payer agreed to: the words as they read them, of which version, when and from where.

    It counts once a card was saved with it, until it is withdrawn or a newer one takes its place.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="card_mandates")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="card_mandates")
    link = models.OneToOneField(CardLink, on_delete=models.SET_NULL, null=True, related_name="mandate")
    card = models.ForeignKey(SavedCard, on_delete=models.SET_NULL, null=True, related_name="mandates")
    version = models.CharField(max_length=20)
    text = models.TextField()
    language = models.CharField(max_length=10)
    given_at = models.DateTimeField()
    ip_address = models.GenericIPAddressField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-given_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "client"],
                condition=Q(ended_at=None, card__isnull=False),
                name="card_mandate_one_in_force",
            )
        ]

    def __str__(self) -> str:
        return f"mandate of {self.given_at:%Y-%m-%d}"
