"""How sign-ins are guarded: when people are logged off, whose role demands a second factor, and who has none yet."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.kernel import clock
from core.people.actions import set_safeguards
from core.people.models import Safeguards
from core.people.queries import own_roles
from core.people.roles import ROLES, Permission
from core.people.rules.safeguards import MINUTES, MOST_GRACE
from portal.second_factor import staff_without
from portal.settings_pages import SettingsFormView

MOST_SHOWN = 50


def _minutes() -> list[tuple[int, str]]:
    words = [
        (each, ngettext("%(number)d minute", "%(number)d minutes", each) % {"number": each}) for each in MINUTES if each
    ]
    return [(0, str(_("Never"))), *words]


def _roles() -> list[tuple[str, str]]:
    return [(role.code, role.name) for role in (*ROLES.values(), *own_roles())]


class SafeguardsForm(forms.Form):
    """All of it."""

    idle_minutes = forms.TypedChoiceField(
        label=_("Log off after doing nothing for"), choices=_minutes, coerce=int,
        help_text=_("For everybody, with a warning before. Never during a live %(session)s; what was typed is kept."),
    )  # fmt: skip
    factor_roles = forms.MultipleChoiceField(
        label=_("A second factor is demanded of"), choices=_roles, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("An authenticator app or a passkey."),
    )  # fmt: skip
    grace_days = forms.IntegerField(
        label=_("Days of grace"), min_value=0, max_value=MOST_GRACE,
        help_text=_("So long they are only reminded. Afterwards nothing else opens until it is set up."),
    )  # fmt: skip


class SafeguardsView(SettingsFormView):
    """The page with it."""

    needs = Permission.MANAGE_ORGANIZATION
    template_name = "settings/safeguards.html"
    edits = True
    form_class = SafeguardsForm
    success_message = _("Saved.")

    def load(self) -> None:
        self.guards = Safeguards.current()

    def get_edited(self) -> list[Any]:
        return [self.guards]

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.guards, name) for name in SafeguardsForm.base_fields}

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        lacking = list(staff_without(self.guards)[: MOST_SHOWN + 1])
        shown = {
            "lacking": lacking[:MOST_SHOWN],
            "more": len(lacking) > MOST_SHOWN,
            "demands": bool(self.guards.factor_roles),
        }
        return {**super().get_context_data(form), **shown}

    def perform(self, form: SafeguardsForm) -> None:
        set_safeguards(by=self.user, now=clock.now(), **form.cleaned_data)

    def get_success_url(self) -> str:
        return reverse("settings:safeguards")
