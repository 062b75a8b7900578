"""Pages of recordings: who opens them, that videos are streamed by parts, that every reading is noted."""

import asyncio
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.kernel import clock
from core.kernel.errors import NotFound
from core.kernel.models import AuditEvent
from core.people.models import User
from portal.files.answers import Unsatisfiable, asked_part
from sessions_live.models import LiveSettings, Recording
from sessions_live.recordings.permissions import MANAGE, can_play, get_recording, recordings_visible_to
from tenants import context
from tests.factories.recordings import allow, asked, kept, meet
from tests.factories.scheduling import book, make_client

pytestmark = pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume")


@pytest.fixture
def records(cast, settings, tmp_path):
    settings.MEDIA_RECORDINGS, settings.MEDIA_ROOT = str(tmp_path / "parts"), tmp_path / "files"
    return allow()


@pytest.fixture
def recording(cast, records):
    return kept(cast, refused=cast.gus)


def path(recording, part=""):
    return f"/recordings/{recording.pk}/{part}"


def body(answer):
    return b"".join(answer) if answer.streaming else answer.content


EVERYBODY = ("nora", "sam", "tess", "gus", "cleo_login", "ada")
HOSTS = ("nora", "sam", "tess")


@pytest.mark.parametrize("who", EVERYBODY)
def test_hosts_play_and_manage_and_others_find_nothing(cast, recording, visit, who):
    browser = visit(getattr(cast, who))
    browser.raise_request_exception = False
    wanted = 200 if who in HOSTS else 404

    parts = ("", "video/", "download/", "consents/", "deletion/")
    assert {browser.get(path(recording, part)).status_code for part in parts} == {wanted}


@pytest.mark.parametrize("who", EVERYBODY)
def test_logins_play_where_the_organization_allows_it(cast, records, visit, who):
    allow(clients_may_play=True)
    recording = kept(cast)
    browser = visit(getattr(cast, who))
    browser.raise_request_exception = False

    assert browser.get(path(recording, "video/")).status_code == (404 if who == "ada" else 200)
    wanted = 200 if who in HOSTS else 404 if who == "ada" else 403
    assert {browser.get(path(recording, part)).status_code for part in ("download/", "consents/", "deletion/")} == {
        wanted
    }
    assert browser.post(path(recording, "composition/")).status_code == (302 if who in HOSTS else wanted)


def test_what_was_not_promised_is_not_shown_later(cast, recording, visit):
    allow(clients_may_play=True)  # people had been told that nobody else can play it
    assert visit(cast.gus).get(path(recording)).status_code == 404


def test_what_is_no_longer_allowed_is_not_shown(cast, records, visit):
    allow(clients_may_play=True)
    recording = kept(cast)
    allow(clients_may_play=False)
    assert visit(cast.gus).get(path(recording)).status_code == 404


def test_recording_of_a_group_is_never_for_logins(cast, records, visit):
    allow(clients_may_play=True)
    appointment = book(
        cast,
        at=clock.now() + timedelta(minutes=5),
        clients=[cast.cleo, make_client("Otto", practitioner=cast.tess_staff)],
    )
    recording = kept(cast, appointment=appointment)

    assert not recording.clients_may_play
    Recording.objects.update(clients_may_play=True)  # even if it had been promised
    assert visit(cast.gus).get(path(recording)).status_code == 404
    assert visit(cast.tess).get(path(recording)).status_code == 200


def test_door_and_queryset_say_the_same_of_everybody(cast, records):
    allow(clients_may_play=True)
    shared = kept(cast)
    private = Recording.objects.get(pk=shared.pk)
    private.pk, private._state.adding, private.clients_may_play = None, True, False
    private.save()
    failed = Recording.objects.get(pk=shared.pk)
    failed.pk, failed._state.adding, failed.state, failed.file = None, True, "failed", ""
    failed.save()
    for allowed in (True, False):
        allow(clients_may_play=allowed)
        for who in EVERYBODY:
            user = User.objects.get(pk=getattr(cast, who).pk)
            seen = set(recordings_visible_to(user))
            assert seen == {one for one in Recording.objects.all() if can_play(user, one)}, (who, allowed)


