"""Invoices: the list by state and relation, the page, a new one."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from billing import permissions
from billing.actions import invoices
from billing.autopay.queries import card_on_file
from billing.documents import Formatter, invoice_file
from billing.gateways import gateway
from billing.models import Invoice, LedgerEntry, Payment, PaymentShare
from billing.queries import organization
from billing.queries.ageing import is_of_age, sums_by_age
from billing.queries.disputes import disputes_of
from billing.queries.payers import payers_of, with_present_payer
from billing.queries.processor import account_in_use, are_cards_off
from billing.queries.recipients import mailed_sentence, may_be_mailed, told_sentence
from billing.reasons import BillingReason
from billing.reminders.queries import hold_of, reminders_of
from billing.rules.ageing import Age
from billing.rules.balances import Kind
from core.kernel.errors import ConflictError
from core.kernel.reasons import Reason
from core.kernel.search import Word
from core.people.models import Client
from core.people.queries import clients_with, found_by, in_client
from core.people.rules.client_status import is_paid_for, payment_refusal, payment_remark
from portal import versions
from portal.billing import ageing_rows, autopay_rows, presenters, reminder_rows
from portal.billing.base import (
    BillingActionView,
    BillingFormView,
    BillingListView,
    BillingPageView,
    ManagedInvoiceMixin,
)
from portal.billing.files import pdf_answer
from portal.billing.forms import InvoiceForm, PayerForm, ToldReasonForm
from portal.csv_files import csv_answer
from portal.delivery_log import failed_steps_about, mails_about
from portal.versions import Version
from themes.formats import day

PER_PAGE = 25
FEW = 500  # rows that a search may name one by one
STATES = {
    "open": Q(state=Invoice.State.OPEN),
    "paid": Q(state=Invoice.State.PAID),
    "draft": Q(state=Invoice.State.DRAFT),
    "void": Q(state=Invoice.State.VOID),
    "refunded": Q(state__in=[Invoice.State.PARTLY_REFUNDED, Invoice.State.REFUNDED]),
    "credited": Q(state=Invoice.State.CREDITED),
}


def _with(word: Word) -> Q:
    """Invoices in whose client, payer or number the word is found: "Cleo", "2026-0001"."""
    if word.is_long:
        # By indexes, which a condition with "or" over two tables cannot use; of a word that many have, all rows are looked through instead.
        named = Invoice.objects.filter(word.in_("search_key")).order_by().values_list("pk", flat=True)
        theirs = Invoice.objects.filter(client__in=clients_with(word)).order_by().values_list("pk", flat=True)
        keys = list(named.union(theirs, all=True)[: FEW + 1])
        if len(keys) <= FEW:
            return Q(pk__in=keys)
    return word.in_("search_key") | Q(client__in=Client.objects.filter(in_client(word)).order_by().values("pk"))


def _takes_cards() -> bool:
    account = account_in_use()
    return account is not None and account.is_ready


class InvoiceListView(BillingListView):
    """Whoever bills sees all; others their own or, as an agent, those of their clients, by the relation they choose."""

    def get(self, request: HttpRequest) -> HttpResponse:
        relations, today = self._relations(), organization.today(self.now)
        found = self._found(relations, today)
        page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
        rows = presenters.invoice_rows(page.object_list, today)
        state = request.GET.get("state", "")
        context = {
            "rows": rows,
            "page": page,
            "query": self._query(),
            "state": state,
            "age": request.GET.get("age", ""),
            "states": self._states(state),
            "relations": relations,
            "can_pay": not (self.manages or self.takes) and _takes_cards() and any(row.is_payable for row in rows),
            "ages": self._ages(today),
        }
        return self.page("billing/invoice_list.html", context)

    def _ages(self, today: date) -> list[Any]:
        """What is open by age, for whoever bills; not above what somebody searches for."""
        if not self.manages or self._query():
            return []
        return ageing_rows.rows(sums_by_age(Invoice.objects.all(), today), self._age())

    def _query(self) -> str:
        return self.request.GET.get("q", "").strip()

    def _age(self) -> Age | None:
        asked = self.request.GET.get("age")
        return Age(asked) if asked in list(Age) else None

    def _found(self, relations: list[dict[str, object]], today: date) -> "QuerySet[Invoice]":
        """What was asked for, the latest issued first."""
        state, age = self.request.GET.get("state", ""), self._age()
        found = self._of_relation(permissions.invoices_visible_to(self.user), relations).select_related("client")
        found = found_by(self._query(), found, _with)
        if age is not None:
            found = found.filter(is_of_age(age, today))
        if state == "overdue":
            found = found.filter(STATES["open"], is_disputed=False, due_on__lt=today)
        elif state in STATES:
            found = found.filter(STATES[state])
        return found.order_by("-issued_at", "-created_at")

    def _relations(self) -> list[dict[str, object]]:
        """Agent and client, for a person who is both."""
        if self.manages:
            return []
        clients = {"own": permissions.clients_paid_by(self.user), "agent": permissions.clients_audited_by(self.user)}
        labels = {"own": _("My own"), "agent": _("As %(agent:a|an)s %(agent)s")}
        known = [name for name, theirs in clients.items() if theirs.exists()]
        asked = self.request.GET.get("relation")
        current = asked if asked in known else (known or [""])[0]
        return [
            {
                "name": name,
                "label": labels[name],
                "url": f"?relation={name}",
                "current": name == current,
                "clients": clients[name],
            }
            for name in known
        ]

    def _of_relation(self, found: "QuerySet[Invoice]", relations: list[dict[str, object]]) -> "QuerySet[Invoice]":
        if len(relations) < 2:
            return found
        return found.filter(client__in=next(each["clients"] for each in relations if each["current"]))

    def _states(self, current: str) -> list[dict[str, object]]:
        labels = [("", _("All")), ("open", _("Open")), ("overdue", _("Overdue")), ("paid", _("Paid"))]
        if self.manages:
            labels += [("draft", _("Drafts")), ("void", _("Void"))]
        labels += [("credited", _("Credited")), ("refunded", _("Refunded"))]
        return [{"label": label, "url": f"?state={key}", "current": key == current} for key, label in labels]


class InvoiceListFileView(InvoiceListView):
    """The same list as a file for a spreadsheet, all of it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        today = organization.today(self.now)
        found = self._found(self._relations(), today)
        return csv_answer(ageing_rows.head(), (ageing_rows.file_row(each, today) for each in found), name="invoices")


