"""Two at once: what a rule counts or uses up is locked, and every refusal of the database becomes a sentence."""

import pytest
from django.conf import settings
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from core.kernel.errors import DomainError
from core.people import actions, queries
from core.people.models import Invitation, User
from core.people.rules.invitations import token_for


def test_same_address_added_by_somebody_else_meanwhile(cast, now, monkeypatch):
    monkeypatch.setattr(queries, "login_by_email", lambda email: None)  # because the other one commits after we looked

    with pytest.raises(DomainError) as caught:
        actions.make_agent(
            email="gus@north.test", name="Gus", agency="", time_zone="Europe/Berlin", by=cast.nora, now=now
        )

    assert caught.value.code == "email_taken"
    assert User.objects.filter(email="gus@north.test").count() == 1


def test_address_is_unique_in_any_case_in_the_database(cast):
    with pytest.raises(IntegrityError):
        User.objects.create(email="GUS@north.test", name="Other", time_zone="UTC")


def test_accepting_locks_the_invitation(cast, now):
    agent = actions.make_agent(
        email="ben@city.test", name="Ben", agency="", time_zone="Europe/Berlin", by=cast.nora, now=now
    )
    invitation = Invitation.objects.get(user=agent.user)
    token = token_for(invitation.pk, secret=settings.SECRET_KEY)
    with CaptureQueriesContext(connection) as queries_made:
        actions.accept_invitation(token=token, password="paper lantern morning", time_zone="Europe/Berlin", now=now)

    assert any("FOR UPDATE" in query["sql"] and "invitation" in query["sql"] for query in queries_made)
    with pytest.raises(DomainError) as caught:
        actions.accept_invitation(token=token, password="another fine phrase", time_zone="Europe/Berlin", now=now)
    assert caught.value.code == "accepted"
