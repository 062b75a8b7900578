"""The two shapes that pages about people have: a form on a page, and a button that does one thing."""

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from core.kernel.errors import DomainError
from portal.access import SignedInView


def add_domain_error(form: forms.Form, error: DomainError) -> None:
    """Show a broken rule at the field it is about, or above the form."""
    form.add_error(error.field if error.field in form.fields else None, error.message)


class FormPage(SignedInView):
    """A form on a page of its own. Subclasses fetch through a door in `open`, and act in `save`."""

    form_class: ClassVar[type[forms.Form]]
    template: ClassVar[str]

    def open(self, **keys: Any) -> None:
        """Fetch what the page is about; raises for strangers and for those without the right."""

    def form(self, posted: Any = None) -> forms.Form:
        """The form, bound when something was posted."""
        return self.form_class(posted, initial=self.initial())

    def initial(self) -> dict[str, Any]:
        return {}

    def context(self) -> dict[str, Any]:
        return {}

    def save(self, form: forms.Form) -> HttpResponse:
        """Act, and say where to go."""
        raise NotImplementedError

    def get(self, request: HttpRequest, **keys: Any) -> HttpResponse:
        self.open(**keys)
        return self._page(self.form())

    def post(self, request: HttpRequest, **keys: Any) -> HttpResponse:
        self.open(**keys)
        form = self.form(request.POST)
        if form.is_valid():
            try:
                return self.save(form)
            except DomainError as error:
                add_domain_error(form, error)
        return self._page(form)

    def _page(self, form: forms.Form) -> HttpResponse:
        status = 422 if form.errors else 200
        return render(self.request, self.template, {"form": form, **self.context()}, status=status)


class ActPage(SignedInView):
    """A button: POST does one thing and goes back; a broken rule is shown there."""

    def act(self, request: HttpRequest, **keys: Any) -> str:
        """Do it; returns what to say, or nothing."""
        raise NotImplementedError

    def back(self, **keys: Any) -> str:
        """Where to go afterwards."""
        raise NotImplementedError

    def get(self, request: HttpRequest, **keys: Any) -> HttpResponse:
        return redirect(self.back(**keys))

    def post(self, request: HttpRequest, **keys: Any) -> HttpResponse:
        try:
            said = self.act(request, **keys)
        except DomainError as error:
            messages.error(request, error.message)
        else:
            if said:
                messages.success(request, said)
        return redirect(self.back(**keys))
