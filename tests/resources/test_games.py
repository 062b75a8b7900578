"""What is played with cards: the tables of docs/rules/games.md, memory.md and card-lines.md, and what holds for every game."""

import json
from random import Random

import pytest

from core.resources.rules.card_lines import cards_of
from core.resources.rules.games.chance import MOST_PARTS, SIDES, Dice, Spinner
from core.resources.rules.games.deck import Deck
from core.resources.rules.games.faces import Refused
from core.resources.rules.games.matching import Matching
from core.resources.rules.games.memory import MOST_PAIRS, Memory
from core.resources.rules.games.table import Cards, Game, Move, Table, lay, moved
from tests.rules_tables import rows

pytestmark = pytest.mark.unit
CARDS = Cards(("a", "b", "c", "d"), ("a", "b", "c"))
VALUES = {
    "go": 1, "turn": True, "mark": ["a", True], "open": True, "timer": 60, "new": {"game": "memory"}, "take": 0, "join": ["a", "b"],
    "dice": [2, 6],
}  # fmt: skip


def begun(game, **more):
    return lay(game, CARDS, present=("mia", "gus"), random=Random(1), **more)


def answer_of(table, move):
    try:
        moved(table, move, CARDS, Random(1))
    except Refused as refused:
        return refused.code or "nothing"
    return "done"


@pytest.mark.parametrize(("game", "act", "leads", "is_open", "late", "answer"), rows("games"))
def test_who_may_do_what(game, act, leads, is_open, late, answer):
    table = Table(Game(game), begun(Game(game)).play, open_to_all=is_open == "yes", moves=3)
    move = Move(
        act, VALUES.get(act), seen=2 if late == "yes" else 3, player="mia", present=("mia", "gus"), leads=leads == "yes"
    )

    assert answer_of(table, move) == answer


def test_games_begin_open_to_all_but_looking_through():
    assert {game.value: begun(game).open_to_all for game in Game} == {
        "deck": False, "memory": True, "matching": True, "spinner": True, "dice": True,
    }  # fmt: skip


def test_a_game_of_memory():
    game = Memory(("A", "B", "A", "B"), (False,) * 4, ("mia", "gus"), "mia")
    for who, place, present, answer, opened, turn, points in rows("memory"):
        here = tuple(present.split(", "))
        try:
            game, code = game.take(int(place), player=who, present=here), ""
        except Refused as refused:
            code = refused.code
        got = (" ".join(map(str, game.open)), game.turn, " ".join(str(game.points(each)) for each in game.players))
        assert (code, *got) == (answer.replace("–", ""), opened, turn, points), (who, place)
    assert game.is_over


def test_memory_lays_each_card_twice_and_no_more_than_fit():
    many = Cards(tuple(f"c{number}" for number in range(60)))
    game = lay(Game.MEMORY, many, pairs=999, random=Random(3)).play
    assert len(game.tiles) == 2 * MOST_PAIRS
    assert all(game.tiles.count(card) == 2 for card in game.tiles)
    with_backs = lay(Game.MEMORY, CARDS, sides=True, random=Random(3)).play
    assert set(with_backs.tiles) == set(CARDS.two_sided)
    assert {(card, back) for card, back in zip(with_backs.tiles, with_backs.backs, strict=True)} == {
        (card, back) for card in CARDS.two_sided for back in (False, True)
    }


def test_memory_passes_on_and_nobody_waits_for_who_has_gone():
    game = Memory(("A", "B", "A", "B"), (False,) * 4, ("mia", "gus", "lea"), "mia")
    assert game.passed(("mia", "gus", "lea")).turn == "gus"
    assert game.with_present(("lea",)).turn == "lea"
    assert game.with_present(()).turn == "mia"
    alone = Memory(("A", "B", "A", "B"), (False,) * 4, ("mia",), "mia")
    assert alone.take(0, player="mia", present=("mia",)).take(1, player="mia", present=("mia",)).turn == "mia"


@pytest.mark.parametrize(("game", "cards", "code"), [
    ("memory", Cards(("a",)), "few_cards"), ("memory", Cards(), "few_cards"), ("spinner", Cards(("a",)), "few_cards"),
    ("matching", Cards(("a", "b"), ("a",)), "few_sides"), ("deck", Cards(), "few_cards"),
])  # fmt: skip
def test_too_few_cards_are_said(game, cards, code):
    with pytest.raises(Refused) as refused:
        lay(Game(game), cards, random=Random(1))
    assert refused.value.code == code


