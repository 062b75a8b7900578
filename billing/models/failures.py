"""Why something did not succeed, as it is kept with a payment or a refund."""

from typing import Any

from django.db import models

from core.kernel.reasons import Reason, stored_reason


class FailingModel(models.Model):
    """`failure` holds the processor's own words; `failure_code` with `failure_values` a reason that the product gives."""

    failure = models.CharField(max_length=300, blank=True)
    failure_code = models.CharField(max_length=60, blank=True)
    failure_values = models.JSONField(default=dict, blank=True)

    class Meta:
        abstract = True

    @property
    def failure_sentence(self) -> str:
        """Why it failed, as somebody reads it now; empty if it did not."""
        given = stored_reason(self.failure_code, self.failure_values)
        return given.sentence() if given else self.failure or self.failure_code

    def note_failure(self, failure: "str | Reason") -> None:
        """Fill the three fields, without saving; an empty text clears them."""
        for name, value in failure_fields(failure).items():
            setattr(self, name, value)


FAILURE_FIELDS = ("failure", "failure_code", "failure_values")


def failure_fields(failure: "str | Reason") -> dict[str, Any]:
    """The three fields of a `FailingModel`."""
    if isinstance(failure, Reason):
        return {"failure": "", "failure_code": failure.code.value, "failure_values": failure.stored_values()}
    return {"failure": failure[:300], "failure_code": "", "failure_values": {}}
