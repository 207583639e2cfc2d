# What can be done here: `make help`.

PYTHON ?= python3
BIN := .venv/bin
DEMO_FLAGS := $(if $(filter 0,$(SERVE)),--no-serve) $(if $(TOWN),--town $(TOWN)) $(if $(PORT),--port $(PORT))

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo serve stop setup test lint types arch fast bench bench-scale clean

help:
	@echo 'make demo     ready this machine, play one incident and serve its live map'
	@echo '              SERVE=0 ends after the answer, TOWN=generated needs no road file, PORT=8000 is where it serves'
	@echo 'make serve    serve what is stored'
	@echo 'make stop     stop the private database'
	@echo
	@echo 'make test     ready this machine for tests, then check everything: style, types, rooms, behaviour'
	@echo 'make setup    only ready this machine for tests'
	@echo 'make lint     style        make types  types        make arch  which package may import which'
	@echo 'make fast     the tests that need neither database nor browser'
	@echo 'make bench    how fast recommendations, claims and the routing engine are, beside peers; a long storm'
	@echo 'make bench-scale  a generated network of JUNCTIONS=1000000, from store to answer'
	@echo 'make clean    remove what can be made again; var/, where the data is, stays'

demo:
	@$(PYTHON) -I data/bootstrap.py run
	@$(BIN)/rescuegrid demo $(DEMO_FLAGS)

serve:
	@$(PYTHON) -I data/bootstrap.py run
	@$(BIN)/rescuegrid serve $(if $(PORT),--port $(PORT))

stop:
	@$(BIN)/python -c 'from api.settings import Settings; from data.cluster import stop; stop(Settings().cluster_directory)'

setup:
	@$(PYTHON) -I data/bootstrap.py test

test: setup lint types arch
	$(BIN)/python -m pytest --cov -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

lint:
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types:
	$(BIN)/mypy

arch:
	$(BIN)/lint-imports

fast:
	$(BIN)/python -m pytest tests/unit

bench:
	$(BIN)/python -m tests.bench.recommend
	$(BIN)/python -m tests.bench.choice
	$(BIN)/python -m tests.bench.http
	$(BIN)/python -m tests.bench.positions
	$(BIN)/python -m tests.bench.claims
	$(BIN)/python -m tests.storm
	$(BIN)/python -m tests.bench.siting
	$(BIN)/python -m tests.bench.critical_links
	$(BIN)/python -m tests.bench.simulation
	$(BIN)/python -m tests.bench.cch
	$(BIN)/python -m tests.bench.peers

bench-scale:
	$(BIN)/python -m tests.bench.scale $(JUNCTIONS)

clean:
	rm -rf .venv dist .coverage .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find geo routing data api tests -name __pycache__ -prune -exec rm -rf {} +
