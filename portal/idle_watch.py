"""What the watch on every page is given (`idle-watch.js`); who is logged off decides `portal/idle.py`."""

from typing import Any

from django.urls import reverse

from core.people.models import Safeguards
from core.people.rules.safeguards import warning


def watch_of(user: Any) -> dict[str, Any] | None:
    """What the watch on a page is given: minutes, seconds of warning and where it tells. None where nobody is logged off."""
    minutes = Safeguards.of(user).idle_minutes
    if not minutes:
        return None
    return {
        "minutes": minutes,
        "warning": int(warning(minutes).total_seconds()),
        "alive": reverse("account_alive"),
        "end": reverse("account_idle"),
    }
