"""Playing alone: with a set that one may use, or with dice."""

import json
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from core.kernel import clock
from core.resources import queries
from core.resources.actions import play_alone
from core.resources.models import Resource
from core.resources.permissions import get_resource
from core.resources.refusals import refusal
from core.resources.rules.games.faces import Refused
from core.resources.rules.games.table import Move
from core.resources.table_facts import table_facts
from portal.resources.presenters import table_page
from portal.resources.views import StaffView, tabs

ME = "me"
MOST_VALUE = 2000  # characters of a move's value


class TableView(StaffView):
    """One's own table of a set, as JSON: GET as it stands, POST a move."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        return table_answer(request, get_resource(self.user, pk, kind=Resource.Kind.CARDS))

    post = get


class DiceTableView(StaffView):
    """The same of dice."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return table_answer(request, None)

    post = get


class DiceView(StaffView):
    """Dice, alone. In a session they lie before everybody."""

    def get(self, request: HttpRequest) -> HttpResponse:
        context = {"tabs": tabs("dice"), "table": table_page(None)}
        return render(request, "resources/dice.html", context)


def table_answer(request: HttpRequest, resource: Resource | None) -> HttpResponse:
    """The table after the move that was sent, if one was. Errors: those of `refusal`."""
    now, user = clock.now(), request.user
    try:
        table = play_alone(resource=resource, move=_move(request, now.timestamp()), by=user, now=now)
    except Refused as refused:
        if (sentence := refusal(refused)) is not None:
            raise sentence from refused
        table = play_alone(resource=resource, move=None, by=user, now=now)
    cards = {str(each.pk): each for each in queries.cards_of(resource)} if resource is not None else {}
    return JsonResponse(table_facts(table, cards, page_of=lambda player: player, now=now.timestamp()))


def _move(request: HttpRequest, at: float) -> Move | None:
    if request.method != "POST":
        return None
    sent = request.POST
    seen = sent.get("seen", "")
    return Move(
        sent.get("act", "")[:20], _value(sent.get("value", "")), int(seen) if seen.isdecimal() and len(seen) < 10 else -1,
        player=ME, present=(ME,), leads=True, at=at,
    )  # fmt: skip


def _value(text: str) -> Any:
    try:
        return json.loads(text) if 0 < len(text) <= MOST_VALUE else None
    except (ValueError, RecursionError):
        return None
