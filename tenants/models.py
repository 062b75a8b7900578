"""What the public schema knows: organizations, their domains and plans, and where work is due. No personal data of tenants' people."""

from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django_tenants.models import DomainMixin, TenantMixin

from core.kernel.ids import new_id
from tenants import domain_rules, host_names
from tenants.domain_rules import STATES, DomainState
from tenants.schema_names import ORGANIZATION_SCHEMA


def validate_schema_name(name: str) -> None:
    """Schema names are generated, never taken from a customer."""
    if not ORGANIZATION_SCHEMA.fullmatch(name):
        raise ValidationError("A schema name is t_ and ten letters or digits.")


class Plan(models.Model):
    """What an organization has bought: a named set of entitlements."""

    code = models.SlugField(primary_key=True, max_length=40)
    name = models.CharField(max_length=80)
    description = models.CharField(max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_offered = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["position", "code"]

    def __str__(self) -> str:
        return self.name


class Entitlement(models.Model):
    """One thing that a plan allows, or how much of it: `white_label`, `api`, `staff` = 25. No limit: null."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="entitlements")
    code = models.SlugField(max_length=40)
    limit = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["plan", "code"], name="entitlement_once_per_plan")]

    def __str__(self) -> str:
        return f"{self.plan_id}: {self.code}"


class EntitlementOverride(models.Model):
    """What an operator has decided for one organization beside its plan: one entitlement on or off, why, and until when.

    Switched off, what is there already goes on until `kept_until`; nothing new is begun with it.
    """

    organization = models.ForeignKey(
        "tenants.Organization", on_delete=models.CASCADE, related_name="entitlement_overrides"
    )
    code = models.SlugField(max_length=40)
    is_on = models.BooleanField()
    limit = models.PositiveIntegerField(null=True, blank=True)
    until = models.DateTimeField(null=True, blank=True)
    kept_until = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=500)
    set_by = models.CharField(max_length=200)
    set_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "code"], name="entitlement_override_once")
        ]

    def __str__(self) -> str:
        return f"{self.code}: {'on' if self.is_on else 'off'}"


class Organization(TenantMixin):
    """A customer: one schema, one life cycle."""

    class State(models.TextChoices):
        PROVISIONING = "provisioning", "being set up"
        ACTIVE = "active", "active"
        SUSPENDED = "suspended", "suspended"
        CLOSING = "closing", "closing"
        CLOSED = "closed", "closed"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    schema_name = models.CharField(max_length=63, unique=True, validators=[validate_schema_name])
    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    state = models.CharField(max_length=20, choices=State.choices, default=State.PROVISIONING)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="organizations")
    owner_email = models.EmailField()
    migration_digest = models.CharField(max_length=64, blank=True)
    edge_label = models.CharField(
        max_length=20, blank=True, default="", db_default=""
    )  # where its own hosts' DNS points
    created_at = models.DateTimeField()
    activated_at = models.DateTimeField(null=True, blank=True)

    # What the plan allows, entitlement -> limit (None for no limit), once somebody has asked for it: `tenants.entitlements`.
    known_allowances: dict[str, int | None] | None = None
    known_overrides: "list[EntitlementOverride] | None" = None

    auto_create_schema = False
    auto_drop_schema = False

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        return self.state == self.State.ACTIVE


class Domain(DomainMixin):
    """A host under which an organization is reached, or wants to be: lower case, no port, no trailing dot, punycode.

    Several organizations may want one host; whoever proves it holds it, and nobody else then. A released row is a tombstone.
    """

    tenant = models.ForeignKey(Organization, db_index=True, related_name="domains", on_delete=models.CASCADE)
    domain = models.CharField(max_length=253, db_index=True)
    state = models.CharField(max_length=20, choices=STATES, default=DomainState.LIVE, db_default=DomainState.LIVE)
    state_since = models.DateTimeField(null=True, blank=True)
    verification_token = models.CharField(max_length=40, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)  # since when it is this organization's; empty: it is not
    requested_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=30, blank=True, default="", db_default="")
    redirects_at = models.DateTimeField(null=True, blank=True)  # from when on it leads to the primary host
    leaves_at = models.DateTimeField(null=True, blank=True)  # when a detaching one is released
    certificate_from = models.DateTimeField(null=True, blank=True)
    certificate_until = models.DateTimeField(null=True, blank=True)
    # The branch that it leads to, whose row is in the organization's own schema; empty: the organization itself.
    branch_id = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                Lower("domain"), condition=models.Q(verified_at__isnull=False), name="domain_held_by_one"
            ),
            models.UniqueConstraint(
                "tenant", Lower("domain"), condition=~models.Q(state="released"), name="domain_once_in_organization"
            ),
        ]

    def __str__(self) -> str:
        return self.domain

    @property
    def is_served(self) -> bool:
        """Whether requests for it are answered."""
        return self.verified_at is not None and domain_rules.is_served(DomainState(self.state), self.problem)

    @property
    def serves_branch(self) -> bool:
        """Whether a branch is met under it now; not while it leads to the primary host, before it goes."""
        return self.branch_id is not None and self.redirects_at is None and self.is_served

    @property
    def is_the_platforms(self) -> bool:
        """Whether the platform hands it out, below its own domain: no DNS record of the customer's stands behind it.

        A name deeper below it is somebody's own, and has a token to prove, unless an operator has vouched for it.
        """
        return host_names.is_child(self.domain, settings.PLATFORM_DOMAIN) or (
            not self.verification_token and host_names.is_below(self.domain, settings.PLATFORM_DOMAIN)
        )


class OrganizationEvent(models.Model):
    """What operators and the platform did to an organization, append-only; no personal data of its people."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="events", null=True)
    at = models.DateTimeField()
    action = models.CharField(max_length=80)
    actor = models.CharField(max_length=200)
    note = models.TextField(blank=True)
    changes = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.action} by {self.actor}"


