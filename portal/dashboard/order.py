"""The panels of the dashboard, in order."""

from portal.billing import panels as billing
from portal.dashboard.panels import PanelMaker
from portal.live import panels as live
from portal.scheduling import dashboard_cards as scheduling

PANELS: list[PanelMaker] = [
    live.waiting_now,
    scheduling.upcoming,
    scheduling.to_complete,
    scheduling.past,
    billing.to_pay,
    billing.to_bill,
]
