"""What people do when other apps announce something."""

from typing import Any

from django.dispatch import receiver

from core.kernel import clock
from core.kernel.audit import System
from core.people.actions import invite_staff_member
from core.people.models import Client, StaffMember, User
from core.people.roles import OWNER
from tenants.models import Organization
from tenants.signals import organization_created, usage_requested


@receiver(organization_created, dispatch_uid="owner_of_new_organization")
def invite_owner(
    *, organization: Organization, owner_email: str, owner_name: str, invite_owner: bool = True, **wishes: Any
) -> None:
    """A new organization gets its owner, invited in the organization's own name.

    Wishes: `time_zone`, `languages`. The owner confirms the time zone when setting the password.
    """
    if not owner_email or not invite_owner:
        return
    invite_staff_member(
        email=owner_email,
        name=owner_name or owner_email.partition("@")[0],
        role=OWNER.code,
        time_zone=wishes.get("time_zone") or "UTC",
        language=(wishes.get("languages") or ["en"])[0],
        by=System(organization.name),
        now=clock.now(),
    )


@receiver(usage_requested, dispatch_uid="people_of_organization")
def count_people(**ignored: Any) -> dict[str, int]:
    """How many people an organization has: all that operators learn of them."""
    return {
        "people": User.objects.filter(is_active=True).count(),
        "staff": StaffMember.objects.filter(status=StaffMember.Status.ACTIVE).count(),
        "clients": Client.objects.filter(status=Client.Status.ACTIVE).count(),
    }
