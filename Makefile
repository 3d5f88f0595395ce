# Everything starts here: `make report` and `make test` need Python 3.11 to 3.13, git and make, and nothing else.

# The first Python that runs and is of a supported version; another one with: make PYTHON=/path/to/python
FITS   := import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11 python; do \
            "$$name" -c '$(FITS)' >/dev/null 2>&1 && { echo "$$name"; break; }; done)
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

# Two reports at a time, one thread each: more threads than cores make linear algebra many times slower.
export OPENBLAS_NUM_THREADS := 1
export OMP_NUM_THREADS := 1
export MKL_NUM_THREADS := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Kernels and workers are many processes: each would compile the library anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help report test lab lint format bench-attainment bench-joint bench-hindsight bench-local bench-seasons bench-accounts bench-regional bench-reports ingest lock clean

help:  ## list these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 26

report: $(READY)  ## read data/raw and bring every report and reports/index.html up to date
	@$(BIN)/dxanalysis run

test: $(READY) lint  ## lint, type-check and test everything
	@$(BIN)/python -m pytest -n 2 --dist worksteal

lab: $(READY)  ## open the notebooks in JupyterLab
	@$(BIN)/dxanalysis ingest
	@$(BIN)/jupyter lab $(if $(filter 0,$(shell id -u)),--allow-root) --ServerApp.root_dir=. --LabApp.default_url=/lab/tree/notebooks

lint: $(READY)  ## check style, types, floors
	@$(BIN)/ruff check --quiet . && $(BIN)/ruff format --quiet --check .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo > $(VENV)/imports.log || { cat $(VENV)/imports.log; exit 1; }
	@echo "style, types and floors are in order"

format: $(READY)  ## let the formatter rewrite the code
	@$(BIN)/ruff check --quiet --fix . ; $(BIN)/ruff format .

bench-attainment: $(READY)  ## measure the forecasts beside peers, on public panels kept beside the project
	@$(BIN)/python benchmarks/attainment.py

bench-joint: $(READY)  ## ranks, counts, means over regions and "at any time until": questions that need paths that belong together
	@$(BIN)/python benchmarks/joint_questions.py

bench-hindsight: $(READY)  ## how much there was to know about the panels: the same questions answered with later years
	@$(BIN)/python benchmarks/hindsight.py

bench-local: $(READY)  ## measure forecasts of single series beside peers
	@$(BIN)/python benchmarks/local_series.py

bench-seasons: $(READY)  ## measure forecasts of quarters beside peers (DATA=csv with region, period, value; else a simulated panel; YEARS=1: ends of years by parts or by years)
	@$(BIN)/python benchmarks/parts_of_years.py $(if $(DATA),--data $(DATA)) $(if $(YEARS),--years)

bench-accounts: $(READY)  ## digital shares from tables beside published figures and a peer (TABLES=folder, PEER=python with pymrio)
	@$(BIN)/python benchmarks/accounts.py $(if $(TABLES),--tables "$(TABLES)") $(if $(PEER),--peer "$(PEER)")

bench-reports: $(READY)  ## seconds, memory and what is run again, beside papermill alone (ONLY="small real fresh memory dask")
	@$(BIN)/python benchmarks/reports.py $(if $(ONLY),--only $(ONLY))

bench-regional: $(READY)  ## regional tables made from a nation's, held against regions' own (TABLES=folder)
	@$(BIN)/python benchmarks/regional_truth.py $(if $(TABLES),--tables "$(TABLES)")

ingest: $(READY)  ## read data/raw into data/processed
	@$(BIN)/dxanalysis ingest

lock: $(READY)  ## resolve the dependencies anew into requirements.lock
	@$(BIN)/python -m pip install --quiet 'uv>=0.9,<1'
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--custom-compile-command "make lock" --group dev --upgrade pyproject.toml -o requirements.lock

clean:  ## remove what was built: .venv, data/processed, reports
	@rm -rf $(VENV) data/processed/* reports/* .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@git checkout --quiet -- data/processed reports 2>/dev/null || true

$(READY): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "No Python 3.11, 3.12 or 3.13 found: install one, or give one with: make PYTHON=/path/to/python"; exit 1; }
	@"$(PYTHON)" -c '$(FITS)' || { echo "$(PYTHON) is not Python 3.11, 3.12 or 3.13: give another with make PYTHON=/path/to/python"; exit 1; }
	@echo "Installing into $(VENV), once: one to three minutes"
	@"$(PYTHON)" -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $(READY)