class InvoiceView(BillingPageView):
    """One invoice: lines, state, what happened; pay, print, or look after it."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        invoice = with_present_payer(permissions.get_invoice(self.user, pk))
        shares = list(invoice.shares.select_related("payment").order_by("payment__started_at"))
        refunds = list(invoice.refunds.all())
        credits = invoice.ledger_entries.filter(kind=Kind.CREDITED.value, refund=None).select_related("credit_note")
        context = {
            "invoice": invoice,
            **presenters.invoice_page(invoice, organization.today(self.now)),
            "events": presenters.timeline(invoice, shares, refunds, credits, self._disputed(invoice)),
            "disputes": list(disputes_of(invoice)) if self.manages else [],
            "receipts": [
                share.payment for share in shares if share.payment.succeeded_at and not share.payment.reversed_at
            ],
            "can_refund": self.manages
            and any(share.refundable and share.payment.state == "succeeded" for share in shares),
            "can_cancel": invoice.is_cancellable,
            "can_credit": self.manages and bool(invoice.claim),
            "credit_notes": [entry.credit_note for entry in credits if entry.credit_note],
            "unfinished": [presenters.payment_row(each) for each in self._unfinished(shares)],
            **self._paying(invoice),
        }
        if self.manages:
            sent = reminders_of(invoice)
            context["reminders"] = [reminder_rows.sent_row(each) for each in sent]
            context["hold"] = hold_of(invoice)
            context["mails"] = mails_about(invoice, *refunds, *(each.item.reminder for each in sent))
            context["failed_steps"] = failed_steps_about(invoice)
            context["is_mailable"] = may_be_mailed(invoice)
            context["card_on_file"] = card_on_file(invoice, organization.today(self.now)) if invoice.due else None
            context["events"] = autopay_rows.with_tries(context["events"], invoice)
            context["mailed"] = mailed_sentence(invoice)
        if self.manages and invoice.state == Invoice.State.DRAFT:
            context["payer_form"] = PayerForm(payers=payers_of(invoice.client), invoice=invoice)
            versions.carry(
                request,
                Version(versions.marks_of(payer_facts(invoice)), self.now),
                address=reverse("billing:invoice-payer", args=[pk]),
                user_id=str(self.user.pk),
            )
        return self.page("billing/invoice_detail.html", context)

    def _disputed(self, invoice: Invoice) -> list[LedgerEntry]:
        """What banks have taken of it, and given back."""
        kinds = [Kind.DISPUTED.value, Kind.DISPUTE_REVERSED.value]
        return list(invoice.ledger_entries.filter(kind__in=kinds)) if invoice.disputed or invoice.is_disputed else []

    def _unfinished(self, shares: list[PaymentShare]) -> list[Payment]:
        """Card payments that somebody has open; for whoever bills."""
        return [share.payment for share in shares if self.manages and share.payment.is_live]

    def _paying(self, invoice: Invoice) -> dict[str, Any]:
        """Whether the reader can pay here, and if not, what to tell them; what to tell staff when nobody can."""
        if invoice.is_disputed:
            return {} if self.manages else {"remark": Reason(BillingReason.PAYMENT_DISPUTED).sentence()}
        if not invoice.due:
            return {}
        if not is_paid_for(invoice.client.status):
            name = invoice.client.name
            return {"remark": payment_remark(name) if self.manages else payment_refusal(name)}
        if not _takes_cards():
            return (
                {"remark": Reason(BillingReason.CARDS_OFF).sentence()} if are_cards_off() and not self.manages else {}
            )
        why = gateway().refusal_of(invoice.due)
        if why is not None:
            return {"remark": why.sentence()}
        return {"can_pay": not self.manages and (not self.takes or self._is_payer(invoice))}

    def _is_payer(self, invoice: Invoice) -> bool:
        """Whether somebody who takes payments pays this one themselves, as a guardian for example."""
        return permissions.invoices_payable_by(self.user).filter(pk=invoice.pk).exists()


class InvoiceDocumentView(BillingPageView):
    """The invoice as a file, in the reader's language."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        invoice = with_present_payer(permissions.get_invoice(self.user, pk))
        content = invoice_file(invoice, Formatter(get_language() or "en", self.user.time_zone))
        return pdf_answer(content, str(invoice.number or "draft"))


