"""The first live session, before somebody waits for it."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.people.roles import Permission
from portal.setup_steps import SetupStep
from sessions_live.models import Room

STEPS = (
    SetupStep(
        "live", _("Hold a live %(session)s on trial"),
        _("Book one for now, open it here and on your phone, and see and hear yourself as others will."),
        "video", "scheduling:new", 100, 10, Permission.OWN_SCHEDULE,
        done=lambda: Room.objects.filter(Q(started_at__isnull=False) | Q(generation__gt=1)),
    ),
)  # fmt: skip
