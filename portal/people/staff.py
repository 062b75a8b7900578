"""Staff: the list, a colleague's page, invitations, roles, schedule administrators."""

from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branding.queries import active_branches, branches
from core.kernel import clock
from core.kernel.errors import NotFound
from core.people import actions, permissions, queries
from core.people.models import StaffMember
from core.people.permissions import CHANGE
from core.people.roles import PRACTITIONER, Permission
from core.scheduling.permissions import can_hand_over
from core.team.permissions import can_write_card
from portal.access import SignedInView
from portal.forms import ActionView, FormView
from portal.people.badges import login_badge
from portal.people.forms import HolderForm, InviteStaffForm, RoleForm, StaffForm
from portal.people.history import history_rows
from portal.people.list_rows import staff_row

PER_PAGE = 50


class StaffListView(SignedInView):
    """Everybody who works here; for clients' logins, the practitioners they may contact."""

    def get(self, request: HttpRequest) -> HttpResponse:
        visible = permissions.staff_visible_to(self.user)
        if self.user.staff is None and not visible.exists():
            raise NotFound
        search, inactive = request.GET.get("q", "").strip()[:80], request.GET.get("status") == "inactive"
        found = queries.staff_list(typed=search, inactive=inactive).filter(pk__in=visible.values("pk"))
        page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
        kept = {"q": search, "status": "inactive" if inactive else ""}
        may_change = self.user.may(Permission.MANAGE_STAFF)
        context = {
            "page": page,
            "query": urlencode({key: value for key, value in kept.items() if value}),
            "rows": [staff_row(each) for each in page],
            "search": search,
            "works_here": self.user.staff is not None,
            "may_change": may_change,
            "has_branches": may_change and bool(active_branches()),
            "seats": queries.staff_seats() if may_change else None,
            "tabs": [
                {"label": _("Active"), "url": "?", "current": not inactive},
                {"label": _("Inactive"), "url": "?status=inactive", "current": inactive},
            ],
        }
        return render(request, "people/staff.html", context)


class InviteStaffView(FormView):
    """Somebody new who works here."""

    needs = Permission.MANAGE_STAFF
    template_name = "people/staff_new.html"
    edits = False
    result: StaffMember

    def get_form(self, *posted: Any) -> InviteStaffForm:
        return InviteStaffForm(*posted, giver=_giver(self.user), initial={"role": PRACTITIONER.code})

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        return {**super().get_context_data(form), "offer_existing": form.is_bound, "seats": queries.staff_seats()}

    def perform(self, form: InviteStaffForm) -> StaffMember:
        return actions.invite_staff_member(by=self.user, now=clock.now(), **form.cleaned_data)

    def get_success_message(self) -> str:
        login = self.result.user
        invited = not login.has_usable_password() and queries.latest_invitation(login.pk) is not None
        said = _("%(name)s is added and invited.") if invited else _("%(name)s is added.")
        return said % {"name": self.result}

    def get_success_url(self) -> str:
        return reverse("people:staff_member", args=[self.result.pk])


class StaffView(SignedInView):
    """A colleague's page."""

    def get(self, request: HttpRequest, pk: Any) -> HttpResponse:
        staff = permissions.get_staff_member(self.user, pk)
        may_change = permissions.can_change_staff(self.user, staff)
        latest = queries.latest_invitation(staff.user_id)
        invited = latest is not None and latest.state_at(clock.now()) == "open"
        clients = permissions.clients_visible_to(self.user).filter(practitioners=staff).order_by("sort_key", "pk")
        context = {
            "staff": staff,
            "branch": branches().get(staff.branch_id) if staff.branch_id else None,
            "role": staff.role_definition,
            "role_description": staff.role_definition.description,
            "badge": login_badge(staff.user, invited=invited),
            "may_change": may_change,
            "reads_rights": may_change or staff.user_id == self.user.pk,
            "exceptions": len(staff.given) + len(staff.withheld),
            "may_assign": permissions.can_have_clients(staff) and self.user.may(Permission.MANAGE_CLIENTS),
            "may_hand_over": can_hand_over(self.user, staff),
            "may_write": can_write_card(self.user, staff),
            "works_here": self.user.staff is not None,
            "page": Paginator(clients, PER_PAGE).get_page(request.GET.get("page")) if self.user.staff else None,
            "schedule_admins": list(queries.schedule_admins_over(staff)) if self.user.staff else [],
            "history": history_rows(queries.history_of(staff, most=8)) if self.user.may(Permission.SEE_AUDIT) else [],
        }
        return render(request, "people/staff_member.html", context)


