"""How widgets are drawn: by Django's templates, but for selects."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.forms import renderers
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

SELECT = "django/forms/widgets/select.html"


class FormRenderer(renderers.DjangoTemplates):
    """Django draws each option by two templates more; a list of countries or currencies then takes longer than the page around it."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        if template_name == SELECT:
            return _select(context["widget"])
        return super().render(template_name, context, request)


def _select(widget: Mapping[str, Any]) -> SafeString:
    groups = "".join(_group(name, options) for name, options, _ in widget["optgroups"])
    return SafeString(f'<select name="{_written(widget["name"])}"{_attributes(widget["attrs"])}>{groups}\n</select>')


def _group(name: Any, options: Iterable[Mapping[str, Any]]) -> str:
    drawn = "".join(_option(option) for option in options)
    return f'\n  <optgroup label="{_written(name)}">{drawn}\n  </optgroup>' if name else drawn


def _option(option: Mapping[str, Any]) -> str:
    attributes = _attributes(option["attrs"])
    return f'\n  <option value="{_written(option["value"])}"{attributes}>{_written(option["label"])}</option>'


def _attributes(attributes: Mapping[str, Any]) -> str:
    given = ((_written(name), value) for name, value in attributes.items() if value is not False)
    return "".join(f" {name}" if value is True else f' {name}="{_written(value)}"' for name, value in given)


def _written(value: Any) -> SafeString:
    """As text of a page: escaped, unless it is safe already."""
    return conditional_escape(value if isinstance(value, str) else str(value))
