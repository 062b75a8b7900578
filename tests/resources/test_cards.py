"""Sets of cards: made of pictures and words, put in order, changed and removed by their owner; played alone; their files behind the set's door."""

import json

import pytest
from django.core.exceptions import PermissionDenied

from core.files.models import Rendition, StoredFile
from core.kernel import clock
from core.kernel.errors import ConflictError, DomainError, NotFound
from core.kernel.models import AuditEvent
from core.resources import actions, queries
from core.resources.actions.cards import CardContent
from core.resources.models import LONGEST_SIDE, MOST_CARDS, Card, ListedResource, OwnTable, Resource
from core.resources.permissions import get_card
from core.resources.rules.card_lines import cards_of
from tests.broken_audit import assert_nothing_is_written
from tests.factories.files import downloaded, given, jpeg, pdf, send
from tests.factories.web import browser_of
from tests.resources.bringing import NASTY, colleague, deliver

SOUND = b"ID3" + bytes(200)


@pytest.fixture(autouse=True)
def _own_store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def make_set(user, text="sun = Sonne\nsea = Meer\nsand = Sand", title="Words", **more):
    made = actions.add_set(title=title, by=user, now=clock.now(), **more)
    actions.add_lines(resource=made, lines=cards_of(text), by=user, now=clock.now())
    return made


def fronts(resource):
    return [each.front_text for each in queries.cards_of(resource)]


def test_pile_of_pictures_becomes_cards(cast):
    browser = browser_of(cast.tess)
    first = send(jpeg(), "Cat.jpg", by=cast.tess, purpose="card_picture")

    answer = browser.post("/resources/sets/new/", {
        "title": NASTY, "pictures_uploads": [str(first.pk)], "pictures": [given(jpeg(), "Dog.jpg"), given(jpeg(), "Zoë’s fish.jpg")],
        "with_names": "on", "lines": "moon = Mond\n\nstar", "tags": "animals",
    })  # fmt: skip
    deliver()

    made = Resource.objects.get()
    assert answer["Location"] == f"/resources/{made.pk}/"
    assert (made.kind, made.title, made.tags) == ("cards", NASTY, ["animals"])
    cards = list(queries.cards_of(made))
    assert [each.position for each in cards] == [0, 1, 2, 3, 4]
    assert [each.back_text for each in cards] == ["Cat", "Dog", "Zoë’s fish", "Mond", ""]
    assert [bool(each.front_picture_id) for each in cards] == [True, True, True, False, False]
    assert queries.my_list(cast.tess.staff).get().resource == made and queries.owning(cast.tess.staff).owned == 1
    page = browser.get(f"/resources/{made.pk}/").content.decode()
    assert "<own-table" in page and "Download" not in page and "Edit the cards" in page
    small = browser.get(f"/resources/{made.pk}/cards/{cards[0].pk}/front/picture/")
    assert small["Content-Type"] == "image/webp" and b"CanaryCamera" not in downloaded(small)
    assert f"/cards/{cards[0].pk}/front/picture/" in browser.get("/resources/").content.decode()


def test_set_may_begin_empty_and_says_what_to_do(cast):
    browser = browser_of(cast.tess)
    browser.post("/resources/sets/new/", {"title": "Empty", "lines": ""})
    made = Resource.objects.get()
    for path in (f"/resources/{made.pk}/", f"/resources/{made.pk}/cards/"):
        page = browser.get(path).content.decode()
        assert "No cards yet" in page and "<own-table" not in page
    assert browser.post(f"/resources/{made.pk}/table/").status_code == 409


def test_what_is_no_picture_or_too_much_is_refused_and_nothing_is_kept(cast):
    browser = browser_of(cast.tess)
    refused = browser.post(
        "/resources/sets/new/", {"title": "x", "pictures": [given(jpeg(), "Cat.jpg"), given(pdf(), "A.pdf")]}
    )
    assert refused.status_code == 422
    assert not Resource.objects.exists() and not StoredFile.objects.exists()
    made = make_set(cast.tess)
    with pytest.raises(DomainError, match=f"at most {MOST_CARDS} cards"):
        actions.add_lines(resource=made, lines=cards_of("x\n" * MOST_CARDS), by=cast.tess, now=clock.now())
    with pytest.raises(DomainError, match=f"at most {LONGEST_SIDE}"):
        actions.add_lines(resource=made, lines=cards_of("x" * (LONGEST_SIDE + 1)), by=cast.tess, now=clock.now())
    with pytest.raises(DomainError, match="Put something on the card"):
        actions.add_card(resource=made, content=CardContent(" \u200b "), by=cast.tess, now=clock.now())
    assert len(fronts(made)) == 3


