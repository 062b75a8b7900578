"""What of the forms stands in the way of deleting a client."""

from core.kernel.translation import translate_plural
from core.people.models import Client
from core.records.questionnaires.models import QuestionnaireRequest


def forms_stand_in_the_way(client: Client) -> str | None:
    """What was asked and answered is kept as long as the law wants it."""
    count = QuestionnaireRequest.objects.filter(client=client).count()
    if not count:
        return None
    return translate_plural(
        "There is %(number)s form of %(name)s.", "There are %(number)s forms of %(name)s.", count, name=client
    )
