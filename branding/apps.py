from django.apps import AppConfig


class BrandingConfig(AppConfig):
    name = "branding"

    def ready(self) -> None:
        from branding import queries, receivers  # noqa: F401 because importing connects them
        from core.kernel import translation

        translation.set_own_words(queries.in_own_words)
