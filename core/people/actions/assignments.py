"""Who works with a client: practitioners assigned by hand, or by the first appointment."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from core.kernel import audit
from core.kernel.errors import DomainError
from core.kernel.reasons import Reason
from core.kernel.translation import translate
from core.people.actions.changes import require
from core.people.audit_codes import PeopleAudit
from core.people.models import Assignment, Client, StaffMember
from core.people.permissions import can_change_client
from core.people.roles import Permission

MOST_AT_ONCE = 200


@transaction.atomic
def assign_practitioner(*, client: Client, practitioner: StaffMember, by: Any, now: datetime) -> Assignment:
    """Assign a practitioner by hand, before or after any appointment. Assigning twice changes nothing."""
    require(can_change_client(by, client))
    if not practitioner.is_active:
        raise DomainError(
            "staff_inactive",
            translate("%(practitioner_name)s is not active.", practitioner_name=practitioner),
            field="practitioner",
        )
    if Permission.OWN_SCHEDULE not in practitioner.permissions:
        raise DomainError(
            "no_schedule",
            translate("%(practitioner_name)s has no schedule of their own.", practitioner_name=practitioner),
            field="practitioner",
        )
    return ensure_assigned(client=client, practitioner=practitioner, by=by, now=now)


@transaction.atomic
def assign_many(
    *, clients: Iterable[Client], practitioners: Iterable[StaffMember], by: Any, now: datetime
) -> list[Assignment]:
    """Assign each of these practitioners to each of these clients; returns what was not assigned before. All of it or nothing."""
    pairs = [(client, practitioner) for client in clients for practitioner in practitioners]
    if len(pairs) > MOST_AT_ONCE:
        raise DomainError("many_assignments", translate("At most %(most)s at once.", most=MOST_AT_ONCE))
    standing = set(
        Assignment.objects.filter(client__in={client.pk for client, _other in pairs}).values_list(
            "client_id", "practitioner_id"
        )
    )
    # One order, because two at once must not deadlock.
    return [
        assign_practitioner(client=client, practitioner=practitioner, by=by, now=now)
        for client, practitioner in sorted(pairs, key=lambda pair: (pair[0].pk, pair[1].pk))
        if (client.pk, practitioner.pk) not in standing
    ]


@transaction.atomic
def ensure_assigned(
    *, client: Client, practitioner: StaffMember, by: Any, now: datetime, reason: Reason | str = ""
) -> Assignment:
    """Assign, whatever was assigned before, and note the `reason` why. The caller has opened the door. Error: `own_assignment`."""
    assignment, created = Assignment.objects.get_or_create(client=client, practitioner=practitioner)
    if created:
        _check_not_by_oneself(practitioner, by)
        changes = {"practitioner": [None, str(practitioner.pk)]}
        audit.record(PeopleAudit.CLIENT_PRACTITIONER_ASSIGNED, by=by, subject=client, changes=changes, reason=reason)
    return assignment


def _check_not_by_oneself(practitioner: StaffMember, by: Any) -> None:
    """Who manages clients and nobody else's access would otherwise read any record by assigning themselves, by hand or with an appointment."""
    if practitioner.user_id != by.pk or not by.may(Permission.MANAGE_CLIENTS) or by.may(Permission.MANAGE_STAFF):
        return
    sentence = translate(
        "You cannot assign yourself, because whoever is assigned reads what was written about the %(client)s. "
        "Ask somebody who looks after %(staff_members)s."
    )
    raise DomainError("own_assignment", sentence, field="practitioner")


@transaction.atomic
def unassign_practitioner(*, client: Client, practitioner: StaffMember, by: Any, now: datetime) -> None:
    """End an assignment: the practitioner no longer sees the client, unless their role sees all."""
    require(can_change_client(by, client))
    deleted, _ = Assignment.objects.filter(client=client, practitioner=practitioner).delete()
    if deleted:
        changes = {"practitioner": [str(practitioner.pk), None]}
        audit.record(PeopleAudit.CLIENT_PRACTITIONER_UNASSIGNED, by=by, subject=client, changes=changes)
