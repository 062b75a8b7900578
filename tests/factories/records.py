"""Notes, goals and scores, by the same actions as the product's: Tess writes about Cleo."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from core.kernel import clock
from core.records import actions
from core.records.models import Goal, GoalText, Note, Score, ScoreText
from core.records.rules.scores import Scale
from core.resources.actions import add_link
from core.resources.models import Resource


def write(
    cast: SimpleNamespace, title: str = "First talk", body: str = "<p>She spoke of the sea.</p>", **changes: Any
) -> Note:
    """A note that is written and neither signed nor shared."""
    by, now = changes.get("by", cast.tess), changes.get("now", clock.now())
    note = actions.begin_note(
        changes.get("client", cast.cleo), appointment=changes.get("appointment"), template=None, by=by, now=now
    )
    return actions.write_note(note, title=title, body=body, seen=note.revision, by=by, now=now)


def share(cast: SimpleNamespace, note: Note, **changes: Any) -> Any:
    """By Tess, as it stands."""
    by, now = changes.get("by", cast.tess), changes.get("now", clock.now())
    return actions.share_note(note, seen=note.revision, by=by, now=now)


def sign(cast: SimpleNamespace, note: Note, **changes: Any) -> Any:
    """By Tess, as it stands."""
    by, now = changes.get("by", cast.tess), changes.get("now", clock.now())
    return actions.sign_note(note, seen=note.revision, by=by, now=now)


WORDS = GoalText("Reads aloud", "Ten minutes without a pause", "minutes", Decimal(2), Decimal(10))


def make_goal(cast: SimpleNamespace, **changes: Any) -> Goal:
    """What Cleo wants to reach, shared with nobody."""
    values = {"text": WORDS, "steps": ["Alone", "To mother"], "by": cast.tess, "now": clock.now()}
    return actions.set_goal(cast.cleo, **{**values, **changes})


SCORED = ScoreText(Scale.OUT_OF, Decimal(7), Decimal(10), "With help", "In a quiet room.")


def make_resource(cast: SimpleNamespace, title: str = "A page") -> Resource:
    """A link of Tess's own, in nobody else's list."""
    return add_link(address="https://example.org", title=title, by=cast.tess, now=clock.now())


def make_score(cast: SimpleNamespace, **changes: Any) -> Score:
    """What Cleo reached, shared with nobody."""
    resource = changes.pop("resource", None) or make_resource(cast)
    now = clock.now()
    values = {"text": SCORED, "on": now.date(), "by": cast.tess, "now": now}
    return actions.save_score(cast.cleo, resource, **{**values, **changes})
