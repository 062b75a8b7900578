"""Two organizations, north and south, made once per run; every test in a transaction; one cast, the same everywhere.

Nora owner, Sam schedule admin (over Tess's schedule), Tess practitioner, Cleo client, Gus guardian, Ada agent (costs hidden from Cleo);
Olga owns south, whose rows carry the same primary keys, so that a forgotten switch would find something.
"""

import gc
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as property_settings
from servestatic.middleware import ServeStaticMiddleware
from xdist.scheduler import LoadScopeScheduling

from core.kernel import clock
from deploy.local import messages
from tenants import context, hosts
from tenants.cache import ForgivingCache
from tenants.context import organization_context
from tests.database import build_database, organization
from tests.factories.cast import make_cast
from tests.factories.web import browser_of
from tests.kept_things import KeptThings

ROOT = Path(__file__).resolve().parent.parent
# Because how fast examples are made and looked at says nothing where a busy machine makes them.
property_settings.register_profile("tests", deadline=None, suppress_health_check=[HealthCheck.too_slow])
property_settings.load_profile("tests")
STANDS_BACK = 10  # niceness


# Real media is measured by the clock: two such tests beside each other would measure one another.
MEDIA = (
    "tests/sfu/",
    "tests/journeys/test_live_",
    "tests/journeys/test_recording.py",
    "tests/journeys/test_connection_test.py",
)
# Journeys without media share a worker, too, because each worker would start all servers of its own.
JOURNEYS = "tests/journeys/"
# What takes longest begins first, so that the workers end together.
FIRST = (
    *MEDIA,
    JOURNEYS,
    "tests/tenants/test_organization_migrations.py",
    "tests/themes/test_gallery.py",
    "tests/local/test_supervisor.py",
    "tests/isolation/",
    "tests/leaks/",
    "tests/portal/",
    "tests/branding/",
    "tests/go_live/",
)


class OneWorkerPerFile(LoadScopeScheduling):
    """A file stays in one worker, because its tests share a cache; everything with real media stays in the same one."""

    def __init__(self, config: pytest.Config, log: object) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False  # the order of the tests, below, is the order of the files

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(MEDIA):
            return "media"
        return "journeys" if nodeid.startswith(JOURNEYS) else nodeid.partition("::")[0]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first; within a folder and a file, everything stays in its order."""
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    return next((turn for turn, start in enumerate(FIRST) if item.nodeid.startswith(start)), len(FIRST))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Media goes first wherever two want the same core: the worker that begins with something else, or has come to it, stands back for good."""
    if os.environ.get("PYTEST_XDIST_WORKER") and not item.nodeid.startswith(MEDIA) and os.nice(0) < STANDS_BACK:
        os.nice(STANDS_BACK)


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: not to look through it again and again for what has become unreachable saves a tenth."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def pytest_configure(config: pytest.Config) -> None:
    """Compile the catalogues first, because Django reads them once in a process."""
    for path in messages.catalogues():
        messages.compile_catalogue(path)


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> OneWorkerPerFile:
    """Not xdist's own groups: they write a field that pytest 9.2 no longer reads, and every test went where it pleased."""
    return OneWorkerPerFile(config, log)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: object) -> Iterator[None]:
    """Public schema and template from a script kept by fingerprint, north and south replayed from it."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        with _more_time(900):
            build_database(cache=ROOT / "var" / "test-schemas")
        yield


@contextmanager
def _more_time(seconds: float) -> Iterator[None]:
    """Because the first test that needs the database would pay for all migrations out of its own three minutes."""
    left, _ = signal.getitimer(signal.ITIMER_REAL)
    signal.setitimer(signal.ITIMER_REAL, seconds if left else 0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, left)


@pytest.fixture(scope="session", autouse=True)
def _static_files_listed_once() -> Iterator[None]:
    """Every test client builds the chain of middleware anew, and the one for static files lists all of them: a quarter of a second each time."""
    kept: dict[str, object] = {}
    stock = ServeStaticMiddleware.add_files_from_finders

    def add_files(self: ServeStaticMiddleware) -> None:
        if not kept:
            stock(self)
            kept.update(self.files)
        self.files.update(kept)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ServeStaticMiddleware, "add_files_from_finders", add_files)
        yield


@pytest.fixture(autouse=True)
def _clean_context() -> Iterator[None]:
    """No test starts with the organization of the test before."""
    ForgivingCache._back_at = 0.0  # no test inherits an outage that the test before has staged
    context.clear()
    hosts._entries.clear()
    # What the test before has changed about hosts is heard of now, not in the middle of this one.
    hosts._next_look = 0.0
    yield
    context.clear()


@pytest.fixture
def moved_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """`moved_clock(timedelta(hours=1))` moves the house's clock on; the world's clock stays."""
    moved = timedelta()

    def move(by: timedelta) -> None:
        nonlocal moved
        moved += by
        monkeypatch.setattr(clock, "offset", lambda: moved)

    return move


@pytest.fixture
def north(db: None) -> Iterator[object]:
    """The organization under test, in force."""
    with organization_context(organization("north")) as entered:
        yield entered


@pytest.fixture
def south(db: None) -> object:
    """The other organization; enter it with `organization_context(south)`."""
    return organization("south")


@pytest.fixture
def cast(north: object, south: object) -> SimpleNamespace:
    """Everybody in north (the context in force), and Olga in south with leakable rows under the same ids."""
    return make_cast(north, south)


@pytest.fixture(scope="module")
def kept_things(django_db_setup: None, django_db_blocker: object) -> Iterator[KeptThings]:
    """What `cast_with_things` stands on."""
    kept = KeptThings()
    yield kept
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        kept.undo()


@pytest.fixture
def things_below(kept_things: KeptThings, django_db_blocker: object) -> KeptThings:
    """They are there before the test's own transaction begins."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        kept_things.make()
    return kept_things


@pytest.fixture
def cast_with_things(things_below: KeptThings, north: object, south: object) -> SimpleNamespace:
    """The cast, and one of everything as `things(cast)`, made once for a file, in which this has to be everybody's `cast`."""
    return things_below.copy(north, south)


@pytest.fixture
def visit() -> Callable[..., object]:
    """`visit(user=None, organization="north")` -> a Django test client signed in on that organization's host."""
    return browser_of
