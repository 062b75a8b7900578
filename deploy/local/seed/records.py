"""What is kept about the first clients of the demo: notes by those who work with them, signed and shared; goals, scores; two templates."""

from datetime import datetime, timedelta
from decimal import Decimal

from core.people.models import Client, User
from core.records import actions
from core.records.models import GoalText, Note, NoteTemplate, ScoreText
from core.records.rules.scores import Scale
from core.resources.permissions import resources_visible_to
from core.scheduling.models import Appointment
from deploy.local.seed.people import Cast

_TEMPLATES = {
    "After a meeting": "<h2>What we did</h2><p></p><h2>What went well</h2><p></p><h2>Until next time</h2><p></p>",
    "First conversation": "<h2>What brings you here</h2><p></p><h2>What would be different</h2><p></p><h2>Agreed</h2><p></p>",
}
_NOTES = (
    (
        "First conversation",
        "<p>Came a little early, and was at ease after ten minutes.</p><ul><li>Wants to join in at school again.</li>"
        "<li>Mornings are hard; afternoons are better.</li></ul><p>We agreed to begin with short steps, and to look back after six weeks.</p>",
    ),
    (
        "Third week",
        "<p>The exercise from last time was done <strong>four times</strong>. Slower, and surer.</p>"
        "<p>Next time: the same with somebody listening.</p>",
    ),
    ("", "<p>Rang to say that the new school wants a short summary. Asked what may be in it.</p>"),
)


def keep_records(cast: Cast, *, now: datetime) -> None:
    """For the first three clients that somebody works with."""
    for name, body in _TEMPLATES.items():
        actions.save_template(None, name=name, body=body, by=cast.owner, now=now - timedelta(days=28))
    kept = [client for client in cast.clients if client.is_active and client.assignments.exists()]
    for number, client in enumerate(kept[:3]):
        _notes_about(client, number, cast, now=now)
        _goal_of(client, number, now=now)


def _notes_about(client: Client, number: int, cast: Cast, *, now: datetime) -> None:
    by = client.assignments.select_related("practitioner__user").order_by("pk")[0].practitioner.user
    past = Appointment.objects.filter(clients=client, starts_at__lt=now).order_by("-starts_at").first()
    first = _note(client, _NOTES[0], by=by, now=now - timedelta(days=24))
    actions.sign_note(first, seen=first.revision, by=by, now=now - timedelta(days=24, minutes=-20))
    actions.amend_note(
        first, body="<p>Six weeks are up on the first of the month.</p>", by=by, now=now - timedelta(days=20)
    )
    second = _note(client, _NOTES[1], by=by, now=now - timedelta(days=3), appointment=past)
    actions.note_read(second, by=cast.owner)
    if number < 2:
        actions.share_note(second, seen=second.revision, by=by, now=now - timedelta(days=2))
    if number == 0:
        _note(client, _NOTES[2], by=cast.owner, now=now - timedelta(hours=20))


def _goal_of(client: Client, number: int, *, now: datetime) -> None:
    by = client.assignments.select_related("practitioner__user").order_by("pk")[0].practitioner.user
    text = GoalText(
        "Ten minutes without a pause", "Counted at home, on three days of a week.", "minutes", Decimal(2), Decimal(10)
    )
    began = now - timedelta(days=23)
    goal = actions.set_goal(
        client, text=text, steps=["Alone", "With somebody listening", "In front of others"], by=by, now=began
    )
    actions.tick_step(goal.steps.order_by("position")[0], is_done=True, by=by, now=began + timedelta(days=9))
    for week, value in enumerate(("2", "3.5", "3", "5.5")):
        at = began + timedelta(days=7 * week)
        remark = "A tired week." if value == "3" else ""
        actions.note_progress(goal, on=at.date(), value=Decimal(value), remark=remark, by=by, now=at)
    if number < 2:
        actions.share_goal(goal, by=by, now=now - timedelta(days=2))


def _note(
    client: Client, text: tuple[str, str], *, by: User, now: datetime, appointment: Appointment | None = None
) -> Note:
    template = NoteTemplate.objects.first() if appointment else None
    note = actions.begin_note(client, appointment=appointment, template=template, by=by, now=now)
    title, body = text
    return actions.write_note(note, title=title, body=body, seen=0, by=by, now=now + timedelta(minutes=9))


_SCORES = (
    ("4", "With help", ""),
    ("5", "", "Asked for a second try."),
    ("7", "", ""),
    ("8", "Alone", "The first time without a cue."),
)


def score_materials(cast: Cast, *, now: datetime) -> None:
    """For the first two clients that somebody works with who has materials, one of them shared."""
    kept = [client for client in cast.clients if client.is_active and client.assignments.exists()]
    for client in kept[:2]:
        by = client.assignments.select_related("practitioner__user").order_by("pk")[0].practitioner.user
        for resource in resources_visible_to(by).filter(kind="pdf").order_by("created_at", "pk")[:2]:
            scores = [
                actions.save_score(
                    client, resource, text=ScoreText(Scale.OUT_OF, Decimal(value), Decimal(10), label, remark),
                    on=(now - timedelta(days=24 - 7 * week)).date(), by=by, now=now - timedelta(days=24 - 7 * week),
                )
                for week, (value, label, remark) in enumerate(_SCORES)
            ]  # fmt: skip
            actions.share_score(scores[-1], by=by, now=now - timedelta(days=1))
