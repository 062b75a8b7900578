"""Recordings of sessions: on a client's page, and deleted when their time is over."""

from portal.manifests import ClientPanel, Manifest
from portal.recordings import client_panels
from sessions_live.messages import RECORDING_MESSAGES
from sessions_live.recordings.actions.retention import delete_expired
from sessions_live.recordings.reasons import DeletionReason

MANIFEST = Manifest(
    app="recordings",
    client_panels=(ClientPanel(client_panels.recordings, "recordings/_panel.html", 20),),
    reason_codes=(DeletionReason,),
    nightly_jobs=(delete_expired,),
    messages=RECORDING_MESSAGES,
    help={
        "recordings:": ("recording", "staff-recording"),
        "recording_settings:": ("staff-recording", "recording"),
    },
)
