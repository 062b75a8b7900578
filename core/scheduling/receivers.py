"""What scheduling does when people change."""

from core.kernel.wording import say_many
from core.people.deletion import register
from core.people.models import Client
from core.scheduling.models import Participant


@register
def appointments_stand_in_the_way(client: Client) -> str | None:
    """A client who is or was in the calendar cannot be deleted (PPL-13)."""
    count = Participant.objects.filter(client=client).count()
    if not count:
        return None
    return say_many(
        "%(name)s is in %(number)s appointment of the calendar.",
        "%(name)s is in %(number)s appointments of the calendar.",
        count,
        name=client,
    )
