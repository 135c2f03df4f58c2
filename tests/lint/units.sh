#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The services' confinement, as the service manager's own tool judges it. What
# a service gains by a line that goes missing shows here.

cd "$(dirname "$0")/../.." || exit 1
. tests/lib/check.sh

T_LOG=$(mktemp)
trap 'rm -f "$T_LOG"' EXIT
name="PRV-05 no service is more exposed than 2.2 of 10"

little_exposed()
{
	local unit

	for unit in conf/*.service; do
		want systemd-analyze security --no-pager --offline=true \
		    --threshold=22 "$PWD/$unit"
	done
}

if ! command -v systemd-analyze >/dev/null; then
	skip "$name" "systemd-analyze is not installed"
else
	run "$name" little_exposed
fi
finish
