"""What an owner sends from the pages of the brand."""

from typing import Any


def brand_fields(**changes: Any) -> dict[str, Any]:
    """North's look as the studio's form has it, with whatever is changed."""
    return {
        "name": "North Practice", "tagline": "Calm care", "primary_color": "#0f766e", "accent_color": "#c2410c", "neutral": "cool",
        "radius": "soft", "heading_font": "Figtree", "body_font": "Inter", **changes,
    }  # fmt: skip


def detail_fields(**changes: Any) -> dict[str, Any]:
    """North's details likewise."""
    return {"languages": ["en"], "time_zone": "Europe/Berlin", "names_in_mail": "on", **changes}


def publish(browser: Any) -> Any:
    """Publish the draft as the page shows it."""
    page = browser.get("/settings/")
    seen = {"mark": page.context["draft"].mark if page.context["draft"] else "", "over": page.context["over"]}
    return browser.post("/settings/brand/publication/", seen)
