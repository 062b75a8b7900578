"""Bank accounts: where somebody's wages go to, and where the organization pays them from."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from billing.wages import permissions
from billing.wages.actions import accounts
from billing.wages.models import BankAccount
from core.kernel.errors import NotFound
from core.people.roles import Permission
from portal.billing.base import SectionMixin
from portal.billing.wage_forms import BankAccountForm
from portal.forms import ActionView, FormView


class WageAccountView(SectionMixin, FormView):
    """Of one person: by themselves, or by whoever manages wages. What stands there is never filled in."""

    section = "wages"
    form_class = BankAccountForm
    template_name = "billing/wage_account.html"
    edits = True
    takes_kept_forms = False  # because a number of an account is not kept while nobody is signed in
    success_message = _("The bank account is set.")

    def load(self, pk: UUID) -> None:
        self.payee = permissions.get_payee(self.user, pk)
        if not permissions.can_set_account(self.user, self.payee):
            raise PermissionDenied
        self.account = BankAccount.objects.filter(practitioner=self.payee).first()

    def get_edited(self) -> list[Any]:
        return [self.account] if self.account else []

    def get_version_values(self, form: BaseForm) -> dict[str, Any]:
        return {"the account": str(self.account or "")}

    def get_initial(self) -> dict[str, Any]:
        return {"holder": self.account.holder if self.account else str(self.payee)}

    def perform(self, form: BankAccountForm) -> BankAccount:
        return accounts.set_account(practitioner=self.payee, **form.cleaned_data, by=self.user, now=self.now)

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        context = {"payee": self.payee, "account": self.account, "is_own": self.payee.user_id == self.user.pk}
        return {**self.section_context(), **super().get_context_data(form), **context}

    def get_success_url(self) -> str:
        return reverse("billing:wages-of", args=[self.payee.pk])


class WageAccountRemovalView(SectionMixin, ActionView):
    """Forget where somebody's wages go to."""

    section = "wages"
    success_message = _("The bank account is removed.")

    def load(self, pk: UUID) -> None:
        self.payee = permissions.get_payee(self.user, pk)
        self.account = BankAccount.objects.filter(practitioner=self.payee).first()
        if self.account is None and self.request.method == "POST":
            raise NotFound

    def perform(self) -> bool:
        assert self.account is not None
        accounts.remove_account(account=self.account, by=self.user, now=self.now)
        return True

    def get_success_url(self) -> str:
        return reverse("billing:wages-of", args=[self.payee.pk])


class OwnAccountView(SectionMixin, FormView):
    """Where the organization pays wages from."""

    section = "wages"
    needs = Permission.MANAGE_WAGES
    form_class = BankAccountForm
    template_name = "billing/wage_account.html"
    edits = True
    takes_kept_forms = False
    success_message = _("The bank account is set.")

    def load(self) -> None:
        self.account = permissions.own_account()

    def get_edited(self) -> list[Any]:
        return [self.account] if self.account else []

    def get_version_values(self, form: BaseForm) -> dict[str, Any]:
        return {"the account": str(self.account or "")}

    def get_initial(self) -> dict[str, Any]:
        return {"holder": self.account.holder} if self.account else {}

    def perform(self, form: BankAccountForm) -> BankAccount:
        return accounts.set_account(practitioner=None, **form.cleaned_data, by=self.user, now=self.now)

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        return {**self.section_context(), **super().get_context_data(form), "account": self.account}

    def get_success_url(self) -> str:
        return reverse("billing:payout-runs")
