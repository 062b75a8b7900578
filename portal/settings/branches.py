"""Branches under looks of their own: which there are, what each has otherwise, and what becomes of it while it is typed (ADR 38)."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branding import actions
from branding.branch_hosts import branches_with_hosts, hosts_of
from branding.branch_uses import is_used
from branding.images import MOST_BYTES
from branding.models import Branch, BranchDraft, BranchFacts, Brand
from branding.queries import active_branches, branded, draft_to_edit, facts_of, find_branch
from branding.rules.palette import derive_palette
from core.kernel import clock
from core.pages.queries import page_chosen_by
from core.people.branches import people_of_branches
from core.people.roles import Permission
from portal.access import SignedInView
from portal.forms import ActionView
from portal.look_samples import NAMES, sample_names, sample_page
from portal.settings.branch_forms import BranchForm
from portal.settings.studio import StudioMixin, version_numbered
from portal.settings.studio_presenters import readability
from portal.settings.studio_previews import SHADES
from portal.settings_pages import SettingsFormView, settings_menu
from tenants import entitlements, host_names
from tenants.bodies import SIGNED_IN_BYTES

# What the preview takes of what was typed.
TYPED = ("name", "tagline", "own_colors", "primary_color", "accent_color", "sign_in_text", "address", "phone")


class BranchListView(SignedInView):
    """All branches, with their hosts and how many people belong to each."""

    needs = Permission.MANAGE_ORGANIZATION

    def get(self, request: HttpRequest) -> HttpResponse:
        people, met = people_of_branches(), active_branches()
        rows = [
            {
                "branch": branch,
                "brand": branded(branch),
                "is_met": branch.pk in met,
                "hosts": [host_names.shown(domain.domain) for domain in hosts],
                "clients": people.get(branch.pk, (0, 0))[0],
                "staff": people.get(branch.pk, (0, 0))[1],
            }
            for branch, hosts in branches_with_hosts()
        ]
        values = {
            "settings_menu": settings_menu(request),
            "rows": rows,
            "may_add": entitlements.allows(entitlements.BRANCHES),
        }
        return render(request, "settings/branches.html", values)


class BranchFormMixin:
    """The form, beside what becomes of it."""

    needs = Permission.MANAGE_ORGANIZATION
    body_limit = 6 * MOST_BYTES + SIGNED_IN_BYTES  # four pictures, and half as much again
    template_name = "settings/branch.html"
    branch: Branch | None = None

    def get_form(self, *posted: Any) -> BranchForm:
        return BranchForm(*posted, instance=facts_to_edit(self.branch))

    def facts_shown(self) -> BranchFacts:
        """What stands in the form as long as nothing is typed."""
        return BranchDraft()

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        asked = f"?{urlencode({'branch': self.branch.pk})}" if self.branch else ""
        return {
            **super().get_context_data(form),
            "settings_menu": settings_menu(self.request, at="settings:branches"),
            "branch": self.branch,
            "asked": asked,
            "samples": [(reverse("settings:branch_sample", args=[name]) + asked, name, label) for name, label in sample_names()],
            "preview_url": reverse("settings:branch_sample", args=["sign-in"]) + asked,
            **readability(derive_palette(facts_of(branded(self.facts_shown())))),
        }  # fmt: skip


class NewBranchView(BranchFormMixin, SettingsFormView):
    """Another branch."""

    edits = False
    result: Branch

    def perform(self, form: BranchForm) -> Branch:
        return actions.add_branch(by=self.user, now=clock.now(), **form.facts())

    def get_success_message(self) -> str:
        return _("%(branch)s is there. Now say who belongs to it, and give it a web address if it has one.") % {
            "branch": self.result.label
        }

    def get_success_url(self) -> str:
        return reverse("settings:branch", args=[self.result.pk]) if self.result else reverse("settings:branches")


class BranchView(BranchFormMixin, StudioMixin, SettingsFormView):
    """One branch: what it has otherwise, its hosts, who belongs to it."""

    branch: Branch

    def load(self, pk: UUID) -> None:
        self.branch = find_branch(pk)

    def perform(self, form: BranchForm) -> BranchDraft | None:
        return actions.change_draft(branch=self.branch, by=self.user, now=clock.now(), **form.facts())

    def get_success_url(self) -> str:
        return reverse("settings:branch", args=[self.branch.pk])

    def facts_shown(self) -> BranchFacts:
        return self.drafted or self.branch

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        people = people_of_branches().get(self.branch.pk, (0, 0))
        hosts = [
            {"shown": host_names.shown(domain.domain), "url": reverse("settings:domain", args=[domain.pk])}
            for domain in hosts_of(self.branch)
        ]
        return {
            **super().get_context_data(form),
            **self.get_draft_context(),
            "is_met": self.branch.pk in active_branches(),
            "hosts": hosts,
            "front_page": page_chosen_by(self.branch),
            "clients": people[0],
            "staff": people[1],
            "is_unused": not hosts and not is_used(self.branch),
            "may_see_hosts": self.user.may(Permission.MANAGE_HOSTS),
            "may_change_people": self.user.may(Permission.MANAGE_CLIENTS),
            "may_change_staff": self.user.may(Permission.MANAGE_STAFF),
        }


class BranchActView(ActionView):
    """A button of a branch."""

    needs = Permission.MANAGE_ORGANIZATION
    branch: Branch

    def load(self, pk: UUID) -> None:
        self.branch = find_branch(pk)

    def get_success_url(self) -> str:
        return reverse("settings:branch", args=[self.branch.pk])


class BranchClosingView(BranchActView):
    """Make it inactive."""

    success_message = gettext_lazy(
        "It is inactive. Its people meet you as everybody else does, under its web addresses, too."
    )

    def perform(self) -> Branch:
        return actions.close_branch(self.branch, by=self.user, now=clock.now())


class BranchOpeningView(BranchActView):
    """Make it active again."""

    success_message = gettext_lazy("It is active again. Give it its web address anew, if it has one.")

    def perform(self) -> Branch:
        return actions.open_branch(self.branch, by=self.user, now=clock.now())


class BranchDeletionView(BranchActView):
    """Delete one that nobody belongs to."""

    is_gone = False

    def perform(self) -> None:
        actions.delete_branch(self.branch, by=self.user, now=clock.now())
        self.is_gone = True

    def get_success_message(self) -> str:
        return _("%(branch)s is deleted.") % {"branch": self.branch.label}

    def get_success_url(self) -> str:
        return reverse("settings:branches") if self.is_gone else super().get_success_url()


class BranchSampleView(SignedInView):
    """One sample of the branch, with what was typed since."""

    needs = Permission.MANAGE_ORGANIZATION

    def get(self, request: HttpRequest, sample: str) -> HttpResponse:
        if sample not in NAMES:
            raise Http404
        look = brand_as_typed(request.GET)
        facts = {name: getattr(look, name) for name in SHADES}
        address = f"{reverse('settings:brand_stylesheet')}?{urlencode(facts)}"
        return sample_page(request, sample, look, stylesheet_url=address)


class BranchReadabilityView(SignedInView):
    """How well everything can be read with what stands in the form: a part of the page for a script."""

    needs = Permission.MANAGE_ORGANIZATION

    def get(self, request: HttpRequest) -> HttpResponse:
        return redirect("settings:branches")

    def post(self, request: HttpRequest) -> HttpResponse:
        found = readability(derive_palette(facts_of(brand_as_typed(request.POST, request.GET.get("branch", "")))))
        return render(request, "settings/_readability.html", found)


def brand_as_typed(typed: QueryDict, branch: str = "") -> Brand:
    """The brand as it is met at the branch with its draft and with what was typed, as far as it can be used; or as an earlier version had it."""
    named = branch or typed.get("branch", "")
    of = find_branch(named) if named else None
    if of is not None and "version" in typed:
        version = version_numbered(typed["version"], of)
        if version is None:
            raise Http404
        return branded(version)
    shown = facts_to_edit(of)
    if any(name in typed for name in TYPED):
        form = BranchForm({name: typed[name] for name in TYPED if typed.get(name)}, instance=facts_to_edit(None))
        form.is_valid()
        for name, value in form.facts().items():
            if name in TYPED:
                setattr(shown, name, value)
    return branded(shown)


def facts_to_edit(branch: Branch | None) -> BranchFacts:
    """The draft of the branch, else what is published of it, in an object that a form may fill; an empty one for none."""
    return BranchDraft() if branch is None else draft_to_edit(branch)
