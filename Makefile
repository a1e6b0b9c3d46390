# reports · test · lab · check · lock · clean. Everything is installed from the lock files, with hashes.
AREA ?= Nottingham
YEAR ?= 2020-21
OUTPUT ?= outputs
PYTHON ?= python3

VENV := .venv
LAB := .venv-lab
BIN := $(VENV)/bin
PIP := -m pip --disable-pip-version-check --quiet
# One thread for linear algebra: the notebooks are small, and more threads only wait for each other.
export OPENBLAS_NUM_THREADS ?= 1

.DEFAULT_GOAL := help
.PHONY: help reports test lab check lock clean browser

help:
	@echo "make reports [AREA=Peterborough] [YEAR=2017-18]   make the reports, list them in outputs/index.html"
	@echo "make test      run every test"
	@echo "make lab       open JupyterLab on the notebooks"
	@echo "make check     formatting, lint, types and layers"
	@echo "make lock      write the lock files anew"
	@echo "make clean     remove environments and caches"

reports: $(VENV)/run.stamp
	$(BIN)/analysis report --area "$(AREA)" --year "$(YEAR)" --output "$(OUTPUT)"

test: $(VENV)/test.stamp browser
	$(BIN)/python -m pytest

check: $(VENV)/test.stamp
	$(BIN)/ruff format --check src tests notebooks tools benchmarks
	$(BIN)/ruff check src tests notebooks tools benchmarks
	$(BIN)/mypy
	$(BIN)/lint-imports

lab: $(LAB)/lab.stamp
	$(LAB)/bin/analysis lab

browser: $(VENV)/test.stamp
	@$(BIN)/python tools/install_browser.py

$(VENV)/run.stamp: requirements.lock pyproject.toml
	@$(PYTHON) tools/require_python.py
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python $(PIP) install --require-hashes -r requirements.lock
	$(BIN)/python $(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/test.stamp: $(VENV)/run.stamp requirements-test.lock
	$(BIN)/python $(PIP) install --require-hashes -r requirements-test.lock
	@touch $@

$(LAB)/lab.stamp: requirements-lab.lock pyproject.toml
	@$(PYTHON) tools/require_python.py
	$(PYTHON) -m venv $(LAB)
	$(LAB)/bin/python $(PIP) install --require-hashes -r requirements-lab.lock
	$(LAB)/bin/python $(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --upgrade pyproject.toml tools/build.in -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --extra test -c requirements.lock pyproject.toml tools/build.in -o requirements-test.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --extra lab -c requirements.lock pyproject.toml tools/build.in -o requirements-lab.lock

clean:
	rm -rf $(VENV) $(LAB) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
