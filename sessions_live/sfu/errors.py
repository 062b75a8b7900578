"""Errors that a peer is told about: a stable code and a sentence a person can act on."""

SENTENCES = {
    "bad_message": "This message could not be understood.",
    "unknown_type": "This kind of message is not known here.",
    "too_large": "This message is too large.",
    "rate_limited": "Too many messages at once. Wait a moment and try again.",
    "not_joined": "Join the session first.",
    "already_joined": "This connection has already joined a session.",
    "token_invalid": "The admission to this session is not valid. Join again.",
    "token_expired": "The admission to this session has expired. Join again.",
    "token_used": "This admission was used before. Join again.",
    "not_allowed": "You do not have the right to do this in this session.",
    "bad_sdp": "The browser's description of its media could not be understood.",
    "codec_unsupported": "This browser offers no audio or video format that the session understands.",
    "unknown_producer": "This picture or sound is no longer there.",
    "unknown_peer": "This person is not in the session.",
    "room_full": "The session is full.",
    "worker_full": "The media server is busy. Try again in a moment.",
    "draining": "The media server is being restarted. Join again in a moment.",
    "wrong_worker": "The session takes place on another media server. Join again.",
    "transport_failed": "No media connection came about. The network may block it.",
    "recording_failed": "The recording could not be written.",
    "recording_format": "Your picture comes in a format that cannot be recorded, so the recording leaves it out.",
    "internal": "Something went wrong on the media server.",
}

# Because a peer that gets one of these has nothing more to say on this stream.
FATAL = frozenset(
    {"token_invalid", "token_expired", "token_used", "room_full", "worker_full", "draining", "wrong_worker"}
)


class PeerError(Exception):
    """Refuses what one peer asked for; the sessions of the others go on.

    `code` is one of SENTENCES; `detail` is for the log, never for the peer.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.message = SENTENCES[code]
        self.detail = detail
