"""To which branch several people belong."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _

from branding.queries import active_branches, term
from branding.rules.vocabulary import capitalized
from core.kernel import clock
from core.kernel.errors import NotFound
from core.people import actions
from core.people.roles import Permission
from portal.forms import FormView
from portal.people.forms import ClientBranchesForm, StaffBranchesForm


class PeopleBranchesView(FormView):
    """People are chosen, and the branch to which they belong from now on; without branches there is no such page."""

    template_name = "people/people_branches.html"
    edits = False
    result: int

    def load(self) -> None:
        if not active_branches():
            raise NotFound

    def get_initial(self) -> dict[str, Any]:
        asked = self.request.GET.get("branch", "")
        return {"branch": next((branch for key, branch in active_branches().items() if str(key) == asked), None)}

    def get_success_message(self) -> str:
        return _("Changed for %(number)d.") % {"number": self.result}


class ClientBranchesView(PeopleBranchesView):
    """Clients, by those who look after all of them."""

    needs = Permission.MANAGE_CLIENTS

    def get_form(self, *posted: Any) -> forms.BaseForm:
        return ClientBranchesForm(*posted, initial=self.get_initial(), user=self.user)

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        lede = _("Under its name and look they are met, on pages, in mail and on papers.")
        return {
            **super().get_context_data(form),
            "lede": lede,
            "back": self.get_success_url(),
            "back_label": capitalized(term("client", plural=True)),
        }

    def perform(self, form: forms.BaseForm) -> int:
        return actions.put_into_branch(**form.cleaned_data, by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        return reverse("people:clients")


class StaffBranchesView(PeopleBranchesView):
    """Those who work here, by those who change them."""

    needs = Permission.MANAGE_STAFF

    def get_form(self, *posted: Any) -> forms.BaseForm:
        return StaffBranchesForm(*posted, initial=self.get_initial(), user=self.user)

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        lede = _(
            "%(Clients)s without a branch of their own are met as that of the %(practitioner)s with whom they meet."
        )
        return {
            **super().get_context_data(form),
            "lede": lede,
            "back": self.get_success_url(),
            "back_label": capitalized(term("staff_member", plural=True)),
        }

    def perform(self, form: forms.BaseForm) -> int:
        return actions.put_staff_into_branch(**form.cleaned_data, by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        return reverse("people:staff")
