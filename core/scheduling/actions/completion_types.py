"""Add and change the ways in which appointments end."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from core.kernel import audit
from core.kernel.errors import DomainError
from core.kernel.translation import translate
from core.scheduling.actions.cancellation_policy import adopt_policy, check_may_change_policy
from core.scheduling.audit_codes import SchedulingAudit
from core.scheduling.models import CompletionType
from core.scheduling.queries import policy_in_force


@transaction.atomic
def save_completion_type(kind: CompletionType, *, by: Any, now: datetime) -> CompletionType:
    """Add a completion type or change one. Where the policy in force uses it, the policy is adopted anew with the new shares."""
    check_may_change_policy(by)
    before = CompletionType.objects.filter(pk=kind.pk).first()
    try:
        with transaction.atomic():
            kind.save()
    except IntegrityError as error:
        if "completiontype_name_unique" not in str(error):
            raise
        raise DomainError(
            "name_taken", translate("There is a completion type of that name already."), field="name"
        ) from error
    fields = ("name", "other_names", "outcome", "client_share", "wage_share", "is_active")
    pairs = {field: [getattr(before, field, None), getattr(kind, field)] for field in fields}
    changes = {field: pair for field, pair in pairs.items() if pair[0] != pair[1]}
    audit.record(SchedulingAudit.COMPLETION_TYPE_SAVED, by=by, subject=kind, changes=changes)
    _adopt_anew(kind, by=by, now=now)
    return kind


def _adopt_anew(kind: CompletionType, *, by: Any, now: datetime) -> None:
    policy = policy_in_force()
    levels = [(level.hours_before, level.completion_type) for level in (policy.levels.all() if policy else [])]
    if kind not in (used for _, used in levels):
        return
    adopt_policy(levels=levels, by=by, now=now)
