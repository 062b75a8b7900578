"""The practice of the schedule's pages, served to a real Chromium."""

from tests.portal.scheduling.conftest import chrome, open_as, practice  # noqa: F401 because they are fixtures
