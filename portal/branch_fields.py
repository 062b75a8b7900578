"""The branch to which somebody belongs, as a form field."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from branding.models import Branch
from branding.queries import active_branches


class BranchField(forms.ModelChoiceField):
    """The active branches, and the one that stands there already."""

    def __init__(self, **more: Any) -> None:
        super().__init__(
            queryset=Branch.objects.none(), required=False, label=_("Branch"), empty_label=_("No branch"), **more
        )  # fmt: skip


def offer_branches(form: forms.BaseForm, *, standing: Branch | None = None) -> None:
    """Let the form's field `branch` offer what there is; without branches the form has none."""
    met = list(active_branches())
    if standing is not None:
        met.append(standing.pk)
    if not met:
        del form.fields["branch"]
        return
    field = form.fields["branch"]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = Branch.objects.filter(pk__in=met)
