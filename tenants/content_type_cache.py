"""A content-type cache per schema, in place of Django's one per process.

The stock cache is cleared at every switch and shared by all threads, so that under load one organization reads another's ids.
"""

from typing import Any

from django.contrib.contenttypes.models import ContentType

from tenants import context


class CachePerSchema:
    """Stands where ContentTypeManager keeps its dictionary: database alias -> {key: ContentType}."""

    def __init__(self) -> None:
        self._entries: dict[tuple[str, str], dict[Any, ContentType]] = {}

    def __getitem__(self, using: str) -> dict[Any, ContentType]:
        return self._entries[context.current().schema, using]

    def setdefault(self, using: str, default: dict[Any, ContentType]) -> dict[Any, ContentType]:
        return self._entries.setdefault((context.current().schema, using), default)

    def clear(self) -> None:
        schema = context.current().schema
        for key in [key for key in self._entries if key[0] == schema]:
            self._entries.pop(key, None)


def install() -> None:
    ContentType.objects._cache = CachePerSchema()  # type: ignore[attr-defined]
