"""Where the brand's pictures are found on an organization's host: also for mails, which are written by code that runs for no host."""

from branding.models import Brand
from tenants.absolute_urls import path_of


def logo_path(brand: Brand, variant: str) -> str:
    """The path of the logo (`light`, `dark`, or `mail`), which changes with it; empty when there is none."""
    if not (brand.logo_dark if variant == "dark" else brand.logo):
        return ""
    path = path_of("brand:logo", variant)
    return f"{path}?v={brand.digest}"
