"""Where the brand's pictures are found on an organization's host: also for mails, which are written by code that runs for no host."""

from branding.models import Look
from tenants.absolute_urls import path_of


def icon_path(look: Look, kind: str = "") -> str:
    """The path of the icon, or of one of its PNGs (`180`, `192`, `512`, `maskable`), which changes with it."""
    path = path_of("brand:app_icon", kind) if kind else path_of("brand:icon")
    return f"{path}?v={look.digest}"


def sign_in_picture_path(look: Look) -> str:
    """The path of the picture beside the sign-in, which changes with it; empty when there is none."""
    return f"{path_of('brand:sign_in_picture')}?v={look.digest}" if look.sign_in_picture else ""


def own_css_path(look: Look) -> str:
    """The path of the organization's own stylesheet, which changes with it."""
    return f"{path_of('brand:own_css')}?v={look.digest}"


def background_path(look: Look, name: str) -> str:
    """The path of a picture behind the live room (`waiting`, `call`), which changes with it; empty when there is none."""
    return f"{path_of('brand:background', name)}?v={look.digest}" if getattr(look, f"{name}_picture") else ""


def logo_path(look: Look, variant: str) -> str:
    """The path of the logo (`light`, `dark`, or `mail`), which changes with it; empty when there is none."""
    if not (look.logo_dark if variant == "dark" else look.logo):
        return ""
    path = path_of("brand:logo", variant)
    return f"{path}?v={look.digest}"
