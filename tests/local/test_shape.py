"""When the demo may trust that its data already are as the code wants them."""

from pathlib import Path

import pytest
from django.apps import apps

from deploy.local.demo import shape


@pytest.fixture
def root(tmp_path):
    """A small tree of sources."""
    for name in ("billing/migrations/0001_first.py", "core/people/migrations/0001_first.py", "deploy/settings/base.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("# nothing")
    return tmp_path


@pytest.mark.parametrize(
    "path",
    ["billing/migrations/0002_more.py", "core/people/migrations/0001_first.py", "deploy/settings/base.py"],
)
def test_new_or_changed_source_is_another_shape(root, path):
    before = shape.fingerprint("c1", root)
    assert shape.fingerprint("c1", root) == before
    (root / path).write_text("# something")
    assert shape.fingerprint("c1", root) != before


def test_migration_that_is_taken_away_is_another_shape(root):
    before = shape.fingerprint("c1", root)
    (root / "billing/migrations/0001_first.py").unlink()
    assert shape.fingerprint("c1", root) != before


def test_another_cluster_and_another_package_are_another_shape(root, tmp_path, monkeypatch):
    before = shape.fingerprint("c1", root)
    assert shape.fingerprint("c2", root) != before
    packages = tmp_path / "packages"
    (packages / "wagtail-99.0.dist-info").mkdir(parents=True)
    monkeypatch.setattr(shape.sysconfig, "get_path", lambda _: str(packages))
    assert shape.fingerprint("c1", root) != before


def test_note_is_believed_only_after_the_end(tmp_path):
    assert not shape.Shape(tmp_path, "c1").holds()
    first = shape.Shape(tmp_path, "c1")
    first.begin()
    assert not shape.Shape(tmp_path, "c1").holds()
    first.end()
    assert shape.Shape(tmp_path, "c1").holds()
    assert not shape.Shape(tmp_path, "c2").holds()


def test_every_migration_of_the_house_counts():
    rooms = [Path(app.path) for app in apps.get_app_configs() if Path(app.path).is_relative_to(shape.ROOT)]
    ours = {path for room in rooms if ".venv" not in room.parts for path in room.glob("migrations/*.py")}
    assert ours and ours <= set(shape._sources(shape.ROOT))
