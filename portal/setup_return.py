"""The way back: whoever left the guide for a step finds a line there that leads to the guide again."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from portal.setup_guide import SEES, find_step, is_at

KEY = "setup_step"


def begin(request: HttpRequest, key: str) -> None:
    request.session[KEY] = key


def end(request: HttpRequest) -> None:
    request.session.pop(KEY, None)


def step_under_way(request: HttpRequest) -> dict[str, Any] | None:
    """The step that this person is at, on its page and those around it; None elsewhere."""
    key = request.session.get(KEY)
    step = find_step(key) if key and request.user.may(SEES) else None  # type: ignore[union-attr]
    if step is None or not is_at(step, request.path):
        return None
    return {"title": step.title, "guide_url": reverse("setup:guide")}
