from django.apps import AppConfig
from django.utils import translation

from core.kernel import wording


class KernelConfig(AppConfig):
    name = "core.kernel"
    label = "kernel"

    def ready(self) -> None:
        wording.speak_with(translation)  # type: ignore[arg-type]  # a module that has both functions
