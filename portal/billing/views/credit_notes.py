"""Credit notes: the list, the page, the document, a new one."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Q
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from billing import permissions
from billing.actions import credit_notes
from billing.documents import Formatter, credit_note_file
from billing.models import CreditNote, Invoice
from billing.queries.credit_notes import left_of
from billing.queries.recipients import told_sentence
from core.kernel.search import Word
from core.people.queries import clients_with, found_by
from portal.billing import credit_rows, presenters
from portal.billing.base import BillingFormView, BillingListView, BillingPageView, ManagedInvoiceMixin
from portal.billing.credit_forms import CreditForm
from portal.billing.files import pdf_answer
from portal.delivery_log import failed_steps_about, mails_about

PER_PAGE = 25


def _with(word: Word) -> Q:
    """Credit notes in whose number, invoice or client the word is found."""
    invoices = Invoice.objects.filter(word.in_("search_key") | Q(client__in=clients_with(word)))
    return word.in_("search_key") | Q(invoice__in=invoices.order_by().values("pk"))


class CreditNoteListView(BillingListView):
    """Those of the invoices that the person may see, the latest first."""

    section = "credit-notes"

    def get(self, request: HttpRequest) -> HttpResponse:
        query = request.GET.get("q", "").strip()[:80]
        found = found_by(query, permissions.credit_notes_visible_to(self.user), _with)
        ordered = found.select_related("invoice__client").order_by("-issued_at", "-pk")
        page = Paginator(ordered, PER_PAGE).get_page(request.GET.get("page"))
        rows = [credit_rows.row(note) for note in page.object_list]
        return self.page("billing/credit_note_list.html", {"rows": rows, "page": page, "query": query})


class CreditNoteView(BillingPageView):
    """One credit note: what it corrects, by how much and why, and what became of what was paid."""

    section = "credit-notes"

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        note = permissions.get_credit_note(self.user, pk)
        refunds = list(note.refunds.select_related("payment"))
        context: dict[str, Any] = {"note": note, **credit_rows.page(note, refunds)}
        if self.manages:
            context |= {"mails": mails_about(note, *refunds), "failed_steps": failed_steps_about(note)}
        return self.page("billing/credit_note_detail.html", context)


class CreditNoteDocumentView(BillingPageView):
    """The credit note as a file, in the reader's language."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        note = permissions.get_credit_note(self.user, pk)
        content = credit_note_file(note, Formatter(get_language() or "en", self.user.time_zone))
        return pdf_answer(content, note.number)


class InvoiceCreditView(ManagedInvoiceMixin, BillingFormView):
    """Correct an issued invoice, with the reason."""

    template_name = "billing/credit_form.html"
    edits = True
    calls_processor = True

    def is_one_per_content(self) -> bool:
        return True

    def get_version_values(self, form: BaseForm) -> dict[str, Any]:
        return {"what is left": [self.invoice.claim, self.invoice.due]}

    def get_form(self, *posted: Any) -> CreditForm:
        left = left_of(self.invoice)
        has_charges = any(line.charge_id for line in left.lines)
        return CreditForm(*posted, left=left, has_paid=bool(self.invoice.standing.kept), has_charges=has_charges)

    def perform(self, form: CreditForm) -> CreditNote:
        values = form.cleaned_data
        return credit_notes.credit_invoice(
            invoice=self.invoice,
            credit=form.credit(),
            reason=values["reason"],
            memo=values["memo"],
            refunds_paid=form.refunds_paid,
            by=self.user,
            now=self.now,
        )

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        invoice = self.invoice
        context = {
            "invoice": invoice,
            "is_creditable": invoice.state != Invoice.State.DRAFT and bool(invoice.claim),
            "claim": presenters.shown(invoice.claim),
            "due": presenters.shown(invoice.due) if invoice.due else "",
            "kept": presenters.shown(invoice.standing.kept) if invoice.standing.kept else "",
        }
        return {**super().get_context_data(form), **context}

    def get_success_url(self) -> str:
        return reverse("billing:credit-note", args=[self.result.pk])

    def get_success_message(self) -> str:
        made = _("Credit note %(number)s is issued.") % {"number": self.result.number}
        return f"{made} {told_sentence(self.result.invoice)}"
