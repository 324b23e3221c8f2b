# Brightline's commands; `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help install demo test lint fuzz bench backup restore
PORT ?= 8000
PYTHON := .venv/bin/python

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install:
	@bin/system-libraries
	@bin/bootstrap

demo: install ## serve the demonstration practice on http://127.0.0.1:8000 (PORT=9000 for another port)
	@exec $(PYTHON) -m config.demo --port $(PORT) --under-make

test: ## lint, types, import contract and every test
	@bin/system-libraries --tests
	@bin/bootstrap
	@$(MAKE) --no-print-directory lint
	@exec $(PYTHON) -m pytest -n 2 --dist loadfile

lint: ## ruff, templates, mypy, import contract
	@bin/bootstrap
	@.venv/bin/ruff check --quiet .
	@.venv/bin/ruff format --check --quiet .
	@find templates -name '*.html' -print0 | xargs -0 -r .venv/bin/djade --check --target-version 6.1
	@.venv/bin/mypy --no-error-summary .
	@.venv/bin/lint-imports --no-logo

fuzz: install ## try changed files on the readers of sheets and papers, MINUTES=60 each; what fails lies in var/fuzz
	@exec nice $(PYTHON) -m tests.fuzz.test_incoming sheet --minutes $(or $(MINUTES),60)
	@exec nice $(PYTHON) -m tests.fuzz.test_incoming paper --minutes $(or $(MINUTES),60)

bench: install ## measure the pages, write bench/results.json
	@exec $(PYTHON) -m bench

backup: ## write database and stored files into one file under var/backups
	@test -x $(PYTHON) || { echo "make backup installs nothing: run make install first" >&2; exit 2; }
	@exec $(PYTHON) -m config.backup backup

restore: install ## restore FILE=var/backups/... into an empty database, then verify it
	@test -n "$(FILE)" || { echo "make restore FILE=var/backups/brightline-….tar" >&2; exit 2; }
	@exec $(PYTHON) -m config.backup restore "$(FILE)"
