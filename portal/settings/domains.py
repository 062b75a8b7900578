"""Hosts of the organization's own: ask for one, set its records, see it go live, make it the primary one, give it back (TEN-03)."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branding.actions import give_host
from branding.queries import branches
from core.kernel import clock
from core.kernel.errors import DomainError, NotFound
from core.people.roles import Permission
from portal import dns_records
from portal.access import SignedInView
from portal.branch_fields import BranchField, offer_branches
from portal.forms import ActionView, FormView
from portal.settings import domain_presenters
from portal.settings_pages import SettingsFormView, settings_menu
from tenants import context, domain_records, domains, entitlements, host_names, look_alikes
from tenants.domain_rules import PENDING, DomainState, Problem
from tenants.models import Domain

OVERLAPS = {
    "14": timedelta(days=14),
    "30": timedelta(days=30),
    "90": timedelta(days=90),
    "0": timedelta(),
    "never": None,
}


class HostForm(forms.Form):
    """A host name; a second question only for one with letters that look like others."""

    host = forms.CharField(
        label=gettext_lazy("Web address"),
        max_length=300,
        help_text=gettext_lazy("Like care.your-name.com; also the bare domain, when nothing else is reached there."),
        widget=forms.TextInput(
            attrs={"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false", "inputmode": "url"}
        ),
    )
    is_meant = forms.BooleanField(label=gettext_lazy("These letters are meant"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        described = look_alikes.described(str(self.data.get("host", "")).strip().lower())
        if described:
            self.fields["is_meant"].help_text = described
        else:
            del self.fields["is_meant"]


class PrimacyForm(forms.Form):
    """For how long the hosts before work beside the new one."""

    overlap = forms.ChoiceField(
        label=gettext_lazy("The other addresses"),
        widget=forms.RadioSelect,
        choices=[
            ("14", gettext_lazy("work beside it for 14 days, then lead to it")),
            ("30", gettext_lazy("work beside it for 30 days, then lead to it")),
            ("90", gettext_lazy("work beside it for 90 days, then lead to it")),
            ("0", gettext_lazy("lead to it at once")),
            ("never", gettext_lazy("go on working beside it for good")),
        ],
    )


class DomainBranchForm(forms.Form):
    """Whose host it is."""

    branch = BranchField(help_text=gettext_lazy("People who come by this address meet this branch."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_branches(self, standing=self.initial.get("branch"))


class RemovalForm(forms.Form):
    """At once, or with a time in which it leads to the primary host."""

    when = forms.ChoiceField(
        label=gettext_lazy("When"),
        widget=forms.RadioSelect,
        choices=[
            ("later", gettext_lazy("Lead to the primary one for 14 days, then remove it")),
            ("now", gettext_lazy("Remove it at once")),
        ],
    )


class HostMixin:
    """A page about one host of the organization in force: only its own are found."""

    needs = Permission.MANAGE_HOSTS
    domain: Domain

    def load(self, pk: int) -> None:
        self.domain = domains.find(context.current_organization().pk, pk)

    def get_success_url(self) -> str:
        return reverse("settings:domain", args=[self.domain.pk])

    @property
    def names(self) -> dict[str, Any]:
        """What every action about it is told."""
        return {"by": self.request.user, "now": clock.now()}  # type: ignore[attr-defined]


class DomainListView(SettingsFormView):
    """All hosts, and the form for another."""

    needs = Permission.MANAGE_HOSTS
    form_class = HostForm
    template_name = "settings/domains.html"
    edits = False
    success_message = gettext_lazy("Now set the records below where your domain is looked after.")

    def perform(self, form: HostForm) -> Domain:
        entitlements.require(entitlements.OWN_HOST, _("A web address of your own needs another plan."))
        return domains.add_domain(context.current_organization().pk, **form.cleaned_data, by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        return reverse("settings:domain", args=[self.result.pk]) if self.result else reverse("settings:domains")

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        hosts = domains.hosts_of(context.current_organization().pk)
        return {
            **super().get_context_data(form),
            "rows": [domain_presenters.row(domain) for domain in hosts],
            "may_add": entitlements.allows(entitlements.OWN_HOST),
        }


class DomainView(HostMixin, SignedInView):
    """One host: how far it is, its records, and what can be done with it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.load(pk)
        context_data = {"settings_menu": settings_menu(request), **domain_presenters.page(self.domain)}
        return render(request, "settings/domain.html", context_data)


