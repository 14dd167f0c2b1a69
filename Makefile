# `make demo` and `make test` work on a fresh machine with Python 3.11+ and make.
PYTHON ?= python3
SYSTEM ?= nzila-export-hub
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -q

.PHONY: demo test wide engine stacks lint generated bench clean help

help:
	@echo "make demo [SYSTEM=…]  check, compile and summarise a system"
	@echo "make stacks           what \`pulumi up\` needs: Pulumi's Python SDKs, into .venv"
	@echo "make test             the whole test suite (installs what it needs)"
	@echo "make wide             the slow, wide tests too"
	@echo "make engine           the tests that need the Pulumi engine"
	@echo "make generated        refresh what is generated: schema, rule pages, renderings"
	@echo "make bench            speed and memory, with ratios to peers"

.venv/core: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(PIP) install -c constraints.txt -e .
	@touch $@

.venv/stacks: .venv/core
	$(PIP) install -c constraints.txt -e '.[stacks]'
	@touch $@

.venv/test: .venv/stacks
	$(PIP) install -c constraints.txt -e '.[stacks,test]'
	@touch $@

.venv/engine: .venv/test
	$(PIP) install -c constraints.txt -e '.[engine]'
	@touch $@

stacks: .venv/stacks

demo: .venv/core
	@$(BIN)/python -m tocsin.demo $(SYSTEM)

.venv/tools: .venv/test .ci/tools
	@PYTHON=$(PYTHON) .ci/tools
	@touch $@

test: .venv/tools
	$(BIN)/python -m pytest -m "not slow and not engine"

wide: .venv/tools
	$(BIN)/python -m pytest -m "slow"

engine: .venv/engine
	$(BIN)/python -m pytest -m "engine" -rs

lint: .venv/test
	$(BIN)/ruff check . && $(BIN)/lint-imports

generated: .venv/test
	$(BIN)/python -m tocsin.generated
	$(BIN)/tocsin compile

bench: .venv/test
	$(BIN)/python -m benchmarks

clean:
	rm -rf .venv .venv-localstack build
