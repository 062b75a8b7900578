# Everything a newcomer types. `make` alone lists it.
# Variables: PORT=9000 moves every port of the demo; TESTS=tests/billing narrows a run; WORKERS=0 keeps it in one process.

PORT ?= 8000
TESTS ?= tests
# One with real media, which mostly waits, and one for each of two cores.
WORKERS ?= 3
# Packages without Django's models are held to strict types; the rest is typed, but the framework's magic is not checked.
STRICT := $(filter-out %/seed %/__pycache__, $(wildcard deploy/env.py deploy/local/* branding/rules billing/rules \
  core/*/rules core/records/questionnaires/rules sessions_live/rules sessions_live/boards/rules sessions_live/boards/format sessions_live/media sessions_live/sfu core/kernel/clock.py core/kernel/errors.py \
  core/kernel/ids.py core/kernel/money.py core/kernel/reasons.py))
TEMPLATES := find . \( -name .venv -o -name node_modules -o -name var \) -prune -o -path '*/templates/*.html'
BENCHES := tenancy media pages golive schedule billing white-label

PY := .venv/bin/python
export PORT
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help setup programs demo demo-up demo-down reset code screenshots test test-hard test-unit lint check format hooks messages lock bench $(BENCHES:%=bench-%)

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

## The demo -----------------------------------------------------------------------------------------------------------
setup: .venv/ready ## Make the environment from the locks and bundle the third-party scripts
	@$(PY) -m deploy.local.assets
	@$(PY) -m deploy.local.messages compile
	@$(PY) -m sessions_live.sfu.build

.venv/ready: requirements/development.txt
	@test -x .venv/bin/pip || { \
	  for python in $(PYTHON) python3 python3.12 python3.13 python3.11; do \
	    "$$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	    echo "Making .venv with $$("$$python" --version)"; \
	    "$$python" -m venv --clear .venv && break; \
	  done; }
	@test -x .venv/bin/pip || { \
	  echo "No Python 3.11 or newer with venv and pip was found. Install it (Debian: apt install python3-venv)," >&2; \
	  echo "or name it: make setup PYTHON=/path/to/python3" >&2; exit 1; }
	@echo "Installing the packages of $< (about a minute)"
	@$(PY) -m pip install -q --disable-pip-version-check --no-input --require-hashes -r $<
	@touch $@

demo: setup programs ## Run two organizations with everything around them; Ctrl-C stops it (PORT=9000 moves it)
	@$(PY) -m deploy.local.demo

demo-up: setup programs ## The same in the background; returns when it is ready
	@$(PY) -m deploy.local.demo --up

programs: .venv/ready ## Get what the demo's recordings are made with
	@$(PY) -m deploy.local.distribution ffmpeg

demo-down: .venv/ready ## Stop it
	@$(PY) -m deploy.local.demo --down

reset: .venv/ready ## Stop it and throw its state away
	@$(PY) -m deploy.local.demo --reset

code: .venv/ready ## Print the demo operator's one-time code
	@$(PY) -m deploy.local.code

screenshots: setup ## Take the README's pictures from the running demo
	@$(PY) -m deploy.local.screenshots

## Proof --------------------------------------------------------------------------------------------------------------
# Whatever the shell says: dozens of programs start beside the tests, and each would compile the product anew.
test: export PYTHONDONTWRITEBYTECODE :=
test: setup ## Run every test; gets the browsers and programs that tests run against
	@$(PY) -m deploy.local.distribution
	@chromium=$$($(PY) -m deploy.local.browser) && CHROMIUM="$$chromium" $(PY) -m pytest -n $(WORKERS) $(TESTS)

test-hard: setup ## Two hundred people at one slot by HTTP, all zones, workers killed among 2,000 reminders; minutes
	@$(PY) -m pytest -m hard $(TESTS)

test-unit: setup ## Run the pure tests only, in seconds
	@$(PY) -m pytest -m unit $(TESTS)

lint: .venv/ready ## The fast part of check: format and lint of code and templates, in seconds
	@echo "format";     .venv/bin/ruff format --check -q .
	@echo "lint";       .venv/bin/ruff check -q .
	@echo "templates";  $(TEMPLATES) -print0 | xargs -0 -r .venv/bin/djade --check --target-version 5.2
	@$(TEMPLATES) -print0 | xargs -0 -r .venv/bin/djangofmt --check -q

check: setup lint ## Format, lint, templates, types, import contracts, migrations, scripts
	@echo "types";      .venv/bin/mypy --strict --follow-imports=silent $(STRICT)
	@echo "imports";    .venv/bin/lint-imports --no-logo
	@echo "migrations"; DJANGO_SETTINGS_MODULE=deploy.settings.test $(PY) manage.py makemigrations --check --dry-run
	@echo "scripts";    $(PY) -m deploy.local.scripts check

bench: $(BENCHES:%=bench-%) ## Run every benchmark; tables here, figures in var/bench/

bench-tenancy: setup ## Provisioning, fleet migration, routing, mixed traffic
bench-media: setup ## The media server beside Janus, on bad networks, over 1,000 joins; 20 minutes
bench-schedule: setup ## How long free times, a day of twenty people and a year of five hundred weekly series take
bench-billing: setup ## The books compared with the payment sandbox: 10,000 payments, 20 planted differences; 1,500 webhooks shuffled
bench-pages: setup programs ## Queries and server time of the main pages
bench-golive: setup programs ## An organization from nothing to live, by a person through the screens and by one file
bench-white-label: setup programs ## The leak walk, what the public pages weigh, and what Lighthouse and axe say of them
$(BENCHES:%=bench-%):
	@$(PY) -m deploy.bench.$(subst -,_,$(@:bench-%=%))

## Upkeep -------------------------------------------------------------------------------------------------------------
messages: .venv/ready ## Bring the catalogues of every language up to date with what the sources say
	@$(PY) -m deploy.local.messages update

format: setup ## Put code, templates, scripts and stylesheets into the house's format
	@.venv/bin/ruff check --fix -q . ; .venv/bin/ruff format -q .
	@$(TEMPLATES) -print0 | xargs -0 -r .venv/bin/djangofmt -q ; true
	@$(TEMPLATES) -print0 | xargs -0 -r .venv/bin/djade --target-version 5.2 ; true
	@$(PY) -m deploy.local.scripts format

hooks: ## Look at format, lint and the commit's subject before each commit from now on
	@git config core.hooksPath deploy/hooks
	@echo "Commits are looked at from now on; git config --unset core.hooksPath ends it."

lock: export UV_CUSTOM_COMPILE_COMMAND = make lock
lock: .venv/ready ## Resolve pyproject.toml into the hash-locked requirements
	@.venv/bin/uv pip compile -q --universal --generate-hashes pyproject.toml -o requirements/product.txt
	@.venv/bin/uv pip compile -q --universal --generate-hashes --extra development pyproject.toml \
	  -o requirements/development.txt
