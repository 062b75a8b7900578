"""Parameters as Stripe's libraries send them: `metadata[order]=7&items[0][price]=x&expand[]=customer`."""

import re
from typing import Any

from deploy.local.payments.errors import ApiError, required

Tree = dict[str, Any]

METADATA_KEYS, METADATA_KEY_LENGTH, METADATA_VALUE_LENGTH = 50, 40, 500


def decode(pairs: list[tuple[str, str]]) -> Tree:
    """Nests bracketed names; numbered and empty brackets become lists."""
    tree: Tree = {}
    for name, value in pairs:
        steps = [name.split("[", 1)[0], *re.findall(r"\[([^\]]*)\]", name)]
        branch = tree
        for step in steps[:-1]:
            branch = branch.setdefault(step or str(len(branch)), {})
            if not isinstance(branch, dict):
                raise ApiError(f"Invalid request: {name} is both a value and a group.", param=steps[0])
        branch[steps[-1] or str(len(branch))] = value
    return {name: _listed(value) for name, value in tree.items()}


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {name: _listed(item) for name, item in value.items()}
    if inner and all(name.isdigit() for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner


class Params:
    """Typed reading of one request's parameters; every complaint names the parameter."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree

    def __contains__(self, name: str) -> bool:
        return name in self.tree

    def text(self, name: str) -> str | None:
        """A string; None when absent or emptied (Stripe unsets a field that is sent empty)."""
        value = self.tree.get(name)
        if isinstance(value, dict | list):
            raise ApiError(f"Invalid string: {name}", param=name)
        return value or None

    def needed(self, name: str) -> str:
        value = self.text(name)
        if value is None:
            raise required(name)
        return value

    def integer(self, name: str) -> int | None:
        value = self.text(name)
        if value is None:
            return None
        if not re.fullmatch(r"-?[0-9]{1,18}", value):
            raise ApiError(f"Invalid integer: {value}", code="parameter_invalid_integer", param=name)
        return int(value)

    def flag(self, name: str) -> bool | None:
        value = self.text(name)
        if value not in {None, "true", "false"}:
            raise ApiError(f"Invalid boolean: {value}", param=name)
        return None if value is None else value == "true"

    def one_of(self, name: str, allowed: tuple[str, ...]) -> str | None:
        value = self.text(name)
        if value is not None and value not in allowed:
            raise ApiError(f"Invalid {name}: must be one of {', '.join(allowed)}", param=name)
        return value

    def group(self, name: str) -> Tree:
        value = self.tree.get(name) or {}
        if not isinstance(value, dict):
            raise ApiError(f"Invalid object: {name}", code="parameter_invalid_object", param=name)
        return value

    def texts(self, name: str) -> list[str]:
        value = self.tree.get(name) or []
        if not isinstance(value, list):
            raise ApiError(f"Invalid array: {name}", param=name)
        return [str(item) for item in value]

    def inside(self, name: str) -> "Params":
        """The parameters of a group."""
        return Params(self.group(name))

    def metadata(self, before: dict[str, str] | None = None) -> dict[str, str]:
        """`before` with this request's metadata merged in; an empty value removes its key, an empty group all."""
        if self.tree.get("metadata") == "":
            return {}
        merged = dict(before or {})
        for key, value in self.group("metadata").items():
            if len(key) > METADATA_KEY_LENGTH or len(str(value)) > METADATA_VALUE_LENGTH:
                raise ApiError(f"Metadata '{key[:METADATA_KEY_LENGTH]}' is too long.", param="metadata")
            merged[key] = str(value)
        merged = {key: value for key, value in merged.items() if value}
        if len(merged) > METADATA_KEYS:
            raise ApiError(f"You can have at most {METADATA_KEYS} metadata keys.", param="metadata")
        return merged
