"""Legal texts among what an organization does before it is live."""

from django.utils.translation import gettext_lazy as _

from core.legal.models import LegalText, LegalVersion
from core.people.roles import Permission
from portal.setup_steps import SetupStep, StepState

STEPS = (
    SetupStep(
        "legal", _("Publish your legal texts"), _("Terms, privacy notice, imprint, and consents that people give."),
        "scale", "legal:texts", 48, 15, Permission.MANAGE_LEGAL_TEXTS,
        done=lambda: LegalText.objects.filter(current_number__isnull=False, withdrawn_at=None),
        waiting=lambda: LegalVersion.objects.filter(number=None),
        whys={
            StepState.TO_DO: _("Nothing is published yet, so no page links to a privacy notice or an imprint."),
            StepState.WAITING: _("A draft is begun. Nobody reads it before you publish it."),
        },
    ),
)  # fmt: skip
