"""LiveKit's server side as an engine. Written after its published API and tested against shapes of it only.

NEVER RUN AGAINST A LIVEKIT SERVER, and our pages have no script that speaks its protocol: `choose.py` refuses it for rooms,
and `attach` says so. What is here is what an installation's own client would need from the product: rooms, tokens, rights,
removal, recording by egress.
"""

import json
import time

from .engine import Admission, Deliver, EngineError, Message, PeerSession, Recording
from .livekit_api import LIFETIME, Server, call, token

SOURCES = {"audio": ("microphone",), "video": ("camera",), "screen": ("screen_share", "screen_share_audio")}
WRITTEN = {"microphone": "MICROPHONE", "camera": "CAMERA", "screen_share": "SCREEN_SHARE",
           "screen_share_audio": "SCREEN_SHARE_AUDIO"}  # fmt: skip
EMPTY_SECONDS = 30
RUNNING = ("EGRESS_STARTING", "EGRESS_ACTIVE")


def sources_of(rights: frozenset[str]) -> list[str]:
    """Return the track sources that `rights` allow to publish, in LiveKit's words."""
    return [source for right, sources in SOURCES.items() if right in rights for source in sources]


def grants_of(room: str, rights: frozenset[str]) -> Message:
    """Return the video grants of one person's token."""
    sources = sources_of(rights)
    return {
        "roomJoin": True, "room": room, "canPublish": bool(sources), "canPublishSources": sources,
        "canSubscribe": "subscribe" in rights, "canPublishData": "data" in rights, "canUpdateOwnMetadata": False,
    }  # fmt: skip


def permission_of(rights: frozenset[str]) -> Message:
    """Return the same for UpdateParticipant, whose sources are the names of an enumeration."""
    sources = sources_of(rights)
    return {
        "can_publish": bool(sources), "can_publish_sources": [WRITTEN[source] for source in sources],
        "can_subscribe": "subscribe" in rights, "can_publish_data": "data" in rights,
    }  # fmt: skip


class LiveKitEngine:
    """`recordings` is the folder, on the machine of LiveKit's egress, that recordings are written into."""

    name = "livekit"

    def __init__(self, server: Server, *, recordings: str = "") -> None:
        self.server = server
        self.recordings = recordings

    async def open_room(self, room: str, *, capacity: int = 100) -> None:
        body = {"name": room, "max_participants": capacity, "empty_timeout": EMPTY_SECONDS}
        await call(self.server, "RoomService", "CreateRoom", body, grants={"roomCreate": True})

    async def admit(self, admission: Admission) -> Message:
        """Return where a LiveKit client would connect, and its token; rights beyond LiveKit's are kept in its metadata."""
        text = token(
            self.server, grants=grants_of(admission.room, admission.rights), now=time.time(), lifetime=LIFETIME,
            identity=admission.peer, metadata=json.dumps({"record": "record" in admission.rights}),
        )  # fmt: skip
        return {"type": "engine", "engine": self.name, "peer": admission.peer, "url": self.server.socket_url,
                "token": text, "generation": admission.generation}  # fmt: skip

    async def attach(self, admission: Admission, *, to_client: Deliver, to_others: Deliver) -> PeerSession:
        raise EngineError(
            "not_allowed", "Our pages cannot speak LiveKit's protocol: use builtin or janus.", permanent=True
        )

    async def revoke(self, room: str, peer: str, *, reason: str) -> None:
        """Remove a person. LiveKit knows no list of revoked tokens: the product must not admit them again."""
        await self._of(room, "RemoveParticipant", {"identity": peer})

    async def set_rights(self, room: str, peer: str, rights: frozenset[str]) -> None:
        """Replace the rights; LiveKit takes back what may no longer be published, and we silence it before."""
        person = await self._of(room, "GetParticipant", {"identity": peer})
        allowed = permission_of(rights)
        for track in person.get("tracks", []):
            if track.get("source") not in allowed["can_publish_sources"] and not track.get("muted"):
                await self._of(room, "MutePublishedTrack", {"identity": peer, "track_sid": track["sid"], "muted": True})
        metadata = json.dumps({"record": "record" in rights})
        await self._of(room, "UpdateParticipant", {"identity": peer, "permission": allowed, "metadata": metadata})

    async def start_recording(self, room: str, *, recording: str) -> None:
        """Record the whole room as one film: refused unless everybody in it agreed."""
        if not self.recordings:
            raise EngineError("not_allowed", "This media server keeps no recordings.", permanent=True)
        people = (await self._of(room, "ListParticipants", {})).get("participants", [])
        if not all(_agreed(person) for person in people):
            raise EngineError(
                "not_allowed", "This server records everybody or nobody, and somebody here has not agreed."
            )
        if await self._egress(room):
            raise EngineError("not_allowed", "This room is being recorded already.", permanent=True)
        output = {"file_type": "MP4", "filepath": f"{self.recordings}/{recording}/film.mp4"}
        body = {"room_name": room, "layout": "grid", "file_outputs": [output]}
        await call(self.server, "Egress", "StartRoomCompositeEgress", body, grants={"roomRecord": True})

    async def stop_recording(self, room: str) -> Recording:
        egress = await self._egress(room)
        if egress is None:
            raise EngineError("not_allowed", "Nothing is being recorded.", permanent=True)
        body = {"egress_id": egress["egress_id"]}
        done = await call(self.server, "Egress", "StopEgress", body, grants={"roomRecord": True})
        paths = [entry.get("filename", "") for entry in done.get("file_results", [])]
        request = egress.get("room_composite", {}).get("file_outputs") or [{}]
        recording, _, name = request[0].get("filepath", "/film.mp4").removeprefix(f"{self.recordings}/").rpartition("/")
        return Recording(recording=recording, files=[path.rpartition("/")[2] for path in paths if path] or [name])

    async def _egress(self, room: str) -> Message | None:
        """Return the room's running egress."""
        body = {"room_name": room, "active": True}
        found = (await call(self.server, "Egress", "ListEgress", body, grants={"roomRecord": True})).get("items", [])
        return next((item for item in found if item.get("status") in RUNNING), None)

    async def stats(self, room: str) -> Message:
        people = (await self._of(room, "ListParticipants", {})).get("participants", [])
        return {
            "room": room,
            "recording": await self._egress(room) is not None,
            "peers": [
                {"peer": person["identity"], "present": person.get("state") == "ACTIVE",
                 "producers": [_produces(track) for track in person.get("tracks", [])]}
                for person in people
            ],
        }  # fmt: skip

    async def close(self, room: str, *, reason: str = "ended") -> None:
        await call(self.server, "RoomService", "DeleteRoom", {"room": room}, grants={"roomCreate": True})

    async def _of(self, room: str, method: str, body: Message) -> Message:
        grants = {"roomAdmin": True, "room": room}
        return await call(self.server, "RoomService", method, {"room": room} | body, grants=grants)


def _agreed(person: Message) -> bool:
    try:
        return json.loads(person.get("metadata") or "{}").get("record") is True
    except (ValueError, AttributeError):
        return False


def _produces(track: Message) -> Message:
    return {"id": track.get("sid"), "source": track.get("source", "").lower(), "muted": bool(track.get("muted"))}
