"""Why a recording stopped, was not composed or was deleted: stored as a code, read as a sentence in each reader's language."""

from core.kernel.reasons import Reason, ReasonCode
from core.kernel.translation import gettext_noop


class StopReason(ReasonCode):
    """What `Recording.ended_because` holds, and what pages are told when it stops."""

    STOPPED = "stopped", gettext_noop("The recording has stopped.")
    ENDED = "ended", gettext_noop("The recording has stopped, because the %(session)s has ended.")
    HOST_GONE = "host_gone", gettext_noop("The recording has stopped, because no host is here any more.")
    SERVER = (
        "server",
        gettext_noop(
            "The recording has stopped, because the media server was lost. What was recorded until then is kept."
        ),
    )
    DISK = (
        "disk",
        gettext_noop(
            "The recording has stopped, because it could not be written any more. What was recorded until then is kept."
        ),
    )
    NOT_BEGUN = "not_begun", gettext_noop("The recording could not begin. Nobody was recorded. Try again in a moment.")


class CompositionFailure(ReasonCode):
    """What `Recording.failure` holds while there are parts, and no video."""

    NO_FFMPEG = (
        "no_ffmpeg",
        gettext_noop("The program that makes the video (ffmpeg) is not installed here. The parts are kept."),
    )
    NO_ROOM = "no_room", gettext_noop("There was no room on the disk for the video. The parts are kept.")
    TOO_LONG = "too_long", gettext_noop("Making the video took too long and was given up. The parts are kept.")
    NOT_STORED = "not_stored", gettext_noop("The video could not be stored. The parts are kept.")
    BROKEN = "broken", gettext_noop("The video could not be made of what was recorded. The parts are kept.")


class DeletionReason(ReasonCode):
    """Why the product deletes one by itself; a person's own words are no such code."""

    EXPIRED = "recording.expired", gettext_noop("Its time was over: it was to be kept until %(day)s.")


def stop_sentence(code: str) -> str:
    """Why it stopped, in the language in force; nothing for no code."""
    return Reason(StopReason(code)).sentence() if code else ""


def failure_sentence(code: str) -> str:
    """Why there is no video, in the language in force; nothing for no code."""
    return Reason(CompositionFailure(code)).sentence() if code else ""
