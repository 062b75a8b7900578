"""Whatever is done with notes is noted, or it is not done."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from core.kernel import clock
from core.records import actions
from tests.broken_audit import assert_nothing_is_written
from tests.factories.files import given, pdf
from tests.factories.records import SCORED, WORDS, make_goal, make_resource, make_score, share, sign, write

ACTS: dict[str, Callable[[SimpleNamespace, Any], object]] = {
    "begin": lambda s, now: actions.begin_note(s.cast.cleo, by=s.cast.tess, now=now),
    "write": lambda s, now: actions.write_note(s.note, title="", body="More.", seen=2, by=s.cast.tess, now=now + timedelta(hours=1)),
    "bring back": lambda s, now: actions.bring_back_version(s.version, by=s.cast.tess, now=now),
    "sign": lambda s, now: actions.sign_note(s.note, seen=2, by=s.cast.tess, now=now),
    "add": lambda s, now: actions.amend_note(s.signed, body="Later.", by=s.cast.nora, now=now),
    "share": lambda s, now: actions.share_note(s.note, seen=2, by=s.cast.tess, now=now),
    "take back": lambda s, now: actions.withdraw_note(s.signed, by=s.cast.tess, now=now),
    "remove": lambda s, now: actions.remove_note(s.note, by=s.cast.tess, now=now),
    "forget": lambda s, now: actions.forget_unwritten(now=now + timedelta(days=2)),
    "save a template": lambda s, now: actions.save_template(None, name="Talk", body="", by=s.cast.nora, now=now),
    "remove a template": lambda s, now: actions.remove_template(s.template, by=s.cast.nora, now=now),
    "read": lambda s, now: actions.note_read(s.note, by=s.cast.tess),
    "read versions": lambda s, now: actions.note_versions_read(s.note, by=s.cast.tess),
    "set a goal": lambda s, now: actions.set_goal(s.cast.cleo, text=WORDS, by=s.cast.tess, now=now),
    "change a goal": lambda s, now: actions.change_goal(s.goal, text=WORDS, steps=["x"], status="open", by=s.cast.tess, now=now),
    "tick a step": lambda s, now: actions.tick_step(s.goal.steps.first(), is_done=True, by=s.cast.tess, now=now),
    "note progress": lambda s, now: actions.note_progress(s.goal, on=now.date(), remark="x", by=s.cast.tess, now=now),
    "remove progress": lambda s, now: actions.remove_progress(s.progress, by=s.cast.tess, now=now),
    "share a goal": lambda s, now: actions.share_goal(s.goal, by=s.cast.tess, now=now),
    "take a goal back": lambda s, now: actions.withdraw_goal(s.shared_goal, by=s.cast.tess, now=now),
    "look at a goal": lambda s, now: actions.goal_read(s.goal, by=s.cast.tess),
    "add a file": lambda s, now: actions.add_client_file(s.cast.cleo, given=given(pdf(1), "x.pdf"), by=s.cast.tess, now=now),
    "share a file": lambda s, now: actions.share_client_file(s.file, by=s.cast.tess, now=now),
    "take a file back": lambda s, now: actions.withdraw_client_file(s.shared_file, by=s.cast.tess, now=now),
    "remove a file": lambda s, now: actions.remove_client_file(s.file, by=s.cast.tess, now=now),
    "open a file": lambda s, now: actions.client_file_read(s.file, by=s.cast.tess, now=now),
    "save a score": lambda s, now: actions.save_score(s.cast.cleo, s.resource, text=SCORED, on=now.date(), by=s.cast.tess, now=now),
    "change a score": lambda s, now: actions.change_score(s.score, text=SCORED, on=now.date() - timedelta(days=1), seen=0, by=s.cast.tess, now=now),
    "share a score": lambda s, now: actions.share_score(s.score, by=s.cast.tess, now=now),
    "take a score back": lambda s, now: actions.withdraw_score(s.shared_score, by=s.cast.tess, now=now),
    "remove a score": lambda s, now: actions.remove_score(s.score, by=s.cast.tess, now=now),
    "look at scores": lambda s, now: actions.scores_read(s.cast.cleo, by=s.cast.tess),
    "keep aside": lambda s, now: actions.set_aside(s.note, title="", body="Mine.", seen=2, by=s.cast.tess, now=now),
    "search": lambda s, now: actions.note_search(s.cast.cleo, by=s.cast.tess),
}  # fmt: skip


@pytest.fixture
def stage(cast: SimpleNamespace) -> SimpleNamespace:
    now = clock.now()
    note, signed = write(cast), write(cast, title="Signed")
    note = actions.write_note(note, title="By two", body="<p>Said.</p>", seen=1, by=cast.nora, now=now)
    share(cast, signed)
    sign(cast, signed)
    actions.begin_note(cast.cleo, by=cast.nora, now=now)
    template = actions.save_template(None, name="Visit", body="<p>How was it?</p>", by=cast.nora, now=now)
    goal, shared_goal = make_goal(cast), actions.share_goal(make_goal(cast), by=cast.tess, now=now)
    progress = actions.note_progress(goal, on=now.date(), remark="x", by=cast.tess, now=now)
    file, shared_file = (
        actions.add_client_file(cast.cleo, given=given(pdf(1), "x.pdf"), by=cast.tess, now=now) for _ in range(2)
    )
    actions.share_client_file(shared_file, by=cast.tess, now=now)
    return SimpleNamespace(
        cast=cast, note=note, signed=signed, version=note.versions.get(), template=template, goal=goal, shared_goal=shared_goal,
        progress=progress, file=file, shared_file=shared_file, resource=make_resource(cast), score=make_score(cast),
        shared_score=actions.share_score(make_score(cast), by=cast.tess, now=now),
    )  # fmt: skip


@pytest.mark.parametrize("act", ACTS)
def test_nothing_happens_when_it_cannot_be_noted(stage, monkeypatch, act):
    assert_nothing_is_written(lambda: ACTS[act](stage, clock.now()), monkeypatch)


def test_every_action_is_tried():
    assert set(actions.__all__) == set().union(*(each.__code__.co_names for each in ACTS.values())) & set(
        actions.__all__
    )
