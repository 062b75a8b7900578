"""A Django that stands by: it forks for every request that comes in a line, because importing it anew takes seconds each time."""

import io
import json
import os
import sys
import tempfile
import traceback

import django
from django.core.management import execute_from_command_line

django.setup()  # before models are imported: this is a program, and nobody has set it up

from tenants.context import organization_context, public_context  # noqa: E402
from tenants.models import Organization  # noqa: E402


def main() -> None:
    """For each line of JSON, {"argv": [...], "typed": "..."}, answer one with its status and what was printed and logged."""
    for line in sys.stdin:
        request = json.loads(line)
        with tempfile.TemporaryFile("w+") as printed, tempfile.TemporaryFile("w+") as logged:
            child = os.fork()
            if child == 0:
                os.dup2(printed.fileno(), 1)
                os.dup2(logged.fileno(), 2)
                os._exit(_act(**request))
            status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            answer = {"status": status, "printed": _whole(printed), "logged": _whole(logged)}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _act(argv: list[str], typed: str) -> int:
    """In the fork: a management command, or `inside <slug>` with the snippet that was typed. Returns the exit status."""
    sys.stdin = io.StringIO(typed)
    status = 0
    try:
        if argv[0] == "inside":
            print("\n=answer=" + json.dumps(_inside(argv[1], typed), default=str))  # noqa: T201
        else:
            execute_from_command_line(["manage.py", *argv])
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:  # noqa: BLE001 because a fork must never return into the loop of its parent
        traceback.print_exc()
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    return status


def _inside(slug: str, snippet: str) -> object:
    """Run Python with the organization in force; what it leaves in `answer`."""
    with public_context():
        organization = Organization.objects.select_related("plan").get(slug=slug)
    names: dict[str, object] = {"answer": None}
    with organization_context(organization):
        exec(snippet, names)  # noqa: S102
    return names["answer"]


def _whole(file: io.TextIOBase) -> str:
    file.seek(0)
    return file.read()


if __name__ == "__main__":
    main()
