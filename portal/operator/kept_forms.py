"""Where the console keeps forms whose operator's session had ended: with the operator, because a browser has no session here without one."""

from datetime import UTC, datetime

from portal.kept_forms import MOST, KeptForm
from tenants import context
from tenants.operators import models


class OperatorForms:
    """The latest few of each operator."""

    def put(self, key: str, form: KeptForm) -> None:
        with context.public_context():
            models.KeptForm.objects.create(
                key=key,
                owner=form.owner,
                path=form.path[:300],
                encrypted_text=form.text,
                at=datetime.fromtimestamp(form.at, UTC),
            )
            theirs = models.KeptForm.objects.filter(owner=form.owner).order_by("-at")
            theirs.filter(pk__in=[row.pk for row in theirs[MOST:]]).delete()

    def get(self, key: str) -> KeptForm | None:
        with context.public_context():
            row = models.KeptForm.objects.filter(key=key).first()
        return row and KeptForm(row.owner, row.path, row.at.timestamp(), row.encrypted_text)

    def drop(self, key: str) -> None:
        with context.public_context():
            models.KeptForm.objects.filter(key=key).delete()
