"""What the pages about recordings show."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sessions_live.models import Consent, Recording
from sessions_live.recordings.queries import local_day
from sessions_live.recordings.reasons import StopReason, failure_sentence, stop_sentence

State = Recording.State
TONES = {
    State.ASKING: "warning", State.RECORDING: "danger", State.COMPOSING: "info", State.KEPT: "success", State.FAILED: "danger",
    State.NOTHING: "neutral", State.DELETED: "neutral",
}  # fmt: skip
BROKEN_OFF = (StopReason.HOST_GONE, StopReason.SERVER, StopReason.DISK)  # what a reader should know of an end
ANSWER_TONES = {"agreed": "success", "refused": "neutral", "withdrawn": "warning"}


@dataclass(frozen=True)
class Row:
    """One line of a list."""

    recording: Recording
    title: str
    people: str
    length: str
    state: str
    tone: str


def rows(recordings: Iterable[Recording]) -> list[Row]:
    """Lines; the consents must be prefetched."""
    return [
        Row(
            recording=one,
            title=one.room.appointment.what,
            people=", ".join(recorded(one)),
            length=length_of(one.seconds),
            state=str(State(one.state).label),
            tone=TONES[State(one.state)],
        )
        for one in recordings
    ]


def recorded(recording: Recording) -> list[str]:
    """Who has been recorded: whoever agreed at some time, if only until they changed their mind."""
    names = {one.person_id: one.name for one in recording.consents.all() if one.answer == Consent.Answer.AGREED}
    return list(names.values()) if recording.began_at else []


def length_of(seconds: int) -> str:
    """Hours, minutes and seconds, as players write them."""
    if not seconds:
        return ""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def megabytes(size: int) -> str:
    """The size for a person."""
    return f"{size / 1_000_000:.1f} MB" if size else ""


def download_name(recording: Recording) -> str:
    """The day and a short id; nobody's name."""
    return f"{local_day(recording.began_at)}-{recording.short_id}.mp4"  # type: ignore[arg-type]


def page(recording: Recording, *, manages: bool) -> dict[str, Any]:
    """One recording's own page."""
    return {
        "recording": recording,
        "appointment": recording.room.appointment,
        "row": rows([recording])[0],
        "manages": manages,
        "size": megabytes(recording.size),
        "people": recorded(recording),
        "failure": failure_sentence(recording.failure),
        "ended": stop_sentence(recording.ended_because) if recording.ended_because in BROKEN_OFF else "",
    }


def evidence(recording: Recording) -> dict[str, Any]:
    """Every answer with the version of the text it was given to, and the texts themselves."""
    answers = list(recording.consents.select_related("text").order_by("at", "id"))
    used = {one.text_id for one in answers}
    texts = [text for text in recording.texts.order_by("language") if text.pk in used]
    return {
        "recording": recording,
        "appointment": recording.room.appointment,
        "answers": [{"consent": one, "tone": ANSWER_TONES[one.answer]} for one in answers],
        "texts": [{"version": text, "words": text.text.split("\n\n")} for text in texts],
    }
