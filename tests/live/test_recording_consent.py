"""Who is asked, what an answer does, and that nobody is recorded without their own."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from branding.queries import current_brand
from core.kernel import clock
from core.kernel.errors import ConflictError, DomainError
from core.kernel.models import AuditEvent, OutboxMessage
from sessions_live import actions
from sessions_live.models import Consent, ConsentText, Recording
from sessions_live.recordings.actions import consent, stop
from sessions_live.recordings.queries import may_be_recorded, peers_without_consent
from sessions_live.rules.recording import FEWEST_DAYS, MOST_DAYS, MOVES, can_move, last_day
from tests.factories.recordings import allow, asked, meet, say
from tests.rules_tables import rows

State = Recording.State


def codes():
    return set(AuditEvent.objects.filter(action__startswith="recording.").values_list("action", flat=True))


def test_nothing_begins_before_somebody_agrees(cast, records):
    room = meet(cast, cast.gus)
    recording = asked(room)

    assert recording.state == State.ASKING
    assert not may_be_recorded(room, cast.tess.pk)  # nor the host who asked
    recording = say(recording, cast.gus, False)
    assert (recording.state, may_be_recorded(room, cast.gus.pk)) == (State.ASKING, False)
    recording = say(recording, cast.tess, True)
    assert (recording.state, recording.began_at is not None) == (State.RECORDING, True)
    assert may_be_recorded(room, cast.tess.pk)
    assert not may_be_recorded(room, cast.gus.pk)
    assert codes() == {"recording.asked", "recording.refused", "recording.agreed", "recording.begun"}


def test_answers_are_kept_with_the_very_words_that_were_read(cast, records):
    allow(recording_days=30, consent_additions={"en": "We use it for supervision only."})
    recording = say(asked(meet(cast)), cast.tess, True)

    one = Consent.objects.get()
    assert (one.user, one.name, one.answer, one.how) == (cast.tess, cast.tess.name, "agreed", "room")
    assert "for 30 days" in one.text.text
    assert one.text.text.endswith("We use it for supervision only.")
    allow(recording_days=31)
    recording.refresh_from_db()
    assert recording.keep_days == 30  # what was told stays promised
    assert len(one.text.digest) == 64
    assert ConsentText.objects.count() == 1


def test_people_are_asked_in_each_language_with_its_own_addition(cast, records):
    brand = current_brand()
    brand.languages = ["de", "en", "es"]
    brand.save()
    allow(recording_days=1, clients_may_play=True, consent_additions={"de": "Nur zur Supervision."})

    texts = {text.language: text.text for text in asked(meet(cast)).texts.all()}

    assert set(texts) == {"de", "en", "es"}
    assert texts["de"].startswith("Was aufgezeichnet wird") and texts["de"].endswith("Nur zur Supervision.")
    assert "für 1 Tag" in texts["de"] or "1 Tag nach" in texts["de"]
    assert "for 1 day after" in texts["en"] and "can play it, too" in texts["en"]
    assert texts["es"].startswith("Qué se graba")


def test_everybody_may_change_their_mind(cast, records):
    room = meet(cast, cast.gus)
    recording = say(asked(room), cast.gus, True)
    say(recording, cast.gus, True)  # said twice, noted once
    say(recording, cast.gus, False)
    assert not may_be_recorded(room, cast.gus.pk)
    say(recording, cast.gus, True)

    assert may_be_recorded(room, cast.gus.pk)
    assert list(recording.consents.values_list("answer", flat=True)) == ["agreed", "withdrawn", "agreed"]


def test_consent_holds_for_one_recording_only(cast, records):
    room = meet(cast, cast.gus)
    first = say(asked(room), cast.gus, True)
    stop.stop_recording(room, by=cast.tess, now=clock.now())
    assert not may_be_recorded(room, cast.gus.pk)

    second = say(asked(room), cast.tess, True)

    assert not may_be_recorded(room, cast.gus.pk)
    gus = room.admissions.get(user=cast.gus)
    assert peers_without_consent(room, second) == [str(gus.pk)]
    with pytest.raises(ConflictError, match="has ended"):
        say(first, cast.gus, True)


def test_only_hosts_ask_and_stop(cast, records):
    room = meet(cast, cast.gus)
    with pytest.raises(PermissionDenied):
        consent.request_consent(room, by=cast.gus, now=clock.now())
    asked(room)
    with pytest.raises(PermissionDenied):
        stop.stop_recording(room, by=cast.gus, now=clock.now())
    with pytest.raises(ConflictError, match="already"):
        asked(room)


def test_nobody_asks_where_recording_is_not_allowed(cast, records):
    room = meet(cast)
    allow(recording_allowed=False)
    with pytest.raises(DomainError) as refusal:
        asked(room)
    assert refusal.value.code == "recording_not_allowed"
    assert Recording.objects.count() == 0


def test_nobody_asks_where_the_engine_cannot(cast, records, monkeypatch):
    room = meet(cast)
    monkeypatch.setattr("sessions_live.engines.server_name", lambda settings: "janus")
    with pytest.raises(DomainError):
        asked(room)


def test_who_is_not_in_answers_nothing(cast, records):
    room = meet(cast)
    recording = asked(room)
    actions.ask_admission(room, by=cast.gus, now=clock.now())  # at the door
    for outsider in (cast.gus, cast.ada, cast.nora):
        with pytest.raises(DomainError) as refusal:
            say(recording, outsider, True)
        assert refusal.value.code == "not_admitted"
    with pytest.raises(DomainError, match="not in this session"):
        consent.request_consent(room, by=cast.sam, now=clock.now())  # a host who is not there
    assert Consent.objects.count() == 0


def test_an_answer_to_other_words_is_none(cast, records):
    room = meet(cast)
    recording = asked(room)
    with pytest.raises(DomainError) as refusal:
        consent.answer_consent(room, recording.pk, version="0" * 64, agrees=True, by=cast.tess, now=clock.now())
    assert refusal.value.code == "text_unknown"
    recording.refresh_from_db()
    assert recording.state == State.ASKING


def test_ending_the_session_stops_the_recording_once(cast, records):
    room = meet(cast, cast.gus)
    recording = say(asked(room), cast.gus, True)

    actions.end_session(room, by=cast.tess, now=clock.now())
    stop.stop_recording(room, by=cast.tess, now=clock.now())

    recording.refresh_from_db()
    assert (recording.state, recording.ended_because) == (State.COMPOSING, "ended")
    assert OutboxMessage.objects.filter(name="sessions_live.finish_recording").count() == 1
    assert recording.keep_until is not None


def test_question_without_an_answer_leaves_nothing(cast, records):
    room = meet(cast, cast.gus)
    recording = asked(room)
    say(recording, cast.gus, False)
    stop.stop_recording(room, by=cast.tess, now=clock.now())

    recording.refresh_from_db()
    assert (recording.state, recording.keep_until) == (State.NOTHING, None)
    assert not OutboxMessage.objects.filter(name="sessions_live.finish_recording").exists()


def test_without_a_host_nothing_is_recorded(cast, records):
    room = meet(cast, cast.gus)
    recording = say(asked(room), cast.gus, True)
    actions.leave(room.admissions.get(user=cast.gus), now=clock.now())
    recording.refresh_from_db()
    assert recording.state == State.RECORDING

    actions.leave(room.admissions.get(user=cast.tess), now=clock.now())

    recording.refresh_from_db()
    assert (recording.state, recording.ended_because) == (State.COMPOSING, "host_gone")


@pytest.mark.unit
@pytest.mark.parametrize(("state", "next_states"), rows("recording", "It is"))
def test_states_lead_where_the_rule_says(state, next_states):
    assert {to for to in State.values if can_move(state, to)} == set(next_states.split(", ")) - {"–"}


@pytest.mark.unit
def test_rule_knows_every_state():
    assert {state for state, _ in rows("recording", "It is")} == set(MOVES) == set(State.values)


@pytest.mark.unit
@pytest.mark.parametrize(("stopped_on", "days", "last"), rows("recording", "Stopped on"))
def test_last_day_is_counted_from_the_day_on_which_it_stopped(stopped_on, days, last):
    assert FEWEST_DAYS <= int(days) <= MOST_DAYS
    assert last_day(date.fromisoformat(stopped_on), int(days)) == date.fromisoformat(last)
