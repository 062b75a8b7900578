"""Whose uploads they are: each person's own. Who may read a file, the app decides to whose things it belongs."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from core.files.models import Upload
from core.files.purposes import Purpose, get_purpose
from core.kernel.errors import NotFound


def uploads_of(user: Any) -> QuerySet[Upload]:
    """What somebody has sent and nobody has taken for anything yet."""
    if not (user.is_authenticated and user.is_active):
        return Upload.objects.none()
    return Upload.objects.filter(user=user)


def get_upload(user: Any, pk: UUID | str) -> Upload:
    """One's own upload. NotFound."""
    found = uploads_of(user).select_related("key", "file").filter(pk=pk).first()
    if found is None:
        raise NotFound(f"upload {pk}")
    return found


def get_purpose_for(user: Any, code: str) -> Purpose:
    """What files are brought for, for somebody who may bring them. NotFound, PermissionDenied."""
    purpose = get_purpose(code)
    if not (user.is_authenticated and user.is_active and purpose.may(user)):
        raise PermissionDenied
    return purpose
