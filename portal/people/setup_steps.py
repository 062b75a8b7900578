"""Whom an organization brings in before it is live."""

from django.utils.translation import gettext_lazy as _

from core.people.models import Client, StaffMember
from core.people.roles import Permission
from portal.setup_steps import SetupStep

STEPS = (
    SetupStep(
        "colleagues", _("Invite your colleagues"), _("Each gets a mail, and sees what their role allows. If you work alone, skip this step."),
        "user-plus", "people:staff_new", 80, 3, Permission.MANAGE_STAFF,
        done=lambda: StaffMember.objects.order_by("pk")[1:2],
    ),
    SetupStep(
        "client", _("Add your first %(client)s"), _("Or yourself, to see everything from their side."),
        "user-round", "people:client_new", 90, 3, Permission.MANAGE_CLIENTS,
        done=lambda: Client.objects.all(),
    ),
)  # fmt: skip
