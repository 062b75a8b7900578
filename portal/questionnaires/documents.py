"""A form that was filled in as a document in the brand: what was asked and answered, and a certificate of who has signed it."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from billing.documents.contents import as_issued_by, brand_parts, logo_file
from billing.documents.formatter import Formatter
from billing.documents.pdf import render_pdf
from billing.queries import organization
from core.kernel import clock
from core.records.permissions import can_keep_records
from core.records.questionnaires import actions
from core.records.questionnaires.actions.responses import is_intact
from core.records.questionnaires.models import QuestionnaireResponse
from core.records.questionnaires.permissions import get_response
from core.records.questionnaires.rules import responses as rules
from core.records.questionnaires.rules.questionnaires import Kind
from portal.access import SignedInView
from portal.questionnaires.answer_fields import answer_rows


class DocumentView(SignedInView):
    """The file, in the reader's language. That it was read is kept."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        response = get_response(self.user, pk)
        actions.answers_read(response.request, by=self.user, now=clock.now())
        formatter = Formatter(get_language() or "en", self.user.time_zone)
        keeps = can_keep_records(self.user, response.request.client)
        content = response_file(response, formatter, keeps=keeps)
        name = content_disposition_header(False, f"{response.request.title}.pdf") or "inline"
        headers = {"Content-Disposition": name, "Cache-Control": "private, no-store"}
        return HttpResponse(content, content_type="application/pdf", headers=headers)


def response_file(response: QuestionnaireResponse, formatter: Formatter, *, keeps: bool) -> bytes:
    """The PDF. `keeps`: for whoever keeps the record, with points and the whole evidence."""
    with as_issued_by({}, response.request):
        content = response_content(response, formatter, keeps=keeps)
        return render_pdf("record", content, logo=logo_file(), at=response.submitted_at or response.request.sent_at)


def response_content(response: QuestionnaireResponse, formatter: Formatter, *, keeps: bool) -> dict[str, Any]:
    """Everything the document's template prints."""
    row, definition = response.request, response.request.version.definition
    issuer = {**organization.issuer(), "tax_number": ""}
    rows = answer_rows(definition, response.answers, list(response.files.all()))
    return brand_parts(issuer, definition.title, formatter) | {
        "heading": definition.title,
        "stamp": {"text": "", "tone": ""},
        "payer": {"label": _("For"), "lines": [row.client.name]},
        "facts": _facts(response, formatter, keeps=keeps),
        "blocks": [
            *([_block("text", definition.intro)] if definition.intro else []),
            *(_row_block(each, formatter) for each in rows),
        ],
        "certificate": _certificate(response, formatter, keeps=keeps),
        "notes": [] if is_intact(response) else [_("Attention: the answers are not, or cannot be shown to be, what was sent in.")],
    }  # fmt: skip


def _facts(response: QuestionnaireResponse, formatter: Formatter, *, keeps: bool) -> list[list[str]]:
    facts = [[_("Filled in by"), response.submitter]]
    if response.submitted_at is not None:
        facts.append([_("Sent in"), formatter.moment(response.submitted_at)])
    facts.append([_("Version of the form"), str(response.request.version.number)])
    total = rules.total(response.request.version.definition, response.with_files)
    if keeps and total is not None:
        facts.append([_("Points"), _("%(points)s of %(maximum)s") % {"points": total.points, "maximum": total.maximum}])
    return facts


def _block(kind: str, label: str, *texts: str) -> dict[str, Any]:
    return {"kind": kind, "label": label, "texts": list(texts)}


def _row_block(row: dict[str, Any], formatter: Formatter) -> dict[str, Any]:
    item = row["item"]
    if item.kind is Kind.PAGE:
        return _block("page", item.text)
    if item.kind is Kind.WORDS:
        return _block("text", item.text)
    return _block("answer", item.text, *(answer_words(row, formatter) or [_("No answer")]))


def answer_words(row: dict[str, Any], formatter: Formatter) -> list[str]:
    """What was answered, in lines; none where nothing was."""
    item, answer = row["item"], row["answer"]
    if item.kind is Kind.FILE:
        return [each.file.name for each in row["files"]]
    if answer in (None, "", [], False):
        return []
    if item.kind is Kind.STATEMENT:
        return [_("Agreed")]
    if item.kind is Kind.DATE:
        return [formatter.day(date.fromisoformat(answer))]
    if item.kind is Kind.SCALE:
        return [
            _("%(number)s on a scale from %(low)s to %(high)s") % {"number": answer, "low": item.low, "high": item.high}
        ]
    return list(answer) if isinstance(answer, list) else str(answer).splitlines()


def _certificate(response: QuestionnaireResponse, formatter: Formatter, *, keeps: bool) -> dict[str, Any] | None:
    """Who has signed, when, from where, and what: None where nothing was signed."""
    signatures = list(response.signatures.all())
    if not signatures:
        return None
    definition = response.request.version.definition
    entries = []
    for signature in signatures:
        kept, item = signature.content, definition.item(signature.item_key)
        facts = [
            [_("What"), item.text[:300] if item else ""],
            [_("Signed by"), str(kept.get("name", ""))],
            [_("When"), formatter.moment(signature.signed_at)],
            [_("Signed in as"), f"{kept.get('login', '')} ({kept.get('email', '')})"],
        ]
        if keeps:
            facts += [
                [_("From the address"), str(kept.get("address", "")) or "–"],
                [_("With the browser"), str(kept.get("agent", "")) or "–"],
            ]
        entries.append(facts)
    return {
        "title": _("Certificate of signature"),
        "entries": entries,
        "digest": [_("Digest of all that was asked and answered (SHA-256)"), response.digest],
        "text": _(
            "The digest is made of every question, text and answer above and of the files. If a single letter were another one, "
            "it would be another digest."
        ),
    }  # fmt: skip
