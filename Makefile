# Earshot. `make run` is all a newcomer needs; `make help` lists the rest.
PY := .venv/bin/python
export PYTHONUNBUFFERED = 1
unexport PYTHONDONTWRITEBYTECODE  # a start compiles thousands of files anew where it is set

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run test test-networks bench lint format requirements

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-22s %s\n", $$1, $$2 }'

setup: ## Make .venv and install what Earshot needs (nothing to do: under a second)
	@sh tools/setup.sh requirements.txt

setup-dev: setup ## The same with what the tests and checks need
	@sh tools/setup.sh requirements-dev.txt

run: setup ## Start Earshot; PORT, EARSHOT_DATA, EARSHOT_ADMIN_EMAIL and EARSHOT_ADMIN_PASSWORD override
	@exec $(PY) manage.py up

test: setup-dev ## Run every test on embedded servers, with a real browser; ARGS="-k word" picks
	@exec sh tools/test.sh tests $(ARGS)

test-networks: setup-dev ## Run a real Bluesky network from npm and test against it
	@exec sh tools/networks.sh $(ARGS)

bench: setup-dev ## Measure speed and memory; prints JSON; BENCH="scan ingest" picks
	@exec $(PY) -m bench $(or $(BENCH),all) --json

lint: setup-dev ## Check format, style, types and which room imports which
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy .
	.venv/bin/lint-imports
	.venv/bin/hadolint Dockerfile
	.venv/bin/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml

format: setup-dev ## Format the code and repair what the style check can repair
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .

requirements: ## Pin requirements*.txt anew, with hashes, from requirements*.in (needs uv)
	uv pip compile --upgrade --universal --python-version 3.11 --generate-hashes --no-header -q requirements.in -o requirements.txt
	uv pip compile --upgrade --universal --python-version 3.11 --generate-hashes --no-header -q requirements-dev.in -o requirements-dev.txt
