"""Legal texts: when somebody is asked about one.

Whoever has not answered is asked. Whoever has answered is asked again once a version is published that must be accepted again; an answer to an
earlier version is not enough then. A no to a consent is an answer, and so is its withdrawal: nobody is asked twice about the same version.
docs/rules/asking.md has a worked table.
"""


def is_asked(*, answered: int | None, required: int) -> bool:
    """Whether somebody is asked; `answered` is the version of their latest answer, `required` the last that must be accepted again."""
    return answered is None or answered < required
