"""Where pictures of the site are shown besides its pages: told by the apps above, at start-up."""

from collections.abc import Callable

Use = Callable[[], set[str]]
_uses: list[Use] = []


def register(use: Use) -> None:
    """Ask this function for the ids of pictures that are shown elsewhere."""
    _uses.append(use)


def shown_elsewhere() -> set[str]:
    """Their ids."""
    return {picture for use in _uses for picture in use()}
