"""Staff: the list, a colleague's page, invitations, roles, schedule administrators."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.kernel import clock
from core.kernel.errors import NotFound
from core.people import actions, permissions, queries
from core.people.models import StaffMember
from core.people.permissions import CHANGE
from core.people.roles import ROLES, Permission
from portal.access import SignedInView
from portal.people.badges import login_badge
from portal.people.forms import HolderForm, InviteStaffForm, RoleForm, StaffForm
from portal.people.history import history_rows
from portal.people.list_rows import staff_row
from portal.people.pages import ActPage, FormPage


class StaffListView(SignedInView):
    """Everybody who works here; for clients' logins, the practitioners they may contact."""

    def get(self, request: HttpRequest) -> HttpResponse:
        visible = permissions.staff_visible_to(self.user)
        if self.user.staff is None and not visible.exists():
            raise NotFound
        search, inactive = request.GET.get("q", "").strip()[:80], request.GET.get("status") == "inactive"
        staff = queries.staff_list(search=search, inactive=inactive).filter(pk__in=visible.values("pk"))
        may_change = self.user.may(Permission.MANAGE_STAFF)
        context = {
            "rows": [staff_row(each) for each in staff],
            "search": search,
            "works_here": self.user.staff is not None,
            "may_change": may_change,
            "seats": queries.staff_seats() if may_change else None,
            "tabs": [
                {"label": _("Active"), "url": "?", "current": not inactive},
                {"label": _("Inactive"), "url": "?status=inactive", "current": inactive},
            ],
        }
        return render(request, "people/staff.html", context)


class InviteStaffView(FormPage):
    """Somebody new who works here."""

    needs = Permission.MANAGE_STAFF
    template = "people/staff_new.html"

    def form(self, posted: Any = None) -> forms.Form:
        return InviteStaffForm(posted, giver=_own_role(self.user), initial={"role": "practitioner"})

    def context(self) -> dict[str, Any]:
        return {"offer_existing": self.request.method == "POST", "seats": queries.staff_seats()}

    def save(self, form: forms.Form) -> HttpResponse:
        staff = actions.invite_staff_member(by=self.user, now=clock.now(), **form.cleaned_data)
        messages.success(self.request, _("%(name)s is added and invited.") % {"name": staff})
        return redirect("people:staff_member", pk=staff.pk)


class StaffView(SignedInView):
    """A colleague's page."""

    def get(self, request: HttpRequest, pk: Any) -> HttpResponse:
        staff = permissions.get_staff_member(self.user, pk)
        may_change = permissions.can_change_staff(self.user, staff)
        latest = queries.latest_invitation(staff.user_id)
        invited = latest is not None and latest.state_at(clock.now()) == "open"
        clients = permissions.clients_visible_to(self.user).filter(practitioners=staff) if self.user.staff else []
        context = {
            "staff": staff,
            "role": staff.role_made,
            "role_description": staff.role_made.description,
            "badge": login_badge(staff.user, invited=invited),
            "may_change": may_change,
            "works_here": self.user.staff is not None,
            "clients": clients,
            "schedule_admins": list(queries.schedule_admins_over(staff)) if self.user.staff else [],
            "history": history_rows(queries.history_of(staff, most=8)) if self.user.may(Permission.SEE_AUDIT) else [],
        }
        return render(request, "people/staff_member.html", context)


class StaffFormPage(FormPage):
    """A form about one colleague, for those who may change them."""

    def open(self, pk: Any) -> None:
        self.staff = permissions.get_staff_member(self.user, pk, to=CHANGE)

    def context(self) -> dict[str, Any]:
        return {"staff": self.staff}

    def home(self) -> HttpResponse:
        messages.success(self.request, _("Saved."))
        return redirect("people:staff_member", pk=self.staff.pk)


class ChangeStaffView(StaffFormPage):
    """Title, telephone, colour."""

    template = "people/staff_change.html"
    form_class = StaffForm

    def initial(self) -> dict[str, Any]:
        return {name: getattr(self.staff, name) for name in StaffForm.base_fields}

    def save(self, form: forms.Form) -> HttpResponse:
        actions.change_staff_member(staff=self.staff, by=self.user, now=clock.now(), **form.cleaned_data)
        return self.home()


class ChangeRoleView(StaffFormPage):
    """Another role."""

    template = "people/staff_role.html"

    def form(self, posted: Any = None) -> forms.Form:
        return RoleForm(posted, giver=_own_role(self.user), initial={"role": self.staff.role})

    def save(self, form: forms.Form) -> HttpResponse:
        actions.change_role(staff=self.staff, role=form.cleaned_data["role"], by=self.user, now=clock.now())
        return self.home()


class StaffStatusView(ActPage):
    """Active or inactive."""

    def act(self, request: HttpRequest, pk: Any) -> str:
        staff = permissions.get_staff_member(self.user, pk, to=CHANGE)
        actions.change_staff_status(
            staff=staff, status=request.POST.get("status", ""), by=self.user, now=clock.now()
        )  # fmt: skip
        return _("%(name)s: status changed.") % {"name": staff}

    def back(self, pk: Any) -> str:
        return reverse("people:staff_member", args=[pk])


class ScheduleAdminsView(StaffFormPage):
    """Colleagues who view, change and add appointments on this schedule."""

    template = "people/schedule_admins.html"

    def form(self, posted: Any = None) -> forms.Form:
        return HolderForm(posted, over=self.staff, holders=list(queries.schedule_admins_over(self.staff)))

    def context(self) -> dict[str, Any]:
        holders = StaffMember.objects.filter(user__in=list(queries.schedule_admins_over(self.staff)))
        return {"staff": self.staff, "holders": holders.select_related("user")}

    def save(self, form: forms.Form) -> HttpResponse:
        actions.grant_schedule_admin(
            holder=form.cleaned_data["holder"], over=self.staff, by=self.user, now=clock.now()
        )  # fmt: skip
        return redirect("people:schedule_admins", pk=self.staff.pk)


class RevokeScheduleAdminView(ActPage):
    """That right, taken away."""

    def act(self, request: HttpRequest, pk: Any, holder: Any) -> str:
        staff = permissions.get_staff_member(self.user, pk, to=CHANGE)
        colleague = permissions.get_staff_member(self.user, holder)
        actions.revoke_schedule_admin(holder=colleague, over=staff, by=self.user, now=clock.now())
        return _("%(name)s no longer administers this schedule.") % {"name": colleague}

    def back(self, pk: Any, holder: Any) -> str:
        return reverse("people:schedule_admins", args=[pk])


class RolesView(SignedInView):
    """Every role in prose, with what it may do: the same words for those who give it and those who hold it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if self.user.staff is None:
            raise PermissionDenied
        roles = [
            {
                "role": role,
                "description": role.description,
                "permissions": [(each.sentence, each in role.permissions) for each in Permission],
                "own": role.code == self.user.staff.role,
            }
            for role in ROLES.values()
        ]
        return render(request, "people/roles.html", {"roles": roles})


def _own_role(user: Any) -> Any:
    if user.staff is None:
        raise PermissionDenied
    return user.staff.role_made
