"""Pictures of the public site."""

from datetime import datetime
from functools import partial
from typing import Any

from django.core.files.images import get_image_dimensions
from django.core.files.storage import default_storage
from django.db import transaction

from branding.images import read_image
from core.kernel import audit
from core.kernel.errors import ConflictError
from core.kernel.translation import translate
from core.pages.audit_codes import PagesAudit
from core.pages.models import SitePicture
from core.pages.picture_uses import shown_elsewhere
from core.pages.queries import is_on_a_page, pages_of_pictures
from tenants import context

WIDEST, SMALL = 1400, 720


@transaction.atomic
def keep_picture(*, upload: Any, by: Any) -> SitePicture:
    """Keep an uploaded picture in two sizes. Errors: `picture_too_large`, `picture_unreadable`."""
    large = read_image(upload, widest=WIDEST, is_photo=True)
    upload.seek(0)
    small = read_image(upload, widest=SMALL, is_photo=True)
    (width, height), (small_width, _small_height) = get_image_dimensions(large), get_image_dimensions(small)
    picture = SitePicture.objects.create(large=large, small=small, width=width, height=height, small_width=small_width)
    audit.record(PagesAudit.PICTURE_ADDED, by=by, subject=picture)
    return picture


@transaction.atomic
def drop_picture(*, pk: str, by: Any) -> None:
    """Delete a picture with its files, unless a page shows it in any of its versions. Again changes nothing."""
    picture = SitePicture.objects.select_for_update().filter(pk=pk).first()
    if picture is None or is_on_a_page(pk):
        return
    _delete(picture, by=by)


@transaction.atomic
def remove_picture(*, pk: str, by: Any) -> bool:
    """Delete a picture that nothing shows; versions of before then show none. False where it is gone already. Error `picture_shown`."""
    picture = SitePicture.objects.select_for_update().filter(pk=pk).first()
    if picture is None:
        return False
    if str(picture.pk) in {*pages_of_pictures(), *shown_elsewhere()}:
        sentence = translate("Something shows this picture. Take it away there first.")
        raise ConflictError("picture_shown", sentence)
    _delete(picture, by=by)
    return True


@transaction.atomic
def remove_unused_pictures(*, before: datetime, by: Any) -> int:
    """Delete every picture that nothing shows and that was there `before` then; returns how many."""
    shown = {*pages_of_pictures(), *shown_elsewhere()}
    unused = [
        picture
        for picture in SitePicture.objects.select_for_update().filter(created_at__lt=before)
        if str(picture.pk) not in shown
    ]
    for picture in unused:
        _delete(picture, by=by)
    return len(unused)


def _delete(picture: SitePicture, *, by: Any) -> None:
    audit.record(PagesAudit.PICTURE_DELETED, by=by, subject=picture)
    names = [picture.large.name, picture.small.name]
    picture.delete()
    transaction.on_commit(partial(_delete_files, names, context.current()))


def _delete_files(names: list[str], organization: context.State) -> None:
    """The commit may come where no organization is in force any more."""
    with context.entered(organization):
        for name in names:
            default_storage.delete(name)
