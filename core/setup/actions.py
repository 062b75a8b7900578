"""Putting a step of the setup guide aside, and taking it up again. Again changes nothing."""

from datetime import datetime
from typing import Any

from django.db import transaction

from core.kernel import audit
from core.setup.audit_codes import SetupAudit
from core.setup.models import GUIDE, SkippedStep


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
