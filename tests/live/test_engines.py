"""Which engine a room gets, by the installation's settings."""

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

from sessions_live import engines
from sessions_live.media.engine import EngineError
from sessions_live.media.workers import LeasedWorkers, OneWorker


@pytest.fixture(autouse=True)
def _fresh():
    engines.offered.cache_clear()
    yield
    engines.offered.cache_clear()


def test_one_worker_is_found_by_its_address(settings):
    settings.MEDIA_CONTROL, settings.MEDIA_WORKERS = "127.0.0.1:8005", 1
    assert isinstance(engines.server().workers, OneWorker)


def test_several_workers_are_found_by_their_leases_although_an_address_is_set(settings):
    settings.MEDIA_CONTROL, settings.MEDIA_WORKERS, settings.VALKEY_URL = "127.0.0.1:8005", 2, "redis://127.0.0.1:1/0"
    assert isinstance(engines.server().workers, LeasedWorkers)


def test_no_media_server_is_told_when_one_is_needed(settings):
    settings.MEDIA_CONTROL, settings.MEDIA_WORKERS, settings.VALKEY_URL = "", 1, ""
    assert engines.p2p().name == "p2p"
    with pytest.raises(EngineError, match="none is set up here"):
        engines.server()


@pytest.mark.parametrize("name", ["livekit", "janus", "jitsi"])
def test_start_up_refuses_an_engine_that_cannot_work(settings, name):
    settings.MEDIA_ENGINE = name
    with pytest.raises(ImproperlyConfigured):
        apps.get_app_config("sessions_live").ready()
