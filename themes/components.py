"""Every component with the attributes it takes: the contract that `{% component %}` and `{% wrap %}` enforce.

Each names the template that draws it. An attribute that is not listed here is a mistake in the calling
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
    """The template that draws it, and what it accepts: attribute → default, Choice or Required; and its named slots."""

    template: str
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
    "label": Required,
    "variant": Choice(("secondary", "primary", "quiet", "danger", "link")),
    "size": Choice(SIZES),
    "icon": "",
    "icon_end": "",
    "icon_only": False,
    "href": "",
    "type": Choice(("button", "submit", "reset")),
    "name": "",
    "value": "",
    "form": "",
    "formaction": "",
    "id": "",
    "disabled": False,
    "full": False,
    "download": False,
    "opens": "",
    "closes": "",
    "popover": "",
    "new_tab": False,
}

COMPONENTS: dict[str, Component] = {
    # acting
    "button": Component("components/button.html", _CONTROL),
    "copy": Component("components/copy.html", {"text": Required, "label": ""}),
    "menu": Component(
        "components/menu.html",
        {"id": Required, "label": Required, "icon": "ellipsis", "text": "", "variant": "quiet", "size": "medium"},
        container=True,
    ),
    "menu_item": Component(
        "components/menu_item.html",
        {"label": Required, "href": "", "icon": "", "post": "", "opens": "", "danger": False, "current": False},
    ),
    "dialog": Component(
        "components/dialog.html",
        {
            "id": Required,
            "title": Required,
            "text": "",
            "size": Choice(("medium", "small", "large", "sheet")),
            "open_now": False,
        },
        slots=("footer",),
        container=True,
    ),
    # forms
    "field": Component(
        "components/field.html",
        {
            "field": Required,
            "label": "",
            "help": "",
            "prefix": "",
            "suffix": "",
            "icon": "",
            "hide_label": False,
            "width": Choice(("full", "half", "third", "short")),
        },
    ),
    "errors": Component("components/errors.html", {"form": Required, "title": ""}),
    "form": Component(
        "components/form.html",
        {
            "form": Required,
            "action": "",
            "method": "post",
            "submit": "",
            "cancel": "",
            "guard": True,
            "id": "",
            "danger": False,
        },
        slots=("before", "after", "actions"),
        container=True,
    ),
    "switch": Component(
        "components/switch.html",
        {"name": Required, "label": Required, "checked": False, "help": "", "value": "on", "id": "", "disabled": False},
    ),
    "file_drop": Component(
        "components/file_drop.html", {"field": Required, "help": "", "accept": "", "multiple": False}
    ),
    "filters": Component("components/filters.html", {"action": "", "label": "", "target": ""}, container=True),
    "period": Component("components/period.html", {"period": Required, "label": ""}),
    "search": Component("components/search.html", {"name": "q", "value": "", "label": "", "placeholder": ""}),
    # showing
    "card": Component(
        "components/card.html",
        {"title": "", "subtitle": "", "icon": "", "level": 2, "flush": False, "tone": "", "id": "", "href": ""},
        slots=("actions", "footer"),
        container=True,
    ),
    "stat": Component(
        "components/stat.html",
        {
            "label": Required,
            "value": Required,
            "change": "",
            "trend": Choice(("", "up", "down")),
            "icon": "",
            "href": "",
            "help": "",
        },
    ),
    "badge": Component(
        "components/badge.html",
        {"label": Required, "tone": Choice((*TONES, *(f"tone-{n}" for n in range(1, 9)))), "icon": "", "dot": False},
    ),
    "avatar": Component(
        "components/avatar.html",
        {
            "name": Required,
            "image": "",
            "size": Choice((*SIZES, "tiny", "huge")),
            "presence": Choice(("", "online", "away")),
        },
    ),
    "person": Component(
        "components/person.html", {"name": Required, "detail": "", "image": "", "href": "", "size": "medium"}
    ),
    "empty": Component(
        "components/empty.html", {"title": Required, "text": "", "icon": "inbox", "compact": False}, container=True
    ),
    "alert": Component(
        "components/alert.html",
        {"title": "", "text": "", "tone": Choice(("info", *TONES)), "icon": "", "live": False},
        slots=("actions",),
        container=True,
    ),
    "toast": Component("components/toast.html", {"text": Required, "tone": Choice(TONES)}),
    "table": Component(
        "components/table.html",
        {"caption": Required, "show_caption": False, "compact": False, "stack": True},
        container=True,
    ),
    "facts": Component(
        "components/facts.html", {"items": (), "columns": Choice(("one", "two", "three"))}, container=True
    ),
    "timeline": Component("components/timeline.html", {"label": Required}, container=True),
    "timeline_item": Component(
        "components/timeline_item.html",
        {"title": Required, "at": None, "zone": "", "icon": "circle", "tone": Choice(TONES), "by": ""},
        container=True,
    ),
    "bubble": Component(
        "components/bubble.html",
        {"author": Required, "text": Required, "at": None, "zone": "", "mine": False, "image": ""},
    ),
    "progress": Component(
        "components/progress.html", {"label": Required, "value": Required, "max": 100, "show_label": True, "text": ""}
    ),
    "skeleton": Component("components/skeleton.html", {"lines": 3, "shape": Choice(("text", "card", "row"))}),
    # finding one's way
    "tabs": Component("components/tabs.html", {"items": Required, "label": ""}),
    "segmented": Component("components/segmented.html", {"items": Required, "label": Required}),
    "breadcrumbs": Component("components/breadcrumbs.html", {"items": Required, "label": ""}),
    "pagination": Component(
        "components/pagination.html", {"page": Required, "query": "", "label": "", "parameter": "page"}
    ),
    "stepper": Component("components/stepper.html", {"steps": Required, "label": ""}),
    "date_nav": Component(
        "components/date_nav.html", {"label": Required, "previous": Required, "next": Required, "today": ""}
    ),
}


def component_named(name: str) -> Component:
    """The component of that name; LookupError lists the ones there are."""
    if name not in COMPONENTS:
        raise LookupError(f"There is no component {name!r}. There are: {', '.join(sorted(COMPONENTS))}.")
    return COMPONENTS[name]
