"""Goals set, followed, charted, shared and kept secret."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from core.kernel import clock, outbox
from core.kernel.errors import ConflictError, DomainError, NotFound
from core.notifications.models import Notice
from core.people.models import Client
from core.records import actions
from core.records.models import Goal, GoalStep, GoalText
from core.records.permissions import can_read_goal, get_goal, goals_visible_to
from core.records.rules.progress_chart import chart
from tests.factories.records import WORDS
from tests.factories.records import make_goal as make
from tests.rules_tables import rows


def number(text):
    return None if text == "–" else Decimal(text)


@pytest.mark.parametrize(("values", "start", "target", "points", "line"), rows("progress-chart"))
def test_chart(values, start, target, points, line):
    given = [] if values == "–" else [each.split(" ") for each in values.split(", ")]
    drawn = chart(
        [(date.fromisoformat(on), Decimal(value)) for on, value in given], start=number(start), target=number(target)
    )
    if points == "–":
        assert drawn is None
        return
    assert ", ".join(f"{point.x} {point.y}" for point in drawn.points) == points
    assert drawn.target == (None if line == "–" else int(line))


@pytest.mark.parametrize("name", ["nora", "sam", "tess", "gus", "ada", "cleo_login"])
def test_predicate_is_queryset(cast, name):
    make(cast)
    actions.share_goal(make(cast), by=cast.tess, now=clock.now())
    user = getattr(cast, name)
    for goal in Goal.objects.select_related("client"):
        assert can_read_goal(user, goal) == goals_visible_to(user).filter(pk=goal.pk).exists()
    assert goals_visible_to(user).count() == {"nora": 2, "tess": 2, "sam": 0}.get(name, 1)


def test_only_whoever_keeps_records_changes_anything(cast):
    goal = make(cast)
    actions.share_goal(goal, by=cast.tess, now=clock.now())
    step = goal.steps.first()
    for user in (cast.sam, cast.gus, cast.ada, cast.cleo_login):
        for act in (
            lambda by: make(cast, by=by),
            lambda by: actions.change_goal(goal, text=WORDS, steps=[], status="open", by=by, now=clock.now()),
            lambda by: actions.tick_step(step, is_done=True, by=by, now=clock.now()),
            lambda by: actions.note_progress(goal, on=clock.now().date(), value=Decimal(1), by=by, now=clock.now()),
            lambda by: actions.withdraw_goal(goal, by=by, now=clock.now()),
        ):
            with pytest.raises(PermissionDenied):
                act(user)
    with pytest.raises(PermissionDenied):
        get_goal(cast.gus, goal.pk, to="keep")
    with pytest.raises(NotFound):
        get_goal(cast.sam, goal.pk)


def test_step_that_says_the_same_stays_done(cast):
    goal = make(cast)
    actions.tick_step(goal.steps.first(), is_done=True, by=cast.tess, now=clock.now())

    changed = {"text": WORDS, "status": "reached", "by": cast.tess, "now": clock.now()}
    actions.change_goal(goal, steps=["To father", "", "Alone"], **changed)

    assert [(step.words, step.done_at is not None) for step in goal.steps.all()] == [
        ("To father", False),
        ("Alone", True),
    ]
    goal.refresh_from_db()
    assert goal.status == "reached"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": GoalText(" \u200b ")}, "title"),
        ({"text": GoalText("x" * 201)}, "title"),
        ({"text": GoalText("x", target=Decimal(10) ** 9)}, "target"),
        ({"steps": ["x"] * 21}, "steps"),
        ({"steps": ["x" * 201]}, "steps"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(cast, changes, field):
    with pytest.raises(DomainError) as refused:
        make(cast, **changes)
    assert refused.value.field == field
    assert not Goal.objects.exists()


def test_progress_needs_something_and_a_day_that_has_come(cast):
    goal, now = make(cast), clock.now()
    for changes, field in (
        ({}, "value"),
        ({"value": Decimal(1), "on": now.date() + timedelta(days=2)}, "on"),
        ({"remark": "x" * 1001}, "remark"),
    ):
        with pytest.raises(DomainError) as refused:
            actions.note_progress(goal, **{"on": now.date(), "by": cast.tess, "now": now, **changes})
        assert refused.value.field == field
    noted = actions.note_progress(goal, on=now.date(), value=Decimal("2.50"), by=cast.tess, now=now)
    with pytest.raises(PermissionDenied):
        actions.remove_progress(noted, by=cast.nora, now=now)
    actions.remove_progress(noted, by=cast.tess, now=now)
    assert not goal.progress.exists()


def test_shared_goal_is_told_of_without_a_word_of_it(cast, mailoutbox):
    goal = make(cast)
    assert not goals_visible_to(cast.gus).exists()
    actions.share_goal(goal, by=cast.tess, now=clock.now())
    while outbox.deliver_due():
        pass

    assert len(mailoutbox) == 2 and Notice.objects.count() == 2
    assert not any("Reads aloud" in mail.message().as_string() for mail in mailoutbox)
    assert goals_visible_to(cast.gus).get() == goal
    actions.withdraw_goal(goal, by=cast.tess, now=clock.now())
    assert not goals_visible_to(cast.gus).exists()
    with pytest.raises(ConflictError):
        actions.withdraw_goal(goal, by=cast.tess, now=clock.now())


def test_no_mail_about_what_is_not_shared_any_more(cast, mailoutbox):
    goal = make(cast)
    actions.share_goal(goal, by=cast.tess, now=clock.now())
    Client.objects.filter(pk=cast.cleo.pk).update(status="inactive")
    while outbox.deliver_due():
        pass
    assert mailoutbox == []


def test_no_table_holds_a_word_of_it(cast):
    word = "Quetzalcoatlus"
    goal = make(cast, text=GoalText(word, word, word), steps=[word])
    actions.note_progress(goal, on=clock.now().date(), remark=word, by=cast.tess, now=clock.now())
    actions.share_goal(goal, by=cast.tess, now=clock.now())
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}" AS row WHERE row::text ILIKE %s', [f"%{word}%"])
            assert cursor.fetchone() == (0,), table


@pytest.mark.parametrize("which", ["goal", "step"])
def test_goal_that_cannot_be_read_is_not_written_over(cast, which):
    goal = make(cast)
    rows = Goal.objects.filter(pk=goal.pk) if which == "goal" else GoalStep.objects.filter(pk=goal.steps.first().pk)
    rows.update(sealed="of another house")

    with pytest.raises(ConflictError) as refused:
        actions.change_goal(goal, text=GoalText("Other"), steps=["Other"], status="open", by=cast.tess, now=clock.now())

    assert refused.value.code == "text_unreadable"
    assert rows.get().sealed == "of another house" and goal.steps.count() == 2
