"""Roles: those that are built in and those of the organization's own, read by everybody who works here, made by those who manage staff."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel import clock
from core.kernel.errors import NotFound
from core.people import actions, permissions
from core.people.models import OwnRole
from core.people.permissions import CHANGE
from core.people.queries import bearers_by_role, own_roles
from core.people.roles import PRACTITIONER, ROLES, Permission, Role
from portal.access import SignedInView
from portal.forms import ActionView, FormView
from portal.people.rights_forms import OwnRoleForm

MOST_NAMES = 12


class RolesView(SignedInView):
    """Every role in prose, with what it may do: the same words for those who give it and those who hold it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        staff = self.user.staff
        if staff is None:
            raise PermissionDenied
        makes, numbers = permissions.can_make_roles(self.user), bearers_by_role()
        roles: list[Role | OwnRole] = [*ROLES.values(), *own_roles()]
        rows = [
            {
                "role": role,
                "description": role.description,
                "permissions": [(each.sentence, each in role.permissions) for each in Permission],
                "own": role.code == (str(staff.own_role_id) if staff.own_role_id else staff.role),
                "number": numbers.get(role.code, 0),
                "change_url": _change_url(role) if makes and role.permissions <= staff.permissions else "",
                "copy_url": f"{reverse('people:role_new')}?from={role.code}" if makes else "",
            }
            for role in roles
        ]
        return render(request, "people/roles.html", {"roles": rows, "mine": self.user.pk})


def _change_url(role: Role | OwnRole) -> str:
    return reverse("people:role", args=[role.pk]) if isinstance(role, OwnRole) else ""


class OwnRoleFormView(FormView):
    """A form of a role, for those who may make one."""

    needs = Permission.MANAGE_STAFF

    def get_form(self, *posted: Any) -> OwnRoleForm:
        if self.user.staff is None:
            raise PermissionDenied
        return OwnRoleForm(*posted, giver=self.user.staff, initial=self.get_initial())

    def get_success_url(self) -> str:
        return reverse("people:roles")


class NewRoleView(OwnRoleFormView):
    """A role, copied from another one: `?from=` names it by its code."""

    template_name = "people/own_role.html"
    edits = False

    def load(self) -> None:
        code = self.request.GET.get("from") or PRACTITIONER.code
        found = ROLES.get(code) or next((each for each in own_roles() if each.code == code), None)
        if found is None:
            raise NotFound
        self.source = found

    def get_initial(self) -> dict[str, Any]:
        return {"permissions": sorted(self.source.permissions)}

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        lacking = self.user.staff and self.source.permissions - self.user.staff.permissions
        return {**super().get_context_data(form), "source": self.source, "lacks_some": bool(lacking)}

    def perform(self, form: OwnRoleForm) -> OwnRole:
        return actions.add_role(copied_from=self.source.code, by=self.user, now=clock.now(), **form.cleaned_data)

    def get_success_message(self) -> str:
        return _("The role “%(name)s” is there. It can be given on the page of each person.") % {"name": self.result}


class ChangeRoleDefinitionView(OwnRoleFormView):
    """Another name, and what it carries: in force for whoever bears it at once."""

    template_name = "people/own_role.html"
    edits = True
    success_message = gettext_lazy("Saved. It is in force for everybody who bears it.")

    def load(self, pk: Any) -> None:
        self.role = permissions.get_own_role(self.user, pk, to=CHANGE)

    def get_edited(self) -> list[Any]:
        return [self.role]

    def get_initial(self) -> dict[str, Any]:
        known = sorted(self.role.permissions)
        return {"title": self.role.title, "description": self.role.description, "permissions": known}

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        bearers = [staff.user.name for staff in self.role.bearers.select_related("user")]
        shown = {"bearers": bearers[:MOST_NAMES], "more": max(0, len(bearers) - MOST_NAMES), "number": len(bearers)}
        return {**super().get_context_data(form), "role": self.role, **shown}

    def perform(self, form: OwnRoleForm) -> None:
        actions.change_role_definition(role=self.role, by=self.user, now=clock.now(), **form.cleaned_data)


class RemoveRoleView(ActionView):
    """Remove a role that nobody bears."""

    success_message = gettext_lazy("The role is removed.")

    def load(self, pk: Any) -> None:
        self.role = permissions.get_own_role(self.user, pk, to=CHANGE)

    def perform(self) -> None:
        actions.remove_role(role=self.role, by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        return reverse("people:roles")
