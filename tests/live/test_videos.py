"""A video that everybody watches in step: hosts open and steer it, where the organization allows it, and everybody who is in is told."""

from datetime import timedelta

import pytest

from core.kernel import clock
from core.kernel.errors import DomainError
from core.kernel.models import AuditEvent
from sessions_live import actions
from sessions_live.models import SharedVideo
from tests.live.arrivals import tess_and_gus

VIDEO = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"


def allow(cast, allowed=True):
    actions.change_live_settings(
        policy="direct", front_desk_hears=False, youtube_allowed=allowed, by=cast.nora, now=clock.now()
    )


def test_everybody_is_told_what_plays_and_from_where(cast, room, scenes):
    allow(cast)

    async def play(connect):
        tess, gus, gus_id = await tess_and_gus(connect, cast, room)
        await tess.send_message("admit", admission=gus_id)
        await gus.hear("engine")
        await tess.send_message("video_open", address=VIDEO)
        opened = await gus.hear("video")
        assert (opened["video"], opened["playing"], opened["position"]) == ("dQw4w9WgXcQ", False, 0)
        await tess.send_message("video_steer", playing=True, position=42.5)
        steered = await gus.hear("video")
        assert (steered["playing"], steered["position"]) == (True, 42.5)
        assert 0 <= steered["now"] - steered["at"] < 5
        cleo = await connect(room.pk, cast.cleo_login).open()
        await cleo.send_message("hello")
        waiting = await cleo.hear("welcome")
        await tess.send_message("admit", admission=waiting["peer"])
        assert (await cleo.hear("video"))["position"] == 42.5  # whoever comes later is brought there
        await tess.send_message("video_close")
        await gus.hear("video", video="")

    scenes(play)


def test_who_waits_hears_nothing_and_a_guest_steers_nothing(cast, room, scenes):
    allow(cast)

    async def play(connect):
        tess, gus, gus_id = await tess_and_gus(connect, cast, room)
        await gus.send_message("video_open", address=VIDEO)
        assert (await gus.hear("error"))["code"] == "not_joined"
        await tess.send_message("video_open", address=VIDEO)
        await tess.hear("video")
        await gus.rest()
        assert "video" not in gus.kinds()
        await tess.send_message("admit", admission=gus_id)
        await gus.hear("video")
        for kind, fields in (
            ("video_open", {"address": VIDEO}),
            ("video_steer", {"playing": True, "position": 1}),
            ("video_close", {}),
        ):
            await gus.send_message(kind, **fields)
            assert (await gus.hear("error"))["code"] == "not_allowed"

    scenes(play)


@pytest.mark.parametrize(
    ("allowed", "address", "code"),
    [
        (False, VIDEO, "videos_not_allowed"),
        (True, "https://example.test/video", "video_unknown"),
        (True, "", "video_unknown"),
    ],
)
def test_what_may_not_be_shown_is_refused(cast, room, allowed, address, code):
    allow(cast, allowed)
    with pytest.raises(DomainError) as refused:
        actions.open_video(room, address, by=cast.tess, now=clock.now())
    assert refused.value.code == code
    assert not SharedVideo.objects.exists()


def test_place_is_kept_within_reason_and_ends_with_the_session(cast, room):
    allow(cast)
    now = clock.now()
    actions.open_video(room, VIDEO, by=cast.tess, now=now)
    for position, kept in ((-5.0, 0.0), (1e12, 43200.0), (float("nan"), 0.0)):
        assert actions.steer_video(room, playing=True, position=position, by=cast.tess, now=now).position == kept
    actions.end_session(room, by=cast.tess, now=now)
    assert not SharedVideo.objects.exists()
    with pytest.raises(DomainError, match="No video is open"):
        actions.steer_video(room, playing=True, position=1.0, by=cast.tess, now=now)


def test_opening_and_closing_are_noted(cast, room):
    allow(cast)
    now = clock.now()
    actions.open_video(room, VIDEO, by=cast.tess, now=now)
    actions.close_video(room, by=cast.tess, now=now + timedelta(seconds=1))
    actions.close_video(room, by=cast.tess, now=now + timedelta(seconds=2))
    noted = AuditEvent.objects.filter(action__startswith="video.").values_list("action", "changes")
    assert sorted(noted, key=str) == [
        ("video.closed", {"video": ["dQw4w9WgXcQ", None]}),
        ("video.opened", {"video": [None, "dQw4w9WgXcQ"]}),
    ]


@pytest.mark.parametrize("allowed", [True, False])
def test_only_the_page_of_a_room_may_frame_the_host_of_videos(cast, appointment, visit, allowed):
    allow(cast, allowed)
    browser = visit(cast.gus)
    page = browser.get(f"/live/{appointment.pk}/")
    policy = page.headers["Content-Security-Policy"]
    assert ("frame-src 'self' https://www.youtube-nocookie.com " in policy) is allowed
    assert ('data-tab="video"' in page.content.decode()) is allowed
    assert "youtube" not in browser.get("/dashboard/").headers["Content-Security-Policy"]
