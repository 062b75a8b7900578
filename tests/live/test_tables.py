"""Cards and dice before everybody in a session: one table for all, the server decides, late comers see it as it is, and who is out no longer."""

import json

import pytest

from core.kernel import clock, outbox
from core.kernel.errors import DomainError, NotFound
from core.resources import actions as resources
from core.resources import queries
from core.resources.rules.card_lines import cards_of
from sessions_live import actions
from sessions_live.models import Showing
from sessions_live.showings.actions import showing as showings
from sessions_live.showings.actions.playing import play, show_dice
from sessions_live.showings.queries import showing_facts, used_in
from tests.factories.files import given, jpeg
from tests.factories.web import browser_of
from tests.live.arrivals import both_in, let_in, tess_and_gus


@pytest.fixture(autouse=True)
def _own_store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def words(cast):
    """A set of Tess's own: four cards with both sides, the first with a picture."""
    made = resources.add_set(title="Words", by=cast.tess, now=clock.now())
    resources.add_cards(
        resource=made, pictures=[given(jpeg(), "Sun.jpg")], with_names=True, by=cast.tess, now=clock.now()
    )
    resources.add_lines(
        resource=made, lines=cards_of("sea = Meer\nsand = Sand\nsail = Segel"), by=cast.tess, now=clock.now()
    )
    while outbox.deliver_due():
        pass
    return made


@pytest.fixture
def session(cast, room):
    let_in(room, cast, cast.gus)
    return room


def table_of(room):
    return showing_facts(room)["table"]


def opened(room, words, cast, *, game="deck"):
    showing = showings.show_resource(room, words.pk, by=cast.tess, now=clock.now())
    if game != "deck":
        move(room, showing, "new", {"game": game, "pairs": 2}, by=cast.tess, leads=True)
    return showing


def move(room, showing, act, value=None, *, by, leads=False, seen=None):
    kept = Showing.objects.get(pk=showing.pk).table["moves"]
    return play(
        room, showing.pk, act=act, value=value, seen=kept if seen is None else seen, by=by, leads=leads, now=clock.now()
    )


# -- over the socket -------------------------------------------------------------------------------------------------


def test_everybody_sees_the_same_card_and_the_host_leads(cast, room, words, scenes):
    async def scene(connect):
        tess, gus, gus_id = await tess_and_gus(connect, cast, room)
        await tess.send_message("show", resource=str(words.pk))
        opened = await tess.hear("showing", title="Words")
        assert "Sun" not in json.dumps(opened["table"])  # the back lies down
        await tess.send_message("play", showing=opened["showing"], act="turn", value=True, seen=0)
        assert (await tess.hear("showing"))["table"]["deck"]["top"]["text"] == "Sun"
        await tess.send_message("admit", admission=gus_id)
        there = await gus.hear("showing")  # whoever comes later sees it as it is
        assert there["table"]["deck"]["top"]["text"] == "Sun"
        await gus.send_message("play", showing=opened["showing"], act="go", value=1, seen=1)
        assert (await gus.hear("error"))["code"] == "not_allowed"
        await tess.send_message("play", showing=opened["showing"], act="open", value=True, seen=1)
        await gus.hear("showing")
        await gus.send_message("play", showing=opened["showing"], act="go", value=1, seen=2)
        for page in (tess, gus):
            table = (await page.hear("showing"))["table"]
            while table["moves"] < 3:
                table = (await page.hear("showing"))["table"]
            assert table["deck"]["top"]["text"] == "sea"

    scenes(scene)


def test_what_was_right_is_read_by_hosts_alone(cast, room, words, scenes):
    async def scene(connect):
        tess, gus, _ = await both_in(connect, cast, room)
        await tess.send_message("show", resource=str(words.pk))
        shown = await tess.hear("showing", title="Words")
        card = shown["table"]["deck"]["top"]["card"]
        await gus.hear("showing", title="Words")
        await tess.send_message("play", showing=shown["showing"], act="mark", value=[card, False], seen=0)
        assert (await tess.hear("showing"))["table"]["deck"]["marks"] == {card: False}
        assert (await gus.hear("showing"))["table"]["deck"]["marks"] == {}

    scenes(scene)


def test_they_play_memory_in_turns(cast, room, words, scenes):
    async def scene(connect):
        tess, gus, gus_id = await both_in(connect, cast, room)
        await tess.send_message("show", resource=str(words.pk))
        showing = (await tess.hear("showing", title="Words"))["showing"]
        await gus.hear("showing", title="Words")
        await tess.send_message("play", showing=showing, act="new", value={"game": "memory", "pairs": 3}, seen=0)
        begun = {"game": ""}
        while begun["game"] != "memory":
            begun = (await gus.hear("showing"))["table"]
        assert begun["memory"]["tiles"] == [None] * 6 and len(begun["memory"]["players"]) == 2
        assert begun["memory"]["turn"] != gus_id
        await gus.send_message("play", showing=showing, act="take", value=0, seen=1)
        assert (await gus.hear("error"))["code"] == "not_your_turn"
        await tess.send_message("play", showing=showing, act="take", value=0, seen=1)
        turned = (await gus.hear("showing"))["table"]["memory"]
        assert turned["tiles"][0] is not None and turned["tiles"][1:] == [None] * 5

    scenes(scene)


