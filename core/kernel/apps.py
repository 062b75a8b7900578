from django.apps import AppConfig
from django.utils import translation as django_translation

from core.kernel import translation


class KernelConfig(AppConfig):
    name = "core.kernel"
    label = "kernel"

    def ready(self) -> None:
        translation.set_translator(django_translation)  # type: ignore[arg-type]  # a module that has both functions
