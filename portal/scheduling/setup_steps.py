"""When the first of those who work there work."""

from django.utils.translation import gettext_lazy as _

from core.people.roles import Permission
from core.scheduling.models import WorkingHours
from portal.setup_steps import SetupStep, StepState

STEPS = (
    SetupStep(
        "hours", _("Set your working hours"),
        _("Your week, online and on site; single days, time off and closed days stand beside it."),
        "clock", "scheduling:own_hours", 70, 3, Permission.OWN_SCHEDULE,
        done=WorkingHours.objects.all,
        whys={StepState.TO_DO: _("Nobody has hours yet: every time can be booked.")},
    ),
)  # fmt: skip
