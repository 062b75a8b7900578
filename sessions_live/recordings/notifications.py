"""What the host who recorded is told afterwards."""

from django.utils.translation import gettext as _

from core.notifications import notices
from core.notifications.languages import in_language_of
from sessions_live.models import Recording


def recording_path(recording: Recording) -> str:
    """The page of the recording, on the organization's host."""
    return f"/recordings/{recording.pk}/"


def tell_ready(recording: Recording) -> None:
    """It can be played."""
    with in_language_of(recording.asked_by):
        title = _("Your recording is ready")
    _post(recording, "recording.kept", title)


def tell_failed(recording: Recording) -> None:
    """No video came of it; the page says why, and offers to try again."""
    with in_language_of(recording.asked_by):
        title = _("Your recording could not be prepared")
    _post(recording, "recording.failed", title)


def _post(recording: Recording, kind: str, title: str) -> None:
    notices.post(
        user_id=recording.asked_by_id,
        kind=kind,
        title=title,
        body=recording.room.appointment.service_name,
        path=recording_path(recording),
    )
