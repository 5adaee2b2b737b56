#!/usr/bin/env bash
# Everything that has to be right before a change is handed in. Arguments go to go test, in place of ./...
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/needs.sh

# The checks of the web apps: tsc, axe and what drives the browser. Building the apps needs none of it.
if [[ web/package-lock.json -nt web/node_modules/.package-lock.json ]] && command -v npm >/dev/null; then
	if ! said=$(npm ci --prefix web --no-audit --no-fund --loglevel=error 2>&1); then
		echo "test: npm ci in web has failed: ${said%%$'\n'*}" >&2
		[[ ${CI-} != true ]] || exit 1
	fi
fi

scripts/lint.sh

race=(-race)
if ! command -v "$(go env CC)" >/dev/null; then
	echo "test: no C compiler, so go test runs without -race" >&2
	race=()
fi

# One PostgreSQL for the test processes of all packages; it ends with this command, however that ends.
go build -o bin/withpg ./internal/pgtest/withpg
if [[ $# -eq 0 ]]; then
	set -- ./...
fi
exec bin/withpg go test "${race[@]}" -parallel 4 -timeout 20m "$@"
