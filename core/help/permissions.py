"""Who reads what: articles for staff are read by who works here now, all others by everybody; who writes them."""

from typing import Any

from core.people.permissions import is_active_staff
from core.people.roles import Permission


def reads_staff_articles(user: Any) -> bool:
    """Whether articles for staff are there for this person, or for nobody in particular."""
    return is_active_staff(user)


def can_write_help(user: Any) -> bool:
    """Whoever changes words and pages of the organization."""
    return bool(user.is_authenticated and user.may(Permission.MANAGE_ORGANIZATION))
