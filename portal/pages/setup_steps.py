"""What strangers read first."""

from django.utils.translation import gettext_lazy as _

from core.pages.models import HomePage, PageText
from core.people.roles import Permission
from portal.setup_steps import SetupStep, StepState

STEPS = (
    SetupStep(
        "website", _("Write your front page"), _("Who you are, what you offer and how people reach you; you see it before anybody else does."),
        "globe", "website:pages", 75, 10, Permission.MANAGE_ORGANIZATION,
        done=lambda: PageText.objects.filter(page__in=HomePage.objects.filter(live=True).values("pk")),
        waiting=lambda: HomePage.objects.filter(has_unpublished_changes=True),
        whys={
            StepState.TO_DO: _("It greets with your name and your one line. If that is enough for now, skip this step."),
            StepState.WAITING: _("A draft is begun. Nobody sees it before you publish it."),
        },
    ),
)  # fmt: skip
