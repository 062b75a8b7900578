"""Every component with the attributes it takes: the contract that `{% component %}` and `{% wrap %}` enforce.

The drawing is in templates/components/<name>.html. An attribute that is not listed here is a mistake in the calling
template and raises when that template is compiled, because a misspelt `varient` would otherwise vanish in silence.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

TONES = ("neutral", "brand", "success", "warning", "danger", "info")
SIZES = ("medium", "small", "large")


class Required:
    """Marks an attribute without which a component makes no sense."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An attribute with a closed list of values; the first one is the default."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Component:
    """What a component accepts: attribute → default, Choice or Required; and its named slots."""

    attributes: Mapping[str, Any]
    slots: tuple[str, ...] = ()
    container: bool = False  # a container takes content and is written with {% wrap %}
    needed: tuple[str, ...] = field(init=False, default=())

    def __post_init__(self) -> None:
        needed = tuple(name for name, default in self.attributes.items() if default is Required)
        object.__setattr__(self, "needed", needed)

    def defaults(self) -> dict[str, Any]:
        """A value for every attribute that was not given."""
        return {
            name: default.values[0] if isinstance(default, Choice) else default
            for name, default in self.attributes.items()
            if default is not Required
        }


_CONTROL: dict[str, Any] = {
    "label": Required, "variant": Choice(("secondary", "primary", "quiet", "danger", "link")), "size": Choice(SIZES),
    "icon": "", "icon_end": "", "icon_only": False, "href": "", "type": Choice(("button", "submit", "reset")),
    "name": "", "value": "", "form": "", "formaction": "", "id": "", "disabled": False, "full": False,
    "download": False, "opens": "", "closes": "", "popover": "", "new_tab": False,
}  # fmt: skip

COMPONENTS: dict[str, Component] = {
    # acting
    "button": Component(_CONTROL),
    "copy": Component({"text": Required, "label": ""}),
    "menu": Component(
        {"id": Required, "label": Required, "icon": "ellipsis", "text": "", "variant": "quiet", "size": "medium"},
        container=True,
    ),
    "menu_item": Component(
        {"label": Required, "href": "", "icon": "", "post": "", "opens": "", "danger": False, "current": False}
    ),
    "dialog": Component(
        {"id": Required, "title": Required, "text": "", "size": Choice(("medium", "small", "large", "sheet")),
         "open_now": False},
        slots=("footer",), container=True,
    ),
    # forms
    "field": Component({
        "field": Required, "label": "", "help": "", "prefix": "", "suffix": "", "icon": "", "hide_label": False,
        "width": Choice(("full", "half", "third", "short")),
    }),
    "errors": Component({"form": Required, "title": ""}),
    "form": Component(
        {"form": Required, "action": "", "method": "post", "submit": "", "cancel": "", "guard": True, "id": "",
         "danger": False},
        slots=("before", "after", "actions"), container=True,
    ),
    "switch": Component({"name": Required, "label": Required, "checked": False, "help": "", "value": "on", "id": "",
                         "disabled": False}),
    "file_drop": Component({"field": Required, "help": "", "accept": "", "multiple": False}),
    "filters": Component({"action": "", "label": "", "target": ""}, container=True),
    "period": Component({"period": Required, "label": ""}),
    "search": Component({"name": "q", "value": "", "label": "", "placeholder": ""}),
    # showing
    "card": Component(
        {"title": "", "subtitle": "", "icon": "", "level": 2, "flush": False, "tone": "", "id": "", "href": ""},
        slots=("actions", "footer"), container=True,
    ),
    "stat": Component({"label": Required, "value": Required, "change": "", "trend": Choice(("", "up", "down")),
                       "icon": "", "href": "", "help": ""}),
    "badge": Component({"label": Required, "tone": Choice((*TONES, *(f"tone-{n}" for n in range(1, 9)))), "icon": "",
                        "dot": False}),
    "avatar": Component({"name": Required, "image": "", "size": Choice((*SIZES, "tiny", "huge")),
                         "presence": Choice(("", "online", "away"))}),
    "person": Component({"name": Required, "detail": "", "image": "", "href": "", "size": "medium"}),
    "empty": Component({"title": Required, "text": "", "icon": "inbox", "compact": False}, container=True),
    "alert": Component({"title": "", "text": "", "tone": Choice(("info", *TONES)), "icon": "", "live": False},
                       slots=("actions",), container=True),
    "toast": Component({"text": Required, "tone": Choice(TONES)}),
    "table": Component({"caption": Required, "show_caption": False, "compact": False, "stack": True}, container=True),
    "facts": Component({"items": (), "columns": Choice(("one", "two", "three"))}, container=True),
    "timeline": Component({"label": Required}, container=True),
    "timeline_item": Component({"title": Required, "at": None, "zone": "", "icon": "circle", "tone": Choice(TONES),
                                "by": ""}, container=True),
    "bubble": Component({"author": Required, "text": Required, "at": None, "zone": "", "mine": False, "image": ""}),
    "progress": Component({"label": Required, "value": Required, "max": 100, "show_label": True, "text": ""}),
    "skeleton": Component({"lines": 3, "shape": Choice(("text", "card", "row"))}),
    # finding one's way
    "tabs": Component({"items": Required, "label": ""}),
    "segmented": Component({"items": Required, "label": Required}),
    "breadcrumbs": Component({"items": Required, "label": ""}),
    "pagination": Component({"page": Required, "query": "", "label": "", "parameter": "page"}),
    "stepper": Component({"steps": Required, "label": ""}),
    "date_nav": Component({"label": Required, "previous": Required, "next": Required, "today": ""}),
}  # fmt: skip


def component_named(name: str) -> Component:
    """The component of that name; LookupError lists the ones there are."""
    if name not in COMPONENTS:
        raise LookupError(f"There is no component {name!r}. There are: {', '.join(sorted(COMPONENTS))}.")
    return COMPONENTS[name]
