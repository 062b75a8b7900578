"""The audit codes of this room: what is done in live sessions and with their recordings."""

from core.kernel.audit import AuditCode, Tone
from core.kernel.translation import gettext_noop


class LiveAudit(AuditCode):
    """Stored code, sentence, icon, tone."""

    ADMISSION_ASKED = "admission.asked", gettext_noop("Came to the waiting room"), "hourglass", Tone.NEUTRAL
    ADMISSION_DENIED = "admission.denied", gettext_noop("Did not let somebody into the %(session)s"), "x", Tone.WARNING
    ADMISSION_GIVEN = "admission.given", gettext_noop("Let somebody into the %(session)s"), "log-in", Tone.INFO
    ADMISSION_WITHDRAWN = (
        "admission.withdrawn",
        gettext_noop("Showed somebody out of the %(session)s"),
        "log-out",
        Tone.WARNING,
    )
    LIVE_SETTINGS_CHANGED = (
        "live_settings.changed",
        gettext_noop("Changed the settings of live %(sessions)s"),
        "settings",
        Tone.NEUTRAL,
    )
    RECORDING_AGREED = "recording.agreed", gettext_noop("Agreed to be recorded"), "check", Tone.SUCCESS
    RECORDING_ASKED = (
        "recording.asked",
        gettext_noop("Asked whether the %(session)s may be recorded"),
        "circle-help",
        Tone.NEUTRAL,
    )
    RECORDING_BEGUN = "recording.begun", gettext_noop("The recording began"), "circle-play", Tone.INFO
    RECORDING_DELETED = "recording.deleted", gettext_noop("Deleted a recording"), "trash-2", Tone.DANGER
    RECORDING_DOWNLOADED = "recording.downloaded", gettext_noop("Downloaded a recording"), "download", Tone.NEUTRAL
    RECORDING_EMPTY = "recording.empty", gettext_noop("Nothing had been recorded"), "circle", Tone.NEUTRAL
    RECORDING_FAILED = (
        "recording.failed",
        gettext_noop("The video of a recording could not be made"),
        "circle-alert",
        Tone.DANGER,
    )
    RECORDING_KEPT = "recording.kept", gettext_noop("A recording is ready"), "circle-check", Tone.SUCCESS
    RECORDING_PLAYED = "recording.played", gettext_noop("Played a recording"), "play", Tone.NEUTRAL
    RECORDING_REFUSED = "recording.refused", gettext_noop("Did not agree to be recorded"), "x", Tone.WARNING
    RECORDING_STOPPED = "recording.stopped", gettext_noop("The recording stopped"), "circle-stop", Tone.NEUTRAL
    RECORDING_TRIED_AGAIN = (
        "recording.tried_again",
        gettext_noop("Tried again to make the video of a recording"),
        "repeat",
        Tone.NEUTRAL,
    )
    RECORDING_WITHDRAWN = (
        "recording.withdrawn",
        gettext_noop("Did not want to be recorded any longer"),
        "undo-2",
        Tone.WARNING,
    )
    SESSION_ENDED = "session.ended", gettext_noop("Ended the %(session)s"), "video-off", Tone.NEUTRAL
    SESSION_STARTED = "session.started", gettext_noop("Began the %(session)s"), "video", Tone.INFO
