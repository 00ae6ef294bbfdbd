# `make` alone lists the commands.
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test test-sqlite test-pg test-browser setup build fmt lint licences check screenshots bench bench-mirror bench-search bench-feedback evaluate

help: ## List the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-13s %s\n", $$1, $$2}'

run: build ## Serve the demonstration province on http://lacviet.localhost:8080
	@target/debug/conglang demo

test: setup test-sqlite test-pg test-browser ## Install what the tests need, then run every test

test-sqlite: build ## Run the Rust tests on SQLite
	env -u TEST_DATABASE_URL cargo test --workspace

test-pg: build ## Run the same suite on a throw-away PostgreSQL
	tests/with-postgres.sh cargo test --workspace --test portal

test-browser: build ## Run the browser tests in headless Chromium
	npm --prefix tests/browser test

setup: ## Install PostgreSQL, Chromium, fonts and npm packages for the tests
	tests/setup.sh

# The whole workspace at once: building packages one by one would choose other features of the
# dependencies and build those twice.
build: ## Build the program, target/debug/conglang
	cargo build --workspace --bins

fmt: ## Format the code
	cargo fmt --all

lint: ## Check format and lints
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings

licences: ## Check licences, and advisories where cargo-deny is installed
	node tests/licences.mjs

check: lint test licences ## The whole gate; works offline once `make setup` has run

screenshots: build ## Make the README's picture anew from the running product
	node tests/screenshots.mjs

bench: ## Measure import, start and memory (PROFILE=release|dev, UNITS=FILE, PROVINCES=N)
	tests/bench.sh

bench-mirror: ## Measure the coverage of a province of SITES=N sites on SQLite and PostgreSQL
	cargo build --release -q -p tests --example coverage
	target/release/examples/coverage $(or $(SITES),3321)
	tests/with-postgres.sh target/release/examples/coverage $(or $(SITES),3321)

bench-search: ## Measure search against SQLite and PostgreSQL (DOCS=N, PEER_DOCS=N)
	cargo build --release -q -p search --example bench
	tests/with-postgres.sh target/release/examples/bench $(or $(DOCS),1000000) $(or $(PEER_DOCS),50000)

bench-feedback: ## Measure the forms of citizens under load (RATE=a minute, MINUTES=N)
	cargo build --release -q --workspace --bins
	node tests/bench_feedback.mjs --rate $(or $(RATE),1000) --minutes $(or $(MINUTES),5)

evaluate: ## Measure how well search finds the documents of FILE (jsonl or jsonl.gz)
	cargo run --release -q -p search --example evaluate -- $(FILE) $(if $(MISSES),--misses)
