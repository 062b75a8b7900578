"""What the pages about money have in common: who sees which sections, and under which of them a page stands."""

from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Exists, Q
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from billing import permissions
from billing.packages.permissions import can_open_packages
from billing.permissions import MANAGE
from billing.queries import organization
from billing.queries.processor import saved_cards
from core.kernel import clock
from core.kernel.errors import NotFound
from core.kernel.translation import gettext_noop
from core.people.models import User
from core.people.roles import Permission
from portal.access import SignedInView
from portal.forms import ActionView, FormView
from tenants import entitlements

PACKAGES = ("packages", gettext_noop("Packages"))
WAGES = ("wages", gettext_noop("Wages"))
STAFF_SECTIONS: tuple[tuple[str, str], ...] = (
    ("invoices", gettext_noop("%(Invoices)s")),
    ("credit-notes", gettext_noop("Credit notes")),
    ("charges", gettext_noop("Charges")),
    ("payments", gettext_noop("Payments")),
    ("balances", gettext_noop("Balances")),
    ("services", gettext_noop("%(Services)s")),
    PACKAGES,
    ("rates", gettext_noop("Own rates")),
    WAGES,
    ("settings", gettext_noop("Settings")),
)
NOUNS = {"invoices": "invoice", "services": "service"}  # sections that the organization has a word of its own for
CARDS = ("cards", gettext_noop("Cards"))
PAYER_SECTIONS: tuple[tuple[str, str], ...] = (
    ("invoices", gettext_noop("%(Invoices)s")),
    ("credit-notes", gettext_noop("Credit notes")),
    ("payments", gettext_noop("Payments")),
    CARDS,
)


def can_open_billing(user: User) -> bool:
    """Whether the person has anything to do with money here: bills, sees somebody's bills, or has a card saved. After a smaller plan: while
    there are bills."""
    if permissions.can_manage_billing(user):
        return entitlements.allows(entitlements.BILLING) or permissions.invoices_visible_to(user).exists()
    sees = Q(Exists(permissions.clients_with_costs_for(user))) | Q(Exists(permissions.invoices_visible_to(user)))
    return User.objects.filter(sees | Q(Exists(saved_cards(user))), pk=user.pk).exists()


def can_open_cards(user: User) -> bool:
    """Whoever pays here by card, and whoever has one to remove. Staff who bill note payments instead."""
    return can_add_cards(user) or saved_cards(user).exists()


def can_add_cards(user: User) -> bool:
    """Whoever pays here by card."""
    if permissions.can_manage_billing(user) or permissions.can_take_payments(user):
        return False
    return can_open_billing(user)


class SectionMixin:
    """Which section of billing a page stands under. `self.now` and `self.manages` are at hand."""

    section = "invoices"
    request: HttpRequest
    user: User

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)  # type: ignore[misc]
        self.now = clock.now()

    @property
    def manages(self) -> bool:
        return permissions.can_manage_billing(self.user)

    @property
    def takes(self) -> bool:
        return permissions.can_take_payments(self.user)

    def section_context(self) -> dict[str, Any]:
        """The sections that this person has, and what every template of the app asks for."""
        return {
            "tabs": self._tabs(),
            "manages": self.manages,
            "takes": self.takes,
            "today": organization.today(self.now),
        }

    def _tabs(self) -> list[dict[str, Any]]:
        sections = PAYER_SECTIONS
        if not self.manages and permissions.can_take_payments(self.user) and not can_open_cards(self.user):
            sections = PAYER_SECTIONS[:-1]  # because whoever takes payments has no card to add
        if not self.manages and can_open_packages(self.user):
            sections = (*PAYER_SECTIONS[:1], PACKAGES, *PAYER_SECTIONS[1:])
        if self.manages:
            sections = (*STAFF_SECTIONS, CARDS) if saved_cards(self.user).exists() else STAFF_SECTIONS
        elif self.section == "wages":
            return []  # because whoever reads their own wages need not have anything else to do with money here
        return [
            {"label": self._label(name, label), "url": reverse(f"billing:{name}"), "current": name == self.section}
            for name, label in sections
        ]

    def _label(self, name: str, label: str) -> str:
        if name not in NOUNS:
            return _(label)
        noun = self.request.vocabulary.get(NOUNS[name], plural=True)  # type: ignore[attr-defined]
        return noun[:1].upper() + noun[1:]


class PageMixin(SectionMixin):
    """Renders a page under its section."""

    def page(self, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        """Render the template with the sections that this person has."""
        return render(self.request, template, {**self.section_context(), **context}, status=status)


class BillingPageView(PageMixin, SignedInView):
    """A page of billing, for everybody who may see any of it."""


class EntryMixin:
    """The first page of a section: not there for whoever has nothing to do with it, as no link leads them to it."""

    may_open: ClassVar[Callable[[User], bool]] = staticmethod(can_open_billing)
    request: HttpRequest
    user: User

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated and not self.may_open(self.user):
            raise NotFound
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]


class BillingListView(EntryMixin, BillingPageView):
    """A list of what the person may see."""


class BillingView(BillingPageView):
    """A page for whoever bills."""

    needs = Permission.MANAGE_BILLING


class BillingFormView(SectionMixin, FormView):
    """A form for whoever bills."""

    needs = Permission.MANAGE_BILLING

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        return {**self.section_context(), **super().get_context_data(form)}


class BillingActionView(SectionMixin, ActionView):
    """A button for whoever bills."""

    needs = Permission.MANAGE_BILLING


class ManagedInvoiceMixin:
    """Fetches the invoice for whoever bills, and leads back to it."""

    user: User

    def load(self, pk: UUID) -> None:
        self.invoice = permissions.get_invoice(self.user, pk, to=MANAGE)

    def get_edited(self) -> list[Any]:
        return [self.invoice]

    def get_success_url(self) -> str:
        return reverse("billing:invoice", args=[self.invoice.pk])
