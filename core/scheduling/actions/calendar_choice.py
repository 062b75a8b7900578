"""Choose what one's own calendar shows."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core.kernel import audit
from core.kernel.errors import DomainError
from core.kernel.translation import translate
from core.people.models import StaffMember, User
from core.scheduling.audit_codes import SchedulingAudit
from core.scheduling.models import CalendarChoice
from core.scheduling.permissions import schedules_run_by

MOST_COLUMNS = 20


@transaction.atomic
def choose_calendar(
    *, schedules: Sequence[StaffMember] | None, color_by: str, by: User, now: datetime
) -> CalendarChoice:
    """Keep whose schedules `by` looks at (None: those that are kept), and by whom appointments are coloured there. The same again changes nothing.

    PermissionDenied for a schedule that they do not run; DomainError for more than there is room for, or an unknown colour.
    """
    keys = sorted({person.pk for person in schedules or ()})
    if schedules_run_by(by).filter(pk__in=keys).count() < len(keys) or not schedules_run_by(by).exists():
        raise PermissionDenied("You do not run this schedule.")
    if len(keys) > MOST_COLUMNS:
        sentence = translate("Choose up to %(number)s at once.", number=MOST_COLUMNS)
        raise DomainError("too_many", sentence, field="schedules")
    if color_by not in CalendarChoice.ColorBy.values:
        raise DomainError("unknown_color", translate("Choose from the list."), field="color_by")
    CalendarChoice.objects.get_or_create(user=by)
    choice = CalendarChoice.objects.select_for_update().get(user=by)
    before = {"schedules": [str(key) for key in choice.schedules], "color_by": str(choice.color_by)}
    if schedules is None:
        keys = list(choice.schedules)
    after = {"schedules": [str(key) for key in keys], "color_by": color_by}
    changes = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if changes:
        choice.schedules, choice.color_by = keys, color_by
        choice.save(update_fields=["schedules", "color_by"])
        audit.record(SchedulingAudit.CALENDAR_CHOSEN, by=by, subject=choice, changes=changes)
    return choice