class DueWork(models.Model):
    """One promise in some organization's outbox: schema and time, nothing else, so that idle organizations cost nothing.

    Rows are only ever inserted by writers, one per promise, because a row per organization would make its writers wait for each other.
    """

    schema_name = models.CharField(max_length=63)
    due_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["due_at", "schema_name"], name="due_work_by_time")]

    def __str__(self) -> str:
        return f"{self.schema_name} at {self.due_at:%Y-%m-%d %H:%M:%S}"


class FailedWork(models.Model):
    """How many promises of an organization fail, and of the last one when, which, and what kind of error: numbers and names, no content.

    Counted anew after each turn of a worker; no row where nothing fails.
    """

    schema_name = models.CharField(max_length=63, primary_key=True)
    retried = models.PositiveIntegerField()
    given_up = models.PositiveIntegerField()
    last_at = models.DateTimeField(null=True)
    promise = models.CharField(max_length=80)
    error = models.CharField(max_length=80)

    def __str__(self) -> str:
        return f"{self.schema_name}: {self.retried} tried again, {self.given_up} given up"

    @property
    def count(self) -> int:
        return self.retried + self.given_up


class FailedTask(models.Model):
    """Background work that failed the last time: of an organization, or of the platform (no schema). Names and numbers, no content."""

    schema_name = models.CharField(max_length=63, blank=True)
    task = models.CharField(max_length=120)
    job = models.CharField(max_length=120, blank=True)
    arguments = models.JSONField(default=list)  # ids
    count = models.PositiveIntegerField(default=0)  # since it last succeeded
    last_at = models.DateTimeField()
    error = models.CharField(max_length=80)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["schema_name", "task", "job", "arguments"], name="failed_task_once")
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.schema_name or 'the platform'}: {self.count}"

    @property
    def name(self) -> str:
        """As operators read it, a job or a task by its last word, and whose it is: "forget old (core.kernel.sent_forms)"."""
        place, _, name = (self.job or self.task).rpartition(".")
        return f"{name.replace('_', ' ')} ({place})"


class WorkerHeartbeat(models.Model):
    """The last sign of life of one worker process."""

    name = models.CharField(max_length=120, primary_key=True)
    at = models.DateTimeField()
    delivered = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return self.name


class ExternalAccount(models.Model):
    """An account at an outside system that belongs to an organization: how a webhook finds its organization, never by its payload."""

    kind = models.CharField(max_length=20)
    external_id = models.CharField(max_length=120)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="external_accounts")
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "external_id"], name="external_account_has_one_owner")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.external_id}"
