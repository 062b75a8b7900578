"""What resources do when scheduling announces something: a colleague who takes somebody's work over may take the resources, too."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from core.kernel import audit
from core.people.models import StaffMember
from core.resources.audit_codes import ResourceAudit
from core.resources.models import ListedResource, Resource
from core.scheduling.models import HandOver
from core.scheduling.signals import hand_over_undone, work_handed_over


@receiver(work_handed_over, dispatch_uid="resources_of_handed_over_work")
def hand_resources_over(
    *, hand_over: HandOver, with_resources: bool, by: Any, now: datetime, **_: Any
) -> dict[str, list[str]]:
    """All that the former practitioner owns; what is in the store stays there."""
    if not with_resources:
        return {}
    rows = list(Resource.objects.select_for_update().filter(owner=hand_over.former).order_by("pk"))
    _give(rows, hand_over.successor, by=by, now=now)
    return {"resources": [str(row.pk) for row in rows]}


@receiver(hand_over_undone, dispatch_uid="resources_of_undone_hand_over")
def give_resources_back(*, hand_over: HandOver, by: Any, now: datetime, **_: Any) -> None:
    """Those that the colleague still owns."""
    keys = hand_over.moved.get("resources", [])
    rows = Resource.objects.select_for_update().filter(pk__in=keys, owner=hand_over.successor).order_by("pk")
    _give(list(rows), hand_over.former, by=by, now=now)


def _give(rows: list[Resource], staff: StaffMember, *, by: Any, now: datetime) -> None:
    """Another owner, on whose list it is from now on; whoever had it keeps on their list what is in the store."""
    for row in rows:
        changes = {"owner": [str(row.owner_id), str(staff.pk)]}
        if not row.is_shared:
            ListedResource.objects.filter(resource=row, staff=row.owner_id).delete()
        row.owner = staff
        row.save(update_fields=["owner"])
        ListedResource.objects.get_or_create(resource=row, staff=staff, defaults={"added_at": now})
        audit.record(ResourceAudit.RESOURCE_CHANGED, by=by, subject=row, changes=changes)
