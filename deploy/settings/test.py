"""Settings of the tests: the same product with fast hashing and mail in memory, on servers of its own.

The environment is set here, and not in a conftest, because pytest-django reads the settings before any conftest.
"""

import os
from pathlib import Path

from deploy.local.services import test_services

_state = Path(__file__).resolve().parent.parent.parent / "var" / "test"
_worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
_services = test_services(_state)  # xdist's workers inherit both addresses from the controller
os.environ.update(
    {
        "DATABASE_URL": _services.database_url,
        "VALKEY_URL": _services.valkey_url,
        "VAR_DIR": str(_state / "state" / _worker),
        "SECRET_KEY": "tests-only-" + "x" * 50,
        "OPERATOR_HOST": "console.test",
        "PUBLIC_SCHEME": "http",
        "SECURE_COOKIES": "false",
        "EMAIL_URL": "memory://",
        "MAIL_ZONE": "mail.neutral.test",
        "STRIPE_SECRET_KEY": "sk_test_tests",
        "STRIPE_PUBLISHABLE_KEY": "pk_test_tests",
        "STRIPE_WEBHOOK_SECRET": "whsec_tests",
        "MEDIA_SECRET": "media-secret-of-the-tests-0123456789",
        "DNS_SERVERS": "127.0.0.1",  # nobody is asked outside; tests with a server of their own name its port
        "DNS_PORT": "9",
        "DNS_SECONDS": "1",
        "LOG_LEVEL": "WARNING",
    }
)

from deploy.settings.base import *  # noqa: E402, F403
from deploy.settings.base import CACHES, DATABASES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {alias: {**options, "KEY_PREFIX": f"test-{_worker}"} for alias, options in CACHES.items()}
# No pool: the test's transaction and the code under test share one connection.
DATABASES = {"default": {**DATABASES["default"], "OPTIONS": {"server_side_binding": True}}}
CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
CELERY_TASK_ALWAYS_EAGER = True
