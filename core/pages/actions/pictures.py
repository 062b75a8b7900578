"""Pictures of the public site."""

from typing import Any

from django.core.files.images import get_image_dimensions
from django.db import transaction

from branding.images import read_image
from core.kernel import audit
from core.pages.audit_codes import PagesAudit
from core.pages.models import SitePicture

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
