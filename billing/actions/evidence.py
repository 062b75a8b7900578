"""The answer to a dispute: written and gathered here, sent to the bank through the processor, once; or the dispute accepted.

Calls to the processor stand between transactions. What was written stays here whatever becomes of a call, and a file that has reached the processor
is not sent again.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction

from billing import permissions
from billing.actions.disputes import apply_dispute
from billing.audit_codes import BillingAudit
from billing.documents import Formatter, receipt_file
from billing.gateways import gateway
from billing.gateways.disputes import EvidenceFile
from billing.models import Dispute, DisputeFile, Payment
from billing.permissions import DISPUTE_FILE
from branding.queries import current_brand
from core.files.actions import keep_file, remove_file
from core.files.contents import opened
from core.files.rules.file_types import Kind
from core.kernel import audit
from core.kernel.errors import ConflictError, DomainError, NotFound
from core.kernel.translation import translate
from core.people.models import User

KINDS = frozenset({Kind.PICTURE, Kind.PDF})  # what is brought at all; the bank reads of pictures only those below
READ = frozenset({"jpeg", "png", "pdf"})
MOST_BYTES = 4_500_000  # of all files of one answer together, by the processor
MOST_TEXT = 20_000  # characters of one text


@dataclass(frozen=True)
class Answer:
    """What is said to the bank."""

    what_was_sold: str = ""
    when_it_was: str = ""
    explanation: str = ""


@transaction.atomic
def save_answer(*, dispute: Dispute, answer: Answer, by: User, now: datetime) -> Dispute:
    """Keep what is said to the bank, to be sent later. Error: `not_answerable`."""
    locked = _held(dispute, by, now)
    for name, text in vars(answer).items():
        setattr(locked, name, text.strip()[:MOST_TEXT])
    locked.save(update_fields=["what_was_sold", "when_it_was", "explanation"])
    audit.record(BillingAudit.DISPUTE_ANSWER_SAVED, by=by, subject=locked)
    return locked


@transaction.atomic
def add_file(*, dispute: Dispute, kind: str, given: Any, by: User, now: datetime) -> DisputeFile:
    """Put a file to the answer. Errors: `not_answerable`, `kind_taken`, `file_kind`, `files_too_large`, and of `keep_file`."""
    locked = _held(dispute, by, now)
    known = list(locked.files.select_related("file"))
    if any(each.kind == kind for each in known):
        raise ConflictError(
            "kind_taken",
            translate("There is a file of this kind already. The bank takes one of each: put both into one, or take it back."),
            field="kind",
        )  # fmt: skip
    file = keep_file(given=given, purpose=DISPUTE_FILE, by=by, now=now)
    if file.type_code not in READ:
        raise DomainError("file_kind", translate("The bank reads PDF, JPEG and PNG only."), field="files")
    if sum(each.file.size for each in known) + file.size > MOST_BYTES:
        raise DomainError(
            "files_too_large", translate("All files of an answer may have 4.5 MB together. Choose a smaller one."), field="files"
        )  # fmt: skip
    row = DisputeFile.objects.create(dispute=locked, kind=kind, file=file, added_at=now)
    audit.record(BillingAudit.DISPUTE_FILE_ADDED, by=by, subject=locked, changes={"kind": [None, kind]})
    return row


@transaction.atomic
def take_file_back(*, row: DisputeFile, by: User, now: datetime) -> None:
    """Remove a file from an answer that was not sent. Errors: `not_answerable`, NotFound."""
    locked = _held(row.dispute, by, now)
    found = locked.files.select_related("file").filter(pk=row.pk).first()
    if found is None:
        raise NotFound(f"file {row.pk}")
    audit.record(BillingAudit.DISPUTE_FILE_REMOVED, by=by, subject=locked, changes={"kind": [found.kind, None]})
    file = found.file
    found.delete()
    remove_file(file=file, by=by)


def _held(dispute: Dispute, by: User, now: datetime) -> Dispute:
    permissions.check_manages(by)
    locked = Dispute.objects.select_for_update(of=("self",)).select_related("payment").get(pk=dispute.pk)
    check_answerable(locked, now)
    return locked


def check_answerable(dispute: Dispute, now: datetime) -> None:
    """Refuse what comes too late. Error: `not_answerable`."""
    if not dispute.can_be_answered(now):
        raise ConflictError("not_answerable", translate("This dispute cannot be answered any more."))


def send_answer(*, dispute: Dispute, by: User, now: datetime) -> Dispute:
    """Send the answer to the bank. It can be sent once. Errors: `not_answerable`, `answer_empty`, `file_not_ready`, and GatewayError."""
    permissions.check_manages(by)
    dispute = Dispute.objects.select_related("payment__payer").get(pk=dispute.pk)
    check_answerable(dispute, now)
    evidence = _texts(dispute)
    if not dispute.explanation and not dispute.files.exists():
        raise DomainError("answer_empty", translate("Write what happened, or add a file, before you send the answer."))
    evidence |= _sent_files(dispute)
    key = f"evidence:{dispute.pk}:{_digest(repr(sorted(evidence.items())).encode())}"
    facts = gateway().submit_evidence(dispute.payment.account_id, dispute.external_id, evidence, key=key)
    with transaction.atomic():
        applied = apply_dispute(payment=dispute.payment, facts=facts, now=now)
        applied.answered_at, applied.answered_by = now, by
        applied.save(update_fields=["answered_at", "answered_by"])
        audit.record(BillingAudit.DISPUTE_ANSWERED, by=by, subject=applied)
    return applied


def _texts(dispute: Dispute) -> dict[str, str]:
    """By the processor's names; what is empty is left out."""
    payment = dispute.payment
    found = {
        "product_description": dispute.what_was_sold,
        "service_date": dispute.when_it_was,
        "uncategorized_text": dispute.explanation,
        "customer_name": payment.payer_name,
        "customer_email_address": payment.payer.email if payment.payer else "",
    }
    return {name: text for name, text in found.items() if text}


