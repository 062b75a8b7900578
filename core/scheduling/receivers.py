"""What scheduling does when people change."""

from core.people.deletion import register
from core.people.models import Client
from core.scheduling.models import Participant


@register
def appointments_stand_in_the_way(client: Client) -> str | None:
    """A client who is or was in the calendar cannot be deleted (PPL-13)."""
    count = Participant.objects.filter(client=client).count()
    if not count:
        return None
    return f"{client} is in {count} appointment{'s' if count > 1 else ''} of the calendar."
