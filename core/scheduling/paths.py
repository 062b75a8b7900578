"""Where the pages about appointments are: mails, notices and calendar files lead there."""

from uuid import UUID


def appointment_path(pk: UUID) -> str:
    return f"/appointments/{pk}/"


def connection_test_path() -> str:
    """Where somebody finds out beforehand whether camera, microphone and network are good enough."""
    return "/live/connection-test/"
