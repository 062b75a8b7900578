"""The setup guide: all steps, the way to each, and what is put aside."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel import clock
from core.kernel.errors import NotFound
from core.setup.actions import resume_step, skip_step
from core.setup.models import GUIDE
from portal import setup_return
from portal.access import SignedInView
from portal.forms import ActionView
from portal.records_link import records_link
from portal.settings_pages import settings_menu
from portal.setup_guide import SEES, find_step, guide_for
from portal.setup_steps import SetupStep


class GuideView(SignedInView):
    """Every step with how far it is."""

    needs = SEES

    def get(self, request: HttpRequest) -> HttpResponse:
        setup_return.end(request)
        return render(
            request,
            "setup/guide.html",
            {"guide": guide_for(self.user), "settings_menu": settings_menu(request), **records_link()},
        )


class StepMixin:
    """One step, by its key; 404 for one that there is not, 403 for one that is others' to do."""

    needs = SEES
    step: SetupStep

    def load(self, key: str) -> None:
        found = find_step(key)
        if found is None:
            raise NotFound
        if not self.user.may(found.permission):  # type: ignore[attr-defined]
            raise PermissionDenied
        self.step = found

    def get_success_url(self) -> str:
        return reverse("setup:guide")


class StepView(StepMixin, SignedInView):
    """To the page of the step; from there a line leads back."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        self.load(key)
        setup_return.begin(request, key)
        return redirect(self.step.url_name)


class SkipView(StepMixin, ActionView):
    """Put the step aside."""

    def perform(self) -> Any:
        return skip_step(self.step.key, title=str(self.step.title), by=self.user, now=clock.now())

    def get_success_message(self) -> str:
        return _("Skipped: %(step)s. You can take it up again at any time.") % {"step": self.step.title}


class ResumeView(StepMixin, ActionView):
    """Take the step up again."""

    def perform(self) -> None:
        resume_step(self.step.key, by=self.user)

    def get_success_message(self) -> str:
        return _("%(step)s is among what is to do again.") % {"step": self.step.title}


class PutAwayView(ActionView):
    """Take the guide from the dashboard, for everybody."""

    needs = SEES
    success_message = gettext_lazy("The setup guide is put away. You find it in the settings.")

    def perform(self) -> Any:
        return skip_step(GUIDE, title=_("Getting started"), by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        return reverse("dashboard:home")


class BringBackView(ActionView):
    """Show the guide on the dashboard again."""

    needs = SEES
    success_message = gettext_lazy("The setup guide is on the dashboard again.")

    def perform(self) -> None:
        resume_step(GUIDE, by=self.user)

    def get_success_url(self) -> str:
        return reverse("setup:guide")