class DomainRecordsView(HostMixin, SignedInView):
    """The part of the page that asks the DNS now, again while the records are awaited. It changes nothing."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.load(pk)
        findings = domain_records.look(self.domain)
        values = {"domain": self.domain, **dns_records.of_host(self.domain, findings)}
        values["is_pending"] = self.domain.state in PENDING
        response = render(request, "settings/_domain_records.html", values)
        if request.GET.get("state") not in (None, self.domain.state):
            response.headers["HX-Refresh"] = "true"  # because the page says another state by now
        return response


class DomainCheckView(HostMixin, ActionView):
    """Look at the DNS and at the certificate now, and let the state follow."""

    calls_processor = True  # a system outside is asked, so the action has transactions of its own

    def perform(self) -> Domain:
        organization = context.current_organization()
        self.domain, _findings = domains.check_domain(organization.pk, self.domain.pk, **self.names)
        if self.domain.problem:
            raise DomainError(self.domain.problem, Problem(self.domain.problem).sentence)
        return self.domain

    def get_success_message(self) -> str:
        if self.domain.state == DomainState.LIVE:
            return _("Everything is right: %(host)s is live.") % {"host": host_names.shown(self.domain.domain)}
        return _("The records are right.")


class DomainPrimacyView(HostMixin, FormView):
    """Make it the primary host, having read what that means for what belongs to a host."""

    form_class = PrimacyForm
    template_name = "settings/domain_primacy.html"
    edits = False
    success_message = gettext_lazy("Links lead to this address from now on.")

    def get_initial(self) -> dict[str, Any]:
        return {"overlap": "14"}

    def perform(self, form: PrimacyForm) -> Domain:
        overlap = OVERLAPS[form.cleaned_data["overlap"]]
        return domains.make_primary(context.current_organization().pk, self.domain.pk, overlap=overlap, **self.names)

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        consequences = domain_presenters.consequences(self.domain)
        return {**super().get_context_data(form), **domain_presenters.row(self.domain), "consequences": consequences}


class DomainBranchView(HostMixin, FormView):
    """Let it lead to a branch."""

    template_name = "settings/domain_branch.html"
    edits = False
    success_message = gettext_lazy("Saved. Whoever comes by this address meets it so from now on.")

    def load(self, pk: int) -> None:
        super().load(pk)
        if not domain_presenters.branch_choices(self.domain):
            raise NotFound

    def get_initial(self) -> dict[str, Any]:
        return {"branch": branches().get(self.domain.branch_id) if self.domain.branch_id else None}

    def get_form(self, *posted: Any) -> DomainBranchForm:
        return DomainBranchForm(*posted, initial=self.get_initial())

    def perform(self, form: DomainBranchForm) -> Domain:
        return give_host(self.domain.pk, branch=form.cleaned_data["branch"], **self.names)

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        return {**super().get_context_data(form), **domain_presenters.row(self.domain)}


class DomainRedirectView(HostMixin, ActionView):
    """Let the host lead to the primary one, or serve by itself."""

    def perform(self) -> Domain:
        redirects = self.request.POST.get("redirects") == "true"
        return domains.redirect_domain(
            context.current_organization().pk, self.domain.pk, redirects=redirects, **self.names
        )

    def get_success_message(self) -> str:
        if self.result.redirects_at:
            return _("It leads to the primary address from now on.")
        return _("It works by itself from now on.")


class DomainRemovalView(HostMixin, FormView):
    """Give the host back."""

    form_class = RemovalForm
    template_name = "settings/domain_removal.html"
    edits = False

    def get_initial(self) -> dict[str, Any]:
        return {"when": "later"}

    def get_form(self, *posted: Any) -> forms.BaseForm:
        form = super().get_form(*posted)
        if not self.domain.is_served:
            del form.fields["when"]
        return form

    def perform(self, form: RemovalForm) -> Domain:
        at_once = form.cleaned_data.get("when", "now") == "now"
        return domains.remove_domain(context.current_organization().pk, self.domain.pk, at_once=at_once, **self.names)

    def get_success_message(self) -> str:
        if self.result.state == DomainState.RELEASED:
            return _("The web address is removed.")
        return _("It leads to the primary address for 14 days, and is removed then. Until then you can keep it.")

    def get_success_url(self) -> str:
        return reverse("settings:domains")

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        lost = domain_presenters.lost_with(self.domain)
        return {**super().get_context_data(form), **domain_presenters.row(self.domain), "lost": lost}


class DomainKeepingView(HostMixin, ActionView):
    """Take the removal back."""

    success_message = gettext_lazy("The web address stays.")

    def perform(self) -> Domain:
        return domains.keep_domain(context.current_organization().pk, self.domain.pk, **self.names)
