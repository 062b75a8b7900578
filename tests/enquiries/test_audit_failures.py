"""Whatever is done with an enquiry is noted, or it is not done."""

import pytest

from core.enquiries import actions
from core.enquiries.models import Enquiry
from core.kernel import clock
from tests.broken_audit import assert_nothing_is_written


def receive(cast):
    return actions.receive_enquiry(
        written=actions.Written("Zoë", "zoe@example.org", "Hello"), language="en", time_zone="UTC", privacy_version="", now=clock.now(),
        path_of=str,
    )  # fmt: skip


ACTS = {
    "receive": lambda cast, found: receive(cast),
    "answer": lambda cast, found: actions.change_enquiry_state(
        enquiry=found, state="answered", by=cast.nora, now=clock.now()
    ),
    "delete": lambda cast, found: actions.delete_enquiry(enquiry=found, by=cast.nora),
    "settings": lambda cast, found: actions.change_enquiry_settings(
        recipients=["a@north.test"], keep_months=3, by=cast.nora
    ),
}


@pytest.mark.parametrize("act", ACTS)
def test_act_without_its_note_does_not_happen(cast, monkeypatch, act):
    found = receive(cast)

    assert_nothing_is_written(lambda: ACTS[act](cast, found), monkeypatch)
    assert Enquiry.objects.get() == found
