"""What is sent once is done once: the key of a form, read from a request, and how a second sending is answered."""

import hashlib
from collections.abc import Callable
from typing import ClassVar

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.kernel import clock, sent_forms
from core.kernel.errors import ConflictError, NotFound
from core.kernel.models import SentForm, SentFormModel
from core.kernel.sent_forms import Sending

FIELD = "form_key"  # in the form; written by {% csrf_token %}, see templatetags/post_fields.py
HEADER = "Idempotency-Key"  # of a script
NOT_CONTENT = {FIELD, "form_version", "form_owner", "csrfmiddlewaretoken"}


def wants_json(request: HttpRequest) -> bool:
    """Whether a script asked, that reads JSON rather than a page."""
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def lead_to(request: HttpRequest, url: str) -> HttpResponse:
    """Redirect, also out of a part of a page that htmx asked for."""
    if getattr(request, "htmx", False):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return redirect(url)


def sending_of(request: HttpRequest, sender: str) -> Sending | None:
    """What has arrived; None without a key: whoever writes requests by hand may say the same thing twice."""
    key = (request.POST.get(FIELD) or request.headers.get(HEADER, ""))[:100]
    if not key:
        return None
    address = request.get_full_path()[:300]
    return Sending(sender, address, key, _digest(request), sent_forms.made_at(key))


def _digest(request: HttpRequest) -> str:
    """Of what was typed and chosen, files included; keyed, because short texts could be guessed from it."""
    digest = hashlib.blake2b(digest_size=32, key=settings.SECRET_KEY.encode()[:64])
    for name, texts in sorted(request.POST.lists()):
        if name not in NOT_CONTENT:
            digest.update(repr((name, texts)).encode())
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            digest.update(repr((name, getattr(file, "name", ""))).encode())
            for chunk in file.chunks():  # type: ignore[union-attr]
                digest.update(chunk)
            file.seek(0)  # type: ignore[union-attr]
    return digest.hexdigest()


class OnceMixin:
    """A view whose POST is carried out once for each form. `once()` surrounds the act, `note_sent()` belongs into its transaction."""

    sent_form_model: ClassVar[type[SentFormModel]] = SentForm
    # Acts that call the payment processor have transactions of their own, because no row lock may wait for a network.
    calls_processor: ClassVar[bool] = False
    request: HttpRequest
    sending: Sending | None = None

    def get_sender(self) -> str:
        """The id of whoever sends."""
        return str(self.request.user.pk)

    def is_one_per_content(self) -> bool:
        """Whether the same content from two tabs, whose forms have keys of their own, is carried out once, too."""
        return False

    def once(self, act: Callable[[], HttpResponse]) -> HttpResponse:
        """Carry it out, or lead to where the same form led before."""
        self.sending = sending_of(self.request, self.get_sender())
        if self.sending is None:
            return act()
        try:
            with sent_forms.one_at_a_time(f"sent:{self.sending.sender}:{self.sending.address}"):
                earlier = self._earlier(self.sending)
                if earlier is None:
                    return self._noted(act, self.sending) if self.calls_processor else act()
                return self.sent_before(earlier) if earlier.led_to != sent_forms.BEGUN else self.broken_off(earlier)
        except ConflictError as busy:
            if busy.code != "sending_busy":
                raise
            return HttpResponse(busy.message, status=409, content_type="text/plain; charset=utf-8")

    def _noted(self, act: Callable[[], HttpResponse], sending: Sending) -> HttpResponse:
        """Carry it out with a note before and after. What stops the program between them leaves the first one."""
        sent_forms.note_begun(self.sent_form_model, sending, now=clock.now())
        try:
            answer = act()
        except (NotFound, PermissionDenied):
            sent_forms.forget_begun(self.sent_form_model, sending)
            raise
        sent_forms.forget_begun(self.sent_form_model, sending)  # unless it is done: then it says where it led
        return answer

    def broken_off(self, earlier: SentFormModel) -> HttpResponse:
        """Say that nobody knows how far the first sending came, where one can see it; the page there has a new form."""
        said = _(
            "This was sent before and broken off: it may have been done, or not. Look what is there before you send it again."
        )
        if wants_json(self.request):
            return JsonResponse({"message": said, "url": earlier.address}, status=409)
        messages.warning(self.request, said)
        return self.lead_to(earlier.address)

    def note_sent(self, led_to: str) -> None:
        """Write down that this form was carried out, and where it led."""
        if self.sending is not None:
            sent_forms.note(self.sent_form_model, self.sending, led_to=led_to, now=clock.now())

    def sent_before(self, earlier: SentFormModel) -> HttpResponse:
        """Lead to what the first sending led to, and say so."""
        said = _("This was sent twice and done once. Here is what the first sending led to.")
        if wants_json(self.request):
            return JsonResponse({"message": said, "url": earlier.led_to})
        self.say_sent_before(said)
        return self.lead_to(earlier.led_to)

    def unless_used(self, form: forms.BaseForm) -> forms.BaseForm:
        """The form, with an error when it was carried out before with another content: somebody went back and changed it."""
        used = self.sending and sent_forms.earlier_with_other_content(self.sent_form_model, self.sending)
        if used:
            form.is_valid()
            said = _("This form was sent before, and what it made is there. Send it again if you want another one.")
            form.add_error(None, said if wants_json(self.request) else _with_link(said, used.led_to))
        return form

    def say_sent_before(self, said: str) -> None:
        """Say it on the page that follows."""
        messages.info(self.request, said)

    def lead_to(self, url: str) -> HttpResponse:
        """Go on to a page."""
        return lead_to(self.request, url)

    def _earlier(self, sending: Sending) -> SentFormModel | None:
        same = sent_forms.earlier(self.sent_form_model, sending)
        if same is None and self.is_one_per_content():
            return sent_forms.earlier_from_other_tab(self.sent_form_model, sending)
        return same


def _with_link(said: str, url: str) -> SafeString:
    return format_html('{} <a href="{}">{}</a>', said, url, _("Look at it"))
