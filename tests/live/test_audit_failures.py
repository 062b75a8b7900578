"""Whatever is done in a live room or with a recording is noted, or it is not done."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from core.kernel import clock
from core.people.models import User
from core.records.actions import add_client_file
from core.resources.actions import add_link
from sessions_live import actions
from sessions_live.models import Recording
from sessions_live.recordings.actions import composition, consent, retention, stop
from sessions_live.recordings.reasons import CompositionFailure
from sessions_live.showings.actions import showing
from tests.broken_audit import assert_nothing_is_written
from tests.factories.files import given, pdf
from tests.factories.recordings import asked, meet, say
from tests.factories.scheduling import book, make_client

VIDEO, OTHER_VIDEO = "https://youtu.be/dQw4w9WgXcQ", "https://youtu.be/9bZkp7q19f0"
DAY = timedelta(days=1)
# Act → how the stage and what every action takes make it.
ACTS: dict[str, Callable[[SimpleNamespace, dict[str, Any]], object]] = {
    "come in as a host": lambda s, how: actions.ask_admission(s.room, by=s.cast.sam, now=how["now"]),
    "come to the waiting room": lambda s, how: actions.ask_admission(s.recording.room, by=s.otto, now=how["now"]),
    "admit": lambda s, how: actions.admit(s.room, s.waiting.pk, **how),
    "admit all": lambda s, how: actions.admit_all(s.room, **how),
    "deny": lambda s, how: actions.deny(s.room, s.waiting.pk, **how),
    "withdraw admissions": lambda s, how: actions.withdraw_admissions(s.cast.gus, now=how["now"]),
    "end the session": lambda s, how: actions.end_session(s.room, **how),
    "open a video": lambda s, how: actions.open_video(s.room, OTHER_VIDEO, **how),
    "close a video": lambda s, how: actions.close_video(s.room, **how),
    "show a resource": lambda s, how: showing.show_resource(s.room, s.other.pk, **how),
    "show a file of the client": lambda s, how: showing.show_client_file(s.room, s.client_file.pk, **how),
    "close what is shown": lambda s, how: showing.close_showing(s.room, **how),
    "lock": lambda s, how: actions.lock_room(s.room, locked=True, **how),
    "hide the work area": lambda s, how: actions.hide_work_area(s.room, hidden=True, **how),
    "change the settings": lambda s, how: actions.change_live_settings(
        policy="server", front_desk_hears=True, youtube_allowed=True, **{**how, "by": s.cast.nora}
    ),
    "change the recording's settings": lambda s, how: actions.change_recording_settings(
        recording_allowed=False,
        recording_days=5,
        clients_may_play=True,
        language="en",
        addition="",
        **{**how, "by": s.cast.nora},
    ),
    "ask whether it may be recorded": lambda s, how: consent.request_consent(s.room, **how),
    "agree": lambda s, how: say(s.recording, s.cast.sam, True),
    "refuse": lambda s, how: say(s.recording, s.cast.sam, False),
    "stop": lambda s, how: stop.stop_recording(s.recording.room, **{**how, "by": s.cast.sam}),
    "try again": lambda s, how: composition.try_again(s.failed, **how),
    "fail": lambda s, how: composition._fail(s.composing, CompositionFailure.BROKEN),
    "find nothing": lambda s, how: composition._close(s.composing, Recording.State.NOTHING),
    "delete": lambda s, how: retention.delete_recording(s.failed, reason="By mistake", **how),
    "delete what has expired": lambda s, how: retention.delete_expired(now=how["now"] + 400 * DAY),
    "download": lambda s, how: retention.record_download(s.failed, by=how["by"]),
    "play": lambda s, how: retention.record_playing(s.failed, **how),
}


@pytest.fixture
def stage(cast: SimpleNamespace, records: object, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A session with somebody who waits, another one in which people are asked about recording, and recordings that have stopped."""
    monkeypatch.setattr("sessions_live.engines.can_record", lambda: True)
    now = clock.now()
    room = meet(cast, cast.gus)
    waiting = actions.ask_admission(room, by=cast.cleo_login, now=now)
    otto = User.objects.create_user(email="otto@example.test", name="Otto Other")
    client = make_client("Otto", login=otto)
    beside = book(cast, at=now + timedelta(minutes=5), practitioner=cast.sam_staff, clients=[client], by=cast.nora)
    stopped = {
        "room": room,
        "asked_by": cast.tess,
        "asked_at": now,
        "keep_days": 90,
        "began_at": now,
        "keep_until": now.date(),
    }
    actions.change_live_settings(policy="direct", front_desk_hears=False, youtube_allowed=True, by=cast.nora, now=now)
    actions.open_video(room, VIDEO, by=cast.tess, now=now)
    first, other = (
        add_link(address=f"https://example.org/{each}", title="A page", by=cast.tess, now=now) for each in "ab"
    )
    showing.show_resource(room, first.pk, by=cast.tess, now=now)
    return SimpleNamespace(
        cast=cast,
        room=room,
        waiting=waiting,
        otto=otto,
        other=other,
        client_file=add_client_file(cast.cleo, given=given(pdf(1), "Plan.pdf"), by=cast.tess, now=now),
        recording=asked(meet(cast, appointment=beside)),
        failed=Recording.objects.create(state=Recording.State.FAILED, **stopped),
        composing=Recording.objects.create(state=Recording.State.COMPOSING, **stopped),
    )


@pytest.mark.parametrize("act", ACTS)
def test_nothing_happens_when_it_cannot_be_noted(stage, monkeypatch, act):
    assert_nothing_is_written(lambda: ACTS[act](stage, {"by": stage.cast.tess, "now": clock.now()}), monkeypatch)
