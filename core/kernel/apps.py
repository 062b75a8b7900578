from django.apps import AppConfig
from django.utils import translation as django_translation

from core.kernel import choice_errors, mail_addresses, plain_text, translation

choice_errors.say_no_identifiers()
mail_addresses.check_every_address_field()
plain_text.check_every_text_field()  # here and not in ready(), because models of later apps may make forms


class KernelConfig(AppConfig):
    name = "core.kernel"
    label = "kernel"

    def ready(self) -> None:
        from core.kernel import checks  # noqa: F401 because the outbox has models, which exist only once the registry is full

        translation.set_translator(django_translation)  # type: ignore[arg-type]  # a module that has these functions
