"""Every address of a URL configuration, with its parameters filled in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.regex_helper import normalize


@dataclass(frozen=True)
class Address:
    """One address: its view's name, its path with placeholders, and the kinds of its parameters."""

    name: str
    template: str
    parameters: tuple[tuple[str, str], ...]

    def path(self, value_of: Callable[[str, str, str], Any]) -> str:
        """Fill in: `value_of(view, parameter, kind)`."""
        return "/" + self.template % {name: value_of(self.name, name, kind) for name, kind in self.parameters}


def addresses(urlconf: str) -> list[Address]:
    """Every address that can be asked, in the order of the configuration."""
    return list(_walk(get_resolver(urlconf), "", "", ()))


def _walk(
    resolver: URLResolver, namespace: str, template: str, parameters: tuple[tuple[str, str], ...]
) -> Iterator[Address]:
    for found in resolver.url_patterns:
        own_template, own_parameters = _read(found)
        path, names = template + own_template, (*parameters, *own_parameters)
        if isinstance(found, URLPattern):
            yield Address(namespace + (found.name or ""), path, names)
        else:
            below = f"{namespace}{found.namespace}:" if found.namespace else namespace
            yield from _walk(found, below, path, names)


def _read(found: URLPattern | URLResolver) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The pattern as a template with %(name)s, and its parameters with the names of their converters."""
    template, names = normalize(found.pattern.regex.pattern)[0]
    converters = getattr(found.pattern, "converters", {})
    kinds = {name: type(converter).__name__.removesuffix("Converter").lower() for name, converter in converters.items()}
    return template, tuple(
        (name, {"string": "str"}.get(kinds.get(name, "str"), kinds.get(name, "str"))) for name in names
    )
