"""Disputes at Stripe: asked about, answered with evidence, given in to."""

from io import BytesIO
from typing import Any

from billing.gateways.disputes import DisputeFacts, EvidenceFile
from billing.gateways.stripe import StripeGateway, on, translated_errors
from billing.gateways.stripe_dispute_objects import dispute


class StripeDisputes(StripeGateway):
    """What Stripe does, and disputes."""

    def retrieve_dispute(self, account: str, external_id: str) -> DisputeFacts:
        with translated_errors():
            return dispute(self._client.v1.disputes.retrieve(external_id, {}, on(account)).to_dict())

    def upload_evidence(self, account: str, file: EvidenceFile, *, key: str) -> str:
        content = BytesIO(file.content)
        content.name = file.name
        params: Any = {"purpose": "dispute_evidence", "file": content}
        with translated_errors():
            return self._client.v1.files.create(params, on(account, key)).id  # type: ignore[arg-type]

    def submit_evidence(self, account: str, external_id: str, evidence: dict[str, str], *, key: str) -> DisputeFacts:
        params: Any = {"evidence": evidence, "submit": True}
        with translated_errors():
            return dispute(self._client.v1.disputes.update(external_id, params, on(account, key)).to_dict())  # type: ignore[arg-type]

    def accept_dispute(self, account: str, external_id: str) -> DisputeFacts:
        with translated_errors():
            return dispute(self._client.v1.disputes.close(external_id, {}, on(account)).to_dict())
