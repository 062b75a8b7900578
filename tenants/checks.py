"""System checks: what would leak silently stops start-up."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, register


@register()
def every_cache_carries_the_schema(**_: Any) -> list[Error]:
    return [
        Error(f"Cache “{alias}” has no KEY_FUNCTION.", hint="Set it to tenants.cache.make_key.", id="tenants.E001")
        for alias, options in settings.CACHES.items()
        if options.get("KEY_FUNCTION") != "tenants.cache.make_key"
    ]
