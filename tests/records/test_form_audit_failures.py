"""Whatever is done with forms is noted, or it is not done."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from core.kernel import clock
from core.records.questionnaires import actions
from core.records.questionnaires.actions.responses import Evidence
from core.records.questionnaires.models import QuestionnaireRequest
from core.records.questionnaires.rules.questionnaires import without_item
from tests.broken_audit import assert_nothing_is_written
from tests.factories.files import given, pdf
from tests.factories.questionnaires import FILLED, SHORT, answer, ask, make_form

ACTS = {
    "make": lambda s, now: actions.create_form(SHORT, by=s.cast.nora, now=now),
    "words": lambda s, now: actions.change_words(s.form, title="x", intro="", is_scored=False, by=s.cast.nora, now=now),
    "items": lambda s, now: actions.change_items(s.form, lambda d: without_item(d, "q2"), by=s.cast.nora, now=now),
    "archive": lambda s, now: actions.archive_form(s.form, by=s.cast.nora, now=now),
    "restore": lambda s, now: actions.restore_form(s.archived, by=s.cast.nora, now=now),
    "send": lambda s, now: actions.send_forms(s.cast.cleo, [s.form], by=s.cast.tess, now=now),
    "remind": lambda s, now: actions.remind(s.open, by=s.cast.tess, now=now + s.day),
    "remind by night": lambda s, now: actions.remind_of_what_is_due(now=now + 2 * s.day),
    "take back": lambda s, now: actions.withdraw_request(s.open, by=s.cast.tess, now=now),
    "decline": lambda s, now: actions.decline_request(s.open, reason="x", by=s.cast.gus, now=now),
    "open again": lambda s, now: actions.reopen_request(s.answered, by=s.cast.tess, now=now),
    "write": lambda s, now: actions.write_answers(s.fresh, {"q1": "y"}, seen=0, by=s.cast.gus, now=now),
    "add a file": lambda s, now: actions.add_response_file(s.open, "q7", given=given(pdf(1), "x.pdf"), by=s.cast.gus, now=now),
    "take a file back": lambda s, now: actions.remove_response_file(s.file, by=s.cast.gus, now=now),
    "send in": lambda s, now: actions.submit_answers(s.open, seen=1, evidence=Evidence(), by=s.cast.gus, now=now),
    "read": lambda s, now: actions.answers_read(s.answered, by=s.cast.tess, now=now),
    "open a file": lambda s, now: actions.response_file_read(s.file, by=s.cast.gus, now=now),
}  # fmt: skip


@pytest.fixture
def stage(cast):
    now, day = clock.now(), timedelta(days=1)
    archived = actions.archive_form(make_form(cast, SHORT), by=cast.nora, now=now)
    still_open = ask(cast, due_on=(now + day).date())
    actions.write_answers(still_open, FILLED, seen=0, by=cast.gus, now=now)
    file = actions.add_response_file(still_open, "q7", given=given(pdf(1), "x.pdf"), by=cast.gus, now=now)
    answered = ask(cast)
    answer(cast, answered)
    fresh = ask(cast, SHORT)
    return SimpleNamespace(
        cast=cast, form=make_form(cast), archived=archived, open=QuestionnaireRequest.objects.get(pk=still_open.pk), file=file,
        answered=QuestionnaireRequest.objects.get(pk=answered.pk), fresh=fresh, day=day,
    )  # fmt: skip


@pytest.mark.parametrize("act", ACTS)
def test_nothing_happens_when_it_cannot_be_noted(stage, monkeypatch, act):
    assert_nothing_is_written(lambda: ACTS[act](stage, clock.now()), monkeypatch)


def test_every_action_is_tried():
    tried = set().union(*(each.__code__.co_names for each in ACTS.values()))
    assert set(actions.__all__) <= tried
