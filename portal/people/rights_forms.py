"""Forms about rights: roles of the organization's own, one exception, and a colleague's work for another one."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.people import permissions, queries
from core.people.models import Assignment, Client, StaffMember, User
from core.people.roles import Permission
from portal.person_choices import About, Source, describe_client, describe_staff, register, with_practitioners
from portal.person_fields import PeopleField, PersonField, offer


class OwnRoleForm(forms.Form):
    """What it is called, and what it carries: only what the person who makes it holds."""

    title = forms.CharField(label=_("Name"), max_length=60)
    description = forms.CharField(
        label=_("What it is for"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Everybody who works here reads it."),
    )  # fmt: skip
    permissions = forms.MultipleChoiceField(label=_("Whoever bears it may"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, giver: StaffMember, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = self.fields["permissions"]
        assert isinstance(choices, forms.MultipleChoiceField)
        choices.choices = [(each.value, each.sentence) for each in Permission if each in giver.permissions]


class ExceptionForm(forms.Form):
    """Why one person is given more than their role, or less."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It stands on the page of their rights, and in the history."),
    )  # fmt: skip


def _successors(user: User, about: About) -> QuerySet[StaffMember]:
    """Colleagues with a schedule, but for the one whose work it is."""
    found = queries.practitioners() if permissions.is_active_staff(user) else StaffMember.objects.none()
    return found.exclude(pk=about["staff"]) if about.get("staff") else found


def _theirs(user: User, about: About) -> QuerySet[Client]:
    """Those who are assigned to the one whose work it is."""
    found = permissions.clients_visible_to(user).filter(archived_at=None)
    if not about.get("staff"):
        return found
    return found.filter(pk__in=Assignment.objects.filter(practitioner=about["staff"]).values("client_id"))


SUCCESSORS = register(
    Source("successors", _successors, queries.in_staff, describe_staff, order=("user__sort_key", "pk"), about=("staff",))
)  # fmt: skip
THEIRS = register(
    Source("theirs", _theirs, queries.in_client, describe_client, with_practitioners, about=("staff",))
)  # fmt: skip


class HandOverForm(forms.Form):
    """Who takes a colleague's work over, and how much of it."""

    successor = PersonField(SUCCESSORS, label=_("Who takes over"), empty_label=_("Choose"))
    everybody = forms.BooleanField(label=_("All who are assigned to them"), required=False)
    clients = PeopleField(THEIRS, required=False, label=_("Or only these"))
    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.TextInput(),
        help_text=_("It explains times beside the colleague’s working hours, and stands in the history."),
    )  # fmt: skip
    resources = forms.BooleanField(
        label=_("Their materials, too"), required=False, help_text=_("The colleague owns them from then on.")
    )
    keeps = forms.BooleanField(
        label=_("They stay assigned, too"), required=False, help_text=_("For a holiday: both see everything.")
    )
    tell = forms.BooleanField(
        label=_("Tell those concerned"), required=False, help_text=_("Each booking once, a series once as a whole.")
    )

    def __init__(self, *args: Any, user: User, former: StaffMember, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "successor", user, staff=former.pk)
        offer(self, "clients", user, staff=former.pk)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not values.get("everybody") and not values.get("clients"):
            self.add_error("clients", _("Tick at least one, or choose all."))
        return values
