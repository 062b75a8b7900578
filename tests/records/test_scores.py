"""Scores saved for a client with a resource, corrected, shared, removed; who may, each refusal, and what outlives the resource."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.kernel import clock, outbox
from core.kernel.errors import ConflictError, DomainError, NotFound
from core.notifications.models import Notice
from core.records import actions, queries
from core.records.deletion_guards import scores_stand_in_the_way
from core.records.models import Score, ScoreText
from core.records.permissions import can_read_score, get_score, scores_visible_to
from core.records.rules.scores import Marks, Scale, drawn, refusal_of, worth
from core.resources import actions as resources
from tests.factories.records import SCORED, make_resource, make_score
from tests.factories.scheduling import book
from tests.rules_tables import rows

NASTY = "周二 🙂 שלום <b>“'&" + "x" * 40


def number(text):
    return None if text == "–" else Decimal(text)


@pytest.mark.parametrize(("scale", "value", "maximum", "refused", "kind", "share"), rows("scores"))
def test_what_a_score_is_worth(scale, value, maximum, refused, kind, share):
    marks = Marks(Scale(scale), Decimal(value), number(maximum))
    assert refusal_of(marks) == ("" if refused == "–" else refused)
    if refused == "–":
        assert worth(marks) == (kind, Decimal(share))


def test_chart_draws_what_compares_with_the_latest():
    some = [
        Marks(Scale.OUT_OF, Decimal(7), Decimal(10)), Marks(Scale.POINTS, Decimal(340)), Marks(Scale.PERCENT, Decimal(80))
    ]  # fmt: skip
    assert drawn(some) == [0, 2] and drawn(some[:2]) == [1] and drawn([]) == []


@pytest.mark.parametrize("name", ["nora", "sam", "tess", "gus", "ada", "cleo_login"])
def test_predicate_is_queryset(cast, name):
    make_score(cast)
    actions.share_score(make_score(cast), by=cast.tess, now=clock.now())
    user = getattr(cast, name)
    for score in Score.objects.select_related("client"):
        assert can_read_score(user, score) == scores_visible_to(user).filter(pk=score.pk).exists()
    assert scores_visible_to(user).count() == {"nora": 2, "tess": 2, "sam": 0}.get(name, 1)


def test_only_whoever_keeps_records_changes_anything(cast):
    score, resource = make_score(cast), make_resource(cast)
    resources.share_resource(resource=resource, by=cast.tess, now=clock.now())
    actions.share_score(score, by=cast.tess, now=clock.now())
    for user in (cast.sam, cast.gus, cast.ada, cast.cleo_login):
        for act in (
            lambda by: make_score(cast, resource=resource, by=by),
            lambda by: actions.change_score(score, text=SCORED, on=score.on, seen=0, by=by, now=clock.now()),
            lambda by: actions.remove_score(score, by=by, now=clock.now()),
            lambda by: actions.withdraw_score(score, by=by, now=clock.now()),
        ):
            with pytest.raises(PermissionDenied):
                act(user)
    with pytest.raises(PermissionDenied):
        get_score(cast.gus, score.pk)
    with pytest.raises(NotFound):
        get_score(cast.sam, score.pk)


def test_resource_of_the_store_is_scored_and_one_that_is_not_shared_is_not(cast):
    resource = resources.add_link(address="https://example.org", title="A game", by=cast.nora, now=clock.now())
    with pytest.raises(NotFound):
        make_score(cast, resource=resource)
    resources.share_resource(resource=resource, by=cast.nora, now=clock.now())
    assert make_score(cast, resource=resource).text.title == "A game"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"value": Decimal(11)}, "value"),
        ({"value": Decimal(-1)}, "value"),
        ({"value": Decimal("NaN")}, "value"),
        ({"maximum": None}, "maximum"),
        ({"maximum": Decimal(-1)}, "maximum"),
        ({"scale": Scale.PERCENT, "value": Decimal(101)}, "value"),
        ({"label": "x" * 61}, "label"),
        ({"remark": "x" * 2001}, "remark"),
    ],
)
def test_what_is_no_score_is_refused_at_its_field(cast, changes, field):
    with pytest.raises(DomainError) as refused:
        make_score(cast, text=replace(SCORED, **changes))
    assert refused.value.field == field and not Score.objects.exists()


def test_day_and_appointment_must_be_possible(cast):
    now, appointment = clock.now(), book(cast)
    with pytest.raises(DomainError) as refused:
        make_score(cast, on=now.date() + timedelta(days=2))
    assert refused.value.field == "on"
    assert make_score(cast, appointment=appointment).appointment == appointment
    appointment.participants.all().delete()
    with pytest.raises(DomainError) as refused:
        make_score(cast, appointment=appointment)
    assert refused.value.field == "appointment"


def test_correction_keeps_what_it_said_and_stops_who_comes_late(cast):
    score, now = make_score(cast), clock.now()
    how = {"on": score.on, "by": cast.nora, "now": now}
    changed = actions.change_score(score, text=replace(SCORED, value=Decimal(9), label=NASTY[:60]), seen=0, **how)
    assert (changed.text.value, changed.text.label) == (Decimal(9), NASTY[:60])
    [version] = changed.versions.all()
    assert (version.text.value, version.changed_by) == (Decimal(7), cast.nora)
    with pytest.raises(ConflictError) as refused:
        actions.change_score(score, text=SCORED, seen=0, **how)
    assert refused.value.code == "score_moved_on"
    same = actions.change_score(score, text=changed.text, seen=1, **how)
    assert same.revision == 1 and same.versions.count() == 1


def test_scores_outlive_the_resource(cast):
    resource = make_resource(cast, title="Words with s")
    score = make_score(cast, resource=resource)
    resources.change_resource(
        resource=resource, title="Words with S", description="", tags=[], address="https://example.org", by=cast.tess, now=clock.now()
    )  # fmt: skip
    [found] = queries.scored_resources(cast.cleo, cast.tess, queries.scored_with(cast.cleo, cast.tess), most=5)
    assert found.title == "Words with S"
    resources.delete_resource(resource=resource, by=cast.tess)
    [found] = queries.scored_resources(cast.cleo, cast.tess, queries.scored_with(cast.cleo, cast.tess), most=5)
    assert (found.title, found.key, found.scores) == ("Words with s", resource.pk, [score])
    assert scores_stand_in_the_way(cast.cleo)


def test_shared_score_is_told_of_without_a_word_of_it(cast, mailoutbox):
    score = make_score(cast)
    assert not scores_visible_to(cast.gus).exists()
    actions.share_score(score, by=cast.tess, now=clock.now())
    while outbox.deliver_due():
        pass
    assert len(mailoutbox) == 2 and Notice.objects.count() == 2
    assert not any("quiet room" in mail.message().as_string() for mail in mailoutbox)
    assert scores_visible_to(cast.gus).get() == score
    actions.withdraw_score(score, by=cast.tess, now=clock.now())
    assert not scores_visible_to(cast.gus).exists()
    with pytest.raises(ConflictError):
        actions.withdraw_score(score, by=cast.tess, now=clock.now())


def test_no_mail_about_what_was_taken_back(cast, mailoutbox):
    score = make_score(cast)
    actions.share_score(score, by=cast.tess, now=clock.now())
    actions.withdraw_score(score, by=cast.tess, now=clock.now())
    while outbox.deliver_due():
        pass
    assert mailoutbox == []


def test_no_table_holds_a_word_of_it(cast):
    word = "Quetzalcoatlus"
    make_score(cast, text=ScoreText(Scale.POINTS, Decimal(3), None, word, word))
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}" AS row WHERE row::text ILIKE %s', [f"%{word}%"])
            assert cursor.fetchone() == (0,), table


def test_score_that_cannot_be_read_is_not_written_over(cast):
    score = make_score(cast)
    Score.objects.filter(pk=score.pk).update(sealed="of another house")
    with pytest.raises(ConflictError) as refused:
        actions.change_score(score, text=SCORED, on=score.on, seen=0, by=cast.tess, now=clock.now())
    assert refused.value.code == "text_unreadable"


def test_many_scores_are_read_with_as_many_queries_as_one(cast):
    def read():
        with CaptureQueriesContext(connection) as asked:
            counted = list(queries.scored_with(cast.cleo, cast.tess))
            found = queries.scored_resources(cast.cleo, cast.tess, counted, most=3)
            titles = [(one.title, one.times, len(one.scores), one.scores[0].scored_by.name) for one in found]
        return len(asked), titles

    make_score(cast)
    read()
    few, _ = read()
    for title in ("One", "Two"):
        resource = make_resource(cast, title=title)
        for _ in range(5):
            make_score(cast, resource=resource)
    many, titles = read()
    assert many == few and ("Two", 5, 3, cast.tess.name) in titles
