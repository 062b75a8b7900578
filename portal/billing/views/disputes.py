"""Disputes, for whoever bills: the list, one of them, and its answer."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy

from billing import permissions
from billing.actions import evidence
from billing.models import Dispute, DisputeFile
from billing.queries.disputes import running_disputes, sold_by, with_word
from core.files.actions import sealed
from core.people.queries import found_by
from portal.billing import dispute_rows, presenters
from portal.billing.base import BillingActionView, BillingFormView, BillingView
from portal.billing.dispute_forms import AnswerForm, DisputeFileForm
from portal.files.answers import file_answer
from portal.files.fields import files_body_limit
from tenants.bodies import SIGNED_IN_BYTES

PER_PAGE = 25


class DisputeListView(BillingView):
    """Those that run, the one with the nearest last day first; those that are decided; or all."""

    section = "payments"

    def get(self, request: HttpRequest) -> HttpResponse:
        query, state = request.GET.get("q", "").strip()[:80], request.GET.get("state", "open")
        found = found_by(query, permissions.disputes_managed_by(self.user), with_word)
        running = running_disputes().order_by().values("pk")
        if state == "open":
            found = found.filter(pk__in=running).order_by("due_at", "opened_at", "pk")
        elif state == "closed":
            found = found.exclude(pk__in=running)
        page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
        tabs = [{"label": label, "url": f"?state={key}", "current": key == state} for key, label in dispute_rows.TABS]
        context = {"rows": [dispute_rows.row(each, self.now) for each in page.object_list], "page": page}
        return self.page("billing/dispute_list.html", {**context, "query": query, "state": state, "states": tabs})


class DisputeView(BillingView):
    """What is disputed and why, what it has done to the books, until when it is answered, and with what."""

    section = "payments"

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        dispute = permissions.get_dispute(self.user, pk)
        context = {
            "dispute": dispute,
            **dispute_rows.page(dispute, self.now),
            "shares": presenters.share_rows(dispute.payment),
        }
        return self.page("billing/dispute.html", context)


class _OfDispute:
    """Fetches the dispute, and leads back to it."""

    section = "payments"
    user: Any

    def load(self, pk: UUID) -> None:
        self.dispute = permissions.get_dispute(self.user, pk)

    def get_success_url(self) -> str:
        return reverse("billing:dispute", args=[self.dispute.pk])


class DisputeAnswerView(_OfDispute, BillingFormView):
    """What is said to the bank; kept here until it is sent."""

    template_name = "billing/dispute_answer.html"
    edits = True
    success_message = gettext_lazy("Saved. The bank has it once you send the answer.")

    def get_edited(self) -> list[Any]:
        return [self.dispute]

    def get_form(self, *posted: Any) -> AnswerForm:
        return AnswerForm(*posted, dispute=self.dispute, suggested=sold_by(self.dispute, get_language() or "en"))

    def perform(self, form: AnswerForm) -> Dispute:
        return evidence.save_answer(dispute=self.dispute, answer=form.answer(), by=self.user, now=self.now)

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        return {**super().get_context_data(form), "row": dispute_rows.row(self.dispute, self.now)}


class NewDisputeFileView(_OfDispute, BillingFormView):
    """A file for the answer."""

    template_name = "billing/dispute_file_form.html"
    edits = False
    body_limit = files_body_limit(SIGNED_IN_BYTES)
    success_message = gettext_lazy("The file is added. The bank has it once you send the answer.")

    def get_form(self, *posted: Any) -> DisputeFileForm:
        form = DisputeFileForm(*posted, taken=set(self.dispute.files.values_list("kind", flat=True)))
        form.fields["files"].for_user(self.user)  # type: ignore[attr-defined]
        return form

    def perform(self, form: DisputeFileForm) -> DisputeFile:
        kind = form.cleaned_data["kind"]
        with sealed(form.cleaned_data["files"], purpose=permissions.DISPUTE_FILE, by=self.user) as [file]:
            return evidence.add_file(dispute=self.dispute, kind=kind, given=file, by=self.user, now=self.now)

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        return {**super().get_context_data(form), "row": dispute_rows.row(self.dispute, self.now)}


class DisputeFileView(BillingView):
    """A file of an answer, as it came."""

    section = "payments"

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponseBase:
        row = permissions.get_dispute_file(self.user, pk)
        if not row.file.is_ready:
            return redirect("billing:dispute", row.dispute_id)
        return file_answer(request, row.file, download=True)


class DisputeFileRemovalView(_OfDispute, BillingActionView):
    """Take a file back that was not sent."""

    success_message = gettext_lazy("The file is taken back.")

    def load(self, pk: UUID) -> None:
        self.row = permissions.get_dispute_file(self.user, pk)
        self.dispute = self.row.dispute

    def perform(self) -> bool:
        evidence.take_file_back(row=self.row, by=self.user, now=self.now)
        return True


class DisputeSubmissionView(_OfDispute, BillingActionView):
    """Send the answer to the bank, once."""

    calls_processor = True
    success_message = gettext_lazy("The answer is sent. The bank decides within two or three months; you are told.")

    def perform(self) -> Dispute:
        return evidence.send_answer(dispute=self.dispute, by=self.user, now=self.now)


class DisputeAcceptanceView(_OfDispute, BillingActionView):
    """Give in."""

    calls_processor = True
    success_message = gettext_lazy("Accepted. The money stays with the %(payer)s; what it paid is due again.")

    def perform(self) -> Dispute:
        return evidence.accept_dispute(dispute=self.dispute, by=self.user, now=self.now)
