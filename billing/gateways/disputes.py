"""What billing asks of a processor about disputes, and what it reads of them and of payouts to the organization's bank."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from billing.rules.disputes import DisputeState
from core.kernel.money import Money


@dataclass(frozen=True, slots=True)
class DisputeFacts:
    """A dispute at the processor. `movements`: what each movement of money for it has brought, in minor units; `fee`: what it has cost."""

    external_id: str
    payment: str
    amount: Money
    state: DisputeState
    reason: str
    opened_at: datetime
    due_at: datetime | None = None
    submissions: int = 0
    movements: tuple[int, ...] = ()
    fee: Money | None = None


@dataclass(frozen=True, slots=True)
class PayoutFacts:
    """Money on its way from the account to the organization's bank. `state`: paid, failed, or something between."""

    external_id: str
    state: str
    amount: Money
    created_at: datetime
    failure_code: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A file that goes with the answer."""

    name: str
    content_type: str
    content: bytes = field(repr=False)


class DisputesGateway(Protocol):
    """A processor that hears of disputes. Every call names the organization's own account."""

    def retrieve_dispute(self, account: str, external_id: str) -> DisputeFacts: ...

    def upload_evidence(self, account: str, file: EvidenceFile, *, key: str) -> str:
        """Give a file to the processor; returns its id there."""
        ...

    def submit_evidence(self, account: str, external_id: str, evidence: dict[str, str], *, key: str) -> DisputeFacts:
        """Send the answer to the bank: texts, and ids of files, by the processor's names for them. It can be sent once."""
        ...

    def accept_dispute(self, account: str, external_id: str) -> DisputeFacts:
        """Give in: the dispute is lost at once."""
        ...