def test_insider_without_the_right_is_refused_and_a_stranger_finds_nothing(cast, records):
    allow(clients_may_play=True)
    recording = kept(cast)
    with pytest.raises(PermissionDenied):
        get_recording(cast.gus, recording.pk, to=MANAGE)
    with pytest.raises(NotFound):
        get_recording(cast.ada, recording.pk)


def test_video_is_streamed_by_the_part_that_is_asked_for(cast, recording, visit):
    tess = visit(cast.tess)
    whole = tess.get(path(recording, "video/"))
    content = body(whole)

    part = tess.get(path(recording, "video/"), headers={"Range": "bytes=100-299"})
    rest = tess.get(path(recording, "video/"), headers={"Range": f"bytes={recording.size - 50}-"})
    beyond = tess.get(path(recording, "video/"), headers={"Range": f"bytes={recording.size}-"})

    assert (whole.status_code, len(content), whole["Accept-Ranges"]) == (200, recording.size, "bytes")
    assert (part.status_code, body(part)) == (206, content[100:300])
    assert part["Content-Range"] == f"bytes 100-299/{recording.size}"
    assert (rest.status_code, body(rest)) == (206, content[-50:])
    assert (beyond.status_code, beyond["Content-Range"]) == (416, f"bytes */{recording.size}")
    assert whole["Content-Type"] == "video/mp4"
    assert whole["Cache-Control"] == "private, no-store"


def test_video_is_never_held_in_memory_and_needs_nothing_of_the_request_any_more(cast, recording, visit):
    answer = visit(cast.tess).get(path(recording, "video/"))
    assert answer.is_async  # the server's loop takes piece by piece; a plain iterator would be read to its end first

    async def first():
        async for piece in answer:
            return piece
        return b""

    context.clear()  # the server sends when the organization is no longer in force
    assert 0 < len(asyncio.run(first())) <= 256 * 1024


@pytest.mark.parametrize(
    ("asked_for", "part"),
    [
        ("", None), ("bytes=0-", (0, 999)), ("bytes=0-0", (0, 0)), ("bytes=-10", (990, 999)), ("bytes=-5000", (0, 999)),
        ("bytes=990-5000", (990, 999)), ("bytes=1-2,5-6", None), ("bytes=-", None), ("items=0-1", None), ("bytes=a-b", None),
    ],
)  # fmt: skip
@pytest.mark.unit
def test_parts_are_read_as_the_standard_says(asked_for, part):
    assert asked_part(asked_for, '"x"', '"x"', 1000) == part


@pytest.mark.unit
def test_part_of_another_version_is_answered_by_the_whole():
    assert asked_part("bytes=5-", '"old"', '"new"', 1000) is None
    for outside in ("bytes=1000-", "bytes=9-3", "bytes=-0"):
        with pytest.raises(Unsatisfiable):
            asked_part(outside, '"x"', '"x"', 1000)


def test_every_reading_is_in_the_audit_whichever_part_comes_first(cast, recording, visit):
    tess, nora = visit(cast.tess), visit(cast.nora)
    for start in (5, 0, 100):
        tess.get(path(recording, "video/"), headers={"Range": f"bytes={start}-"})
    nora.get(path(recording, "video/"))
    nora.get(path(recording, "download/"))

    events = AuditEvent.objects.filter(action__in=["recording.played", "recording.downloaded"]).order_by("at")
    assert [(one.actor_label, one.action) for one in events] == [
        (cast.tess.name, "recording.played"), (cast.nora.name, "recording.played"), (cast.nora.name, "recording.downloaded"),
    ]  # fmt: skip


def test_download_has_a_neutral_name(cast, recording, visit):
    answer = visit(cast.tess).get(path(recording, "download/"))
    name = answer["Content-Disposition"]
    assert name.startswith('attachment; filename="20') and name.endswith(f'-{recording.short_id}.mp4"')
    assert not [word for word in ("north", "tess", "cleo", "colon" + "nade") if word in name.lower()]


def test_evidence_says_who_when_and_to_which_words(cast, recording, visit):
    text = visit(cast.tess).get(path(recording, "consents/")).content.decode()

    assert cast.tess.name in text and cast.gus.name in text
    assert "Agreed" in text and "Did not agree" in text
    assert "In the session, signed in" in text
    assert recording.texts.get().digest in text
    assert "for 90 days after the session" in text


