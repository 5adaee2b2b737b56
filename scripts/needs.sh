#!/usr/bin/env bash
# Sees to it that the programs the tests use are there.
#
#   scripts/needs.sh          all of them
#   scripts/needs.sh make     only the named packages
#
# On Debian as root it installs what is missing; elsewhere it says in one line what is. Missing needs fail under CI=true;
# otherwise the tests that want them are skipped with the reason.
set -euo pipefail

# package, and a command that succeeds where it is installed
needs=(
	"make|command -v make"
	"ca-certificates|ls /etc/ssl/certs/ca-certificates.crt || ls /etc/pki/tls/certs/ca-bundle.crt || ls /etc/ssl/cert.pem"
	"gcc|command -v gcc" # go test -race uses cgo
	"libc6-dev|echo '#include <stdlib.h>' | gcc -E -"
	"postgresql|compgen -G '/usr/lib/postgresql/*/bin/initdb' || command -v initdb"
	"libreoffice-calc-nogui|command -v soffice && { test ! -d /usr/lib/libreoffice || test -e /usr/lib/libreoffice/program/libsclo.so; }"
	"fonts-noto-cjk|compgen -G '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular*' || { fc-list :lang=zh | grep .; }"
	"poppler-utils|command -v pdftotext && command -v pdftoppm"
	"nodejs|command -v node"
	"npm|command -v npm"
	"chromium|test -x /usr/bin/chromium"
	"caddy|command -v caddy" # the proxy of deploy/, driven as it is deployed
)

missing() {
	local need package
	for need in "${needs[@]}"; do
		package=${need%%|*}
		if [[ $# -gt 0 && " $* " != *" $package "* ]]; then
			continue
		fi
		if ! eval "${need#*|}" >/dev/null 2>&1; then
			printf '%s ' "$package"
		fi
	done
}

# Installing the postgresql package starts a server of its own, which the tests do not want and some containers cannot do:
# for as long as the installation takes, Debian's policy-rc.d keeps services from being started.
policy=/usr/sbin/policy-rc.d
install() {
	local log status=0
	log=$(mktemp)
	if [[ ! -e $policy ]]; then
		trap 'rm -f "$policy"' EXIT
		printf '#!/bin/sh\nexit 101\n' >"$policy"
		chmod 755 "$policy"
	fi
	{
		apt-get update -q &&
			DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
				-o DPkg::Lock::Timeout=300 "$@"
	} </dev/null >"$log" 2>&1 || status=$?
	if [[ $status -ne 0 ]]; then
		echo "needs: apt-get could not install $*: $(grep -E '^(E:|Err:)' "$log" | tail -n 1)" >&2
	fi
	rm -f "$log"
}

lacking=$(missing "$@")
if [[ -n $lacking && $EUID -eq 0 ]] && command -v apt-get >/dev/null; then
	echo "needs: installing $lacking" >&2
	read -ra packages <<<"$lacking"
	install "${packages[@]}"
	lacking=$(missing "$@")
fi
if [[ -n $lacking ]]; then
	echo "needs: missing Debian packages: $lacking" >&2
	if [[ ${CI-} == true ]]; then
		exit 1
	fi
fi