def _sent_files(dispute: Dispute) -> dict[str, str]:
    """The files at the processor, each brought there once; with our receipt, where nobody has added another."""
    account, sent = dispute.payment.account_id, {}
    for row in dispute.files.select_related("file__key"):
        if not row.file.is_ready:
            raise ConflictError(
                "file_not_ready", translate("A file is still being looked through. Try again in a moment.")
            )
        if not row.sent_as:
            row.sent_as = gateway().upload_evidence(account, _file(row), key=f"evidence-file:{row.pk}")
            row.save(update_fields=["sent_as"])
        sent[row.kind] = row.sent_as
    if DisputeFile.Kind.RECEIPT not in sent and dispute.payment.state == Payment.State.SUCCEEDED:
        receipt = _receipt(dispute.payment)
        key = f"evidence-receipt:{dispute.pk}:{_digest(receipt.content)}"
        sent[DisputeFile.Kind.RECEIPT.value] = gateway().upload_evidence(account, receipt, key=key)
    return sent


def _digest(content: bytes) -> str:
    """For keys of calls: a repeat of the same finds what the first one made, and another one is another."""
    return sha256(content).hexdigest()[:32]


def _file(row: DisputeFile) -> EvidenceFile:
    with opened(row.file) as source:
        return EvidenceFile(f"{row.kind}.{row.file.type.endings[0]}", row.file.type.content_type, source.read())


def _receipt(payment: Payment) -> EvidenceFile:
    brand = current_brand()
    return EvidenceFile("receipt.pdf", "application/pdf", receipt_file(payment, Formatter(brand.language, "UTC")))


def accept_dispute(*, dispute: Dispute, by: User, now: datetime) -> Dispute:
    """Give in: it is lost at once, and the money stays with the payer. Errors: `not_answerable`, and GatewayError."""
    permissions.check_manages(by)
    dispute = Dispute.objects.select_related("payment").get(pk=dispute.pk)
    check_answerable(dispute, now)
    facts = gateway().accept_dispute(dispute.payment.account_id, dispute.external_id)
    with transaction.atomic():
        audit.record(BillingAudit.DISPUTE_ACCEPTED, by=by, subject=dispute)
        return apply_dispute(payment=dispute.payment, facts=facts, now=now)
