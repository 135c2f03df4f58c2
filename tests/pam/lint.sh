#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What the module may need, export, import and return, read from the binary
# and from its source. The lists are complete: a new name has to be added here,
# and thought about.

# shellcheck disable=SC2317 # the functions are run by name
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/lib/check.sh
. tests/lib/check.sh
BUILD=${BUILD:-build}
so=$BUILD/pam_farmgate.so
entries="pam_sm_acct_mgmt pam_sm_authenticate pam_sm_chauthtok \
pam_sm_close_session pam_sm_open_session pam_sm_setcred"

# Nothing here reads the environment, resolves names, changes the process,
# keeps state in libc, or opens a log.
allowed="__errno_location __explicit_bzero_chk explicit_bzero __snprintf_chk \
snprintf __stack_chk_fail __memcpy_chk __memset_chk __strcpy_chk \
calloc malloc realloc free memchr memcmp bcmp memcpy memmove memset strchr \
strcmp strlen strncmp clock_gettime close connect fcntl fcntl64 socket \
getsockopt poll __poll_chk send recv __recv_chk getrandom geteuid getpid \
open __open_2 openat fstat fchmod read __read_chk write getuid inet_pton getpwnam_r getgrnam_r getgrouplist pam_get_item pam_getenv \
pam_putenv pam_set_item pam_prompt pam_fail_delay pam_syslog pam_modutil_audit_write"

sanitized()
{
	nm -D "$so" | grep -Eq ' U __(asan|ubsan|tsan)_'
}

needs_only_libpam_and_libc()
{
	want_eq "libc.so.6 libpam.so.0" "$(readelf -d "$so" |
	    sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | sort | xargs)"
}

exports_the_entry_points_alone()
{
	want_eq "$entries" "$(nm -D --defined-only "$so" |
	    awk '{ print $3 }' | sort | xargs)"
	want_eq "$entries" "$(grep -o 'pam_sm_[a-z_]*' \
	    pam_module/pam_farmgate.map | sort -u | xargs)"
}

imports_only_what_is_listed()
{
	local name

	for name in $(nm -D --undefined-only "$so" |
	    awk '$1 == "U" { sub(/@.*/, "", $2); print $2 }'); do
		want grep -qw -- "$name" <<<"$allowed"
	done
}

# Data that can be written is shared by all threads of the caller. What the
# compiler's start files bring is not ours.
has_no_variables()
{
	want_eq "" "$(objdump -t "$so" | awk '$4 ~ /^\.(data|bss|tdata|tbss)$/ \
	    { print $NF } $3 ~ /^\.(data|bss|tdata|tbss)$/ { print $NF }' |
	    grep -vE '^(completed\.[0-9]+|__dso_handle|__TMC_END__|\.data|\.bss)$')"
}

is_hardened()
{
	want grep -q GNU_RELRO <(readelf -lW "$so")
	want grep -q BIND_NOW <(readelf -dW "$so")
	want grep -Eq 'GNU_STACK.* RW ' <(readelf -lW "$so")
	want_not grep -q TEXTREL <(readelf -dW "$so")
	want_not grep -q NODELETE <(readelf -dW "$so")
}

# FILE: its source without comments.
code()
{
	gcc -fpreprocessed -dD -E -P "$1" 2>/dev/null
}

ignores_only_where_documented()
{
	local f n

	for f in pam_module/*.c; do
		n=$(code "$f" | grep -o '\<PAM_IGNORE\>' | wc -l)
		case $f in
		pam_module/pam_farmgate.c) want_eq 3 "$n" ;; # auth, chauthtok,
							     # nonroot
		pam_module/outcome.c) want_eq 4 "$n" ;;	# exempt; in auth:
							# failed, proved,
							# nothing to prove
		*) want_eq "0 in $f" "$n in $f" ;;
		esac
	done
}

starts_from_abort()
{
	local declared

	declared=$(code pam_module/pam_farmgate.c |
	    grep -cE '\<int retval\>')
	want test "$declared" -gt 0
	want_eq "$declared" "$(code pam_module/pam_farmgate.c |
	    grep -cE '\<int retval = PAM_ABORT;')"
	want grep -q 'code = PAM_ABORT' pam_module/outcome.c
}

names_only_permitted_codes()
{
	want_eq "PAM_ABORT PAM_AUTHINFO_UNAVAIL PAM_AUTH_ERR PAM_BUF_ERR \
PAM_CRED_INSUFFICIENT PAM_IGNORE PAM_PERM_DENIED PAM_SUCCESS \
PAM_SYSTEM_ERR" "$(for f in \
	    pam_module/pam_farmgate.c pam_module/outcome.c; do code "$f"; done |
	    grep -oE '\<PAM_[A-Z_]+\>' | grep -v PAM_SILENT | sort -u | xargs)"
}

# What the application lacks while it is asked is lent to it, see converse.c.
never_touches_secrets_or_other_processes()
{
	want_not grep -nE 'PAM_(OLD)?AUTHTOK|get_authtok|setenv|putenv|pam_set_(data|item)' \
	    <(for f in pam_module/*.c; do code "$f"; done |
	    sed 's/pam_putenv//; s/pam_set_item(pamh, PAM_USER_PROMPT, //')
	want_not grep -nE \
	    '\<(getenv|secure_getenv|gethostby[a-z_]*|getaddrinfo|v?fork|exec[a-z]+|system|popen|openlog|signal|sigaction|alarm|umask|chdir|setlocale|atexit|pthread_[a-z_]*|assert) *\(' \
	    <(for f in pam_module/*.c proto/*.c; do code "$f"; done)
}

if sanitized; then
	skip "PROC-01 PROC-02 IN-11 the module's binary" "it is sanitized"
else
	run "PROC-01 the module needs libpam and libc alone" \
	    needs_only_libpam_and_libc
	run "PROC-02 the module exports its entry points alone" \
	    exports_the_entry_points_alone
	run "IN-11 PROC-11 the module imports only what is listed" \
	    imports_only_what_is_listed
	run "PROC-04 the module has no variables" has_no_variables
	run "the module is hardened and can be unloaded" is_hardened
fi
run "PAM-08 PAM_IGNORE is returned only where documented" \
    ignores_only_where_documented
run "PAM-08 each return value starts as PAM_ABORT" starts_from_abort
run "PAM-16 no other return code is named" names_only_permitted_codes
run "PROC-12 the module touches no secret and no other process" \
    never_touches_secrets_or_other_processes
finish
