"""What of the calendar stands in the way of deleting a client."""

from core.kernel.translation import translate_plural
from core.people.models import Client
from core.scheduling.models import Participant


def appointments_stand_in_the_way(client: Client) -> str | None:
    """A client who is or was in the calendar cannot be deleted (PPL-13)."""
    count = Participant.objects.filter(client=client).count()
    if not count:
        return None
    return translate_plural(
        "%(name)s stands in the calendar %(number)s time.",
        "%(name)s stands in the calendar %(number)s times.",
        count,
        name=client,
    )
