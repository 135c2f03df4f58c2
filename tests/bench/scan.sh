#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What a scan of the machine costs beside many processes. It prints, and judges
# nothing. Usage: tests/bench/scan.sh [-b MS] [-n SCANS] [-p "COUNT..."]: the
# budget of a scan (-b, 200), so many scans (-n, 50; 0 leaves all of this out)
# beside so many processes (-p, "200 2000 20000"), which live in a namespace
# of their own and end with it. Environment: BUILD (default build).

set -eu
export LC_ALL=C.UTF-8
cd "$(dirname "$0")/../.."

budget=200 scans=50 counts="200 2000 20000"
while getopts b:n:p: opt; do
	case $opt in
	b)	budget=$OPTARG ;;
	n)	scans=$OPTARG ;;
	p)	counts=$OPTARG ;;
	*)	exit 2 ;;
	esac
done
[ "$scans" -gt 0 ] || exit 0

printf '\nA scan of the machine, in milliseconds; %s are allowed\n' "$budget"
# shellcheck disable=SC2086 # several words
unshare --mount --pid --fork --mount-proc --kill-child \
    "${BUILD:-build}/bench/bench_scan" -b "$budget" -n "$scans" -w 35 \
    $counts
