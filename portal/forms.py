"""The one way from a form to an action and back, for htmx, fetch and plain requests alike.

A view names its form, its template, the door (`load`), the action (`perform`) and where to go afterwards. What the action refuses becomes an
error of the field that it is about, where the form has it, else of the form.

| asked by           | refused                                                | done                          |
|--------------------|--------------------------------------------------------|-------------------------------|
| a plain POST       | 422 with the page                                      | 302, with a message there     |
| htmx               | 422 with the form                                      | 204 with `HX-Redirect`        |
| fetch, asking JSON | 422 `{"message", "errors"}`; 409 for a `ConflictError` | 200 `{"message", "url"}`      |

Each form is carried out once (`portal/once.py`), and one that edits knows what it was made from (`portal/versions.py`).
"""

from contextlib import AbstractContextManager, nullcontext
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from core.kernel import sent_forms
from core.kernel.errors import ConflictError, DomainError, GatewayError
from portal import kept_forms
from portal.access import SignedInView
from portal.edits import EditMixin
from portal.once import OnceMixin, wants_json
from portal.person_fields import only_searches, without_errors

Refusal = DomainError | GatewayError


def add_refusal(form: forms.BaseForm, refusal: Refusal) -> None:
    """Show what an action refused at the field it is about; above the form where it has no such field."""
    field = getattr(refusal, "field", None)
    form.add_error(field if field in form.fields else None, refusal.message)  # type: ignore[attr-defined]


class ActingView(OnceMixin, SignedInView):
    """What both have in common: the door, where to go afterwards, and how done and refused are answered."""

    success_message: ClassVar[Any] = ""
    result: Any = None  # what `perform` returned

    def load(self, **kwargs: Any) -> None:
        """Fetch through a door what it is about; raises for strangers and for those without the right."""

    def get_success_url(self) -> str:
        """Where to go afterwards."""
        raise NotImplementedError

    def get_success_message(self) -> str:
        """What to say afterwards; nothing when empty."""
        return str(self.success_message)

    def done(self) -> HttpResponse:
        """Lead on, and say there what was done."""
        url, message = self.get_success_url(), self.get_success_message()
        if wants_json(self.request):
            return JsonResponse({"message": message, "url": url})
        if message:
            messages.success(self.request, message)
        return self.lead_to(url)

    def in_one_transaction(self) -> AbstractContextManager[Any]:
        """Around the act and the note that this form was carried out."""
        return nullcontext() if self.calls_processor else transaction.atomic()


class LeadingView(ActingView):
    """A view that leads on whatever happens: a refusal is said where it leads."""

    def refused(self, refusal: Refusal) -> HttpResponse:
        """Lead on all the same, and say there why nothing was done."""
        if wants_json(self.request):
            return JsonResponse({"message": refusal.message, "errors": {}}, status=status_of(refusal))
        messages.error(self.request, refusal.message)
        return self.lead_to(self.get_success_url())


class ActionView(LeadingView):
    """A button: POST does one thing and leads on; a refusal is said where it leads."""

    def perform(self) -> Any:
        """Call the action. May raise a `DomainError` or a `GatewayError`."""
        raise NotImplementedError

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.load(**kwargs)
        return redirect(self.get_success_url())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.once(lambda: self.act(**kwargs))

    def act(self, **kwargs: Any) -> HttpResponse:
        """Carry out what was sent, and answer."""
        self.load(**kwargs)
        try:
            with self.in_one_transaction():
                self.result = self.perform()
                self.note_sent(self.get_success_url())
        except (DomainError, GatewayError) as refusal:
            return self.refused(refusal)
        return self.done()


class AskingView(LeadingView):
    """A page that asks a system outside before it is shown. What that refuses is said where `get_success_url` leads."""

    asked: Any = None  # what `ask` returned

    def ask(self) -> Any:
        """Ask. May raise a `DomainError` or a `GatewayError`."""
        raise NotImplementedError

    def show(self) -> HttpResponse:
        """The page, or where it leads."""
        raise NotImplementedError

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.load(**kwargs)
        try:
            self.asked = self.ask()
        except (DomainError, GatewayError) as refusal:
            return self.refused(refusal)
        return self.show()


