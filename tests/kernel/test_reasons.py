"""Reasons that the product gives are stored as codes with values, and read in each reader's language."""

from decimal import Decimal

import pytest
from django.utils import translation

from core.kernel import audit, reasons
from core.kernel.audit import SYSTEM, AuditCode
from core.kernel.models import AuditEvent, reason_fields
from core.kernel.money import Money
from core.kernel.reasons import Reason, ReasonCode, stored_reason


class Why(ReasonCode):
    LATE = "test.late", "Cancelled"
    SHARE = "test.share", "%(share)s %% of %(price)s: %(why)s"


class Done(AuditCode):
    TESTED = "test.tested", "Tested"


LATE = Reason(Why.SHARE, {"share": Decimal("12.5"), "price": Money(4500, "EUR"), "why": Reason(Why.LATE)})


@pytest.fixture(autouse=True)
def _registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reasons, "_codes", dict(reasons._codes))
    reasons.register(Why)


@pytest.mark.unit
def test_reason_comes_back_from_what_is_stored():
    assert stored_reason(LATE.code.value, LATE.stored_values()) == LATE


@pytest.mark.unit
def test_sentence_is_made_in_the_language_of_whoever_reads():
    with translation.override("en"):
        assert LATE.sentence() == "12.5 % of €45.00: Cancelled"
    with translation.override("de"):
        assert LATE.sentence() == "12,5 % of 45,00\u00a0€: Abgesagt"


@pytest.mark.unit
def test_two_rooms_with_one_reason_are_refused():
    class Double(ReasonCode):
        LATE = "test.late", "Late"

    with pytest.raises(RuntimeError, match=r"test\.late"):
        reasons.register(Double)


@pytest.mark.parametrize(
    ("reason", "read"), [(Reason(Why.LATE), "Abgesagt"), ("Asked for by the family", "Asked for by the family")]
)
def test_audit_keeps_codes_and_own_words_apart(north, reason, read):
    audit.record(Done.TESTED, by=SYSTEM, reason=reason)

    with translation.override("de"):
        assert AuditEvent.objects.get(action="test.tested").reason_sentence == read


@pytest.mark.unit
def test_reason_that_no_room_has_any_more_is_shown_by_its_code():
    assert AuditEvent(reason_code="test.gone", reason_values={}).reason_sentence == "test.gone"


@pytest.mark.unit
def test_every_registered_reason_can_be_stored():
    assert all(len(code.value) <= AuditEvent._meta.get_field("reason_code").max_length for code in reasons.registered())
    assert reason_fields("because")["reason_code"] == ""
