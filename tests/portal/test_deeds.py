"""The audit is read by people: every code that the sources write has words."""

import re
from pathlib import Path

import pytest

from core.kernel import audit
from core.kernel.models import AuditEvent
from portal.deeds import DEEDS, deed

ROOT = Path(__file__).resolve().parents[2]
CODE = re.compile(r'audit\.record\(\s*(?:"([a-z_]+\.[a-z_]+)"(?: if [^"]+ else "([a-z_]+\.[a-z_]+)")?)')


def codes() -> set[str]:
    found: set[str] = set()
    for room in ("billing", "branding", "core", "portal", "sessions_live"):
        for path in (ROOT / room).rglob("*.py"):
            found.update(code for pair in CODE.findall(path.read_text()) for code in pair if code)
    return found


def test_every_code_in_the_sources_has_words():
    assert len(codes()) > 60
    assert codes() <= set(DEEDS)


def test_audit_page_speaks_words(cast, visit):
    audit.record("refund.promised", by=cast.nora, subject=cast.cleo)

    page = visit(cast.nora).get("/settings/audit/").content.decode()

    assert "Promised a refund" in page
    assert "refund.promised" not in page


@pytest.mark.django_db
def test_code_without_words_is_still_readable():
    assert deed(AuditEvent(action="rocket.was_launched")) == "Rocket was launched"
