"""System checks of the kernel: a promise that nobody could keep stops start-up."""

import sys
from collections.abc import Iterator
from typing import Any

from django.core.checks import Error, register
from django.utils.module_loading import autodiscover_modules

from core.kernel import outbox

MODULE = "outbox_names"


@register()
def every_promise_has_a_handler(**_: Any) -> list[Error]:
    """Each constant in a module `outbox_names` is handled by somebody."""
    autodiscover_modules(MODULE)
    return [
        Error(
            f"Nobody handles {name}, which {module} names.", hint="Register one with @outbox.handler.", id="kernel.E001"
        )
        for module, name in _named()
        if name not in outbox.handler_names()
    ]


@register()
def every_promise_has_a_label(**_: Any) -> list[Error]:
    """Each of them is called something that people read when it fails."""
    autodiscover_modules(MODULE)
    return [
        Error(f"{name} of {module} has no label.", hint="@outbox.handler(…, label=gettext_noop(…))", id="kernel.E002")
        for module, name in _named()
        if name in outbox.handler_names() and not outbox.kind_of(name).label
    ]


@register()
def every_handler_has_a_name(**_: Any) -> list[Error]:
    """Each handler keeps what a module `outbox_names` names: else nobody can look up what stored rows are called."""
    autodiscover_modules(MODULE)
    named = {name for _, name in _named()}
    return [
        Error(f"No module outbox_names names {name}, which has a handler.", hint="Name it there.", id="kernel.E003")
        for name in sorted(outbox.handler_names() - named)
    ]


def _named() -> Iterator[tuple[str, str]]:
    """Module and value of every constant; also of apps that Django does not know as such, whose modules are loaded by whoever enqueues."""
    for path, module in sorted(sys.modules.items()):
        if path.rpartition(".")[2] == MODULE:
            yield from ((path, value) for name, value in vars(module).items() if name.isupper())
