"""The gallery: every component and layout on one page, to be looked at and to be tested. Mounted at /design/."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from themes.gallery import SAMPLES, sample_context


def gallery(request: HttpRequest) -> HttpResponse:
    """The components, or with `?sample=` one of the sample pages; unknown samples are 404."""
    sample = request.GET.get("sample", "index")
    if sample not in SAMPLES:
        raise Http404
    return render(request, SAMPLES[sample], sample_context(sample, request.path))
