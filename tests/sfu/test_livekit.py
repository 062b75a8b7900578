"""The engine `livekit` against shapes of LiveKit's published API. No LiveKit server ever ran here: see docs/live-rooms.md."""

import base64
import hashlib
import hmac
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from sessions_live.media.engine import RIGHTS, Admission, EngineError
from sessions_live.media.livekit import LiveKitEngine
from sessions_live.media.livekit_api import Server

pytestmark = pytest.mark.media
KEY, SECRET = "APIkey", "livekit-secret-of-the-tests-0123456789"
PERSON = {"sid": "PA_1", "identity": "tess", "state": "ACTIVE", "metadata": '{"record": true}', "joined_at": "1762340000",
          "tracks": [{"sid": "TR_a", "type": "AUDIO", "source": "MICROPHONE", "muted": False},
                     {"sid": "TR_v", "type": "VIDEO", "source": "CAMERA", "muted": False}],
          "permission": {"can_subscribe": True, "can_publish": True}}  # fmt: skip
# What each method needs in its token, by the published table of grants.
NEEDED = {"CreateRoom": "roomCreate", "DeleteRoom": "roomCreate", "ListParticipants": "roomAdmin",
          "GetParticipant": "roomAdmin", "RemoveParticipant": "roomAdmin", "MutePublishedTrack": "roomAdmin",
          "UpdateParticipant": "roomAdmin", "StartRoomCompositeEgress": "roomRecord", "ListEgress": "roomRecord",
          "StopEgress": "roomRecord"}  # fmt: skip


def claims(text):
    """The claims of a token whose signature is right."""
    head, body, signature = text.split(".")
    digest = hmac.new(SECRET.encode(), f"{head}.{body}".encode(), hashlib.sha256).digest()
    assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == signature
    assert json.loads(base64.urlsafe_b64decode(head + "==")) == {"alg": "HS256", "typ": "JWT"}
    return json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))


class FakeLiveKit(BaseHTTPRequestHandler):
    """Answers as the published API does; keeps what was asked in `server.calls`."""

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        _, _, service, method = self.path.split("/")
        told = claims(self.headers["Authorization"].removeprefix("Bearer "))
        self.server.calls.append((service, method, body, told))
        status, answer = self.answer(method, body, told)
        text = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def answer(self, method, body, told):
        allowed = told["video"].get(NEEDED[method]) and told["video"].get("room", body.get("room")) == body.get("room")
        if told["iss"] != KEY or told["exp"] < time.time() or not allowed:
            return 401, {"code": "unauthenticated", "msg": "permissions denied"}
        if body.get("identity", "tess") != "tess":
            return 404, {"code": "not_found", "msg": "participant does not exist"}
        return 200, {
            "CreateRoom": {"sid": "RM_1", "name": body.get("name"), "max_participants": body.get("max_participants")},
            "ListParticipants": {"participants": self.server.people},
            "GetParticipant": PERSON,
            "ListEgress": {"items": self.server.egress},
            "StartRoomCompositeEgress": {"egress_id": "EG_1", "status": "EGRESS_STARTING", "room_composite": body},
            "StopEgress": {"egress_id": "EG_1", "status": "EGRESS_ENDING", "file_results": []},
        }.get(method, {})

    def log_message(self, *arguments):
        """Quiet."""


@pytest.fixture
def fake():
    server = ThreadingHTTPServer(("127.0.0.1", 0), FakeLiveKit)
    server.calls, server.people, server.egress = [], [PERSON], []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    server.url = f"http://127.0.0.1:{server.server_port}"
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def engine(fake):
    return LiveKitEngine(Server(url=fake.url, key=KEY, secret=SECRET), recordings="/out")


async def test_room_is_opened_and_closed(engine, fake):
    await engine.open_room("r", capacity=12)
    await engine.close("r")
    assert [(service, method, body) for service, method, body, _ in fake.calls] == [
        ("livekit.RoomService", "CreateRoom", {"name": "r", "max_participants": 12, "empty_timeout": 30}),
        ("livekit.RoomService", "DeleteRoom", {"room": "r"}),
    ]
    assert all(told["exp"] - told["nbf"] == 60 for *_, told in fake.calls), "tokens of the product are short"


