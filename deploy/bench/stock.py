"""Settings of the baseline: django-tenants as it comes, on the same database."""

from deploy.settings.base import *  # noqa: F403
from deploy.settings.base import DATABASES

DATABASES = {"default": {**DATABASES["default"], "ENGINE": "django_tenants.postgresql_backend", "OPTIONS": {}}}
EXTRA_SEARCH_PATHS = PG_EXTRA_SEARCH_PATHS = ["ext"]
