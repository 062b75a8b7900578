"""One article in one language: written, looked at, published, taken back; and the product's text beside it."""

import difflib
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin

from branding.queries import term, vocabulary
from branding.rules.vocabulary import capitalized, keys
from core.help import actions
from core.help.facts import ALLOWED, FACTS, facts_in_force
from core.help.models import Article, ArticleVersion
from core.help.queries import text_of, versions_of
from core.help.reading import LONGEST, check, read
from core.help.starters import ArticleText, standard_text, starter
from core.kernel import clock
from core.kernel.errors import DomainError, NotFound
from core.kernel.translation import translate
from portal.access import SignedInView
from portal.help.writing import ArticleActionView, WritingMixin, is_outdated, offered
from portal.settings_pages import SettingsFormView

MOST_VERSIONS = 20
# Nothing in a preview may run, load from elsewhere, or be framed by anybody else.
POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; frame-ancestors 'self'; sandbox"


class ArticleForm(forms.Form):
    """What an article says; the rule of article texts checks it."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=LONGEST["subject"])
    summary = forms.CharField(
        label=gettext_lazy("In one sentence"), max_length=LONGEST["heading"], required=False,
        help_text=gettext_lazy("Stands below the title and in lists."),
    )  # fmt: skip
    body = forms.CharField(
        label=gettext_lazy("Text"), max_length=LONGEST["body"],
        widget=forms.Textarea(attrs={"rows": 22, "spellcheck": "true"}),
        help_text=gettext_lazy("## begins a heading, - a list, 1. a numbered one; **bold**, [words](/address/) a link."),
    )  # fmt: skip
    keywords = forms.CharField(
        label=gettext_lazy("Words that people look for"), max_length=500, required=False,
        help_text=gettext_lazy("Those that the text does not use itself, with commas between them."),
    )  # fmt: skip

    def text(self) -> ArticleText:
        """What was typed."""
        data = self.cleaned_data
        return ArticleText(data["title"], data["summary"], data["keywords"], data["body"])


class NewArticleForm(ArticleForm):
    """An article of the organization's own, in a category."""

    category = forms.ChoiceField(label=gettext_lazy("Category"))
    field_order = ("category", "title", "summary", "body", "keywords")

    def __init__(self, *args: Any, categories: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = categories  # type: ignore[attr-defined]  # because the stubs know no subclass


class EditorMixin(WritingMixin):
    """A form with the words of an article."""

    template_name = "help/editor.html"

    @property
    def publishes(self) -> bool:
        """Whether the button for it was pressed."""
        return "publish" in self.request.POST

    def choices(self) -> list[tuple[str, str]]:
        """The categories by name, those for staff marked."""
        mark = capitalized(term("staff_member", plural=True))
        return [(each.code, f"{each.name} ({mark})" if each.for_staff else each.name) for each in self.centre().shelves]

    def get_success_message(self) -> str:
        if self.publishes:
            return _("Published. Everybody reads it from now on.")
        return _("Saved as a draft. Nobody reads it until you publish it.")

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        return {
            **super().get_context_data(form),  # type: ignore[misc]
            "variables": variables(self.language),
            "preview_url": f"{reverse('articles:preview')}?language={self.language}",
            "language": self.language,
        }


class NewArticleView(EditorMixin, SettingsFormView):
    """An article of one's own."""

    edits = False

    def get_form(self, *posted: Any) -> forms.BaseForm:
        initial = {"category": self.request.GET.get("category", "")}
        return NewArticleForm(*posted, initial=initial, categories=self.choices())

    def perform(self, form: NewArticleForm) -> Article:
        return actions.add_article(
            category=form.cleaned_data["category"], language=self.language, languages=offered(), text=form.text(),
            publish=self.publishes, by=self.user, now=clock.now(),
        )  # fmt: skip

    def get_success_url(self) -> str:
        return f"{reverse('articles:article', args=[self.result.slug])}?language={self.language}"

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        return {
            **super().get_context_data(form),
            "name": _("New article"),
            "languages": self.languages(reverse("articles:new")),
        }


class ArticleView(EditorMixin, SettingsFormView):
    """The words of one article."""

    edits = True
    slug: str
    newest: ArticleVersion | None

    def load(self, slug: str) -> None:
        self.slug, self.row = slug, Article.objects.filter(slug=slug).first()
        if starter(slug) is None and (self.row is None or not self.row.is_own):
            raise NotFound
        self.newest = next(iter(versions_of(slug, self.language)[:1]), None)

    def get_version_address(self) -> str:
        return f"{self.request.path}?{self.language}"

    def get_edited(self) -> list[Any]:
        return [self.newest] if self.newest is not None else []

    def hold_edited(self) -> None:
        super().hold_edited()
        self.newest = next(iter(versions_of(self.slug, self.language)[:1]), None)

    def get_initial(self) -> dict[str, Any]:
        text = self.text()
        return {"title": text.title, "summary": text.summary, "body": text.body, "keywords": text.keywords}

    def text(self) -> ArticleText:
        """What stands there now: the newest version, else the product's text, else the same article in another language."""
        if self.newest is not None and not self.newest.is_standard:
            return text_of(self.newest)
        if starter(self.slug) is not None:
            return standard_text(self.slug, self.language)
        other = ArticleVersion.objects.filter(slug=self.slug, is_standard=False).order_by("-created_at").first()
        return text_of(other) if other else ArticleText("")

    def get_form(self, *posted: Any) -> forms.BaseForm:
        return ArticleForm(*posted, initial=self.get_initial())

    def perform(self, form: ArticleForm) -> ArticleVersion:
        return actions.write_article(
            self.slug, language=self.language, languages=offered(), text=form.text(), publish=self.publishes,
            by=self.user, now=clock.now(),
        )  # fmt: skip

    def get_success_url(self) -> str:
        return f"{self.request.path}?language={self.language}"

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        versions = list(versions_of(self.slug, self.language)[:MOST_VERSIONS])
        in_force = next((each for each in versions if each.is_published), None)
        own = self.newest is not None and not self.newest.is_standard
        outdated = is_outdated(self.slug, self.newest)
        with translation.override(self.language):
            shown = read(self.text(), facts_in_force())
        return {
            **super().get_context_data(form),
            "slug": self.slug,
            "name": shown.title,
            "versions": versions,
            "in_force": in_force,
            "is_own": own,
            "is_starter": starter(self.slug) is not None,
            "is_draft": self.newest is not None and not self.newest.is_published,
            "is_outdated": outdated,
            "comparison": compared(standard_text(self.slug, self.language), self.text())
            if own and starter(self.slug)
            else [],
            "languages": self.languages(self.request.path),
            "query": f"?language={self.language}",
        }


class ArticleTextActionView(ArticleActionView):
    """A button about the words of one article; it leads back to them."""

    def get_success_url(self) -> str:
        return f"{reverse('articles:article', args=[self.slug])}?language={self.language}"


class StandardView(ArticleTextActionView):
    """The product's text holds again."""

    success_message = gettext_lazy("The standard text holds again. Yours is kept among the versions.")

    def perform(self) -> ArticleVersion | None:
        return actions.reset_article(self.slug, language=self.language, by=self.user, now=clock.now())


class KeepView(ArticleTextActionView):
    """One's own text stays although the product's has changed."""

    success_message = gettext_lazy("Your text stays as it is.")

    def perform(self) -> ArticleVersion | None:
        return actions.keep_own_text(self.slug, language=self.language, by=self.user, now=clock.now())


class VersionView(ArticleTextActionView):
    """An earlier version in force again."""

    number: int
    success_message = gettext_lazy("The version is published again.")

    def load(self, slug: str, number: int = 0, **_rest: Any) -> None:
        super().load(slug)
        self.number = number

    def perform(self) -> ArticleVersion:
        return actions.restore_article(
            self.slug, number=self.number, language=self.language, languages=offered(), by=self.user, now=clock.now()
        )


@method_decorator(xframe_options_sameorigin, name="dispatch")
class PreviewView(WritingMixin, SignedInView):
    """What stands in the form as its readers would read it, in a frame of the editor."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.framed({"message": _("Choose “Preview” to see what stands in the form.")})

    def post(self, request: HttpRequest) -> HttpResponse:
        typed = {part: request.POST.get(part, "") for part in ("title", "summary", "keywords", "body")}
        try:
            tidy = check(ArticleText(**typed), ALLOWED)
        except DomainError as refusal:
            return self.framed({"message": refusal.message}, status=422)
        with translation.override(self.language):
            return self.framed({"text": read(tidy, facts_in_force())})

    def framed(self, shown: dict[str, Any], *, status: int = 200) -> HttpResponse:
        """Only the editor's frame shows it."""
        answer = render(self.request, "help/preview.html", shown, status=status)
        answer.headers["Content-Security-Policy"] = POLICY
        return answer


def variables(language: str) -> list[dict[str, Any]]:
    """What a text can speak of, for the picker: how it is written, and what it means."""
    found = []
    for fact in FACTS:
        written = "…" if fact.is_flag else f"{{{{ {fact.name} }}}}"
        part = f"{{% if {fact.name} %}}{written}{{% endif %}}"
        found.append({"code": part if fact.may_be_empty else written, "meaning": translate(fact.meaning)})
    words = vocabulary(language)
    for key in keys():
        for code, plural in ((f"%({key})s", False), (f"%({key}s)s", True)):
            meaning = _("Your word for it: %(word)s") % {"word": capitalized(words.get(key, plural=plural))}
            found.append({"code": code, "meaning": meaning})
    return found


def compared(standard: ArticleText, own: ArticleText) -> list[tuple[str, str]]:
    """The lines of both texts: `-` what only the product's has, `+` what only one's own has, a blank what both have."""
    before, after = (
        [each.title, each.summary, *(line for line in each.body.splitlines() if line.strip())]
        for each in (standard, own)
    )
    marks = {"- ": "del", "+ ": "ins", "  ": ""}
    return [(marks[line[:2]], line[2:]) for line in difflib.ndiff(before, after) if line[:2] in marks]