def test_page_leads_hosts_to_the_evidence(cast, recording, visit):
    assert path(recording, "consents/") in visit(cast.tess).get(path(recording)).content.decode()


def test_deleting_needs_a_reason_and_leaves_the_receipt_on_the_page(cast, recording, visit):
    tess = visit(cast.tess)
    assert tess.post(path(recording, "deletion/"), {"reason": ""}).status_code == 422
    answer = tess.post(path(recording, "deletion/"), {"reason": "The family asked for it"}, follow=True)

    text = answer.content.decode()
    assert "The family asked for it" in text and "Receipt of the deletion" in text and recording.sha256 in text
    assert tess.get(path(recording, "video/")).status_code == 404
    assert tess.post(path(recording, "deletion/"), {"reason": "again"}).status_code == 422


def test_page_of_each_state_says_what_it_is(cast, records, visit):
    recording = asked(meet(cast))
    tess = visit(cast.tess)
    assert "The session is going on" in tess.get(path(recording)).content.decode()
    began = {"began_at": clock.now()}
    for state, sentence in (
        ("composing", "The video is being made"), ("nothing", "Nothing was recorded"), ("failed", "Try again"),
    ):  # fmt: skip
        Recording.objects.update(state=state, failure="no_ffmpeg", **began)
        assert sentence in tess.get(path(recording)).content.decode()
    assert "(ffmpeg) is not installed" in tess.get(path(recording)).content.decode()
    tess.post(path(recording, "composition/"))
    recording.refresh_from_db()
    assert recording.state == "composing"


def test_recordings_stand_on_the_pages_of_client_and_appointment(cast, recording, visit):
    appointment = recording.room.appointment_id
    panels, list_path = f"/people/clients/{cast.cleo.pk}/panels/", f"/recordings/of/{cast.cleo.pk}/"
    for who in HOSTS:
        browser = visit(getattr(cast, who))
        assert path(recording) in browser.get(f"/appointments/{appointment}/").content.decode()
    tess = visit(cast.tess)
    assert path(recording) in tess.get(list_path).content.decode()
    assert path(recording) in tess.get(panels).content.decode()
    for who in ("gus", "ada"):
        browser = visit(getattr(cast, who))
        for place in (f"/appointments/{appointment}/", panels, list_path):
            answer = browser.get(place)
            assert path(recording) not in answer.content.decode(), (who, place)


def test_list_asks_the_database_the_same_for_one_and_for_three(cast, recording, visit):
    tess = visit(cast.tess)

    def questions():
        with CaptureQueriesContext(connection) as asked_for:
            assert tess.get(f"/recordings/of/{cast.cleo.pk}/").status_code == 200
        return len(asked_for)

    questions()
    one = questions()
    for _ in range(2):
        copy = Recording.objects.get(pk=recording.pk)
        copy.pk, copy._state.adding = None, True
        copy.save()
    assert questions() == one <= 15


def test_settings_decide_and_show_the_words(cast, records, visit):
    nora = visit(cast.nora)
    page = nora.get("/settings/live/recording/")
    assert page.status_code == 200 and "for 90 days" in page.content.decode()
    wrong = {"recording_allowed": "on", "recording_days": "0", "addition": ""}
    assert nora.post("/settings/live/recording/", wrong).status_code == 422
    nora.post(
        "/settings/live/recording/", {"recording_days": "14", "clients_may_play": "on", "addition": "For supervision."}
    )

    settings = LiveSettings.current()
    assert (settings.recording_allowed, settings.recording_days, settings.clients_may_play) == (False, 14, True)
    text = nora.get("/settings/live/recording/").content.decode()
    assert "for 14 days" in text and "For supervision." in text
    assert visit(cast.tess).get("/settings/live/recording/").status_code == 403


def test_button_is_there_for_hosts_where_it_is_allowed(cast, records, visit):
    appointment = book(cast, at=clock.now() + timedelta(minutes=5))
    button = 'data-action="record"'
    assert button in visit(cast.tess).get(f"/live/{appointment.pk}/").content.decode()
    assert button not in visit(cast.gus).get(f"/live/{appointment.pk}/").content.decode()
    allow(recording_allowed=False)
    assert button not in visit(cast.tess).get(f"/live/{appointment.pk}/").content.decode()
