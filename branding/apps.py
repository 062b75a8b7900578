from django.apps import AppConfig


class BrandingConfig(AppConfig):
    name = "branding"

    def ready(self) -> None:
        from branding import receivers, translations  # noqa: F401 because importing connects the receivers

        translations.install()
