"""Who reads what visitors write, and who deals with it: whoever sees all clients, and whoever looks after them."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from core.enquiries.models import Enquiry
from core.kernel.errors import NotFound
from core.people.models import User
from core.people.permissions import is_active_staff
from core.people.roles import Permission

SEE, HANDLE = "see", "handle"


def can_see_enquiries(user: Any) -> bool:
    """Every enquiry, because nobody is assigned to whoever writes for the first time."""
    return is_active_staff(user) and user.may(Permission.SEE_ALL_CLIENTS)


def can_handle_enquiries(user: Any) -> bool:
    """Mark them as answered, put them away, delete them."""
    return can_see_enquiries(user) and user.may(Permission.MANAGE_CLIENTS)


def enquiries_visible_to(user: User) -> QuerySet[Enquiry]:
    """Every enquiry that somebody reads."""
    return Enquiry.objects.all() if can_see_enquiries(user) else Enquiry.objects.none()


def get_enquiry(user: User, pk: Any, *, to: str = SEE) -> Enquiry:
    """The enquiry, if `user` may see it, and may do `to` with it. NotFound, PermissionDenied."""
    found = enquiries_visible_to(user).select_related("client").filter(pk=pk).first()
    if found is None:
        raise NotFound(f"enquiry {pk}")
    if not _RIGHTS[to](user):
        raise PermissionDenied
    return found


_RIGHTS: dict[str, Callable[[Any], bool]] = {SEE: can_see_enquiries, HANDLE: can_handle_enquiries}
