#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What an attestation costs the laptop and the jump host, of which neither may
# take more than a millisecond. Usage: tests/bench/attest.sh [-n ROUNDS]: so many
# of them (-n, 2000; 0 leaves all of this out). Environment: BUILD (default build).

set -eu
export LC_ALL=C.UTF-8
cd "$(dirname "$0")/../.."

rounds=2000
while getopts n: opt; do
	case $opt in
	n)	rounds=$OPTARG ;;
	*)	exit 2 ;;
	esac
done
[ "$rounds" -gt 0 ] || exit 0

printf '\nAn attestation, in microseconds of the processor\n'
"${BUILD:-build}/bench/bench_attest" -n "$rounds"
