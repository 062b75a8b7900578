"""Help beside the page somebody is on: the articles that fit it, a search, one article, and how to reach a person. Without scripts, a page."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from core.help.reading import read
from core.help.search import find_articles
from portal.help.views import HelpView

MOST = 8


class PanelView(HelpView):
    """The panel as it opens, and what is found in it."""

    template_name = "help/panel.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        if not request.htmx:  # type: ignore[attr-defined]
            return redirect(f"{reverse('help:index')}?{request.GET.urlencode()}")
        fitting = self.fitting()
        first = [each for shelf in self.centre.shelves for each in shelf.articles[:2]]
        return self.shown(
            fitting=fitting,
            articles=(fitting or first)[:MOST],
            found=find_articles(self.centre, self.typed, self.language) if self.typed else None,
        )


class PanelArticleView(HelpView):
    """One article in the panel."""

    template_name = "help/panel_article.html"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        if not request.htmx:  # type: ignore[attr-defined]
            return redirect("help:article", slug=slug)
        article = self.centre.get(slug)
        text = read(article.text, self.centre.facts)
        # Because the page behind it may be a live room, or a form half filled in.
        beside = replace(text, html=text.html.replace("<a ", '<a target="_blank" '))
        return self.shown(article=article, text=beside)
