"""What an owner sends from the page of the brand."""

from typing import Any


def brand_fields(**changes: Any) -> dict[str, Any]:
    """North's brand as the form has it, with whatever is changed."""
    return {
        "name": "North Practice", "tagline": "Calm care", "primary_color": "#0f766e", "accent_color": "#c2410c", "neutral": "cool",
        "radius": "soft", "heading_font": "Figtree", "body_font": "Inter", "vocabulary": "clinic", "languages": ["en"],
        "time_zone": "Europe/Berlin", "names_in_mail": "on", **changes,
    }  # fmt: skip
