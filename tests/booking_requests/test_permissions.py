"""Predicate and queryset say the same, for the whole cast."""

import pytest

from core.booking_requests.models import BookingRequest
from core.booking_requests.permissions import (
    ANSWER,
    can_answer,
    can_ask_for,
    can_see,
    clients_who_may_ask,
    get_request,
    requests_answered_by,
    requests_visible_to,
)
from core.kernel.errors import NotFound
from core.people.models import Client, StaffMember, User
from tests.factories.booking_requests import ask, ask_move
from tests.factories.scheduling import book, make_client

EVERYBODY = ("nora", "sam", "tess", "gus", "ada", "cleo_login", "pat", "former")


@pytest.fixture
def asked(cast):
    """One for Tess, one for anybody, one that moves; one for anybody by a client of nobody; and people with nothing to do with them."""
    cast.pat = User.objects.create_user(email="pat@north.test", name="Pat", time_zone="UTC")
    StaffMember.objects.create(user=cast.pat, role="practitioner")
    cast.former = User.objects.create_user(email="former@north.test", name="Former", time_zone="UTC")
    StaffMember.objects.create(user=cast.former, role="staff", status="inactive")
    make_client("Otto", login=cast.pat)
    return [
        ask(cast),
        ask(cast, practitioner=None),
        ask_move(cast, book(cast)),
        ask(cast, client=Client.objects.get(first_name="Otto"), practitioner=None, by=cast.pat),
    ]


@pytest.mark.parametrize("name", EVERYBODY)
def test_predicate_is_queryset(asked, cast, name):
    user = getattr(cast, name)
    for request in BookingRequest.objects.select_related("client", "practitioner", "moves__practitioner"):
        assert can_answer(user, request) == requests_answered_by(user).filter(pk=request.pk).exists()
        assert can_see(user, request) == requests_visible_to(user).filter(pk=request.pk).exists()
    for client in Client.objects.all():
        assert can_ask_for(user, client) == clients_who_may_ask(user).filter(pk=client.pk).exists()


@pytest.mark.parametrize(
    ("name", "answered"), [("nora", 4), ("sam", 3), ("tess", 3), ("gus", 0), ("ada", 0), ("pat", 0), ("former", 0)]
)
def test_who_answers(asked, cast, name, answered):
    assert requests_answered_by(getattr(cast, name)).count() == answered


def test_the_door(asked, cast):
    with pytest.raises(NotFound):
        get_request(cast.ada, asked[0].pk)
    with pytest.raises(NotFound):
        get_request(cast.pat, asked[0].pk)
    assert get_request(cast.sam, asked[0].pk, to=ANSWER) == asked[0]
