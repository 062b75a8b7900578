"""The hooks that `make hooks` switches on: a commit is refused for its tree or for its subject."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HOOKS = ROOT / "deploy" / "hooks"
NOBODY = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
PERSON = ["-c", "user.name=Nora", "-c", "user.email=nora@north.test"]


def git(repository: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")} | NOBODY
    return subprocess.run(
        ["git", *PERSON, *arguments], cwd=repository, env=environment, capture_output=True, text=True, timeout=60
    )


@pytest.fixture
def repository(tmp_path):
    """A repository with our hooks and a `make lint` that passes as long as no file is called `ugly`."""
    (tmp_path / "Makefile").write_text("lint:\n\t@test ! -e ugly\n")
    shutil.copytree(HOOKS, tmp_path / "deploy" / "hooks")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "config", "core.hooksPath", "deploy/hooks")
    git(tmp_path, "add", ".")
    return tmp_path


def test_hooks_are_what_make_switches_on():
    planned = subprocess.run(["make", "--dry-run", "hooks"], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert f"git config core.hooksPath {HOOKS.relative_to(ROOT)}" in planned.stdout
    assert {path.name for path in HOOKS.iterdir() if os.access(path, os.X_OK)} == {"pre-commit", "commit-msg"}


def test_commit_of_a_clean_tree_is_made_and_of_an_ugly_one_refused(repository):
    assert git(repository, "commit", "-m", "people: Keep the tree clean.").returncode == 0
    (repository / "ugly").touch()
    git(repository, "add", ".")
    refused = git(repository, "commit", "-m", "people: Let the tree go.")
    assert refused.returncode != 0
    assert git(repository, "log", "--format=%s").stdout.splitlines() == ["people: Keep the tree clean."]


@pytest.mark.parametrize(
    ("subject", "passes"),
    [
        ("scheduling: Say who is told in one module.", True),
        ("sessions_live: " + "A" * 56 + ".", True),
        ("sessions_live: " + "A" * 57 + ".", False),
        ("scheduling: say who is told.", False),
        ("scheduling: Say who is told", False),
        ("Say who is told.", False),
        ("fixup! scheduling: Say who is told.", True),
    ],
)
def test_subject_has_the_form_and_length_of_the_guide(repository, subject, passes):
    assert (git(repository, "commit", "-m", subject).returncode == 0) is passes
