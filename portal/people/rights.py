"""What one person may do in the end, and where each right comes from; and the exceptions that are made here."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel import clock
from core.kernel.errors import NotFound
from core.people import actions, permissions, queries
from core.people.models import LinkedLogin, PermissionException, StaffMember, User
from core.people.permissions import CHANGE
from core.people.roles import CODES, OWNER, ClientPermission, Permission, known
from core.people.rules import rights
from core.people.rules.rights import Source
from portal.access import SignedInView
from portal.forms import ActionView, FormView
from portal.people.rights_forms import ExceptionForm

MOST_TIES = 50


@dataclass(frozen=True, slots=True)
class RightRow:
    """One permission of one person: whether they have it, why, and what the reader may do about it."""

    code: str
    sentence: str
    has: bool
    source: str
    exception: PermissionException | None
    change: str  # "give", "withhold", "end", or empty


class RightsView(SignedInView):
    """Everything that a login may do here: by role, by exception, over single people, and by the ties to clients."""

    def get(self, request: HttpRequest, pk: Any) -> HttpResponse:
        login = permissions.get_login_to_read_rights(self.user, pk)
        staff = queries.staff_of(login)
        ties = queries.ties_of(login)
        context = {
            "login": login,
            "staff": staff,
            "is_own": login.pk == self.user.pk,
            "looks_after": permissions.can_manage_login(self.user, login),
            "role": staff.role_definition if staff else None,
            "rows": right_rows(staff, self.user) if staff else [],
            "schedules": queries.grants_of(login, queries.schedules_granted_to(login)[:MOST_TIES]),
            "agent": queries.grants_of(login, permissions.clients_audited_by(login).order_by("sort_key")[:MOST_TIES]),
            "assigned": staff.assignments.count() if staff else 0,
            "ties": [_tie_row(tie) for tie in ties[:MOST_TIES]],
        }
        return render(request, "people/rights.html", context)


def right_rows(staff: StaffMember, reader: User) -> list[RightRow]:
    """Every permission, in the order of the roles' page."""
    made = {each.permission: each for each in staff.exceptions.all()}
    may_change = permissions.can_change_staff(reader, staff) and staff.user_id != reader.pk and staff.role != OWNER.code
    role_name = staff.role_definition.name
    return [_row(each, staff, made.get(each.value), reader if may_change else None, role_name) for each in Permission]


def _row(
    permission: Permission, staff: StaffMember, made: PermissionException | None, changer: User | None, role: str
) -> RightRow:
    source = rights.source_of(
        permission, staff.role_permissions, given=known(staff.given), withheld=known(staff.withheld)
    )
    has = source in (Source.ROLE, Source.GIVEN)
    words = {
        Source.ROLE: _("by the role “%(role)s”") % {"role": role},
        Source.GIVEN: _("by exception"),
        Source.WITHHELD: _("withheld"),
        Source.NOT_IN_ROLE: _("not part of the role “%(role)s”") % {"role": role},
    }
    change = ""
    if changer is not None:
        gives = changer.may(permission)
        if made is not None:
            change = "end" if made.is_given or gives else ""
        elif has:
            change = "withhold"
        else:
            change = "give" if gives else ""
    return RightRow(permission.value, permission.sentence, has, words[source], made, change)


def _tie_row(tie: LinkedLogin) -> dict[str, Any]:
    may = [each.sentence for each in ClientPermission if tie.client.allows(each)] if tie.client.is_active else []
    return {"client": tie.client, "relationship": tie.get_relationship_display(), "may": may}


class ExceptionMixin:
    """About one permission of one colleague, named in the address."""

    user: User

    def load(self, pk: Any, permission: str) -> None:
        if permission not in CODES:
            raise NotFound
        self.staff = permissions.get_staff_member(self.user, pk, to=CHANGE)
        self.permission = Permission(permission)

    def get_success_url(self) -> str:
        return reverse("people:rights", args=[self.staff.user_id])


class ExceptionView(ExceptionMixin, FormView):
    """Give one permission that the role lacks, or withhold one that it carries; with a reason."""

    template_name = "people/exception.html"
    form_class = ExceptionForm
    edits = False
    success_message = gettext_lazy("It is in force at once.")

    @property
    def is_given(self) -> bool:
        """To give what the role lacks, to withhold what it carries."""
        return self.permission not in self.staff.role_permissions

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        shown = {"staff": self.staff, "sentence": self.permission.sentence, "is_given": self.is_given}
        return {**super().get_context_data(form), **shown, "back": self.get_success_url()}

    def perform(self, form: ExceptionForm) -> PermissionException:
        return actions.make_exception(
            staff=self.staff, permission=self.permission, is_given=self.is_given, by=self.user, now=clock.now(),
            **form.cleaned_data,
        )  # fmt: skip


class EndExceptionView(ExceptionMixin, ActionView):
    """Go back to what the role says."""

    success_message = gettext_lazy("The role decides again.")

    def perform(self) -> None:
        actions.end_exception(staff=self.staff, permission=self.permission, by=self.user, now=clock.now())