class StaffFormView(FormView):
    """A form about one colleague, for those who may change them; it leads to the colleague's page."""

    success_message: ClassVar[Any] = gettext_lazy("Saved.")

    def load(self, pk: Any) -> None:
        self.staff = permissions.get_staff_member(self.user, pk, to=CHANGE)

    def get_edited(self) -> list[Any]:
        return [self.staff]

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        return {**super().get_context_data(form), "staff": self.staff}

    def get_success_url(self) -> str:
        return reverse("people:staff_member", args=[self.staff.pk])


class ChangeStaffView(StaffFormView):
    """Title, telephone, colour; to which branch they belong, somebody else says."""

    template_name = "people/staff_change.html"
    edits = True

    def load(self, pk: Any) -> None:
        """Everybody changes their own."""
        staff = permissions.get_staff_member(self.user, pk)
        is_own = staff.user_id == self.user.pk and staff.is_active
        self.staff = staff if is_own else permissions.get_staff_member(self.user, pk, to=CHANGE)

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.staff, name) for name in StaffForm.base_fields}

    def get_form(self, *posted: Any) -> StaffForm:
        may_change_branch = permissions.can_change_staff(self.user, self.staff)
        return StaffForm(*posted, initial=self.get_initial(), may_change_branch=may_change_branch)

    def perform(self, form: StaffForm) -> None:
        actions.change_staff_member(staff=self.staff, by=self.user, now=clock.now(), **form.cleaned_data)


class ChangeRoleView(StaffFormView):
    """Another role."""

    template_name = "people/staff_role.html"
    edits = True

    def get_form(self, *posted: Any) -> RoleForm:
        return RoleForm(*posted, giver=_giver(self.user), initial={"role": self.staff.role_definition.code})

    def perform(self, form: RoleForm) -> None:
        actions.change_role(staff=self.staff, role=form.cleaned_data["role"], by=self.user, now=clock.now())


class ScheduleAdminsView(StaffFormView):
    """Colleagues who view, change and add appointments on this schedule."""

    template_name = "people/schedule_admins.html"
    edits = False
    success_message = ""

    def get_form(self, *posted: Any) -> HolderForm:
        return HolderForm(*posted, user=self.user, over=self.staff)

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        holders = StaffMember.objects.filter(user__in=list(queries.schedule_admins_over(self.staff)))
        return {**super().get_context_data(form), "holders": holders.select_related("user")}

    def perform(self, form: HolderForm) -> None:
        holder = form.cleaned_data["holder"]
        actions.grant_schedule_admin(holder=holder, over=self.staff, by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        return reverse("people:schedule_admins", args=[self.staff.pk])


class RevokeScheduleAdminView(ActionView):
    """That right, taken away."""

    def load(self, pk: Any, holder: Any) -> None:
        self.staff = permissions.get_staff_member(self.user, pk, to=CHANGE)
        self.holder = permissions.get_staff_member(self.user, holder)

    def perform(self) -> None:
        actions.revoke_schedule_admin(holder=self.holder, over=self.staff, by=self.user, now=clock.now())

    def get_success_message(self) -> str:
        return _("%(name)s no longer administers this schedule.") % {"name": self.holder}

    def get_success_url(self) -> str:
        return reverse("people:schedule_admins", args=[self.staff.pk])


def _giver(user: Any) -> StaffMember:
    if user.staff is None:
        raise PermissionDenied
    return user.staff  # type: ignore[no-any-return]
