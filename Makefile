# make demo    set up, generate the calculator, serve it, call everything through every client
# make test    set up, and run every check and test
# make check   lint, types and the quick tests; needs no network
# make bench   speed beside peers in the same run
# make corpus  every .proto of google-proto-files read as protoc reads it
# make fuzz    100,000 mutated messages a protocol against generated servers
# make help    this list

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help setup demo test check bench corpus fuzz lint types format refresh clean

help:
	@sed -n 's/^# make/make/p' Makefile

setup: $(VENV)/.installed

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "svcgen needs Python 3.11 or newer; set PYTHON=")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable '.[runtime,dev]'
	touch $@

demo: setup
	$(BIN)/python examples/demo.py

test: setup
	tests/tools.sh
	$(MAKE) lint types
	$(BIN)/python -m pytest

check: setup lint types
	$(BIN)/python -m pytest -m 'not network and not slow' -q

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check svcgen tests benchmarks templates

types: setup
	$(BIN)/mypy

bench: setup
	$(BIN)/python -m benchmarks

corpus: setup
	$(BIN)/python -m tests.proto_corpus

fuzz: setup
	$(BIN)/python -m tests.fuzz

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format svcgen tests benchmarks templates

refresh: setup
	$(BIN)/python -m pytest --refresh -q

clean:
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache
