"""What the host who recorded is told afterwards."""

from core.notifications import notices
from core.notifications.languages import in_language_of
from core.notifications.messages import Message
from sessions_live import messages
from sessions_live.models import Recording


def recording_path(recording: Recording) -> str:
    """The page of the recording, on the organization's host."""
    return f"/recordings/{recording.pk}/"


def tell_ready(recording: Recording) -> None:
    """It can be played."""
    _post(recording, messages.RECORDING_KEPT)


def tell_failed(recording: Recording) -> None:
    """No video came of it; the page says why, and offers to try again."""
    _post(recording, messages.RECORDING_FAILED)


def _post(recording: Recording, message: Message) -> None:
    with in_language_of(recording.asked_by):
        notices.post(
            message,
            user_id=recording.asked_by_id,
            path=recording_path(recording),
            concerns=recording.room.appointment,
            service=recording.room.appointment.what,
        )
