"""The audit is read by people: every app's codes are known at start-up, and each has a sentence, an icon and a tone."""

from pathlib import Path

import pytest

from billing.audit_codes import BillingAudit
from core.kernel import audit
from core.kernel.audit import AuditCode, Tone
from core.kernel.models import AuditEvent

ROOT = Path(__file__).resolve().parents[2]
APPS = ("billing", "branding", "core", "portal", "sessions_live", "tenants")
ICONS = set((ROOT / "themes" / "icons.txt").read_text().split())


# Stored rows keep their codes when a word of the product changes: stored code → the member's name today.
RENAMED = {"card.kept": "CARD_SAVED", "invoice.voided": "INVOICE_CANCELLED"}


def test_every_code_has_a_name_like_it_a_sentence_an_icon_and_a_tone():
    codes = audit.registered()

    assert len(codes) > 100
    for code in codes:
        assert code.name == RENAMED.get(code.value, code.value.replace(".", "_").upper())
        assert code.sentence and code.icon in ICONS and code.tone in Tone


def test_every_room_with_codes_is_registered():
    files = [path for app in APPS for path in (ROOT / app).rglob("audit_codes.py")]
    apps = {".".join(path.relative_to(ROOT).with_suffix("").parts) for path in files}

    assert {type(code).__module__ for code in audit.registered()} == apps


def test_two_rooms_with_one_code_are_refused():
    class Double(AuditCode):
        REFUND_PROMISED = "refund.promised", "Promised a refund"

    with pytest.raises(RuntimeError, match=r"refund\.promised"):
        audit.register(Double)


def test_audit_page_shows_sentences(cast, visit):
    audit.record(BillingAudit.REFUND_PROMISED, by=cast.nora, subject=cast.cleo)

    page = visit(cast.nora).get("/settings/audit/").content.decode()

    assert "Promised a refund" in page
    assert "refund.promised" not in page


@pytest.mark.django_db
def test_code_that_no_room_has_any_more_is_still_readable():
    assert audit.sentence_of(AuditEvent(action="rocket.was_launched")) == "Rocket was launched"
