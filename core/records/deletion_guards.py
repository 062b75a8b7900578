"""What of the records stands in the way of deleting a client."""

from core.kernel.translation import translate_plural
from core.people.models import Client
from core.records.models import ClientFile, Goal, Note, Score


def notes_stand_in_the_way(client: Client) -> str | None:
    """What was written about somebody is kept as long as the law wants it."""
    count = Note.objects.filter(client=client).exclude(revision=0).count()
    if not count:
        return None
    return translate_plural(
        "There is %(number)s note about %(name)s.", "There are %(number)s notes about %(name)s.", count, name=client
    )


def goals_stand_in_the_way(client: Client) -> str | None:
    """So are the goals."""
    count = Goal.objects.filter(client=client).count()
    if not count:
        return None
    return translate_plural(
        "There is %(number)s goal of %(name)s.", "There are %(number)s goals of %(name)s.", count, name=client
    )


def files_stand_in_the_way(client: Client) -> str | None:
    """And the files."""
    count = ClientFile.objects.filter(client=client).count()
    if not count:
        return None
    return translate_plural(
        "There is %(number)s file of %(name)s.", "There are %(number)s files of %(name)s.", count, name=client
    )


def scores_stand_in_the_way(client: Client) -> str | None:
    """And the scores."""
    count = Score.objects.filter(client=client).count()
    if not count:
        return None
    return translate_plural(
        "There is %(number)s score of %(name)s.", "There are %(number)s scores of %(name)s.", count, name=client
    )
