"""Why something did not succeed, as it is kept with a payment or a refund."""

from typing import Any, ClassVar

from django.db import models

from core.kernel.reasons import Reason, ReasonCode, stored_reason


class FailingModel(models.Model):
    """`failure_code` with `failure_values` is a reason that the product gives.

    `failure` holds the processor's own words in rows of earlier releases: nobody reads them, `WITHOUT_CODE` stands for them.
    """

    WITHOUT_CODE: ClassVar[ReasonCode]

    failure = models.CharField(max_length=300, blank=True)
    failure_code = models.CharField(max_length=60, blank=True)
    failure_values = models.JSONField(default=dict, blank=True)

    class Meta:
        abstract = True

    @property
    def failure_sentence(self) -> str:
        """Why it failed, as somebody reads it now; empty if it did not."""
        given = stored_reason(self.failure_code, self.failure_values)
        if given is None and (self.failure or self.failure_code):
            given = Reason(self.WITHOUT_CODE)
        return given.sentence() if given else ""

    def note_failure(self, failure: Reason | None) -> None:
        """Fill the three fields, without saving; None clears them."""
        for name, value in failure_fields(failure).items():
            setattr(self, name, value)


FAILURE_FIELDS = ("failure", "failure_code", "failure_values")


def failure_fields(failure: Reason | None) -> dict[str, Any]:
    """The three fields of a `FailingModel`."""
    if failure is None:
        return {"failure": "", "failure_code": "", "failure_values": {}}
    return {"failure": "", "failure_code": failure.code.value, "failure_values": failure.stored_values()}
