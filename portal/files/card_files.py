"""What lies on a side of a card, as an answer."""

from django.http import HttpRequest, HttpResponseBase

from core.kernel.errors import NotFound
from core.resources.models import Card
from portal.files.answers import ASKED_AGAIN, file_answer, rendition_answer

PLACES = {(side, part) for side in ("front", "back") for part in ("picture", "sound")}


def card_file_answer(request: HttpRequest, card: Card, side: str, part: str) -> HttpResponseBase:
    """A picture as the product has made it, without place and camera, or a sound as it came; for whoever was let to the card before.

    NotFound where there is nothing.
    """
    file = getattr(card, f"{side}_{part}") if (side, part) in PLACES else None
    if file is None:
        raise NotFound(f"{part} on the {side} of {card.pk}")
    if part == "sound":
        return file_answer(request, file)
    made = file.rendition("large")
    if made is None:
        raise NotFound(f"picture of {card.pk}")
    return rendition_answer(request, made, cache=ASKED_AGAIN)