def test_looking_through():
    deck = Deck(("a", "b", "c"))
    assert (deck.top.card, deck.top.side) == ("a", "front")
    assert deck.turn(True).top.side == "back" and deck.begin_with_backs(True).top.side == "back"
    assert deck.turn(True).go(2).top.side == "front"
    assert sorted(deck.shuffle(Random(4)).order) == ["a", "b", "c"]
    assert deck.shuffle(Random(4)).sort(("a", "b", "c")).order == ("a", "b", "c")
    marked = deck.mark("a", True).mark("b", False).mark("b", None).mark("c", False)
    assert (marked.right, marked.marks) == (1, {"a": True, "c": False})
    for wrong in (
        lambda: deck.go(3),
        lambda: deck.go(-1),
        lambda: deck.go("1"),
        lambda: deck.mark("x", True),
        lambda: deck.go(True),
    ):
        with pytest.raises(Refused):
            wrong()


def test_a_set_that_changes_while_it_is_looked_through():
    deck = Deck(("a", "b", "c"), at=1, is_turned=True, marks={"a": True, "b": False})
    assert deck.kept(("c", "b", "d")) == Deck(("b", "c", "d"), at=0, is_turned=True, marks={"b": False})
    gone = deck.kept(("a", "c"))
    assert (gone.top.card, gone.is_turned) == ("c", False)
    assert deck.kept(()).order == ()
    assert deck.kept(("c", "b", "a")) is deck


def test_matching():
    game = Matching.lay(("a", "b", "c"), pairs=99, random=Random(2))
    assert sorted(game.fronts) == sorted(game.backs) == ["a", "b", "c"]
    missed = game.join("a", "b")
    assert (missed.wrong, missed.tries, missed.found) == (("a", "b"), 1, ())
    found = missed.join("a", "a")
    assert (found.wrong, found.found) == ((), ("a",))
    with pytest.raises(Refused):
        found.join("a", "b")
    assert found.join("b", "b").join("c", "c").is_over


def test_spinner_and_dice_are_fair_and_count_their_turns():
    spinner = Spinner.lay(tuple(f"c{number}" for number in range(60)))
    assert len(spinner.left) == MOST_PARTS
    random = Random(5)
    results = {spinner.spin(random).result for _ in range(2000)}
    assert results == set(spinner.parts)
    less = Spinner(("a", "b"), result="a").take_off()
    assert (less.left, less.put_back().left) == (("b",), ("a", "b"))
    with pytest.raises(Refused):
        Spinner(("a", "b"), out=("b",), result="a").take_off()
    thrown = [Dice(3, 20).throw(random) for _ in range(500)]
    assert {len(each.thrown) for each in thrown} == {3}
    assert {value for each in thrown for value in each.thrown} == set(range(1, 21))
    for number, sides in ((0, 6), (7, 6), (1, 7), ("1", 6)):
        with pytest.raises(Refused):
            Dice().choose(number, sides)
    assert 6 in SIDES


@pytest.mark.parametrize("game", list(Game))
def test_a_table_is_kept_as_it_was(game):
    table = begun(game)
    assert Table.from_json(json.loads(json.dumps(table.to_json()))) == table


@pytest.mark.parametrize(
    "value", [None, "x", [], {}, -1, 10**20, ["a"], [[], {}], {"game": "chess"}, {"game": []}, 1.5]
)
@pytest.mark.parametrize("act", ["go", "mark", "timer", "new", "take", "join", "dice", "nothing", ""])
@pytest.mark.parametrize("game", list(Game))
def test_no_value_from_a_page_breaks_a_table(game, act, value):
    move = Move(act, value, player="mia", present=("mia",), leads=True)

    assert answer_of(begun(game), move) in ("done", "nothing", "not_your_turn")


def test_timer_begins_when_it_is_set():
    table = moved(begun(Game.DECK), Move("timer", 90, leads=True, at=1000.5), CARDS, Random(1))
    assert (table.seconds, table.since, table.moves) == (90, 1000.5, 1)
    assert moved(table, Move("timer", 0, leads=True), CARDS, Random(1)).seconds == 0


@pytest.mark.parametrize(("lines", "cards"), rows("card-lines"))
def test_cards_out_of_lines(lines, cards):
    text = lines.replace(" ⏎ ", "\n").replace("⏎", "\n").replace("⇥", "\t")
    expected = [] if cards == "–" else [tuple(part.strip() for part in each.split("/")) for each in cards.split("⏎")]

    assert [tuple(each) for each in cards_of(text)] == expected