class NewInvoiceView(BillingFormView):
    """Four things and for whom: it is issued and mailed at once, or kept as a draft."""

    template_name = "billing/invoice_form.html"
    edits = False

    def get_initial(self) -> dict[str, Any]:
        settings = organization.billing_settings()
        return {
            "client": self.request.GET.get("client"),
            "tax_rate": settings.tax_rate,
            "due_on": organization.today(self.now) + timedelta(days=settings.due_days),
        }

    def get_form(self, *posted: Any) -> InvoiceForm:
        return InvoiceForm(
            *posted,
            initial=self.get_initial(),
            user=self.user,
            currency=organization.currency(),
            vocabulary=self.request.vocabulary,  # type: ignore[attr-defined]
        )

    def perform(self, form: InvoiceForm) -> Invoice:
        values = form.cleaned_data
        item = invoices.Item(values["description"], values["price"], values["tax_rate"])
        return invoices.make_invoice(
            client=values["client"],
            items=[item],
            due_on=values["due_on"],
            note=values["note"],
            keep_as_draft="draft" in self.request.POST,
            by=self.user,
            now=self.now,
        )

    def get_success_message(self) -> str:
        if self.result.state == Invoice.State.DRAFT:
            return _("The %(invoice)s is a draft. Check who pays, then issue it.")
        return _issued(self.result)

    def get_success_url(self) -> str:
        return reverse("billing:invoice", args=[self.result.pk])


