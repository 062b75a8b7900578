"""What a form asks, what is missing and what it counts, by the tables of docs/rules/questionnaires.md; and whatever else somebody may send."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from core.records.questionnaires.rules import questionnaires, responses
from core.records.questionnaires.rules.questionnaires import Choice, Condition, Definition, Item, Kind
from tests.rules_tables import rows

pytestmark = pytest.mark.unit
FORM = Definition(
    "Form",
    is_scored=True,
    items=(
        Item("name", Kind.TEXT, "Name?", is_required=True),
        Item("before", Kind.ONE, "Before?", choices=(Choice("Yes", 2), Choice("No"))),
        Item("how", Kind.TEXT, "How?", is_required=True, condition=Condition("before", "Yes")),
        Item("mood", Kind.SCALE, "Mood?"),
        Item("why", Kind.TEXT, "Why?", condition=Condition("mood", "7")),
        Item("which", Kind.MANY, "Which?", choices=(Choice("A", 1), Choice("B", 3))),
        Item("agreed", Kind.STATEMENT, "Agreed?", is_required=True),
    ),
)


def some_of(text):
    return [] if text == "–" else text.split(", ")


def test_what_is_asked_missing_and_counted_as_the_table_says():
    for name, before, mood, which, agreed, besides, missing, points, most in rows("responses", "name"):
        given_answers = {"which": some_of(which), "agreed": agreed == "yes"}
        given_answers |= {key: text for key, text in (("name", name), ("before", before)) if text != "–"}
        given_answers |= {} if mood == "–" else {"mood": int(mood)}
        shown = responses.shown_keys(FORM, given_answers)
        assert sorted(shown & {"how", "why"}) == some_of(besides)
        assert responses.missing(FORM, given_answers) == some_of(missing)
        total = responses.total(FORM, given_answers)
        assert (total.points, total.maximum) == (int(points), int(most))


def form_of(*items):
    return Definition("Form", items=items)


REFUSED = {
    "a choice with one answer": form_of(Item("a", Kind.ONE, "?", choices=(Choice("x"),))),
    "a choice with the same answer twice": form_of(Item("a", Kind.MANY, "?", choices=(Choice("x"), Choice("x")))),
    "a scale from 5 to 5": form_of(Item("a", Kind.SCALE, "?", low=5, high=5)),
    "a question without a text": form_of(Item("a", Kind.TEXT, " ")),
    "a question that depends on a later one": form_of(
        Item("a", Kind.TEXT, "?", condition=Condition("b", "yes")), Item("b", Kind.STATEMENT, "?")
    ),
    "a question that depends on a text": form_of(Item("a", Kind.TEXT, "?"), Item("b", Kind.TEXT, "?", condition=Condition("a", "x"))),
    "a question that depends on an answer that is not there": form_of(
        Item("a", Kind.STATEMENT, "?"), Item("b", Kind.TEXT, "?", condition=Condition("a", "no"))
    ),
}  # fmt: skip


def test_forms_are_refused_as_the_table_says():
    assert {form: questionnaires.refusal_of(REFUSED[form]).code for form, _ in rows("questionnaires", "Form")} == dict(
        rows("questionnaires", "Form")
    )


@pytest.mark.parametrize(
    ("key", "answer", "code"),
    [
        ("name", "x" * 501, "too_long"),
        ("name", ["x"], "not_understood"),
        ("before", "Perhaps", "not_a_choice"),
        ("which", ["A", "C"], "not_a_choice"),
        ("which", "A", "not_understood"),
        ("mood", 11, "outside"),
        ("mood", "3", "not_understood"),
        ("agreed", "yes", "not_understood"),
    ],
)
def test_answers_that_are_none(key, answer, code):
    assert responses.refusal_of(FORM.item(key), answer) == code


@pytest.mark.parametrize("day", ["2026-02-30", "yesterday", "0001-01-01"])
def test_days_that_are_none(day):
    assert responses.refusal_of(Item("d", Kind.DATE, "?"), day) == "not_a_day"


def test_what_is_not_asked_any_more_is_not_kept():
    given_answers = {"name": "Kim", "before": "No", "how": "Well", "mood": 3, "why": "x", "agreed": True}
    assert responses.asked_answers(FORM, given_answers) == {"name": "Kim", "before": "No", "mood": 3, "agreed": True}


def test_order_names_every_part_once():
    keys = [item.key for item in FORM.items]
    assert questionnaires.in_order(FORM, keys[:-1]) is None and questionnaires.in_order(FORM, [*keys, "name"]) is None
    assert [item.key for item in questionnaires.in_order(FORM, keys[::-1]).items] == keys[::-1]
    assert [item.key for item in questionnaires.moved(FORM, "name", by=-1).items] == keys
    assert questionnaires.moved(FORM, "agreed", by=1) == FORM


def test_pages_are_what_stands_between_their_beginnings():
    form = form_of(
        Item("p", Kind.PAGE, "One"), Item("a", Kind.TEXT, "?"), Item("e", Kind.PAGE, "Empty"), Item("p2", Kind.PAGE, "Two"),
        Item("b", Kind.TEXT, "?"),
    )  # fmt: skip
    assert [(page.title, [item.key for item in page.items]) for page in form.pages] == [("One", ["a"]), ("Two", ["b"])]
    assert form.page_of("b") == 1 and Definition("-").pages == [questionnaires.Page("", ())]


@given(some.recursive(some.none() | some.booleans() | some.integers() | some.text(), some.lists, max_leaves=4))
def test_no_answer_whatever_it_is_breaks_anything(answer):
    for item in FORM.items:
        responses.refusal_of(item, answer if not isinstance(answer, list) else [str(each) for each in answer])
    kept = {item.key: answer for item in FORM.items if not isinstance(answer, list)}
    responses.total(FORM, kept)
    responses.missing(FORM, kept)


def test_form_is_read_as_it_was_kept():
    assert Definition.read(FORM.kept()) == FORM


def test_another_letter_is_another_digest():
    one = responses.digest(FORM, {"name": "Kim"})
    assert one != responses.digest(FORM, {"name": "Kin"}) and len(one) == 64
