import pytest

from branding.models import Brand
from core.kernel import clock
from core.legal import actions
from core.legal.models import LegalText
from tenants import hosts

BODY = "<h2>Who we are</h2><p>North Practice.</p>"


@pytest.fixture
def publish(cast):
    """`publish("terms")`: writes and publishes a text by the product's own actions."""

    def _publish(kind="terms", body=BODY, *, languages=("en",), must_accept=True, title="", **asking):
        now = clock.now()
        text = LegalText.objects.filter(kind=kind).first()
        if text is None and kind == "consent":
            text = actions.add_consent(title=title or "Photos", language=languages[0], by=cast.nora, now=now)
        text = text or LegalText(kind=kind, slug=kind)
        for language in languages:
            name = title or {"consent": "Photos"}.get(kind, kind.title())
            actions.write_draft(
                text=text, language=language, title=f"{name} {language}" if len(languages) > 1 else name, body=f"{body}<p>{language}</p>",
                by=cast.nora, now=now,
            )  # fmt: skip
            text = LegalText.objects.get(slug=text.slug)
        if asking:
            wanted = {"is_asked_of_clients": False, "is_asked_of_staff": False, **asking}
            actions.change_asking(text=text, **wanted, by=cast.nora, now=now)
        actions.publish_text(text=text, must_accept=must_accept, by=cast.nora, now=now)
        forget()
        return LegalText.objects.get(pk=text.pk)

    return _publish


def forget():
    """What a commit would do: no transaction of a test ends with one."""
    hosts.forget_all()


@pytest.fixture
def two_languages(cast):
    Brand.objects.update(languages=["en", "de"])
    forget()
