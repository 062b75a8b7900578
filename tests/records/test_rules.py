"""The rule of notes, by the table of its page."""

import pytest

from core.records.rules.notes import NoteFacts, open_acts
from tests.rules_tables import rows

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(("note", "reader", "may"), rows("notes"))
def test_what_may_be_done(note, reader, may):
    facts = NoteFacts(
        is_blank=note in ("blank", "emptied"),
        had_words=note == "emptied",
        is_signed="signed" in note,
        is_shared="shared" in note,
        is_author="author" in reader,
        has_signed="has signed" in reader,
        author_keeps_records="gone" not in note,
    )

    assert open_acts(facts) == set(may.split(", "))
