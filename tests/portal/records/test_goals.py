"""The pages of goals, from every side."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.kernel import clock
from core.records import actions
from core.records.models import Goal
from tests.factories.pages import fields_of
from tests.factories.records import make_goal as make
from tests.factories.web import browser_of

NASTY = "周二 🙂 שלום <b>“'&"


def test_goal_is_set_followed_and_shared(cast):
    tess, gus = browser_of(cast.tess), browser_of(cast.gus)
    sent = tess.post(
        f"/people/clients/{cast.cleo.pk}/goals/new/",
        {
            "title": NASTY,
            "measure": "Seen",
            "start": "2",
            "target": "10",
            "unit": "minutes",
            "steps": "Alone\r\nTo mother",
        },
    )
    goal = Goal.objects.get()
    path = f"/people/goals/{goal.pk}/"
    assert sent["Location"] == path
    for value in ("2.5", "4"):
        on = f"{clock.now():%Y-%m-%d}"
        assert tess.post(f"{path}progress/", {"on": on, "value": value, "remark": "Good"}).status_code == 302
    refused = tess.post(f"{path}progress/", {"on": "2031-01-01", "value": "1", "remark": "Kept"})
    assert refused.status_code == 422 and "Kept" in refused.content.decode()
    step = goal.steps.first()
    assert tess.post(f"/people/goal-steps/{step.pk}/", {"done": "1"}).status_code == 302

    page = tess.get(path).content.decode()
    assert "<polyline" in page and page.count("<circle") == 2 and "<b>“" not in page and NASTY[:2] in page
    assert gus.get(path).status_code == 404
    assert tess.post(f"{path}share/").status_code == 302
    shown = gus.get(path).content.decode()
    assert "<polyline" in shown and "Note progress" not in shown and "/details/" not in shown
    assert f'href="{path}"' in gus.get("/people/shared/").content.decode()
    assert f'href="{path}"' in gus.get(f"/people/clients/{cast.cleo.pk}/goals/").content.decode()
    assert gus.post(f"{path}progress/", {"on": "2026-11-01", "value": "1"}).status_code == 403
    assert gus.post(f"/people/goal-steps/{step.pk}/", {"done": "0"}).status_code == 403
    assert tess.post(f"{path}withdrawal/").status_code == 302
    assert gus.get(path).status_code == 404


def test_two_people_change_one_goal(cast):
    goal = make(cast)
    tess, nora = browser_of(cast.tess), browser_of(cast.nora)
    path = f"/people/goals/{goal.pk}/details/"
    first, second = fields_of(tess.get(path)), fields_of(nora.get(path))
    assert nora.post(path, {**second, "title": "Reads to a class"}).status_code == 302

    refused = tess.post(path, {**first, "title": "Reads to a dog"})
    merged = tess.post(path, {**first, "status": "reached"})

    assert refused.status_code == 422 and "Nora North" in refused.content.decode()
    assert merged.status_code == 302
    goal.refresh_from_db()
    assert (goal.text.title, goal.status) == ("Reads to a class", "reached")


def test_list_asks_the_same_for_one_goal_as_for_ten(cast):
    tess, counts = browser_of(cast.tess), []
    for number in (1, 9):
        for _ in range(number):
            goal = make(cast)
            actions.note_progress(goal, on=clock.now().date(), remark="x", by=cast.tess, now=clock.now())
        path = f"/people/clients/{cast.cleo.pk}/goals/"
        tess.get(path)
        with CaptureQueriesContext(connection) as asked:
            assert tess.get(path).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 15
