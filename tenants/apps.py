from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save


class TenantsConfig(AppConfig):
    name = "tenants"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Imported here because models and content types exist only once the registry is full.
        from core.kernel.signals import work_enqueued
        from tenants import checks, content_type_cache, due_work, hosts  # noqa: F401

        content_type_cache.install()
        work_enqueued.connect(due_work.note, dispatch_uid="note_due_work")
        for model in map(self.get_model, ("Domain", "Organization", "Plan", "Entitlement", "EntitlementOverride")):
            post_save.connect(hosts.forget_all, sender=model, dispatch_uid=f"hosts_saved_{model.__name__}")
            post_delete.connect(hosts.forget_all, sender=model, dispatch_uid=f"hosts_deleted_{model.__name__}")
