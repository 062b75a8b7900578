"""Personal links, the addresses that they had before, and who came by them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from core.kernel import encrypted_columns, encryption
from core.kernel.ids import new_id
from core.kernel.translation import translate
from core.people.models import Client, StaffMember, User

PASSPHRASE = "passphrase of a personal link"  # noqa: S105 because it names what the encryption is for
LONGEST_SLUG, LONGEST_NAME, LONGEST_PASSPHRASE = 60, 60, 60


class PersonalLink(models.Model):
    """The address at which one person who works here can be met. The row stays; the address changes when it is reset.

    `hours`: windows in minutes of the day by weekday, on the owner's clock; none at all means always.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    staff = models.OneToOneField(StaffMember, on_delete=models.PROTECT, related_name="personal_link")
    slug = models.CharField(max_length=LONGEST_SLUG, unique=True)
    encrypted_passphrase = models.TextField(blank=True, default="")
    is_locked = models.BooleanField(default=False)
    hours = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()
    reset_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["staff__user__sort_key"]

    def __str__(self) -> str:
        return self.staff.user.name

    @property
    def passphrase(self) -> str:
        """Empty for none, and where the key with which it was encrypted is not known any more: then `has_passphrase` still holds."""
        if not self.encrypted_passphrase:
            return ""
        try:
            return encryption.decrypt(self.encrypted_passphrase, purpose=PASSPHRASE)
        except encryption.InvalidToken:
            return ""

    @passphrase.setter
    def passphrase(self, passphrase: str) -> None:
        self.encrypted_passphrase = encryption.encrypt(passphrase, purpose=PASSPHRASE) if passphrase else ""

    @property
    def has_passphrase(self) -> bool:
        return bool(self.encrypted_passphrase)

    @property
    def host_name(self) -> str:
        """How whoever they meet reads of them."""
        return self.staff.user.get_short_name()


class RetiredSlug(models.Model):
    """An address that was reset. Nobody gets it again: whoever still has it must not come to somebody else."""

    slug = models.CharField(max_length=LONGEST_SLUG, primary_key=True)
    link = models.ForeignKey(PersonalLink, on_delete=models.CASCADE, related_name="retired_slugs")
    retired_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.slug


class LinkGuest(models.Model):
    """Somebody who came by a personal link, in one browser: without an account, or signed in (`user`).

    `slug` is the address by which they came: another one of today does not open to them; empty of who was invited to one
    appointment. `into` is the room of an appointment into which a
    host has let them. `network` is a keyed hash. `client`: who it was, when a host has said so. `audit_kind` as `Actor` has it.
    """

    audit_kind = "visitor"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    link = models.ForeignKey(PersonalLink, on_delete=models.CASCADE, related_name="guests")
    slug = models.CharField(max_length=LONGEST_SLUG)
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=LONGEST_NAME)
    is_namesake = models.BooleanField(default=False)  # of somebody who works here
    language = models.CharField(max_length=10)
    network = models.CharField(max_length=64, blank=True)
    came_at = models.DateTimeField()
    into = models.ForeignKey("sessions_live.Room", on_delete=models.SET_NULL, null=True, related_name="+")
    blocked_at = models.DateTimeField(null=True, blank=True)
    blocked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    client = models.ForeignKey(Client, on_delete=models.SET_NULL, null=True, related_name="link_calls")

    class Meta:
        ordering: ClassVar = ["-came_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["link", "-came_at"], name="linkguest_latest")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["link", "user"], condition=Q(user__isnull=False), name="linkguest_one_per_login"
            ),
            models.CheckConstraint(
                condition=Q(blocked_at=None, blocked_by=None) | Q(blocked_at__isnull=False), name="linkguest_blocked"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def mark(self) -> str:
        """`guest` or `namesake`; empty for who is signed in."""
        if self.user_id is not None:
            return ""
        return "namesake" if self.is_namesake else "guest"


def marked(name: str, mark: str) -> str:
    """A guest's name as everybody else reads it, in the language in force: nobody takes a guest for somebody of the house."""
    if mark == "namesake":
        return translate("%(name)s (guest, does not work here)", name=name)
    return translate("%(name)s (guest)", name=name) if mark else name


encrypted_columns.register(PersonalLink, "encrypted_passphrase", purpose=PASSPHRASE)
