"""Moves that come at once, alone and in a session: real threads, real transactions."""

import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from django.db import connections

from core.kernel import clock
from core.kernel.errors import DomainError
from core.people.models import User
from core.resources import actions as resources
from core.resources.models import OwnTable
from core.resources.queries import cards_of
from core.resources.rules.card_lines import cards_of as cards_in
from core.resources.rules.games.faces import Refused
from core.resources.rules.games.table import Move
from sessions_live import actions
from sessions_live.models import Showing
from sessions_live.showings.actions.playing import play, show_dice
from tenants.context import organization_context
from tests.factories.committed import committed_organization
from tests.factories.links import knock, link_of, room_of

THREADS = 4


@pytest.fixture(scope="module")
def house(django_db_setup, django_db_blocker):
    """Olive in her room with guests who came by her link, and a set of hers; committed."""
    with committed_organization(slug="dicing", host="dicing.test", blocker=django_db_blocker) as found:
        olive = User.objects.get(email="olive@dicing.test")
        link = link_of(olive.staff)
        room = room_of(link)
        actions.ask_admission(room, by=olive, now=clock.now())
        people = [olive]
        for number in range(THREADS - 1):
            asked = knock(link, f"Guest {number}")
            actions.admit(room, asked.pk, by=olive, now=clock.now())
            people.append(asked.guest)
        words = resources.add_set(title="Words", by=olive, now=clock.now())
        resources.add_lines(resource=words, lines=cards_in("a = 1\nb = 2\nc = 3\nd = 4"), by=olive, now=clock.now())
        yield SimpleNamespace(organization=found, olive=olive, room=room, people=people, words=words)


def at_once(house, act):
    """What became of each thread."""
    start = threading.Barrier(THREADS, timeout=30)

    def run(number):
        with organization_context(house.organization):
            try:
                start.wait()
                return act(number)
            finally:
                connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(THREADS)))


def test_of_those_who_throw_at_once_one_throws(house):
    with organization_context(house.organization):
        showing = show_dice(house.room, by=house.olive, now=clock.now())

        def throw(number):
            by = house.people[number]
            done = play(
                house.room, showing.pk, act="throw", value=None, seen=0, by=by, leads=number == 0, now=clock.now()
            )
            return done is not None

        assert sorted(at_once(house, throw)) == [False] * (THREADS - 1) + [True]
        assert Showing.objects.get(pk=showing.pk).table["play"]["throws"] == 1


def test_of_two_windows_that_play_alone_neither_undoes_the_other(house):
    with organization_context(house.organization):
        cards = [str(each.pk) for each in cards_of(house.words)]

        def mark(number):
            move = Move("mark", [cards[number], True], leads=True)
            try:
                resources.play_alone(resource=house.words, move=move, by=house.olive, now=clock.now())
            except Refused:
                return False
            return True

        assert at_once(house, mark) == [True] * THREADS
        kept = OwnTable.objects.get()
        assert set(kept.table["play"]["marks"]) == set(cards) and kept.table["moves"] == THREADS


def test_cards_that_come_while_others_are_ordered_stay(house):
    with organization_context(house.organization):
        before = [each.pk for each in cards_of(house.words)]

        def change(number):
            try:
                if number % 2:
                    lines = cards_in(f"new {number}")
                    resources.add_lines(resource=house.words, lines=lines, by=house.olive, now=clock.now())
                else:
                    resources.order_cards(resource=house.words, order=before[::-1], by=house.olive, now=clock.now())
            except DomainError as refused:
                return refused.code
            return "done"

        became = at_once(house, change)
        assert {became[1], became[3]} == {"done"} and {became[0], became[2]} <= {"done", "cards_moved_on"}
        after = list(cards_of(house.words))
        assert len(after) == len(before) + 2 and len({each.position for each in after}) == len(after)
