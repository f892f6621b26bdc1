# Each task of the workshop is one word here. `make` alone prints them.
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup build run test mutants lint format check-layers check-sizes check-schema schema check docs check-docs ci clean

help: ## print the tasks
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install what is missing (apt and pip packages); does nothing when all is there
	@scripts/setup

build: setup ## build everything, tests included (debug; run and test use this one build)
	@swift build --build-tests

run: ## set up, build, and start the whole house on this machine with its own PostgreSQL
	@scripts/run

test: build ## set up, build, and run all tests on a throw-away PostgreSQL
	@scripts/test

mutants: build ## play the scenarios on every mistake in the lifecycle files that passes the checks (some minutes)
	@DRIZZL_TEST_MUTANT_SCENARIOS=1 scripts/test --filter '^MutantTests\.'

lint: ## check the format of every Swift file
	@swift format lint --strict --parallel --recursive Package.swift Sources Tests

format: ## rewrite every Swift file in the format that lint wants
	@swift format --in-place --parallel --recursive Package.swift Sources Tests

check-layers: ## check that imports go down only, and the check itself on known-bad samples
	@scripts/check-layers --self-test
	@scripts/check-layers

check-sizes: ## refuse files that got away (400 lines, 600 in Tests)
	@scripts/check-sizes

check-schema: build ## migrate an empty database and compare it with migrations/schema.sql
	@scripts/check-schema

schema: build ## write migrations/schema.sql anew from the migrations
	@scripts/check-schema --write

check: build ## check the lifecycle files of workflows/
	@.build/debug/drizzl workflows check

docs: build ## write docs/lifecycles/ anew from the lifecycle files
	@.build/debug/drizzl workflows docs

check-docs: build ## compare docs/lifecycles/ with what the lifecycle files make
	@.build/debug/drizzl workflows docs --check

ci: setup lint check-layers check-sizes build check check-docs test ## all that must hold before a change lands (.ci/run)

clean: ## remove what was built; keeps the data in .drizzl/, and says so
	@rm -rf .build
	@if [ -d .drizzl ]; then \
		echo "Removed .build. Kept .drizzl, which holds the data of \`make run\`."; \
		echo "To lose that data: make build && .build/debug/drizzl postgres remove --yes && rm -r .drizzl"; \
	else echo "Removed .build."; fi
