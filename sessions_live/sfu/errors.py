"""What can go wrong for a peer: a stable code for each, which travels on the wire (docs/live-protocol.md, section 5)."""

from enum import StrEnum


class ErrorCode(StrEnum):
    """Each code with what it says in a log. What a person reads is made of the code by the product, in their language."""

    meaning: str

    def __new__(cls, code: str, meaning: str) -> "ErrorCode":
        member = str.__new__(cls, code)
        member._value_ = code
        member.meaning = meaning
        return member

    BAD_MESSAGE = "bad_message", "the message has another shape"
    UNKNOWN_TYPE = "unknown_type", "there is no such type of message"
    TOO_LARGE = "too_large", "the message or a list in it is too large"
    RATE_LIMITED = "rate_limited", "too many messages at once"
    NOT_JOINED = "not_joined", "the stream has not joined a room"
    ALREADY_JOINED = "already_joined", "the stream has joined a room already"
    JOINED_ELSEWHERE = "joined_elsewhere", "the same person is in the room with another page"
    TOKEN_INVALID = "token_invalid", "the token is malformed, forged, revoked or for something else"
    TOKEN_EXPIRED = "token_expired", "the token has expired"
    TOKEN_USED = "token_used", "the token was used before"
    NOT_ALLOWED = "not_allowed", "the peer has no right to do this"
    BAD_SDP = "bad_sdp", "the session description cannot be used"
    CODEC_UNSUPPORTED = "codec_unsupported", "no codec is offered that is passed on here"
    UNKNOWN_PRODUCER = "unknown_producer", "there is no such producer"
    UNKNOWN_PEER = "unknown_peer", "there is no such peer or room"
    ROOM_FULL = "room_full", "the room has reached its capacity"
    WORKER_FULL = "worker_full", "no worker has capacity to spare"
    DRAINING = "draining", "the worker is about to stop"
    WRONG_WORKER = "wrong_worker", "the room belongs to another worker"
    TRANSPORT_FAILED = "transport_failed", "a connection did not come about, or broke"
    RECORDING_FAILED = "recording_failed", "the recording could not be written"
    RECORDING_FORMAT = "recording_format", "the codec of a picture cannot be recorded"
    NO_SERVER = "no_server", "no media server is set up"
    UNREACHABLE = "unreachable", "the media server does not answer"
    SERVER_LOST = "server_lost", "the media server went away and was not found again"
    CONFIG = "config", "the settings of the media server are wrong"
    INTERNAL = "internal", "something unexpected happened on the media server"


# Because a peer that gets one of these has nothing more to send on this stream.
FATAL = frozenset(
    {
        ErrorCode.TOKEN_INVALID,
        ErrorCode.TOKEN_EXPIRED,
        ErrorCode.TOKEN_USED,
        ErrorCode.ROOM_FULL,
        ErrorCode.WORKER_FULL,
        ErrorCode.DRAINING,
        ErrorCode.WRONG_WORKER,
    }
)


class PeerError(Exception):
    """Refuses what one peer asked for; the sessions of the others go on. `detail` is for the log, never for the peer."""

    def __init__(self, code: ErrorCode, detail: str = "") -> None:
        super().__init__(f"{code}: {detail or code.meaning}")
        self.code = code
        self.detail = detail