class InvoiceIssueView(ManagedInvoiceMixin, BillingActionView):
    """A draft gets its number and goes out."""

    def perform(self) -> Invoice:
        self._refuse_another_payer()
        return invoices.issue_invoice(invoice=self.invoice, by=self.user, now=self.now)

    def get_success_message(self) -> str:
        moved = self.result.due_on != self.invoice.due_on
        late = (
            _("Its due date had passed and was moved to %(day)s.") % {"day": day(self.result.due_on)} if moved else ""
        )
        return f"{_issued(self.result)} {late}".strip()

    def _refuse_another_payer(self) -> None:
        """Because whoever issues a draft has seen who pays it."""
        self.invoice.refresh_from_db(from_queryset=Invoice.objects.select_for_update())
        address = reverse("billing:invoice-payer", args=[self.invoice.pk])
        seen = versions.sent_with(self.request.POST, address=address, user_id=str(self.user.pk))
        if seen is not None and versions.changed_since(seen, payer_facts(self.invoice)):
            now = _(
                "Somebody has changed who pays meanwhile: it is %(payer_name)s now. Look at the draft, then issue it."
            )
            raise ConflictError("changed_meanwhile", now % {"payer_name": self.invoice.payer_name or "–"})


def payer_facts(invoice: Invoice) -> dict[str, Any]:
    """What somebody saw before they chose another payer."""
    return {"who pays now": [invoice.state, invoice.payer_name, invoice.payer_email]}


class InvoicePayerView(ManagedInvoiceMixin, BillingFormView):
    """Who pays a draft."""

    template_name = "billing/payer_form.html"
    edits = True

    def load(self, pk: UUID) -> None:
        super().load(pk)
        with_present_payer(self.invoice)

    def get_version_values(self, form: BaseForm) -> dict[str, Any]:
        return payer_facts(self.invoice)

    def get_form(self, *posted: Any) -> PayerForm:
        return PayerForm(*posted, payers=payers_of(self.invoice.client), invoice=self.invoice)

    def perform(self, form: PayerForm) -> Invoice:
        return invoices.choose_payer(invoice=self.invoice, payer=form.chosen(), by=self.user, now=self.now)

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        return {**super().get_context_data(form), "invoice": self.invoice}


class InvoiceDeliveryView(ManagedInvoiceMixin, BillingActionView):
    """Send it once more."""

    def perform(self) -> None:
        invoices.send_invoice_again(invoice=self.invoice, by=self.user, now=self.now)

    def get_success_message(self) -> str:
        return _("It is sent again. %(told)s") % {"told": mailed_sentence(self.invoice)}


class InvoiceCancellationView(ManagedInvoiceMixin, BillingFormView):
    """Take an unpaid claim back, with the reason."""

    form_class = ToldReasonForm
    template_name = "billing/cancellation_form.html"
    edits = False
    calls_processor = True

    def perform(self, form: ToldReasonForm) -> Invoice:
        reason = form.cleaned_data["reason"]
        return invoices.cancel_invoice(invoice=self.invoice, reason=reason, by=self.user, now=self.now)

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        return {**super().get_context_data(form), "invoice": self.invoice}

    def get_success_message(self) -> str:
        void = _("The %(invoice)s is void. Its number stays in the books.")
        return f"{void} {told_sentence(self.result)}"


class InvoiceDraftView(ManagedInvoiceMixin, BillingActionView):
    """Throw a draft away."""

    success_message = gettext_lazy("The draft is gone. Its charges await %(invoice:a|an)s %(invoice)s again.")

    def perform(self) -> bool:
        invoices.discard_draft(invoice=self.invoice, by=self.user, now=self.now)
        return True

    def get_success_url(self) -> str:
        return reverse("billing:invoices") if self.result else super().get_success_url()


def _issued(invoice: Invoice) -> str:
    return _("The %(invoice)s is issued. %(told)s") % {"told": mailed_sentence(invoice)}
