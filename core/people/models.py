"""Users (logins) and the people they stand for: staff, clients, linked logins, agents."""

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Subquery
from django.db.models.functions import JSONObject, Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from branding.models import Branch
from branding.queries import offered_language
from core.kernel import clock, encrypted_columns, encryption, search_keys, unseen
from core.kernel.ids import new_id
from core.people.roles import CLIENT_DEFAULTS, ROLES, ClientPermission, Permission, Role, known
from core.people.rules import rights
from core.people.rules.invitations import InvitationState, state_at

FORMER_INFORMATION = "former information of clients"  # what its encryption is for


def client_defaults() -> list[str]:
    """What the logins of a new client may do."""
    return list(CLIENT_DEFAULTS)


class UserManager(BaseUserManager["User"]):
    """Creates logins; e-mail addresses are stored in lower case."""

    def get(self, *conditions: Any, **values: Any) -> "User":
        """One login, with the staff member it belongs to and how sign-ins are guarded: who signs in with it is asked for on every page."""
        guarded = Safeguards.objects.filter(is_current=True).values(
            facts=JSONObject(idle="idle_minutes", roles="factor_roles", since="factor_since", grace="grace_days")
        )
        found = self.get_queryset().select_related("staff_member").annotate(_guarded=Subquery(guarded[:1]))
        return found.get(*conditions, **values)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=unseen.address(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=unseen.address(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A login at one organization, unknown to every other."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField()
    name = models.CharField(max_length=150)
    short_name = models.CharField("how to address them", max_length=80, blank=True, default="", db_default="")
    time_zone = models.CharField(max_length=64)
    language = models.CharField(max_length=10, default="en")
    is_active = models.BooleanField("may log in", default=True)
    session_generation = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    search_key = search_keys.search_key("name", "email")
    sort_key = search_keys.sort_key("name", "email")

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name", "time_zone"]

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(Lower("email"), name="user_email_unique")]
        indexes: ClassVar = [search_keys.search_index("user_search")]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def reads(self) -> str:
        """The language in which they read: their own where the organization offers it, else its first."""
        return offered_language(self.language)

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        """As they want to be addressed; else the whole name, because no rule knows which part of a name is which."""
        return self.short_name or self.name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Sessions end when the password changes (Django's rule) and when `session_generation` is raised (ours)."""
        salt = "core.people.models.User.session"
        return salted_hmac(
            salt, f"{self.password}{self.session_generation}", secret=secret, algorithm="sha256"
        ).hexdigest()

    @property
    def staff(self) -> "StaffMember | None":
        """The staff member this login belongs to, if any; loaded once."""
        return getattr(self, "staff_member", None)

    def may(self, permission: Permission) -> bool:
        """Whether they work here now, and their role and their own exceptions come to `permission`."""
        staff = self.staff
        return staff is not None and staff.is_active and permission in staff.permissions


def _codes(**options: Any) -> ArrayField:
    """Codes of permissions. A release that does not know them yet leaves them empty."""
    return ArrayField(models.CharField(max_length=40), blank=True, **options)


class OwnRole(models.Model):
    """A role that the organization has made, copied from a built-in one (`base`), which says what kind of colleague it is."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    title = models.CharField(max_length=60)
    description = models.CharField(max_length=300, blank=True)
    base = models.CharField(max_length=20)
    carries = _codes(default=list)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering: ClassVar = ["created_at", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(Lower("title"), name="own_role_title_unique")]

    def __str__(self) -> str:
        return self.title

    @property
    def code(self) -> str:
        """What stands in a form; a built-in role has a word here."""
        return str(self.pk)

    @property
    def name(self) -> str:
        return self.title

    @property
    def permissions(self) -> frozenset[Permission]:
        return known(self.carries)


class StaffMember(models.Model):
    """Somebody who works here. Owners, administrators, staff and practitioners differ by role."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("Active")
        INACTIVE = "inactive", _("Inactive")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="staff_member")
    role = models.CharField(max_length=20, choices=[(role.code, role.name) for role in ROLES.values()])
    # Of an own role: which, and what it carries, copied here so that no door asks for it (docs/adr/0057-own-rights.md).
    own_role = models.ForeignKey(OwnRole, on_delete=models.PROTECT, null=True, blank=True, related_name="bearers")
    role_carries = _codes(null=True, default=None)
    # What exceptions give and withhold, for the same reason; who said so and why stands in each PermissionException.
    given = _codes(default=list, db_default=[])
    withheld = _codes(default=list, db_default=[])
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ACTIVE)
    title = models.CharField(max_length=100, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    color = models.CharField(max_length=7, default="#64748b")
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, null=True, blank=True, related_name="staff")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    search_key = search_keys.search_key("title", phone="phone")

    class Meta:
        ordering: ClassVar = ["user__sort_key"]
        permissions: ClassVar = [("administer_schedule", "View, change and add appointments on this person's schedule")]

    def __str__(self) -> str:
        return self.user.name

    @property
    def is_active(self) -> bool:
        """Whether they work here now; whether they may log in is a switch of their login."""
        return self.status == self.Status.ACTIVE

    @property
    def role_definition(self) -> Role | OwnRole:
        """Which role they bear, for its name; what somebody may do in the end says `permissions`."""
        return self.own_role or ROLES[self.role]

    @property
    def role_permissions(self) -> frozenset[Permission]:
        """What the role alone carries."""
        return ROLES[self.role].permissions if self.role_carries is None else known(self.role_carries)

    @property
    def permissions(self) -> frozenset[Permission]:
        """What they may do in the end: the role's permissions, and what exceptions give and withhold."""
        return rights.effective(self.role_permissions, given=known(self.given), withheld=known(self.withheld))


