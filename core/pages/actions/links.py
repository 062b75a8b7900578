"""A link to a draft, for somebody without an account: made, and ended before its time."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from wagtail.models import Page

from core.kernel import audit
from core.pages.audit_codes import PagesAudit
from core.pages.models import DraftLink

SHARED_FOR = timedelta(days=7)


@transaction.atomic
def share_draft(*, page: Page, by: Any, now: datetime) -> DraftLink:
    """Make a link that shows the newest draft to whoever has it; an earlier one opens nothing any more."""
    held = Page.objects.select_for_update().get(pk=page.pk)
    values = {"key": secrets.token_urlsafe(24), "made_by": str(by)[:200], "until": now + SHARED_FOR}
    link, _is_new = DraftLink.objects.update_or_create(page=held, defaults=values)
    audit.record(PagesAudit.PAGE_DRAFT_SHARED, by=by, subject=held, changes={"until": [None, link.until.isoformat()]})
    return link


@transaction.atomic
def end_share(*, page: Page, by: Any) -> None:
    """Let the link open nothing from now on. Again changes nothing."""
    held = Page.objects.select_for_update().get(pk=page.pk)
    if DraftLink.objects.filter(page=held).delete()[0]:
        audit.record(PagesAudit.PAGE_DRAFT_SHARE_ENDED, by=by, subject=held)
