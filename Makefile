# What can be done here, one line each: `make help`. Each target is a script that also runs by itself.

.DEFAULT_GOAL := help
.PHONY: help run build test bench bench-access bench-runs bench-knowledge bench-pages bench-protocols bench-check fuzz reference simulate soak format

help: ## Say what can be done
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Install what is missing, build, start the server on ./data and print what to try
	@scripts/run

build: ## Build .build/release/spandrel
	@scripts/setup build
	@scripts/build

test: ## Install what is missing, build, run the unit tests and the tests against real servers
	@scripts/test

bench: ## Measure with 1,000,000 spans beside DuckDB and ClickHouse (half an hour, 15 GB of disk)
	@Benchmarks/run
	@Benchmarks/access-control
	@Benchmarks/run-execution
	@Benchmarks/knowledge-search
	@Benchmarks/knowledge-promotion
	@Benchmarks/pages
	@Benchmarks/protocols

bench-access: ## Measure only what access control costs: CPU a request, latency of API calls, sign-in (two minutes)
	@Benchmarks/access-control

bench-runs: ## Measure only what runs of test cases cost: cases a second, CPU a case, events, memory (five minutes)
	@Benchmarks/run-execution

bench-knowledge: ## Measure only what a knowledge base costs: searches of 100,000 chunks, promotions of 10,000 entries (fifteen minutes, 2 GB of disk)
	@Benchmarks/knowledge-search
	@Benchmarks/knowledge-promotion

bench-pages: ## Measure only what pages cost in Chromium with 1,000,000 spans: lists, filters, a trace of 100,000 spans, a live list (twenty minutes, 3 GB of disk)
	@Benchmarks/pages

bench-protocols: ## Measure only what the protocols and the mapping cost: protobuf, JSON and gRPC beside each other (five minutes)
	@Benchmarks/protocols

bench-check: ## Count what a span costs (fails where it is 10 % more than it was), and run the benchmark with 20,000 spans: all stores give the same answers
	@Benchmarks/store-cost
	@Benchmarks/run --spans 20000

fuzz: ## Run each fuzz target for a minute
	@scripts/fuzz 60

reference: ## Ask SciPy again for the numbers that the statistics of verdicts are tested against
	@scripts/statistics-reference

simulate: ## Verdicts of 10,000 simulated runs a row: coverage, wrong verdicts, cells saved (part of make soak)
	@scripts/simulate-verdicts

soak: ## The long tests: an hour of random store histories, 10,000 kill -9 of a store, 200 of the server, more seeds
	@SPANDREL_SOAK=1 scripts/test soak

documents: ## Make the pages that are made from sources again: docs/limits.md, docs/hostile-inputs.md
	@scripts/documents

format: ## Format the Swift sources
	@swift format --in-place --recursive --parallel Package.swift Sources Tests Benchmarks