def test_both_sides_of_a_card_with_picture_and_sound(cast):
    browser, made = browser_of(cast.tess), make_set(cast.tess)
    at = f"/resources/{made.pk}/cards"
    browser.post(f"{at}/new/", {
        "front_text": NASTY, "front_picture": given(jpeg(), "Cat.jpg"), "front_sound": given(SOUND, "Meow.mp3"), "back_text": "cat",
    })  # fmt: skip
    deliver()
    card = queries.cards_of(made).last()
    assert (card.front_text, card.back_text, card.position) == (NASTY, "cat", 3)
    sound = browser.get(f"{at}/{card.pk}/front/sound/")
    assert downloaded(sound) == SOUND and "sandbox" in sound["Content-Security-Policy"]
    assert browser.get(f"{at}/{card.pk}/back/sound/").status_code == 404
    assert browser.get(f"{at}/{card.pk}/front/text/").status_code == 404
    form = browser.get(f"{at}/{card.pk}/").content.decode()
    assert "Take off the card" in form and "Sound of the front" in form

    version = form.partition('name="form_version" value="')[2].partition('"')[0]
    key = form.partition('name="form_key" value="')[2].partition('"')[0]
    done = browser.post(f"{at}/{card.pk}/", {
        "front_text": "Cat", "back_text": "Katze", "back_picture": given(jpeg(), "Other.jpg"), "without": ["front_sound", "front_picture"],
        "form_version": version, "form_key": key,
    })  # fmt: skip
    deliver()

    assert done.status_code == 302, done.content.decode()[:2000]
    card.refresh_from_db()
    assert (card.front_text, card.back_text) == ("Cat", "Katze")
    assert card.front_picture_id is None and card.front_sound_id is None and card.back_picture.name == "Other.jpg"
    assert StoredFile.objects.get().pk == card.back_picture_id  # what was taken off is gone for good


def test_cards_are_put_in_order_and_from_two_windows_nothing_is_lost(cast):
    browser, made = browser_of(cast.tess), make_set(cast.tess)
    at = f"/resources/{made.pk}/cards"
    sun, sea, sand = queries.cards_of(made)

    browser.post(f"{at}/order/", {"order": f"{sand.pk},{sun.pk},{sea.pk}"})
    assert fronts(made) == ["sand", "sun", "sea"]
    browser.post(f"{at}/order/", {"card": str(sea.pk), "to": "earlier"})
    assert fronts(made) == ["sand", "sea", "sun"]
    browser.post(f"{at}/order/", {"card": str(sun.pk), "to": "later"})
    browser.post(f"{at}/order/", {"card": str(sand.pk), "to": "earlier"})
    assert fronts(made) == ["sand", "sea", "sun"]  # the ends stay
    browser.post(f"{at}/{sea.pk}/removal/")
    assert fronts(made) == ["sand", "sun"] and [each.position for each in queries.cards_of(made)] == [0, 1]
    late = browser.post(
        f"{at}/order/", {"order": f"{sun.pk},{sea.pk},{sand.pk}"}, headers={"Accept": "application/json"}
    )
    assert (late.status_code, fronts(made)) == (409, ["sand", "sun"])
    assert browser.post(f"{at}/{sea.pk}/removal/").status_code == 404
    with pytest.raises(ConflictError):
        actions.order_cards(resource=made, order=[sun.pk, sun.pk], by=cast.tess, now=clock.now())