class PermissionException(models.Model):
    """That one person has a permission which their role lacks, or lacks one which it carries: by whom, when and why."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    staff = models.ForeignKey(StaffMember, on_delete=models.CASCADE, related_name="exceptions")
    permission = models.CharField(max_length=40)
    is_given = models.BooleanField()
    reason = models.CharField(max_length=300)
    made_by = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["staff", "permission"], name="permission_exception_once")
        ]

    def __str__(self) -> str:
        return f"{self.permission} {'for' if self.is_given else 'not for'} {self.staff_id}"


class Client(models.Model):
    """The person served, with or without logins."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("Active")
        INACTIVE = "inactive", _("Inactive")
        PROSPECT = "prospect", _("Prospect")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    first_name = models.CharField(max_length=80)
    last_name = models.CharField(max_length=80, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ACTIVE)
    time_zone = models.CharField(max_length=64)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    billing_name = models.CharField(max_length=150, blank=True, default="", db_default="")
    billing_address = models.TextField(blank=True, default="", db_default="")
    born_on = models.DateField(null=True, blank=True)
    color = models.CharField(max_length=7, default="#64748b")
    permissions = ArrayField(
        models.CharField(max_length=40, choices=[(p.value, p.sentence) for p in ClientPermission]),
        default=client_defaults,
        blank=True,
    )
    additional_information = models.TextField(blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, null=True, blank=True, related_name="clients")
    practitioners = models.ManyToManyField(StaffMember, through="Assignment", related_name="clients")
    logins = models.ManyToManyField(User, through="LinkedLogin", related_name="clients")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    search_key = search_keys.search_key("first_name", "last_name", "email", phone="phone")
    sort_key = search_keys.sort_key("last_name", "first_name")

    class Meta:
        ordering: ClassVar = ["sort_key", "pk"]
        indexes: ClassVar = [
            search_keys.search_index("client_search"),
            models.Index(fields=["sort_key", "id"], name="client_sorted"),
        ]
        permissions: ClassVar = [("audit_client", "Review this client's details and pay on their behalf, as an agent")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def is_active(self) -> bool:
        """Whether they are being served: neither a prospect nor inactive."""
        return self.status == self.Status.ACTIVE

    def allows(self, permission: ClientPermission) -> bool:
        return permission.value in self.permissions


class LinkedLogin(models.Model):
    """A login's tie to a client: themselves, or a guardian who acts for them."""

    class Relationship(models.TextChoices):
        SELF = "self", _("Self")
        GUARDIAN = "guardian", _("%(Guardian)s")
        PARTNER = "partner", _("Partner")
        OTHER = "other", _("Other")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="links")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="links")
    relationship = models.CharField(max_length=10, choices=Relationship.choices)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "client"], name="linked_login_once")]

    def __str__(self) -> str:
        return f"{self.user} for {self.client}"


