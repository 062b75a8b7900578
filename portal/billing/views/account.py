"""Connecting the organization's own account at the payment processor."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.actions import accounts
from billing.models import PaymentAccount
from billing.queries import organization
from billing.queries.disputes import bounced_payouts
from billing.queries.processor import account_in_use, are_cards_off
from core.people.roles import Permission
from portal.billing import presenters
from portal.billing.base import BillingActionView, BillingView, PageMixin, SectionMixin
from portal.forms import AskingView
from tenants.absolute_urls import absolute_url


class AccountView(BillingView):
    """How the account stands, and what is still missing."""

    section = "settings"

    def get(self, request: HttpRequest) -> HttpResponse:
        context = {
            "account": account_in_use(),
            "descriptor": organization.statement_descriptor(),
            "bounced": [presenters.shown(each.money) for each in bounced_payouts()],
            "are_cards_off": are_cards_off(),
        }
        return self.page("billing/account.html", context)


class AccountConnectionView(PageMixin, BillingActionView):
    """To the processor's own form, where the organization gives its details; and the way back."""

    section = "settings"
    calls_processor = True

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.act(**kwargs)  # each time, because the processor's own page is good for one visit

    def perform(self) -> str:
        back = absolute_url(reverse("billing:account-return"))
        return accounts.connect_account(done=back, again=back, by=self.user, now=self.now)

    def done(self) -> HttpResponse:
        # A page that moves on by itself instead of a redirect, because the policy lets forms lead to the own host only.
        answer = self.page("billing/account_handover.html", {"address": self.result})
        answer.headers["Refresh"] = f"0; url={self.result}"
        return answer

    def get_success_url(self) -> str:
        return reverse("billing:account")


class AccountReturnView(SectionMixin, AskingView):
    """Back from the processor: ask how the account stands now."""

    section = "settings"
    needs = Permission.MANAGE_BILLING

    def ask(self) -> PaymentAccount | None:
        return accounts.refresh_account(by=self.user, now=self.now)

    def show(self) -> HttpResponse:
        if self.asked is not None and self.asked.is_ready:
            messages.success(self.request, _("Card payments are ready."))
        else:
            messages.info(self.request, _("The payment service still needs something from you."))
        return redirect(self.get_success_url())

    def get_success_url(self) -> str:
        return reverse("billing:account")


class AccountRemovalView(BillingActionView):
    """Take no more card payments."""

    section = "settings"
    calls_processor = True
    success_message = gettext_lazy("Disconnected. Payments made so far can still be refunded.")

    def perform(self) -> None:
        accounts.disconnect_account(by=self.user, now=self.now)

    def get_success_url(self) -> str:
        return reverse("billing:account")
