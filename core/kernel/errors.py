"""Errors with a stable code and a sentence that a person can act on."""

from core.kernel.translation import gettext_noop

# Said by the storage of uploads; here because translators look through the apps that people see.
NO_ROOM = gettext_noop(
    "The file could not be kept, because the storage is full. Tell your administrator; nothing was changed."
)


# Said before a request is read at all; here for the same reason.
TOO_LARGE = gettext_noop("What was sent is too large. Nothing was saved; send less, or a smaller file.")


class DomainError(Exception):
    """A rule was broken by what somebody asked for. Becomes a form error, or 409 / 422 in the API."""

    def __init__(self, code: str, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field


class NotFound(Exception):
    """The thing does not exist for this person. Always answered with 404, so that existence is not revealed."""


class ConflictError(DomainError):
    """Somebody else was faster, or the state has moved on. 409 in the API."""


class GatewayError(Exception):
    """A system outside ours failed. `permanent` says that trying again cannot help."""

    def __init__(self, message: str, *, permanent: bool, code: str = "gateway") -> None:
        super().__init__(message)
        self.message = message
        self.permanent = permanent
        self.code = code