@pytest.mark.parametrize("fields", [
    {"showing": "no id", "act": "go", "seen": 0}, {"showing": "", "act": "", "seen": -5, "value": {"a": [1]}},
])  # fmt: skip
def test_a_move_about_nothing_leaves_everybody_in_the_room(cast, room, scenes, fields):
    async def scene(connect):
        tess, _gus, _ = await tess_and_gus(connect, cast, room)
        await tess.send_message("play", **fields)
        assert (await tess.hear("error"))["code"] == "no_showing"
        await tess.send_message("show", dice=True)
        assert (await tess.hear("showing", playing=False))["table"]["dice"]["thrown"] == []
        await tess.send_message("play", act="throw")
        assert (await tess.hear("error"))["code"] == "bad_message"
        await tess.send_message("ping", at=1)
        await tess.hear("pong")

    scenes(scene)


# -- who may, and until when -------------------------------------------------------------------------------------------


def test_who_waits_or_has_left_plays_nothing(cast, room, words):
    actions.ask_admission(room, by=cast.tess, now=clock.now())
    asked = actions.ask_admission(room, by=cast.gus, now=clock.now())
    showing = show_dice(room, by=cast.tess, now=clock.now())
    with pytest.raises(NotFound):
        move(room, showing, "throw", by=cast.gus)
    actions.admit(room, asked.pk, by=cast.tess, now=clock.now())
    assert move(room, showing, "throw", by=cast.gus) is not None
    actions.deny(room, asked.pk, by=cast.tess, now=clock.now())
    with pytest.raises(NotFound):
        move(room, showing, "throw", by=cast.gus)
    showings.close_showing(room, by=cast.tess, now=clock.now())
    with pytest.raises(DomainError) as refused:
        move(room, showing, "throw", by=cast.tess, leads=True)
    assert refused.value.code == "no_showing"


def test_card_files_are_for_those_in_the_room_while_the_set_is_open(cast, session, words):
    showing = opened(session, words, cast)
    card = queries.cards_of(words).first()
    at = f"/live/showings/{showing.pk}/cards/{card.pk}/front/picture/"

    assert [browser_of(user).get(at).status_code for user in (cast.tess, cast.gus, cast.nora, cast.ada)] == [
        200,
        200,
        404,
        404,
    ]
    assert browser_of(cast.gus).get(at.replace("front", "back")).status_code == 404
    other = resources.add_set(title="Other", by=cast.tess, now=clock.now())
    [hidden] = resources.add_lines(resource=other, lines=cards_of("x"), by=cast.tess, now=clock.now())
    assert browser_of(cast.gus).get(at.replace(str(card.pk), str(hidden.pk))).status_code == 404
    actions.deny(session, session.admissions.get(user=cast.gus).pk, by=cast.tess, now=clock.now())
    assert browser_of(cast.gus).get(at).status_code == 404
    showings.close_showing(session, by=cast.tess, now=clock.now())
    assert browser_of(cast.tess).get(at).status_code == 404


def test_turn_of_who_leaves_passes_and_points_stay_with_who_comes_back(cast, session, words):
    showing = opened(session, words, cast, game="memory")
    kept = Showing.objects.get(pk=showing.pk)
    tiles = kept.table["play"]["tiles"]
    first = [place for place, card in enumerate(tiles) if card == tiles[0]]
    assert kept.table["play"]["turn"] == str(cast.tess.pk)
    move(session, showing, "pass", by=cast.tess, leads=True)
    for place in first:
        move(session, showing, "take", place, by=cast.gus)
    mine = session.admissions.get(user=cast.gus)
    assert {each["peer"]: each["points"] for each in table_of(session)["memory"]["players"]}[str(mine.pk)] == 1
    actions.leave(mine, now=clock.now())
    assert table_of(session)["memory"]["turn"] == ""  # nobody of those who are here
    others = [place for place, card in enumerate(tiles) if place not in first]
    move(session, showing, "take", others[0], by=cast.tess, leads=True)
    again = actions.ask_admission(session, by=cast.gus, now=clock.now())
    actions.admit(session, again.pk, by=cast.tess, now=clock.now())
    assert {each["peer"]: each["points"] for each in table_of(session)["memory"]["players"]}[str(again.pk)] == 1


def test_two_presses_are_one_throw(cast, session):
    showing = show_dice(session, by=cast.tess, now=clock.now())
    assert move(session, showing, "throw", by=cast.gus, seen=0) is not None
    assert move(session, showing, "throw", by=cast.tess, seen=0, leads=True) is None
    assert table_of(session)["dice"]["throws"] == 1


def test_set_that_changes_while_it_is_open_is_shown_as_it_is(cast, session, words):
    opened(session, words, cast)
    first, second = queries.cards_of(words)[:2]
    resources.remove_card(card=first, by=cast.tess, now=clock.now())
    deck = table_of(session)["deck"]
    assert (deck["count"], deck["top"]["card"]) == (3, str(second.pk))
    for card in queries.cards_of(words):
        resources.remove_card(card=card, by=cast.tess, now=clock.now())
    assert table_of(session)["deck"]["count"] == 0
    resources.delete_resource(resource=words, by=cast.tess)
    assert showing_facts(session)["showing"] == ""


def test_empty_set_is_not_shown_and_why(cast, session):
    made = resources.add_set(title="Empty", by=cast.tess, now=clock.now())
    with pytest.raises(DomainError, match="no cards in this set"):
        showings.show_resource(session, made.pk, by=cast.tess, now=clock.now())
    assert not Showing.objects.exists()


def test_opened_again_it_begins_anew_and_dice_are_not_among_what_was_used(cast, session, words):
    showing = opened(session, words, cast)
    move(session, showing, "go", 2, by=cast.tess, leads=True)
    show_dice(session, by=cast.tess, now=clock.now())
    show_dice(session, by=cast.tess, now=clock.now())
    assert [each.resource_id for each in used_in(session, cast.tess)] == [words.pk]
    opened(session, words, cast)
    assert table_of(session)["deck"]["at"] == 0
    assert Showing.objects.count() == 2
