"""What people read when something about media goes wrong: one sentence for each code, made here and nowhere else.

The media server and the engines send codes (docs/live-protocol.md, section 5), because they do not know who reads them in which language.
"""

from typing import Any

from core.kernel.translation import gettext_noop, translate
from sessions_live.sfu.errors import ErrorCode

Message = dict[str, Any]

SENTENCES = {
    ErrorCode.BAD_MESSAGE: gettext_noop("This message could not be understood."),
    ErrorCode.UNKNOWN_TYPE: gettext_noop("This kind of message is not known here."),
    ErrorCode.TOO_LARGE: gettext_noop("This message is too large."),
    ErrorCode.RATE_LIMITED: gettext_noop("Too many messages at once. Wait a moment and try again."),
    ErrorCode.NOT_JOINED: gettext_noop("Join the %(session)s first."),
    ErrorCode.ALREADY_JOINED: gettext_noop("This connection has already joined %(session:a|an)s %(session)s."),
    ErrorCode.JOINED_ELSEWHERE: gettext_noop("This %(session)s is open in another window. Close it and try again."),
    ErrorCode.TOKEN_INVALID: gettext_noop("The admission to this %(session)s is not valid. Join again."),
    ErrorCode.TOKEN_EXPIRED: gettext_noop("The admission to this %(session)s has expired. Join again."),
    ErrorCode.TOKEN_USED: gettext_noop("This admission was used before. Join again."),
    ErrorCode.NOT_ALLOWED: gettext_noop("You do not have the right to do this in this %(session)s."),
    ErrorCode.BAD_SDP: gettext_noop("The browser's description of its media could not be understood."),
    ErrorCode.CODEC_UNSUPPORTED: gettext_noop(
        "This browser offers no audio or video format that the %(session)s understands."
    ),
    ErrorCode.UNKNOWN_PRODUCER: gettext_noop("This picture or sound is no longer there."),
    ErrorCode.UNKNOWN_PEER: gettext_noop("This person is not in the %(session)s."),
    ErrorCode.ROOM_FULL: gettext_noop("The %(session)s is full."),
    ErrorCode.WORKER_FULL: gettext_noop("All media servers are busy. Try again in a moment."),
    ErrorCode.DRAINING: gettext_noop("The media server is being restarted. Join again in a moment."),
    ErrorCode.WRONG_WORKER: gettext_noop("The %(session)s takes place on another media server. Join again."),
    ErrorCode.TRANSPORT_FAILED: gettext_noop("No media connection came about. The network may block it."),
    ErrorCode.RECORDING_FAILED: gettext_noop("The recording could not be written."),
    ErrorCode.RECORDING_FORMAT: gettext_noop(
        "Your picture comes in a format that cannot be recorded, so the recording leaves it out."
    ),
    ErrorCode.NO_SERVER: gettext_noop("This call needs the media server, and none is set up here."),
    ErrorCode.UNREACHABLE: gettext_noop("The media server cannot be reached. Try again in a moment."),
    ErrorCode.SERVER_LOST: gettext_noop("The media server cannot be reached. Join again."),
    ErrorCode.CONFIG: gettext_noop("The media server is not set up correctly. Tell an administrator."),
    ErrorCode.INTERNAL: gettext_noop("Something went wrong on the media server."),
}
GENERAL = gettext_noop("Something went wrong in the call. Try again in a moment.")


def sentence_for(code: str) -> str:
    """The sentence for `code` in the language in force; a general one for a code that is not known here."""
    return translate(SENTENCES[ErrorCode(code)] if code in SENTENCES else GENERAL)


def for_page(message: Message) -> Message:
    """A message of the media side as a page gets it: what tells of an error has a sentence for the person."""
    match message:
        case {"type": "error" | "away", "code": code}:
            return message | {"message": sentence_for(code)}
        case {"type": "media", "message": dict() as inner}:
            return message | {"message": for_page(inner)}
    return message
