"""Lists and expansion: https://docs.stripe.com/api/pagination and /expanding_objects."""

from collections.abc import Iterable
from typing import Any

from deploy.local.payments.calls import Call
from deploy.local.payments.errors import ApiError, missing
from deploy.local.payments.ledger import Book, Object, visible

PAGING = "limit starting_after ending_before created"


def listing(call: Call, url: str, objects: Iterable[Object]) -> Object:
    """One page of objects, newest first, honouring `limit`, `starting_after`, `ending_before` and `created`."""
    newest = [value for value in reversed(list(objects)) if _created_within(call, value["created"])]
    limit = call.params.integer("limit") or 10
    if not 1 <= limit <= 100:
        raise ApiError("Invalid limit: must be between 1 and 100", param="limit")
    if after := call.params.text("starting_after"):
        newest = newest[_position(newest, after, "starting_after") + 1 :]
        page, more = newest[:limit], len(newest) > limit
    elif before := call.params.text("ending_before"):
        newest = newest[: _position(newest, before, "ending_before")]
        page, more = newest[-limit:], len(newest) > limit
    else:
        page, more = newest[:limit], len(newest) > limit
    return {"object": "list", "url": url, "has_more": more, "data": page}


def _position(objects: list[Object], identifier: str, param: str) -> int:
    for position, value in enumerate(objects):
        if value["id"] == identifier:
            return position
    raise missing("object", identifier, param)


def _created_within(call: Call, created: int) -> bool:
    if not isinstance(call.params.tree.get("created"), dict):
        exact = call.params.integer("created")
        return exact is None or created == exact
    bounds = call.params.inside("created")
    low, above = bounds.integer("gte"), bounds.integer("gt")
    high, below = bounds.integer("lte"), bounds.integer("lt")
    return (
        (low is None or created >= low)
        and (above is None or created > above)
        and (high is None or created <= high)
        and (below is None or created < below)
    )


def rendered(value: Object, book: Book, expand: list[str]) -> Object:
    """The answer's JSON: own fields only, with the ids that `expand` names replaced by their objects."""
    shown = visible(value)
    if shown.get("object") == "list":
        shown["data"] = [visible(item) for item in shown["data"]]
    for path in expand:
        _expand(shown, path.split("."), book, path)
    return shown


def _expand(value: Any, steps: list[str], book: Book, path: str) -> None:
    if isinstance(value, list):
        for item in value:
            _expand(item, steps, book, path)
        return
    step, rest = steps[0], steps[1:]
    if not isinstance(value, dict) or step not in value:
        raise ApiError(f"This property cannot be expanded ({path}).", param="expand")
    if isinstance(value[step], str):
        found = book.any(value[step])
        if found is None:
            raise ApiError(f"This property cannot be expanded ({path}).", param="expand")
        value[step] = visible(found)
    if rest and value[step] is not None:
        _expand(value[step], rest, book, path)
