"""What nobody shows any more goes after a while: pictures and fonts that no look has, whatever left them behind."""

from datetime import datetime, timedelta

from django.core.files.storage import default_storage
from django.utils import timezone

from branding.actions.fonts import is_worn
from branding.actions.looks import WITH_PICTURES, pictures_of
from branding.models import BrandFont

GRACE = timedelta(days=7)  # somebody may be about to save what has just been sent


def nightly(*, now: datetime) -> None:
    """Delete removed fonts that no look has, and then files that belong to nothing. Again changes nothing."""
    for font in BrandFont.objects.filter(removed_at__lt=now - GRACE):
        if not is_worn(font):
            font.delete()
    looks = [look for model in WITH_PICTURES for look in model._default_manager.all()]
    _delete_others("brand", {name for look in looks for name in pictures_of(look)}, before=now - GRACE)
    _delete_others(
        "fonts", {file.name or "" for font in BrandFont.objects.all() for file in font.files}, before=now - GRACE
    )


def _delete_others(folder: str, shown: set[str], *, before: datetime) -> None:
    try:
        _, names = default_storage.listdir(folder)
    except FileNotFoundError:  # nothing was ever kept
        return
    for name in (f"{folder}/{each}" for each in names):
        if name not in shown and _kept_since(name) < before:
            default_storage.delete(name)


def _kept_since(name: str) -> datetime:
    since = default_storage.get_modified_time(name)
    return timezone.make_aware(since) if timezone.is_naive(since) else since
