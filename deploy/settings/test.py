"""Settings of the tests: the same product with fast hashing and mail in memory. tests/conftest.py has set the environment."""

from deploy.settings.base import *  # noqa: F403
from deploy.settings.base import CACHES, DATABASES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {alias: {**options, "KEY_PREFIX": "test"} for alias, options in CACHES.items()}
DATABASES = {
    "default": {**DATABASES["default"], "OPTIONS": {"server_side_binding": True}, "TEST": {"MIGRATE": False}}
}
CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
CELERY_TASK_ALWAYS_EAGER = True