class FormView(EditMixin, ActingView):
    """A form: GET shows it, POST checks it and acts. `perform` is given the valid form."""

    form_class: ClassVar[type[forms.BaseForm]]
    template_name: ClassVar[str]
    takes_kept_forms: ClassVar[bool] = True
    # A form with files says as `body_limit` how many bytes it takes in (`tenants.bodies`).

    def is_one_per_content(self) -> bool:
        return not self.is_editing()

    def get_initial(self) -> dict[str, Any]:
        """What is filled in already."""
        return {}

    def get_form(self, *posted: Any) -> forms.BaseForm:
        """The form; bound to what was posted, given as data and files."""
        return self.form_class(*posted, initial=self.get_initial())

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        """What the template shows."""
        return {"form": form}

    def perform(self, form: Any) -> Any:
        """Call the action with the valid form. May raise a `DomainError` or a `GatewayError`."""
        raise NotImplementedError

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.load(**kwargs)
        typed = kept_forms.typed_into(request)
        return self.render_form(self.get_form()) if typed is None else self.render_typed(typed)

    def render_typed(self, typed: QueryDict) -> HttpResponse:
        """The form with what was typed before the session ended; it is sent by hand, not by itself."""
        form = self.get_form(typed, MultiValueDict())
        self.recall_version(typed)
        messages.info(self.request, _("What you typed is here again. Look through it, then send it."))
        return self.render_form(form)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if only_searches(request):
            return self.search_again(**kwargs)
        return self.once(lambda: self.act(**kwargs))

    def search_again(self, **kwargs: Any) -> HttpResponse:
        """The form as it was sent, unchecked, with whom a search for people has found; made from what it was made from before."""
        self.load(**kwargs)
        self.recall_version(self.request.POST)
        return self.render_form(without_errors(self.get_form(self.request.POST, self.request.FILES)))

    def in_one_transaction(self) -> AbstractContextManager[Any]:
        if self.calls_processor and self.is_editing():
            return sent_forms.one_at_a_time(f"edit:{self.get_version_address()}")
        return super().in_one_transaction()

    def act(self, **kwargs: Any) -> HttpResponse:
        """Compare with what stands there, carry out what was sent, and answer."""
        form, done, status = None, False, 422
        try:
            with self.in_one_transaction():
                self.load(**kwargs)
                self.hold_edited()
                form = self.get_form(self.request.POST, self.request.FILES)
                form = self.compared(form) if self.is_editing() else self.unless_used(form)
                if form.is_valid():
                    self.result = self.perform(form)
                    self.note_sent(self.get_success_url())
                    kept_forms.forget(self.request)
                    done = True
        except (DomainError, GatewayError) as refusal:
            if form is None:
                raise  # because the door refused
            add_refusal(form, refusal)
            done, status = False, status_of(refusal)
        return self.done() if done else self.refused(form, status)

    def refused(self, form: forms.BaseForm, status: int) -> HttpResponse:
        """The form with its errors; `status` is that of a JSON answer, because a page is 422 in any case."""
        if not wants_json(self.request):
            return self.render_form(form)
        errors = {name: list(texts) for name, texts in form.errors.items()}
        return JsonResponse({"message": next(iter(errors.values()))[0], "errors": errors}, status=status)

    def render_form(self, form: forms.BaseForm) -> HttpResponse:
        """The page, or the part of it that htmx asked for."""
        if self.is_editing():
            self.sign_version(form)
        status = 422 if form.errors else 200
        return render(self.request, self.get_template_name(), self.get_context_data(form), status=status)

    def get_template_name(self) -> str:
        return self.template_name


class DialogMixin:
    """A form that opens in a dialog over a page, and stands on a page of its own without scripts. `template_name` is what both frame."""

    page_template_name: ClassVar[str]
    dialog_template_name: ClassVar[str]
    template_name: ClassVar[str]
    request: HttpRequest

    @property
    def in_dialog(self) -> bool:
        return bool(self.request.htmx)  # type: ignore[attr-defined]

    def get_template_name(self) -> str:
        return self.dialog_template_name if self.in_dialog else self.page_template_name

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        """Besides: the template of the form itself, and where it is shown."""
        framed = super().get_context_data(form)  # type: ignore[misc]
        return {**framed, "body": self.template_name, "in_dialog": self.in_dialog}


def status_of(refusal: Refusal) -> int:
    """Of an answer to a script: 409 when somebody else was faster, else 422."""
    return 409 if isinstance(refusal, ConflictError) else 422
