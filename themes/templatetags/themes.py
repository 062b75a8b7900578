"""The tags that pages are made of: components with slots, icons, terms, times and money."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.template.base import FilterExpression, Node, NodeList, Parser, Token, token_kwargs
from django.template.context import Context
from django.template.engine import Engine
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from branding import monogram
from core.kernel.opened_pages import is_opened
from core.kernel.translation import colon
from themes import elements, formats
from themes.components import Choice, Component, component_named
from themes.terms import term_for

register = template.Library()
# Attributes of HTML that any component hands through, written with underscores: hx_get → hx-get.
PASSED_ON = ("hx_", "data_", "aria_")
# What a component may know of the page around it; everything else must be handed to it.
AMBIENT = ("request", "csrf_token", "organization", "brand", "vocabulary", "user", "user_zone")
_ABSENT = object()
_NOTHING = SafeString()

register.filter("colon", colon, is_safe=True)
register.simple_tag(elements.icon, name="icon")
register.filter("initials", elements.initials)
register.filter("monogram", monogram.initials)
register.filter("tone_of", elements.tone_of)
register.filter("field_kind", elements.field_kind)
register.filter("without", elements.without)
register.filter("breakable", elements.breakable)
register.filter("mailto", elements.mailto)
register.filter("tel", elements.tel)
register.filter("empty_cells", elements.empty_cells)
register.filter("day", formats.day, expects_localtime=True)
register.filter("moment", formats.moment, expects_localtime=True)
register.simple_tag(elements.control, name="control")
register.simple_tag(formats.money, takes_context=True, name="money")
register.simple_tag(formats.local_time, takes_context=True, name="local_time")
register.simple_tag(formats.time_range, takes_context=True, name="time_range")
register.simple_tag(term_for, takes_context=True, name="term")


@register.simple_tag(takes_context=True)
def unread_messages(context: Context) -> Any:
    """What there is to say to the reader. It is said once, so that it waits where nobody would read it: a script takes a part out of the page."""
    request = context.get("request")
    return context.get("messages") or () if request is None or is_opened(request) else ()


@register.tag("component")
def component_tag(parser: Parser, token: Token) -> "ComponentNode":
    """`{% component "button" label="Save" variant="primary" %}`: one component without content."""
    name, given = _read(parser, token)
    return ComponentNode(name, given, NodeList())


@register.tag("wrap")
def wrap_tag(parser: Parser, token: Token) -> "ComponentNode":
    """`{% wrap "card" title="Today" %} … {% slot "actions" %} … {% endslot %} {% endwrap %}`: one with content."""
    name, given = _read(parser, token)
    component = component_named(name)
    if not component.container:
        raise template.TemplateSyntaxError(f"{name!r} takes no content: write {{% component %}}.")
    content = parser.parse(("endwrap",))
    parser.delete_first_token()
    for slot in content.get_nodes_by_type(SlotNode):
        if slot in content and slot.name not in component.slots:
            raise template.TemplateSyntaxError(f"{name!r} has no slot {slot.name!r}; it has {component.slots}.")
    return ComponentNode(name, given, content)


@register.tag("slot")
def slot_tag(parser: Parser, token: Token) -> "SlotNode":
    """`{% slot "footer" %} … {% endslot %}`: content for a named place of the component around it."""
    parts = token.split_contents()
    if len(parts) != 2:
        raise template.TemplateSyntaxError('{% slot "name" %} takes one name.')
    content = parser.parse(("endslot",))
    parser.delete_first_token()
    return SlotNode(parts[1].strip("\"'"), content)


class SlotNode(Node):
    """Holds a slot's content; the component around it decides where it appears."""

    child_nodelists = ("content",)

    def __init__(self, name: str, content: NodeList) -> None:
        self.name, self.content = name, content

    def render(self, context: Context) -> SafeString:
        """Nothing in place, because the content belongs elsewhere."""
        return SafeString()


class ComponentNode(Node):
    """Draws one component in a context of its own."""

    child_nodelists = ("content",)

    def __init__(self, name: str, given: Mapping[str, FilterExpression], content: NodeList) -> None:
        self.name, self.given, self.content = name, given, content
        self.component = component_named(name)
        _check(name, self.component, given)
        self.defaults = self.component.defaults()
        self.slots = [node for node in content if isinstance(node, SlotNode)]

    def render(self, context: Context) -> SafeString:
        """The component's template with its attributes, slots and the few ambient variables."""
        values = dict(self.defaults)
        passed = []
        for key, expression in self.given.items():
            value = expression.resolve(context)
            if key.startswith(PASSED_ON):
                passed.append((key.replace("_", "-"), value))
            else:
                values[key] = self._allowed(key, value)
        slots = {slot.name: _trimmed(slot.content, context) for slot in self.slots}
        ambient = {key: value for key in AMBIENT if (value := context.get(key, _ABSENT)) is not _ABSENT}
        extra = format_html_join("", ' {}="{}"', passed) if passed else _NOTHING
        content = _trimmed(self.content, context) if self.content else _NOTHING
        values |= {"content": content, "slots": slots, "attributes": extra}
        engine = context.template.engine if context.template is not None else Engine.get_default()
        return engine.get_template(self.component.template).render(context.new(ambient | values))

    def _allowed(self, key: str, value: Any) -> Any:
        rule = self.component.attributes[key]
        if isinstance(rule, Choice) and value not in rule.values:
            raise template.TemplateSyntaxError(f"{self.name}: {key}={value!r} is not one of {rule.values}.")
        return value


def _trimmed(content: NodeList, context: Context) -> SafeString:
    """The content without white space around it, so that content that came to nothing counts as none."""
    return SafeString(content.render(context).strip())


def _read(parser: Parser, token: Token) -> tuple[str, dict[str, FilterExpression]]:
    """The component's name, which must be a literal, and its attributes."""
    parts = token.split_contents()[1:]
    if not parts or parts[0][0] not in "\"'":
        raise template.TemplateSyntaxError('A component is named by a literal: {% component "button" … %}.')
    name, rest = parts[0].strip("\"'"), parts[1:]
    given = token_kwargs(rest, parser)
    if rest:
        raise template.TemplateSyntaxError(f"{name}: {rest[0]!r} is not written as attribute=value.")
    return name, given


def _check(name: str, component: Component, given: Mapping[str, FilterExpression]) -> None:
    unknown = [key for key in given if key not in component.attributes and not key.startswith(PASSED_ON)]
    if unknown:
        known = ", ".join(sorted(component.attributes))
        raise template.TemplateSyntaxError(f"{name} has no attribute {unknown[0]!r}. It has: {known}.")
    missing = [key for key in component.needed if key not in given]
    if missing:
        raise template.TemplateSyntaxError(f"{name} needs {missing[0]!r}.")
