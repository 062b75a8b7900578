"""People who wait, by the same actions as the product's: Cleo waits for Tess, or for anybody."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from core.kernel import clock
from core.scheduling.actions.edit import ServiceChosen
from core.waiting_list.actions import add_entry, change_waiting_settings
from core.waiting_list.models import WaitingEntry


def open_list(cast: SimpleNamespace, **changes: Any) -> None:
    """Times are offered by themselves, one after another, an hour each."""
    values = {"is_open": True, "clients_may_join": True, "mode": "one", "minutes": 60, "notice_hours": 3, **changes}
    change_waiting_settings(by=cast.nora, now=clock.now(), **values)


def wait(cast: SimpleNamespace, client: Any = None, **changes: Any) -> WaitingEntry:
    """For 50 minutes with Tess, any day and hour of the next month, unless `changes` says otherwise."""
    values: dict[str, Any] = {
        "client": client or cast.cleo,
        "service": ServiceChosen("Speech therapy"),
        "minutes": 50,
        "mode": "online",
        "practitioners": [cast.tess_staff],
        "until_on": (clock.now() + timedelta(days=30)).date(),
        "by": cast.nora,
        "now": clock.now(),
    }
    return add_entry(**{**values, **changes})
