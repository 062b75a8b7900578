"""Whom forms about live sessions choose from."""

from django.db.models import QuerySet

from core.people import permissions, queries
from core.people.models import Client, User
from portal.person_choices import About, Source, describe_client, own_and_recent, register, with_practitioners


def _callers(user: User, about: About) -> QuerySet[Client]:
    """Whom this person sees, prospects as well; none in the archive."""
    return permissions.clients_visible_to(user).filter(archived_at=None)


CALLERS = register(Source("callers", _callers, queries.in_client, describe_client, with_practitioners, own_and_recent))
