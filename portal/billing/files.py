"""Documents as answers."""

from django.http import HttpResponse


def pdf_answer(content: bytes, name: str) -> HttpResponse:
    """A PDF that opens in the browser, under a name a person would give it; nobody's cache keeps it."""
    safe = "".join(letter if letter.isalnum() or letter in "-_." else "-" for letter in name)
    headers = {"Content-Disposition": f'inline; filename="{safe}.pdf"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)
