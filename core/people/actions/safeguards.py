"""How sign-ins are guarded: set by whoever runs the organization."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from core.kernel import audit
from core.kernel.errors import DomainError
from core.kernel.translation import translate
from core.people.actions.changes import require
from core.people.audit_codes import PeopleAudit
from core.people.models import OwnRole, Safeguards
from core.people.roles import ROLES, Permission
from core.people.rules.safeguards import MINUTES, MOST_GRACE


@transaction.atomic
def set_safeguards(
    *, idle_minutes: int, factor_roles: Iterable[str], grace_days: int, by: Any, now: datetime
) -> Safeguards:
    """After how many idle minutes people are logged off, and whose role demands a second factor after how many days.

    The days of grace begin anew for everybody when a role is named that was not before. Errors: `minutes_unknown`, `role_unknown`, `bad_grace`.
    """
    require(by.may(Permission.MANAGE_ORGANIZATION))
    roles = sorted({str(role) for role in factor_roles})
    _check(idle_minutes, roles, grace_days)
    row = Safeguards.objects.select_for_update().filter(is_current=True).first() or Safeguards()
    before = {"idle_minutes": row.idle_minutes, "factor_roles": row.factor_roles, "grace_days": row.grace_days}
    after = {"idle_minutes": idle_minutes, "factor_roles": roles, "grace_days": grace_days}
    changes = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if not changes:
        return row
    if set(roles) - set(row.factor_roles):
        row.factor_since = now
    for name, value in after.items():
        setattr(row, name, value)
    row.save()
    audit.record(PeopleAudit.SAFEGUARDS_CHANGED, by=by, subject=row, changes=changes)
    return row


def _check(minutes: int, roles: list[str], grace_days: int) -> None:
    if minutes not in MINUTES:
        raise DomainError("minutes_unknown", translate("Choose from the list."), field="idle_minutes")
    own = {str(key) for key in OwnRole.objects.values_list("pk", flat=True)}
    if set(roles) - set(ROLES) - own:
        raise DomainError("role_unknown", translate("Choose a role from the list."), field="factor_roles")
    if not 0 <= grace_days <= MOST_GRACE:
        raise DomainError("bad_grace", translate("Between 0 and %(most)s days.", most=MOST_GRACE), field="grace_days")
