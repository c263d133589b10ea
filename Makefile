PYTHON ?= python3
PIP = .venv/bin/pip install --disable-pip-version-check --quiet --constraint constraints.txt

.PHONY: run test lint check bench

run: .venv/app
	.venv/bin/derm-xai serve

test: .venv/dev
	.venv/bin/python -m pytest --ignore tests/browser
	.venv/bin/python -m pytest --numprocesses 0 tests/browser # a browser wants the machine for itself

lint: .venv/dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

check: lint test

bench: .venv/dev
	.venv/bin/python -m benchmarks.assess
	.venv/bin/python -m benchmarks.batch

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/app: .venv/bin/python pyproject.toml constraints.txt
	$(PIP) --editable .
	touch $@

.venv/dev: .venv/bin/python pyproject.toml constraints.txt
	$(PIP) --editable '.[dev]'
	touch .venv/app $@
