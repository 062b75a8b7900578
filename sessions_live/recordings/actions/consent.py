"""Asking whether a session may be recorded, and what each person answers."""

from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from branding.speaking import speaking
from core.kernel import audit, outbox
from core.kernel.errors import ConflictError, DomainError
from core.kernel.translation import translate
from core.people.models import User
from sessions_live import broadcasts
from sessions_live.audit_codes import LiveAudit
from sessions_live.models import Admission, Consent, LinkGuest, LiveSettings, Person, Recording, Room, held_by
from sessions_live.permissions import ROOMS, RoomRole, role_in
from sessions_live.recordings import consent_texts
from sessions_live.recordings.outbox_names import WATCH_RECORDING
from sessions_live.recordings.queries import last_answer, open_recordings, recording_offered

State = Recording.State
AGREED, REFUSED, WITHDRAWN = Consent.Answer.AGREED, Consent.Answer.REFUSED, Consent.Answer.WITHDRAWN
WATCH_EVERY = timedelta(minutes=1)


@transaction.atomic
def request_consent(room: Room, *, by: User, now: datetime) -> Recording:
    """A host wants to record: everybody who is in, and everybody who comes in later, is asked. Nothing is recorded yet.

    What the text promises (days, who may play it) is fixed with the question. Errors: `recording_not_allowed`, `recording_runs`, `not_admitted`.
    """
    if role_in(by, room) is not RoomRole.HOST:
        raise PermissionDenied("only a host may record")
    if not recording_offered() or room.appointment is None:
        raise DomainError("recording_not_allowed", translate("%(Sessions)s are not recorded here."))
    _check_admitted(room, by)
    room = ROOMS.select_for_update(of=["self"]).get(pk=room.pk)
    if open_recordings(room).exists():
        raise ConflictError("recording_runs", translate("This %(session)s is being recorded already."))
    settings = LiveSettings.current()
    clients_may_play = settings.clients_may_play and not room.is_group
    recording = Recording.objects.create(
        room=room,
        asked_by=by,
        asked_at=now,
        keep_days=settings.recording_days,
        clients_may_play=clients_may_play,
    )
    with speaking(room.appointment):
        texts = consent_texts.versions_in_force(
            days=settings.recording_days,
            clients_may_play=clients_may_play,
            additions=settings.consent_additions,
            now=now,
        )
    recording.texts.set(texts)
    audit.record(LiveAudit.RECORDING_ASKED, by=by, subject=recording)
    broadcasts.recording_changed(room)
    return recording


@transaction.atomic
def answer_consent(
    room: Room, recording_id: UUID, *, version: str, agrees: bool, by: Person, now: datetime
) -> tuple[Recording, bool]:
    """One person's answer about themselves, also when they change their mind. Returns the recording, and whether it begins by this answer.

    `version` is the digest of the text that they read. Errors: `recording_over`, `not_admitted`, `text_unknown`.
    """
    recording = Recording.objects.select_for_update(of=["self"]).filter(pk=recording_id, room=room).first()
    if recording is None or not recording.is_open:
        raise ConflictError("recording_over", translate("This recording has ended."))
    _check_admitted(room, by)
    text = recording.texts.filter(digest=version).first()
    if text is None:
        raise DomainError("text_unknown", translate("The text has changed. Read it again, then answer."))
    before = last_answer(recording, by.pk)
    given = AGREED if agrees else WITHDRAWN if before in (AGREED, WITHDRAWN) else REFUSED
    if given == before:
        return recording, False
    how = Consent.How.AS_GUEST if isinstance(by, LinkGuest) else Consent.How.IN_ROOM
    Consent.objects.create(recording=recording, **held_by(by), name=by.name, text=text, answer=given, how=how, at=now)
    _record_answer(recording, given, by)
    begins = agrees and recording.state == State.ASKING
    if begins:
        _begin(recording, by=by, now=now)
    broadcasts.recording_changed(room, about=None if begins else by.pk)
    return recording, begins


def _begin(recording: Recording, *, by: Person, now: datetime) -> None:
    recording.state, recording.began_at = State.RECORDING, now
    recording.save(update_fields=["state", "began_at"])
    audit.record(LiveAudit.RECORDING_BEGUN, by=by, subject=recording)
    outbox.enqueue(WATCH_RECORDING, due_at=now + WATCH_EVERY, about=recording, recording=str(recording.pk))


def _record_answer(recording: Recording, given: str, by: Person) -> None:
    if given == AGREED:
        audit.record(LiveAudit.RECORDING_AGREED, by=by, subject=recording)
    elif given == WITHDRAWN:
        audit.record(LiveAudit.RECORDING_WITHDRAWN, by=by, subject=recording)
    else:
        audit.record(LiveAudit.RECORDING_REFUSED, by=by, subject=recording)


def _check_admitted(room: Room, by: Person) -> None:
    if not room.admissions.filter(**held_by(by), state=Admission.State.ADMITTED).exists():
        raise DomainError("not_admitted", translate("You are not in this %(session)s."))
