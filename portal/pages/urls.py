"""The organization's website: where it is written, and its public pages. Nothing of Wagtail's own addresses: its sign-in knows no second factor."""

from django.urls import include, path, re_path
from django.views.generic import RedirectView

from portal.pages import public

urlpatterns = [
    path("website/drafts/<str:key>/", public.SharedDraftView.as_view(), name="public_draft"),
    path("website/", include("portal.pages.website_urls")),
    path(
        "settings/front-page/", RedirectView.as_view(pattern_name="website:pages", permanent=True)
    ),  # of earlier releases
    path("sitemap.xml", public.SitemapView.as_view(), name="public_sitemap"),
    path("pictures/<uuid:pk>/<slug:size>", public.PictureView.as_view(), name="public_picture"),
    re_path(r"^(?P<path>(?:[\w\-]+/)*)$", public.PublicPageView.as_view(), name="public_page"),
]