@pytest.mark.parametrize(
    ("rights", "sources", "subscribe"),
    [
        (RIGHTS, ["microphone", "camera", "screen_share", "screen_share_audio"], True),
        (frozenset({"audio"}), ["microphone"], False),
        (frozenset({"subscribe"}), [], True),
    ],
)
async def test_token_of_a_person_says_what_they_may(engine, rights, sources, subscribe):
    message = await engine.admit(Admission(room="r", peer="tess", rights=rights))
    told = claims(message["token"])
    assert (told["sub"], told["video"]["room"], told["video"]["roomJoin"]) == ("tess", "r", True)
    assert told["video"]["canPublishSources"] == sources
    assert told["video"]["canPublish"] is bool(sources), "an empty list of sources would allow them all"
    assert told["video"]["canSubscribe"] is subscribe
    assert not {"roomAdmin", "roomCreate", "roomRecord"} & set(told["video"])
    assert message["url"].startswith("ws://")
    assert "name" not in told, "nobody's name goes to a media server"


async def test_person_is_removed(engine, fake):
    await engine.revoke("r", "tess", reason="removed")
    assert fake.calls[0][1:3] == ("RemoveParticipant", {"room": "r", "identity": "tess"})
    assert fake.calls[0][3]["video"] == {"roomAdmin": True, "room": "r"}
    with pytest.raises(EngineError, match="unknown_peer"):
        await engine.revoke("r", "nobody", reason="removed")


async def test_rights_taken_away_mute_first_and_then_update(engine, fake):
    await engine.set_rights("r", "tess", frozenset({"audio", "subscribe"}))
    assert [method for _, method, *_ in fake.calls] == ["GetParticipant", "MutePublishedTrack", "UpdateParticipant"]
    assert fake.calls[1][2] == {"room": "r", "identity": "tess", "track_sid": "TR_v", "muted": True}
    permission = fake.calls[2][2]["permission"]
    assert permission == {"can_publish": True, "can_publish_sources": ["MICROPHONE"], "can_subscribe": True,
                          "can_publish_data": False}  # fmt: skip


async def test_recording_needs_everybodys_consent(engine, fake):
    fake.people = [PERSON, PERSON | {"identity": "cleo", "metadata": ""}]
    with pytest.raises(EngineError, match="has not agreed"):
        await engine.start_recording("r", recording="take")
    assert not [method for _, method, *_ in fake.calls if method == "StartRoomCompositeEgress"]
    fake.people = [PERSON]
    await engine.start_recording("r", recording="take")
    assert fake.calls[-1][2] == {"room_name": "r", "layout": "grid",
                                 "file_outputs": [{"file_type": "MP4", "filepath": "/out/take/film.mp4"}]}  # fmt: skip


async def test_recording_is_stopped_once(engine, fake):
    with pytest.raises(EngineError, match="Nothing is being recorded"):
        await engine.stop_recording("r")
    running = {"file_outputs": [{"filepath": "/out/take/film.mp4"}]}
    fake.egress = [{"egress_id": "EG_1", "status": "EGRESS_ACTIVE", "room_composite": running}]
    kept = await engine.stop_recording("r")
    assert (kept.recording, kept.files) == ("take", ["film.mp4"])
    assert fake.calls[-1][2] == {"egress_id": "EG_1"}
    with pytest.raises(EngineError, match="already"):
        await engine.start_recording("r", recording="again")


async def test_stats_tell_who_is_there(engine):
    stats = await engine.stats("r")
    assert stats["recording"] is False
    (tess,) = stats["peers"]
    assert (tess["peer"], tess["present"]) == ("tess", True)
    assert [one["source"] for one in tess["producers"]] == ["microphone", "camera"]


async def test_our_pages_are_told_that_they_cannot(engine):
    with pytest.raises(EngineError, match="cannot speak LiveKit"):
        await engine.attach(Admission(room="r", peer="tess", rights=RIGHTS), to_client=None, to_others=None)


async def test_server_that_is_away_or_refuses_us_is_told(fake):
    other = LiveKitEngine(Server(url=fake.url, key="another", secret=SECRET))
    with pytest.raises(EngineError, match="config"):
        await other.open_room("r")
    away = LiveKitEngine(Server(url="http://127.0.0.1:9", key=KEY, secret=SECRET))
    with pytest.raises(EngineError, match="unreachable"):
        await away.open_room("r")


@pytest.mark.parametrize("wrong", [{"url": "file:///etc"}, {"secret": "short"}, {"key": ""}])
def test_half_a_configuration_is_refused(wrong):
    with pytest.raises(EngineError, match="config"):
        Server(**({"url": "https://x", "key": KEY, "secret": SECRET} | wrong))