def test_only_the_owner_changes_a_set_and_colleagues_play_it_from_the_store(cast):
    ben, made = colleague(), make_set(cast.tess)
    card = queries.cards_of(made).first()
    at = f"/resources/{made.pk}"
    for path in (f"{at}/table/", f"{at}/cards/{card.pk}/front/picture/", f"{at}/cards/"):
        assert browser_of(ben).get(path).status_code == 404
    actions.share_resource(resource=made, by=cast.tess, now=clock.now())

    assert browser_of(ben).get(f"{at}/table/").json()["deck"]["count"] == 3
    for path in (f"{at}/cards/", f"{at}/cards/new/", f"{at}/cards/more/", f"{at}/cards/{card.pk}/"):
        assert browser_of(ben).get(path).status_code == 403
    acts = (
        lambda: actions.add_lines(resource=made, lines=cards_of("x"), by=ben, now=clock.now()),
        lambda: actions.add_cards(
            resource=made, pictures=[given(jpeg(), "a.jpg")], with_names=True, by=ben, now=clock.now()
        ),
        lambda: actions.add_card(resource=made, content=CardContent("x"), by=ben, now=clock.now()),
        lambda: actions.change_card(card=card, content=CardContent("x"), by=ben, now=clock.now()),
        lambda: actions.remove_card(card=card, by=ben, now=clock.now()),
        lambda: actions.order_cards(resource=made, order=[], by=ben, now=clock.now()),
    )
    for act in acts:
        with pytest.raises(PermissionDenied):
            act()
    assert fronts(made) == ["sun", "sea", "sand"]
    other = make_set(cast.tess, title="Other")
    with pytest.raises(NotFound):
        get_card(cast.tess, other.pk, card.pk)
    actions.withdraw_resource(resource=made, by=cast.tess)
    assert browser_of(ben).get(f"{at}/table/").status_code == 404


def test_what_is_no_set_has_no_cards(cast):
    plan = actions.add_file(given=given(pdf(), "Plan.pdf"), by=cast.tess, now=clock.now())
    for path in ("cards/", "cards/new/", "cards/more/", "table/"):
        assert browser_of(cast.tess).get(f"/resources/{plan.pk}/{path}").status_code == 404
    with pytest.raises(NotFound):
        actions.add_lines(resource=plan, lines=cards_of("x"), by=cast.tess, now=clock.now())


def test_deleted_set_leaves_nothing(cast):
    made = make_set(cast.tess)
    actions.add_cards(resource=made, pictures=[given(jpeg(), "a.jpg")], with_names=True, by=cast.tess, now=clock.now())
    browser_of(cast.tess).get(f"/resources/{made.pk}/table/")
    deliver()
    actions.delete_resource(resource=made, by=cast.tess)
    deliver()
    left = (Card, StoredFile, Rendition, OwnTable, ListedResource, Resource)
    assert [each.objects.count() for each in left] == [0] * len(left)


# -- alone -----------------------------------------------------------------------------------------------------------


def play(browser, address, act, value=None, seen=0):
    return browser.post(address, {"act": act, "value": json.dumps(value), "seen": seen})


def test_somebody_plays_alone_and_finds_it_again(cast):
    made, browser = make_set(cast.tess), browser_of(cast.tess)
    at = f"/resources/{made.pk}/table/"

    facts = browser.get(at).json()
    assert (facts["game"], facts["deck"]["top"]["text"], facts["deck"]["two_sided"]) == ("deck", "sun", True)
    assert "Sonne" not in json.dumps(facts)  # what lies face down stays with the server
    assert play(browser, at, "turn", True).json()["deck"]["top"]["text"] == "Sonne"
    assert play(browser, at, "go", 1, seen=1).json()["deck"]["top"]["text"] == "sea"
    assert browser_of(cast.tess).get(at).json()["deck"]["at"] == 1
    assert browser_of(cast.tess).get("/resources/dice/").status_code == 200
    shuffled = play(browser, at, "shuffle", seen=2).json()
    assert play(browser, at, "shuffle", seen=2).json()["moves"] == shuffled["moves"]  # pressed twice is once

    game = play(browser, at, "new", {"game": "memory", "sides": True}, seen=3).json()
    assert game["memory"]["tiles"] == [None] * 6 and "su" not in json.dumps(game["memory"]["tiles"])
    one = play(browser, at, "take", 0, seen=4).json()["memory"]["tiles"]
    assert one[0] is not None and one[1:] == [None] * 5
    assert play(browser, at, "new", {"game": "matching"}, seen=5).json()["matching"]["fronts"]
    nobody = browser_of(cast.nora).get(at)
    assert nobody.status_code == 404


