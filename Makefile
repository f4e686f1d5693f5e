# Pinyong's commands. `make` alone lists them. PYTHON names another interpreter: make up PYTHON=python3.12
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin
STAMP := $(VENV)/.installed
PROGRAMME ?= dq-a
SEED ?= 1

.PHONY: help setup up reset check test soak rehearse bench record

help: ## list the commands
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

setup: $(STAMP) ## make the environment from the hashed lock (only when the lock has changed)

$(STAMP): requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	  || { echo "需要 Python 3.11 或更新版本 / Python 3.11 or later is needed: make $(MAKECMDGOALS) PYTHON=python3.11"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || [ -x $(RUN)/pip ] \
	  || { echo "缺少 venv 模块 / the venv module is missing: apt install python3-venv"; exit 1; }
	@[ -x $(RUN)/python ] || $(PYTHON) -m venv $(VENV)
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

up: setup ## start everything; Ctrl-C stops it, the next start goes on from there
	@exec $(RUN)/python -m cli.main up

reset: setup ## empty the data folder, after asking
	@exec $(RUN)/python -m cli.main reset

check: setup ## format, lint, types, words, import contracts
	$(RUN)/ruff format --check .
	$(RUN)/ruff check .
	$(RUN)/mypy
	$(RUN)/python -m i18n.extract
	$(RUN)/lint-imports

test: setup ## every proof but the long ones
	$(RUN)/python -m pytest -m "not soak" -n 2 --dist loadfile

soak: setup ## the long proofs
	$(RUN)/python -m pytest -m soak --timeout 1500

rehearse: setup ## play a programme with made-up people; PROGRAMME=ot-a PEOPLE=12 SEED=1 (report: rehearsal.html)
	$(RUN)/python -m cli.main rehearse $(PROGRAMME) $(if $(PEOPLE),--people $(PEOPLE)) --seed $(SEED)

bench: setup ## measure; writes nothing but what it prints
	$(RUN)/python -m bench

record: setup ## record histories for the replay proofs
	$(RUN)/python -m tests.replay.record
