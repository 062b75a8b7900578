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
    GUEST_INVITED = "guest.invited", gettext_noop("Invited a guest"), "mail-plus", Tone.INFO
    GUEST_INVITED_AGAIN = (
        "guest.invited_again",
        gettext_noop("Sent a guest their invitation again"),
        "mail",
        Tone.NEUTRAL,
    )
    GUEST_UNINVITED = "guest.uninvited", gettext_noop("Withdrew the invitation of a guest"), "x", Tone.WARNING
    LINK_CALL_NOTED = "link_call.noted", gettext_noop("Noted who had come by a personal link"), "phone", Tone.NEUTRAL
    LINK_GUEST_BLOCKED = (
        "link_guest.blocked",
        gettext_noop("Blocked a guest by link"),
        "circle-x",
        Tone.WARNING,
    )
    LINK_GUEST_UNBLOCKED = (
        "link_guest.unblocked",
        gettext_noop("Let a blocked guest by link come again"),
        "undo-2",
        Tone.NEUTRAL,
    )
    LINK_GUEST_RENAMED = "link_guest.renamed", gettext_noop("Gave a guest by link another name"), "pencil", Tone.NEUTRAL
    LIVE_SETTINGS_CHANGED = (
        "live_settings.changed",
        gettext_noop("Changed the settings of live %(sessions)s"),
        "settings",
        Tone.NEUTRAL,
    )
    PERSONAL_LINK_CHANGED = (
        "personal_link.changed",
        gettext_noop("Changed who can come by a personal link, and when"),
        "link",
        Tone.NEUTRAL,
    )
    PERSONAL_LINK_MADE = "personal_link.made", gettext_noop("Got a personal link"), "link", Tone.NEUTRAL
    PERSONAL_LINK_RESET = (
        "personal_link.reset",
        gettext_noop("Gave a personal link another address"),
        "repeat",
        Tone.WARNING,
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
    ROOM_LOCKED = (
        "room.locked",
        gettext_noop("Locked the %(session)s: nobody else is let in"),
        "lock",
        Tone.NEUTRAL,
    )
    ROOM_UNLOCKED = "room.unlocked", gettext_noop("Unlocked the %(session)s"), "lock-open", Tone.NEUTRAL
    SESSION_ENDED = "session.ended", gettext_noop("Ended the %(session)s"), "video-off", Tone.NEUTRAL
    SESSION_STARTED = "session.started", gettext_noop("Began the %(session)s"), "video", Tone.INFO
    SHOWING_CLOSED = (
        "showing.closed",
        gettext_noop("Closed what everybody in the %(session)s looked at"),
        "x",
        Tone.NEUTRAL,
    )
    SHOWING_OPENED = (
        "showing.opened",
        gettext_noop("Put a resource or a file before everybody in the %(session)s"),
        "folder-open",
        Tone.INFO,
    )
    VIDEO_CLOSED = "video.closed", gettext_noop("Closed a video in the %(session)s"), "tv-minimal-play", Tone.NEUTRAL
    VIDEO_OPENED = "video.opened", gettext_noop("Opened a video in the %(session)s"), "tv-minimal-play", Tone.NEUTRAL
    WORK_AREA_HIDDEN = (
        "work_area.hidden",
        gettext_noop("Hid the work area of the %(session)s for everybody"),
        "eye-off",
        Tone.NEUTRAL,
    )
    WORK_AREA_SHOWN = (
        "work_area.shown",
        gettext_noop("Showed the work area of the %(session)s again"),
        "eye",
        Tone.NEUTRAL,
    )
