"""The panels of the dashboard, in order."""

from portal.dashboard.panels import PanelMaker
from portal.scheduling import panels as scheduling

PANELS: list[PanelMaker] = [
    scheduling.upcoming,
    scheduling.to_complete,
    scheduling.past,
]
