"""What the host who recorded hears afterwards."""

from django.utils.translation import gettext as _

from core.notifications import notices
from core.notifications.languages import in_language_of
from sessions_live.models import Recording


def path_of(recording: Recording) -> str:
    """The page of the recording, on the organization's host."""
    return f"/recordings/{recording.pk}/"


def ready(recording: Recording) -> None:
    """It can be played."""
    with in_language_of(recording.asked_by):
        title = _("Your recording is ready")
    _post(recording, "recording.kept", title)


def failed(recording: Recording) -> None:
    """No film came of it; the page says why, and offers to try again."""
    with in_language_of(recording.asked_by):
        title = _("Your recording could not be prepared")
    _post(recording, "recording.failed", title)


def _post(recording: Recording, kind: str, title: str) -> None:
    notices.post(
        user_id=recording.asked_by_id,
        kind=kind,
        title=title,
        body=recording.room.appointment.service_name,
        path=path_of(recording),
    )
