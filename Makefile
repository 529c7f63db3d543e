# The commands of the project; .ci/run calls `make check` and `make test`.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
RUN_STAMP := $(VENV)/.installed-run
PORT ?= 8000
SANDBOX_PORT ?= 9100

.PHONY: install demo test test-packages check fix bench screenshots requirements

install: $(STAMP)

# Debian ships python3 without ensurepip unless python3-venv is there: then the system's pip fills the new venv.
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Easel needs Python 3.11 or newer"; exit 1; }
	@$(PYTHON) -m venv $(VENV) 2>/dev/null || { rm -rf $(VENV); $(PYTHON) -m venv --without-pip $(VENV) && \
		$(PYTHON) -m pip --python $(VENV)/bin/python install --quiet pip; }

$(RUN_STAMP): requirements/run.txt | $(VENV)/bin/python
	@echo "Installing what Easel needs into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	@touch $@

$(STAMP): requirements/dev.txt $(RUN_STAMP)
	@echo "Installing what the tests need into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

# On this machine alone, so pages and the practice Canvas may go over plain http.
demo: $(RUN_STAMP)
	@PORT=$(PORT) SANDBOX_PORT=$(SANDBOX_PORT) EASEL_INSECURE_HTTP=yes EASEL_INSECURE_CANVAS_HOSTS=127.0.0.1,localhost \
		exec $(BIN)/python manage.py demo

# As root on Debian the servers and the browser that the tests talk to are installed; elsewhere the tests that
# lack one are skipped and say how to get it.
test-packages:
	@sh .ci/packages

# Everything on SQLite, then what touches the database once more on PostgreSQL. ARGS="-k abort" runs a part.
DATABASE_TESTS := tests/accounts tests/dashboard tests/imports tests/outcomes
PYTEST := $(BIN)/python -m pytest --numprocesses 2 --dist loadgroup

test: $(STAMP) test-packages
	$(PYTEST) $(ARGS)
	EASEL_TEST_DATABASE=postgres $(PYTEST) $(DATABASE_TESTS) $(ARGS)

# Migrations in step are among the house rules.
check: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/djlint --check --quiet templates
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/mypy .
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m pytest -q tests/test_house_rules.py

fix: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	-$(BIN)/djlint --reformat --quiet templates

bench: $(STAMP)
	@for script in bench/[a-z]*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

screenshots: $(STAMP) test-packages
	$(BIN)/python -m tests.browser.screenshots

# Maintainers: after a change of dependencies in pyproject.toml (needs uv on the PATH).
requirements:
	uv pip compile pyproject.toml --generate-hashes --no-emit-index-url --no-header --universal --python-version 3.11 -q -o requirements/run.txt
	uv pip compile pyproject.toml --extra dev --generate-hashes --no-emit-index-url --no-header --universal --python-version 3.11 -q -c requirements/run.txt -o requirements/dev.txt