class Safeguards(models.Model):
    """How sign-ins are guarded: after how many idle minutes people are logged off (0: never), and whose role demands a second factor."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    is_current = models.BooleanField(default=True)
    idle_minutes = models.PositiveSmallIntegerField(default=0)
    factor_roles = _codes(default=list)  # codes of built-in roles, keys of own ones
    factor_since = models.DateTimeField(null=True, blank=True)
    grace_days = models.PositiveSmallIntegerField(default=7)

    class Meta:
        verbose_name_plural = "safeguards"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["is_current"], condition=models.Q(is_current=True), name="safeguards_once")
        ]

    def __str__(self) -> str:
        return "safeguards"

    @classmethod
    def current(cls) -> "Safeguards":
        """The row in force; unsaved defaults where nobody has decided yet."""
        return cls.objects.filter(is_current=True).first() or cls()

    @classmethod
    def of(cls, user: User) -> "Safeguards":
        """The same, without a question where the login was loaded with it."""
        if not hasattr(user, "_guarded"):  # asked of whoever it is, because a request's user is looked up late
            return cls.current()
        facts = user._guarded
        if facts is None:
            return cls()
        since = datetime.fromisoformat(facts["since"]) if facts["since"] else None
        return cls(idle_minutes=facts["idle"], factor_roles=facts["roles"], factor_since=since, grace_days=facts["grace"])  # fmt: skip


class FormerInformation(models.Model):
    """What was noted about a client until somebody changed it, so that a lost text can be brought back. Encrypted; it goes with the client.

    The audit names the act and not the text, because it is never forgotten.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="former_information")
    encrypted_text = models.TextField()
    until = models.DateTimeField()
    changed_by = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar = ["-until", "-id"]

    def __str__(self) -> str:
        return f"of {self.client_id} until {self.until:%Y-%m-%d %H:%M}"

    @property
    def text(self) -> str:
        """What it said; empty when the key with which it was encrypted is not known any more."""
        try:
            return encryption.decrypt(self.encrypted_text, purpose=FORMER_INFORMATION)
        except encryption.InvalidToken:
            return ""


class Assignment(models.Model):
    """A practitioner assigned to a client; made by hand, or by the first appointment."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="assignments")
    practitioner = models.ForeignKey(StaffMember, on_delete=models.CASCADE, related_name="assignments")
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["client", "practitioner"], name="assignment_once")]

    def __str__(self) -> str:
        return f"{self.practitioner} for {self.client}"


class Agent(models.Model):
    """A login that looks after the bills of any number of clients; which ones are grants."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="agent")
    agency = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    search_key = search_keys.search_key("agency")

    def __str__(self) -> str:
        return self.agency or self.user.name


class Invitation(models.Model):
    """A one-time link by which a person sets a password; the token itself is never stored."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="invitations")
    invited_by = models.CharField(max_length=150)
    inviter = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    token_digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-created_at"]

    def __str__(self) -> str:
        return f"invitation of {self.user}"

    def state_at(self, now: datetime) -> InvitationState:
        """What the link is worth at `now`."""
        return state_at(now, expires_at=self.expires_at, accepted_at=self.accepted_at, withdrawn_at=self.withdrawn_at)


encrypted_columns.register(FormerInformation, "encrypted_text", purpose=FORMER_INFORMATION)
