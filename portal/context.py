"""What every template of an organization's host can count on."""

from typing import Any

from django.http import HttpRequest


def frame(request: HttpRequest) -> dict[str, Any]:
    """Organization, brand, navigation."""
    organization = getattr(request, "organization", None)
    if organization is None:
        return {}
    return {"organization": organization}
