# The commands of this repository. What they do is in scripts/.

.PHONY: help test run lint fuzz bench sim

help:  ## Show this list
	@sed -n 's/^\([a-z]*\):.*## /make \1	/p' Makefile

test:  ## Check and test everything, with the race detector, a real PostgreSQL and a real MinIO
	@scripts/test.sh

run:  ## Start the server on this machine, with its data in ./data
	@go run ./server

lint:  ## Only the checks that do not run the code
	@scripts/lint.sh

fuzz:  ## Run every fuzz test for FUZZTIME (10s)
	@scripts/fuzz.sh

bench:  ## Run every benchmark
	@go build -o bin/ ./internal/pgtest/withpg ./internal/s3test/withs3
	@bin/withpg bin/withs3 go test -run '^$$' -bench . -benchmem ./...

sim:  ## Simulate phones on bad networks against the oracle
	@go run ./server simulate