def test_dice_are_thrown_alone(cast):
    browser = browser_of(cast.tess)
    assert browser.get("/resources/dice/table/").json()["dice"]["thrown"] == []
    play(browser, "/resources/dice/table/", "dice", [3, 20])
    thrown = play(browser, "/resources/dice/table/", "throw", seen=1).json()["dice"]["thrown"]
    assert len(thrown) == 3 and all(1 <= each <= 20 for each in thrown)
    assert browser_of(cast.nora).get("/resources/dice/table/").json()["dice"]["throws"] == 0
    assert browser_of(cast.gus).get("/resources/dice/table/").status_code == 403


@pytest.mark.parametrize("fields", [
    {}, {"act": "go"}, {"act": "go", "value": "{"}, {"act": "go", "value": "[" * 1900}, {"act": "x" * 500, "value": "1", "seen": "9" * 60},
    {"act": "go", "value": "1" * 1999}, {"act": "mark", "value": "[[],{}]"}, {"act": "new", "value": '{"game": "dice"}'},
])  # fmt: skip
def test_no_move_of_a_page_breaks_the_table(cast, fields):
    made, browser = make_set(cast.tess), browser_of(cast.tess)

    answer = browser.post(f"/resources/{made.pk}/table/", fields)

    assert answer.status_code == 200 and answer.json()["deck"]["at"] == 0


def test_too_few_cards_for_a_game_are_said(cast):
    made, browser = make_set(cast.tess, "sun"), browser_of(cast.tess)
    at = f"/resources/{made.pk}/table/"
    for game, said in (
        ("memory", "at least two cards"),
        ("spinner", "at least two cards"),
        ("matching", "a front and a back"),
    ):
        answer = play(browser, at, "new", {"game": game})
        assert answer.status_code == 409 and said in answer.content.decode()
    assert browser.get(at).json()["game"] == "deck"


ACTS = {
    "set": lambda cast, made: actions.add_set(title="x", by=cast.tess, now=clock.now()),
    "lines": lambda cast, made: actions.add_lines(resource=made, lines=cards_of("x"), by=cast.tess, now=clock.now()),
    "cards": lambda cast, made: actions.add_cards(
        resource=made, pictures=[given(jpeg(), "a.jpg")], with_names=True, by=cast.tess, now=clock.now()
    ),
    "card": lambda cast, made: actions.add_card(resource=made, content=CardContent("x"), by=cast.tess, now=clock.now()),
    "change": lambda cast, made: actions.change_card(
        card=queries.cards_of(made)[0], content=CardContent("x"), by=cast.tess, now=clock.now()
    ),
    "remove": lambda cast, made: actions.remove_card(card=queries.cards_of(made)[0], by=cast.tess, now=clock.now()),
    "order": lambda cast, made: actions.order_cards(
        resource=made, order=[each.pk for each in reversed(queries.cards_of(made))], by=cast.tess, now=clock.now()
    ),
}


@pytest.mark.parametrize("act", ACTS)
def test_act_without_its_note_does_not_happen(cast, monkeypatch, act):
    made = make_set(cast.tess)

    assert_nothing_is_written(lambda: ACTS[act](cast, made), monkeypatch)


def test_every_change_of_cards_is_in_the_history(cast):
    made = make_set(cast.tess)
    actions.remove_card(card=queries.cards_of(made)[0], by=cast.tess, now=clock.now())
    assert AuditEvent.objects.filter(action="cards.changed").count() == 2


def test_pages_of_a_set_cost_the_same_however_many_cards(cast, django_assert_max_num_queries):
    browser, made = browser_of(cast.tess), make_set(cast.tess, "\n".join(f"w{n} = W{n}" for n in range(100)))
    for path in (f"/resources/{made.pk}/", f"/resources/{made.pk}/cards/", f"/resources/{made.pk}/table/"):
        browser.get(path)
        with django_assert_max_num_queries(15):
            assert browser.get(path).status_code == 200
