"""A message as it would arrive, of the words in force or of those that stand in the form; shown in a frame of the editor."""

from collections.abc import Mapping
from dataclasses import replace
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin

from core.kernel.errors import DomainError
from core.notifications import layout, notices
from core.notifications.messages import Channel, Content
from core.notifications.rules.message_text import MessageText
from core.notifications.rules.text_parts import parts_of, plainer
from core.notifications.texts import check, text_in_force, write
from portal import manifests
from portal.access import SignedInView
from portal.settings.messages import MessageMixin
from tenants.context import branch_context

# A mail carries its styles in itself; nothing in it may run, load from elsewhere, or be framed by anybody else.
POLICY = "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self'; font-src 'self'; frame-ancestors 'self'; sandbox"


@method_decorator(xframe_options_sameorigin, name="dispatch")
class MessagePreviewView(MessageMixin, SignedInView):
    """`view`: the mail, in light (nothing asked) or `dark`, or its `text`; `facts`: made up (nothing asked), or `real` ones."""

    def get(self, request: HttpRequest, channel: str, code: str) -> HttpResponse:
        self.load(channel, code)
        with translation.override(self.language):
            text = text_in_force(self.message, self.language, self.branch)
        return self.shown(text, request.GET)

    def post(self, request: HttpRequest, channel: str, code: str) -> HttpResponse:
        self.load(channel, code)
        written = MessageText(**{part: request.POST.get(part, "") for part in self.message.parts})
        try:
            return self.shown(check(self.message, written), request.POST)
        except DomainError as refusal:
            return self.said(refusal.message, status=422)

    def shown(self, text: MessageText, asked: Mapping[str, str]) -> HttpResponse:
        """The message with these words, as the branch says them whose they are."""
        branch = self.branch
        with (
            branch_context(branch.pk if branch else None),
            translation.override(self.language),
            timezone.override(ZoneInfo(self.user.time_zone)),
        ):
            content = self.real_content() if asked.get("facts") == "real" else self.message.sample()
            if content is not None:
                return self.drawn(text, content, asked.get("view", ""))
        sentence = _("There is nothing yet that you may see and that it could tell of. Look at it with made-up facts.")
        return self.said(sentence)

    def drawn(self, text: MessageText, content: Content, view: str) -> HttpResponse:
        """The message as its channel shows it, with the language of its readers in force."""
        if self.message.channel == Channel.EMAIL:
            return self.mail(layout.render(self.message, content, language=self.language, text=text), view)
        if self.message.channel == Channel.SMS:
            said = plainer(write(self.message, content, self.language, text).subject)
            return self.framed(
                render(self.request, "settings/_text_message_preview.html", {"text": said, "parts": parts_of(said)})
            )
        title, body = notices.words(self.message, text=text, **content.values)
        return self.framed(render(self.request, "settings/_notice_preview.html", {"title": title, "body": body}))

    def real_content(self) -> Content | None:
        """What it would say about the latest thing that this person may see."""
        preview = manifests.message_preview(self.message)
        content = preview(self.user) if preview is not None else None
        if content is None:
            return None
        return replace(content, values={"name": self.user.name, **content.values})

    def mail(self, rendered: layout.Rendered, view: str) -> HttpResponse:
        """The mail itself, or its text."""
        if view == "text":
            values = {"subject": rendered.subject, "text": rendered.text}
            return self.framed(render(self.request, "settings/_text_preview.html", values))
        return self.framed(HttpResponse(rendered.dark_html if view == "dark" else rendered.html))

    def said(self, sentence: str, *, status: int = 200) -> HttpResponse:
        """A sentence in place of the message."""
        return self.framed(render(self.request, "settings/_no_preview.html", {"message": sentence}, status=status))

    def framed(self, response: HttpResponse) -> HttpResponse:
        """Only these pages' frames show it."""
        response.headers["Content-Security-Policy"] = POLICY
        return response
