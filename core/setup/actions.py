"""Putting a step of the setup guide aside, and taking it up again; the link for whoever looks after the DNS. Again changes nothing."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from core.kernel import audit
from core.setup.audit_codes import SetupAudit
from core.setup.models import GUIDE, RecordsLink, SkippedStep

VALID = timedelta(days=14)


@transaction.atomic
def skip_step(key: str, *, title: str, by: Any, now: datetime) -> SkippedStep:
    """Do without this step for now; `title` is how whoever skips it reads it."""
    values = {"title": title[:120], "skipped_at": now, "skipped_by": str(by)[:200]}
    step, is_new = SkippedStep.objects.get_or_create(key=key, defaults=values)
    if is_new:
        code = SetupAudit.SETUP_GUIDE_PUT_AWAY if key == GUIDE else SetupAudit.SETUP_STEP_SKIPPED
        audit.record(code, by=by, subject=step, changes={"step": [None, key]})
    return step


@transaction.atomic
def resume_step(key: str, *, by: Any) -> None:
    """Let the step stand among those to do again, or the guide on the dashboard."""
    step = SkippedStep.objects.select_for_update().filter(key=key).first()
    if step is None:
        return
    code = SetupAudit.SETUP_GUIDE_BROUGHT_BACK if key == GUIDE else SetupAudit.SETUP_STEP_RESUMED
    audit.record(code, by=by, subject=step, changes={"step": [key, None]})
    step.delete()


@transaction.atomic
def make_link(*, by: Any, now: datetime) -> RecordsLink:
    """Make a new link; one that was made before opens nothing any more."""
    RecordsLink.objects.all().delete()
    link = RecordsLink.objects.create(key=secrets.token_hex(16), made_at=now, made_by=str(by)[:200], until=now + VALID)
    audit.record(SetupAudit.RECORDS_LINK_MADE, by=by)
    return link


@transaction.atomic
def end_link(*, by: Any) -> None:
    """Let the link open nothing from now on."""
    ended, _ = RecordsLink.objects.all().delete()
    if ended:
        audit.record(SetupAudit.RECORDS_LINK_ENDED, by=by)
