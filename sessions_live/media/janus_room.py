"""What one session knows of a Janus room: who is there, what they publish. Events in, messages of our protocol out."""

from dataclasses import dataclass
from typing import Any

from sessions_live.sfu.messages import SOURCES

from .engine import Message


@dataclass(frozen=True)
class Feed:
    """One published stream. Janus names it by publisher and m-line; we publish with the source as its description."""

    peer: str
    mid: str
    source: str
    muted: bool = False

    @property
    def id(self) -> str:
        return f"{self.peer}.{self.mid}"

    @property
    def kind(self) -> str:
        return SOURCES[self.source]

    def describe(self) -> dict[str, Any]:
        """Return it as the live protocol shows producers."""
        return {"id": self.id, "peer": self.peer, "source": self.source, "kind": self.kind, "muted": self.muted}


class Participants:
    """Everybody but us. Each method returns the messages that our page is to hear."""

    def __init__(self) -> None:
        self.peers: dict[str, None] = {}
        self.feeds: dict[str, Feed] = {}
        self._speaking: dict[str, int] = {}

    def joined(self, data: Message) -> None:
        """Take the answer to our own join."""
        for entry in data.get("attendees", []):
            self._came(entry["id"])
        self._published(data.get("publishers", []))

    def take(self, data: Message) -> list[Message]:
        """Take an event of the video room; return what of it is news."""
        kind = data.get("videoroom")
        if kind in ("talking", "stopped-talking"):
            return self._talks(data, speaks=kind == "talking")
        if kind != "event":
            return []
        if "joining" in data:
            return self._came(data["joining"]["id"])
        if "publishers" in data:
            return self._published(data["publishers"])
        if "moderation" in data:
            return self._moderated(data)
        if "unpublished" in data:
            return self._withdrawn(data["unpublished"])
        if "kicked" in data:
            return self._left(data["kicked"], "kicked")
        return self._left(data["leaving"], "left") if "leaving" in data else []

    def _came(self, peer: str) -> list[Message]:
        if peer in self.peers:
            return []
        self.peers[peer] = None
        return [{"type": "peer.joined", "peer": peer}]

    def _left(self, peer: str, reason: str) -> list[Message]:
        if peer not in self.peers:
            return []
        out = self._withdrawn(peer)
        del self.peers[peer]
        return [*out, {"type": "peer.left", "peer": peer, "reason": reason}]

    def _withdrawn(self, peer: str) -> list[Message]:
        gone = [feed for feed in self.feeds.values() if feed.peer == peer]
        return [self._remove(feed) for feed in gone]

    def _remove(self, feed: Feed) -> Message:
        del self.feeds[feed.id]
        return {"type": "producer.removed", "producer": feed.id, "peer": feed.peer}

    def _published(self, publishers: list[Message]) -> list[Message]:
        """Each entry has all streams of one publisher; those that ended are marked as disabled."""
        out = []
        for publisher in publishers:
            peer = publisher["id"]
            out += self._came(peer)
            found = {feed.id: feed for stream in publisher.get("streams", []) if (feed := _feed(peer, stream))}
            old = {id: feed for id, feed in self.feeds.items() if feed.peer == peer}
            out += [self._remove(feed) for id, feed in old.items() if id not in found]
            for id, feed in found.items():
                if self.feeds.get(id) != feed:
                    news = "producer.changed" if id in self.feeds else "producer.added"
                    out.append({"type": news, "producer": feed.describe()})
                self.feeds[id] = feed
        return out

    def _moderated(self, data: Message) -> list[Message]:
        feed = self.feeds.get(f"{data.get('id')}.{data.get('mid')}")
        if feed is None:
            return []
        changed = Feed(feed.peer, feed.mid, feed.source, muted=data["moderation"] == "muted")
        self.feeds[feed.id] = changed
        return [{"type": "producer.changed", "producer": changed.describe()}]

    def _talks(self, data: Message, *, speaks: bool) -> list[Message]:
        self._speaking.pop(data["id"], None)
        if speaks:
            self._speaking[data["id"]] = max(0, 127 - int(data.get("audio-level-dBov-avg", 127)))
        loudest = sorted(self._speaking.items(), key=lambda entry: -entry[1])[:3]
        return [{"type": "speakers", "peers": [{"peer": peer, "level": level} for peer, level in loudest]}]


def _feed(peer: str, stream: Message) -> Feed | None:
    source = stream.get("description", "")
    if stream.get("disabled") or SOURCES.get(source) != stream.get("type"):
        return None
    return Feed(peer, str(stream["mid"]), source, muted=bool(stream.get("moderated")))
