#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The shape of the sources, as far as a program can judge it.

cd "$(dirname "$0")/../.." || exit 1
. tests/lib/check.sh

T_LOG=$(mktemp)
WORK=$(mktemp -d)
trap 'rm -rf "$T_LOG" "$WORK"' EXIT
mapfile -t SOURCES < <(git ls-files 'proto/*.c' 'pam_module/*.c' \
    'policyd/*.c' 'ctl/*.c' 'attest/*.c' 'tests/*.c')
mapfile -t HEADERS < <(git ls-files '*.h')
mapfile -t PRODUCT < <(git ls-files 'proto/*.[ch]' 'pam_module/*.[ch]' \
    'policyd/*.[ch]' 'ctl/*.[ch]' 'attest/*.[ch]')
mapfile -t SCRIPTS < <(git ls-files '*.sh' '*.py' '*.pl' tests/run .ci/run \
    conf/farmgate-geodata conf/geodata-convert)

# Nothing may be printed by the command.
want_nothing()
{
	"$@" >"$WORK/out" 2>&1
	want_eq "" "$(head -n 20 "$WORK/out")"
}

formatted()
{
	clang-format --dry-run -Werror "${SOURCES[@]}"
}

# A tab leads to the next column that eight divides.
too_wide()
{
	LC_ALL=C.UTF-8 awk '{
		width = 0
		n = split($0, part, "\t")
		for (i = 1; i < n; i++) {
			width += length(part[i])
			width += 8 - width % 8
		}
		width += length(part[n])
	}
	n > 0 && width > 80 { print FILENAME ":" FNR ": " width }' \
	    "${SOURCES[@]}" "${HEADERS[@]}"
}

too_long()
{
	wc -l "${PRODUCT[@]}" | awk '$2 != "total" && $1 > 500'
}

untidy()
{
	local files=("${SOURCES[@]}" "${HEADERS[@]}" "${SCRIPTS[@]}")

	grep -nE '[[:space:]]+$' "${files[@]}"
	perl -e 'for (@ARGV) {
		my ($f, $last);
		next if -z;
		open($f, "<", $_) && seek($f, -1, 2) && read($f, $last, 1)
		    or die "$_: $!\n";
		print "$_: no newline at its end\n" if $last ne "\n";
	}' "${files[@]}"
}

# A header compiles alone, and is guarded by its own name.
headers_alone()
{
	git ls-files -z 'proto/*.h' 'pam_module/*.h' 'policyd/*.h' 'ctl/*.h' \
	    'attest/*.h' |
	    xargs -0 gcc -std=c11 -D_GNU_SOURCE -I. -Wall -Wextra -x c \
	    -fsyntax-only
}

# One third-party library, one file that includes it.
libraries()
{
	local pair lib file

	for pair in confuse.h:policyd/conf/conf.c maxminddb.h:policyd/geo/geo_db.c \
	    sodium.h:policyd/crypto.c jansson.h:policyd/json/json.c \
	    sys/capability.h:policyd/privilege/priv.c \
	    seccomp.h:policyd/privilege/sandbox.c \
	    sqlite3.h:policyd/store/store_sqlite.c \
	    liboath/:policyd/stepup/totp.c qrencode.h:ctl/qrcode.c \
	    event2/:policyd/loop.c zlib.h:ctl/audit/stream_gz.c \
	    'zstd.h:ctl/audit/stream_zst.c\|policyd/audit/pack.c' openssl/:ctl/audit/sha256.c \
	    libudev.h:policyd/scanner/hardware/udev.c \
	    tss2/:policyd/device/tpm.c; do
		lib=${pair%:*} file=${pair#*:}
		grep -ln "#include <$lib" "${PRODUCT[@]}" | grep -vx "$file"
	done
	grep -nE '#include <(event|glib|systemd)' "${PRODUCT[@]}" |
	    grep -v '^policyd/loop.c:'
}

# Numbers are parsed in one place, strings are bounded, PAM secrets untouched.
forbidden()
{
	grep -nE '\<(atoi|atol|atoll|atof|sscanf|gets|strcpy|strcat|sprintf|vsprintf|strtok|alloca|system|popen|tmpnam|mktemp)[[:space:]]*\(' \
	    "${PRODUCT[@]}"
	grep -n 'PAM_AUTHTOK\|PAM_OLDAUTHTOK' "${PRODUCT[@]}"
	# GEO-05: they follow pointers without a bound.
	grep -n 'MMDB_[a-z_]*data_list\|MMDB_dump\|MMDB_read_node' \
	    "${PRODUCT[@]}"
	# It asks the resolver.
	grep -n 'MMDB_lookup_string' "${PRODUCT[@]}"
	grep -nE '\<(getenv|secure_getenv|setenv|putenv|getpwnam|getpwuid|localtime|umask|chdir|signal|sigaction|alarm|fork|execv[a-z]*|getaddrinfo|gethostby[a-z]*|getnameinfo|openlog|setlocale|atexit|printf|puts)[[:space:]]*\(' \
	    pam_module/*.[ch] proto/*.[ch]
}

# The daemon never asks the name service once it runs, and never executes: the
# hook service does, which is another program.
daemon_forbidden()
{
	grep -nE '\<(getpwnam|getpwuid|getgrnam|getgrgid|getgrouplist|initgroups)[a-z_]*[[:space:]]*\(' \
	    $(git ls-files 'policyd/*.c') | grep -v '^policyd/privilege/priv.c:'
	grep -nE '\<(exec[lv][a-z]*|posix_spawn[a-z]*|getaddrinfo|gethostby[a-z]*|getnameinfo)[[:space:]]*\(' \
	    $(git ls-files 'policyd/*.c') |
	    grep -v '^policyd/hooks/hook_program.c:'
}

# DB-07: what SQLite is given is constant, and stands in one file.
composed_sql()
{
	local calls='\<store_db_(run|first)\('

	grep -nE 'sqlite3_(exec|get_table|v?mprintf|v?snprintf|str_)' \
	    "${PRODUCT[@]}"
	grep -n 'sqlite3_prepare' "${PRODUCT[@]}" |
	    grep -vE 'store_sql_text\(sql\)|, (\*text|constant), -1'
	grep -nE "$calls" policyd/store/*.c |
	    grep -vE 'store_sql_[a-z]+|const char \*constant'
	grep -nE '"[^"]*\<(SELECT|INSERT|DELETE|UPDATE|PRAGMA|CREATE)\>' \
	    "${PRODUCT[@]}" | grep -vE '^policyd/store/store_(sql|sql_device|sql_person|schema)\.c:'
	grep -nE '\<[a-z_]+[[:space:]]*\(' policyd/store/store_{sql,sql_device,sql_person,schema}.c |
	    grep -E 'printf|format|cpy|cat\('
}

# tests/run passes over the others.
every_suite_is_run()
{
	want_eq "" "$(find tests/{pam,golden,fuzz,lint,system} -maxdepth 1 \
	    -name '*.sh' ! -perm -100)"
}

run "style: sources are as clang-format would write them" \
    want_nothing formatted
run "style: no line is wider than 80 columns" want_nothing too_wide
run "style: no product file is longer than 500 lines" want_nothing too_long
run "style: no trailing blanks, each file ends with a newline" \
    want_nothing untidy
run "style: each header compiles alone" want_nothing headers_alone
run "style: each library is included by one file" want_nothing libraries
run "style: no SQL is composed, each value is bound" want_nothing composed_sql
run "style: no function that the rooms forbid" want_nothing forbidden
run "style: the daemon asks no name service and executes nothing" \
    want_nothing daemon_forbidden
run "style: each script of a suite can be run" every_suite_is_run
finish
