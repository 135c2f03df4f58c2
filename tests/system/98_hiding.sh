#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Remote control that hides is seen, or it is said that not all could be seen:
# by another name, from memory, in namespaces of its own, among very many
# processes, behind a /proc that hides others, or as the scanner is gone. What
# nobody sees is never an allow by itself.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"
. "$FG_TOP/tests/lib/started.sh"
. "$FG_TOP/tests/lib/evidence.sh"

TOOLS=/run/farmgate-test/tools
TOOL=$TOOLS/steer
SCAN=$FG_WORK/scan

conf()
{
	fg_conf <<-EOF
	mode = "enforce"
	network here {
		cidr = {"127.0.0.0/8"}
		place = "NO"
	}
	policy all {
		countries = {"NO"}
		actions = {"remote.tool = deny", "remote.desktop = deny",
		    "remote.tool:hidden = deny", "remote.unknown = deny",
		    "remote.tool:installed = ignore"}
	}
	EOF
}

# The tool in its own place, and what is told by its port alone.
catalogue()
{
	mkdir -p "$TOOLS"
	cc -O1 -pthread -o "$TOOL" "$FG_TOP/tests/lib/hiding.c" || return 1
	fg_catalogue_entry hiding <<-EOT
	tool "steer" {
		title = "Steer"
		kind = "rmm"
		exe = {"$TOOL"}
		comm = {"steer"}
		source = "these tests"
	}
	tool "steer-port" {
		title = "Whoever listens where Steer does"
		kind = "vnc"
		listen = {"tcp/47011"}
		active = {"listen"}
		source = "these tests"
	}
	EOT
}

# NAME USER COMMAND...: until it is what it is to be.
hide()
{
	rm -f "$FG_WORK/$1.log"
	start_as "$@"
	fg_until "${READY_S:-8}" grep -q '^ready' "$FG_WORK/$1.log" && return 0
	cat "$FG_WORK/$1.log"
	return 1
}

# A path that alice can write to, with the tool in it: NAME
copy()
{
	install -m 0755 "$TOOL" "$(home_of alice)/$1"
	echo "$(home_of alice)/$1"
}

# USER FINDINGS...: what a login finds of remote control, and its verdict: deny
# unless there is nothing more than "log".
login()
{
	local user=$1 rc=0

	shift
	timeout 10 pamtester -I rhost=127.0.0.2 gate "$user" acct_mgmt || rc=$?
	want_eq "$(printf '%s\n' "$@")" "$(found 'remote\.' |
	    sed 's/^remote.unknown:[a-z]* /remote.unknown /' |
	    grep -v '^remote.tool:installed ')"
	case "$*" in
	*deny*)	want test "$rc" -ne 0 ;;
	*)	want_eq 0 "$rc" ;;
	esac
}

# NAME: it is over, and nothing stands in the way any more. The tool's file is
# there all the time.
over()
{
	stop "$1"
	want sees steer installed
	want_eq "" "$(farmgatectl scan --json | jq -c '.signs[] |
	    select(.finding != null and .grade != "installed")')"
	login alice
}

# ---- by another name ----------------------------------------------------------

by_its_own_name()
{
	want hide tool alice "$TOOL" wait
	want sees steer running
	sign_says steer running .confidence identity
	sign_says steer running .uid "$(id -u alice)"
	sign_says steer running .pid "$(started tool)"
	sign_says steer running .seen "$TOOL, pid $(started tool)"
	login alice 'remote.tool:running deny'
	over tool
}

# Known by what nobody else has: the path of a file that only root can write.
by_other_names_of_itself()
{
	want hide tool alice "$TOOL" named firefox "/usr/lib/firefox/firefox -x"
	want_eq firefox "$(cat "/proc/$(started tool)/comm")"
	want_line '^/usr/lib/firefox/firefox -x' \
	    <(tr '\0' '\n' <"/proc/$(started tool)/cmdline")
	want sees steer running
	sign_says steer running .confidence identity
	login alice 'remote.tool:running deny'
	over tool
}

# A copy is another program. Its name is anybody's; what it does is not.
by_a_copy()
{
	local copy

	copy=$(copy steer)
	want hide tool alice "$copy" wait
	want sees steer running
	login alice 'remote.tool:running log'
	stop tool
	rm "$copy"
	copy=$(copy notes)
	want hide tool alice "$copy" listen 47011
	want sees steer-port running
	sign_says steer-port running .confidence behaviour
	login alice 'remote.desktop:running deny'
	over tool
}

# That is not seen, and the manual says it: nobody is to take it for "none".
by_a_copy_that_does_nothing()
{
	want hide tool alice "$(copy notes)" wait
	want sees steer installed
	login alice
	want_line 'tool that was renamed' "$FG_TOP/man/farmgate.conf.5"
	over tool
	rm "$(home_of alice)/notes"
}

from_a_file_that_is_gone()
{
	local copy

	copy=$(copy notes)
	want hide tool alice "$copy" wait
	rm "$copy"
	want sees deleted hidden
	sign_says deleted hidden .pid "$(started tool)"
	want_line "$copy \\(deleted\\), pid" <(signs deleted .seen)
	login alice 'remote.tool:hidden deny'
	over tool
	# and the tool itself stays the tool
	cp -p "$TOOL" "$TOOL.kept"
	want hide tool alice "$TOOL" wait
	rm "$TOOL"
	want sees steer running
	login alice 'remote.tool:hidden deny' 'remote.tool:running deny'
	mv "$TOOL.kept" "$TOOL"
	over tool
}

from_memory()
{
	want hide tool alice "$TOOL" memory
	want_line '^/memfd:notes' <(readlink "/proc/$(started tool)/exe")
	want sees memfd hidden
	sign_says memfd hidden .uid "$(id -u alice)"
	sign_says memfd hidden .pid "$(started tool)"
	login alice 'remote.tool:hidden deny'
	over tool
}

# The program that runs is the loader then.
by_the_loader()
{
	want hide tool alice "$(loader)" "$TOOL" wait
	want_line '/ld-' <(readlink "/proc/$(started tool)/exe")
	want sees steer running
	sign_says steer running .confidence composition
	login alice 'remote.tool:running deny'
	over tool
}

loader()
{
	find -L /lib64 /lib -maxdepth 1 -name 'ld-linux*.so.*' 2>/dev/null |
	    head -n 1
}

# Who takes that name away, gives another, or puts so much before it that it is
# not read, has it in memory all the same.
by_the_loader_unsaid()
{
	local name

	for name in "" "/lib/x /usr/bin/vim" /usr/bin/vim; do
		want hide tool alice "$(loader)" "$TOOL" named firefox "$name"
		want sees steer running
		login alice 'remote.tool:running deny'
		stop tool
	done
	want hide tool alice "$(loader)" --library-path \
	    "$(printf '%05000d' 0)" "$TOOL" wait
	want sees steer running
	sign_says steer running .confidence composition
	login alice 'remote.tool:running deny'
	over tool
}

by_the_loader_from_memory()
{
	want hide tool alice "$TOOL" memory "$(loader)"
	want_line '/ld-' <(readlink "/proc/$(started tool)/exe")
	want sees memfd hidden
	sign_says memfd hidden .pid "$(started tool)"
	login alice 'remote.tool:hidden deny'
	over tool
	# nor does anything say what it is
	want hide tool alice "$(loader)" --library-path \
	    "$(printf '%05000d' 0)" "$(copy notes.so)" wait
	want sees unreadable hidden
	login alice 'remote.tool:hidden deny'
	over tool
	rm "$(home_of alice)/notes.so"
}

in_namespaces_of_its_own()
{
	local pid

	want hide tool alice unshare -Urpf --mount-proc \
	    --kill-child "$TOOL" wait
	want sees steer running
	sign_says steer running .confidence composition
	sign_says steer running .uid "$(id -u alice)"
	pid=$(signs steer 'select(.grade == "running") | .pid')
	want_line '^NSpid:.*[[:space:]]1$' "/proc/$pid/status"
	sign_says steer running '(.namespaces | join(" "))' "pid user"
	want_line ', in a namespace of its own \(pid, user\)$' \
	    <(farmgatectl scan)
	login alice 'remote.tool:running deny'
	over tool
}

of_somebody_else()
{
	want hide tool bob "$TOOL" wait
	want sees steer running
	login alice 'remote.tool:running log'
	login bob 'remote.tool:running deny'
	over tool
}

# The kernel then shows a zombie, which has no program and no arguments.
without_its_first_thread()
{
	want hide tool alice "$TOOL" leaderless
	want fg_until 5 grep -q '^State:.*Z' "/proc/$(started tool)/status"
	want sees steer running
	sign_says steer running .pid "$(started tool)"
	login alice 'remote.tool:running deny'
	kill -KILL "$(started tool)"
	over tool
}

# Only root can do that: what lies beneath is not seen, and that is said.
beneath_a_mount()
{
	local folder

	want hide tool alice "$TOOL" wait
	mkdir -p "$FG_WORK/empty"
	for folder in "$FG_WORK/empty" /proc/1; do
		want mount --bind "$folder" "/proc/$(started tool)"
		want sees steer installed
		want_eq failed "$(farmgatectl scan --json |
		    jq -r .coverage.processes)"
		says 0 scan
		want_line '^processes: could not look$' "$OUT"
		login alice 'remote.unknown deny'
		umount "/proc/$(started tool)"
	done
	want sees steer running
	over tool
}

# Whose library hides from ps what is alice's hides nothing from others.
behind_a_library()
{
	local library=$TOOLS/libhide.so pid

	cc -shared -fPIC -o "$library" -x c - <<-'EOF'
	#define _GNU_SOURCE
	#include <dirent.h>
	#include <dlfcn.h>
	#include <stdlib.h>
	#include <string.h>
	struct dirent *
	readdir(DIR *dir)
	{
		struct dirent *(*next)(DIR *) = dlsym(RTLD_NEXT, "readdir");
		const char *pid = getenv("HIDE");
		struct dirent *d;

		do {
			d = next(dir);
		} while (d != NULL && pid != NULL && !strcmp(d->d_name, pid));
		return d;
	}
	struct dirent64 *
	readdir64(DIR *dir)
	{
		return (void *)readdir(dir);
	}
	EOF
	want hide tool alice LD_PRELOAD="$library" "$TOOL" wait
	pid=$(started tool)
	want_line "^$pid\$" <(ls /proc)
	no_line "^$pid\$" <(HIDE=$pid LD_PRELOAD=$library ls /proc)
	want sees steer running
	sign_says steer running .pid "$pid"
	login alice 'remote.tool:running deny'
	over tool
}

# ---- a hostile /proc ----------------------------------------------------------

# What the scanner shows of processes is text and JSON whatever they are called:
# nothing that a terminal would obey.
shows_no_raw_bytes()
{
	says 0 scan
	want iconv -f ascii -t ascii -o /dev/null "$OUT"
	want_eq "" "$(tr -d '\n\040-\176' <"$OUT" | od -An -c)"
	want jq -e '.signs | length > 0' >/dev/null \
	    < <(farmgatectl scan --json)
	want jq -es 'length > 0' <"$FG_AUDIT" >/dev/null
	want_eq "" "$(tr -d '\n\040-\176' <"$FG_AUDIT" | od -An -c)"
}

as_a_thread_of_the_kernel()
{
	want hide tool alice "$(copy notes)" named kworker/0:1 '[kworker/0:1]'
	want sees kernel-thread hidden
	sign_says kernel-thread hidden .uid "$(id -u alice)"
	login alice 'remote.tool:hidden deny'
	over tool
	want hide tool alice "$(home_of alice)/notes" named notes \
	    '[kworker/0:1]'
	want sees kernel-thread hidden
	over tool
	rm "$(home_of alice)/notes"
}

# Names which end a line, a field or the terminal's patience.
by_odd_bytes()
{
	local name odd=$'\e]0;x\a\e[2J\n) R 1 \xff\xc3 \u202e'

	for name in $') R 1 1 (\n' $'\e[31m\xff\xfe' $'a\nUid:\t0\t0\t0'; do
		want hide tool alice "$TOOL" named "$name" "$odd"
		want sees steer running
		sign_says steer running .pid "$(started tool)"
		sign_says steer running .uid "$(id -u alice)"
		login alice 'remote.tool:running deny'
		shows_no_raw_bytes
		stop tool
	done
	# and the path is shown
	name=$(home_of alice)/$odd
	install -m 0755 "$TOOL" "$name"
	want hide tool alice "$name" named $'\e[31m)\n' "$odd"
	rm "$name"
	want sees deleted hidden
	sign_says deleted hidden .pid "$(started tool)"
	login alice 'remote.tool:hidden deny'
	shows_no_raw_bytes
	over tool
}

by_a_long_command_line()
{
	want hide tool alice "$TOOL" long 20
	want test "$(wc -c <"/proc/$(started tool)/cmdline")" -gt 2000000
	want sees steer running
	login alice 'remote.tool:running deny'
	want_eq "" "$(fg_last '.findings[] | select(.text | test("xxx"))')"
	over tool
}

# What has ended, or ends and begins all the time, is in nobody's way, and
# keeps nothing else from being seen.
among_what_ends()
{
	want hide zombies bob "$(copy_for_all)" zombies 300
	want hide threads bob "$(copy_for_all)" threads
	want hide execs bob "$(copy_for_all)" again "$(copy_for_all)"
	want sees steer installed
	login alice
	want_eq full "$(farmgatectl scan --json | jq -r .coverage.processes)"
	want hide tool alice "$TOOL" again "$TOOL"
	for _ in 1 2 3; do
		want sees steer running
		sign_says steer running .pid "$(started tool)"
	done
	login alice 'remote.tool:running deny'
	stop execs
	stop threads
	stop zombies
	over tool
}

# The program that has nobody's name.
copy_for_all()
{
	[ -x "$TOOLS/other" ] || install -m 0755 "$TOOL" "$TOOLS/other"
	echo "$TOOLS/other"
}

# ---- crowds -------------------------------------------------------------------

# USER: a login comes to its end, whatever it is, and what could not be looked at
# was no allow.
decided()
{
	local rc=0 before

	before=$(fg_records)
	timeout 8 pamtester -I rhost=127.0.0.2 gate "$1" acct_mgmt || rc=$?
	want test "$rc" -lt 124
	want_eq $((before + 1)) "$(fg_records)"
	if [ -n "$(found 'remote\.unknown')" ]; then
		want_line 'processes' <(fg_last '.findings[] |
		    select(.code == "remote.unknown") | .text')
		want test "$rc" -ne 0
	else
		want_eq null "$(fg_last '.remote.cut // .remote.failed')"
	fi
	CROWD_VERDICT=$rc
}

# COUNT: so many processes at least, or it says that it is not all of them.
counted()
{
	farmgatectl scan --json | jq -e ".processes >= $1 or
	    .coverage.processes == \"partial\""
}

# With LONG=1 30,000, or as many as the kernel has numbers for beside others'
# processes; each takes some 100 KiB.
crowd_size()
{
	local most=8200 max

	[ -z "$LONG" ] || most=30000
	max=$(($(cat /proc/sys/kernel/pid_max) - 8000))
	[ "$most" -le "$max" ] || most=$max
	if awk '$1 == "MemAvailable:" { exit $2 >= 6000000 }' /proc/meminfo; then
		most=8200
	fi
	echo "$most"
}

# COUNT. Not beside others: their pids and their /proc are of one namespace, which
# the scanner sees all the same.
among_so_many()
{
	READY_S=60
	want hide crowd bob nice -n 19 unshare -Urpf --mount-proc --kill-child \
	    "$(copy_for_all)" many "$1"
	READY_S=
	sleep 1.1 # then the last look is too old
	decided alice
	want counted "$1"
	want test "$(farmgatectl scan --json | jq .cost_us)" -lt 1000000
	# each look goes on where the one before had no more time
	want hide tool alice "$TOOL" wait
	want sees steer running
	decided alice
	want test "$CROWD_VERDICT" -ne 0
	want_line 'remote.tool:running deny' <(found 'remote\.tool')
	stop tool
	stop crowd
	want fg_until 60 eval '[ "$(pgrep -cu bob)" -eq 0 ]'
	want fg_alive "$FG_PID"
	want whole
	login alice
}

whole()
{
	sees steer installed && [ "$(farmgatectl scan --json |
	    jq -r .coverage.processes)" = full ]
}

in_a_storm_of_forks()
{
	local storm scanner

	scanner=$(fg_scanner)
	want hide tool alice "$TOOL" wait
	want hide storm bob nice -n 10 "$(copy_for_all)" storm 200 4
	want sees steer running
	decided alice
	want_line 'remote.tool:running deny' <(found 'remote\.tool')
	stop tool
	while fg_alive "$(started storm)"; do
		sleep 1.1
		decided alice
	done
	wait "$(started storm)"
	want_eq "$scanner" "$(fg_scanner)"
	want whole
	login alice
}

# ---- a /proc that hides ---------------------------------------------------------

# Others' processes are nobody's to see then, but the scanner's.
hidden_by_proc()
{
	want hide tool alice "$TOOL" wait
	want mount -o remount,hidepid=2 /proc
	want_not as_user bob test -d "/proc/$(started tool)"
	want fg_restart # the self-test is the start's
	no_line 'not a full procfs|/proc/1/exe' "$FG_WORK/daemon.log"
	want_eq "only this pid namespace" "$(farmgatectl scan --json |
	    jq -r .coverage.scanner)" # which the tests have anyhow
	want sees steer running
	login alice 'remote.tool:running deny'
	over tool
	want mount -o remount,hidepid=0 /proc
	want fg_restart
}

# With a /proc of nothing but processes there is no daemon, which says why; and
# without it nobody gets in.
without_the_rest_of_proc()
{
	want mount -t proc -o subset=pid proc /proc
	want_not fg_restart
	want_line 'cannot be read from /proc' "$FG_WORK/daemon.log"
	want_not gate gate alice 127.0.0.2
	umount /proc
	want fg_restart
	login alice
}

# ---- no scanner ---------------------------------------------------------------

# SIGNAL: the scanner gets it as a login waits for its answer, which is decided
# without.
login_without_scanner()
{
	local scanner rc=0 pid before

	before=$(fg_records)
	scanner=$(fg_scanner)
	kill -STOP "$scanner"
	sleep 2.1 # then the last look is too old to be of use
	timeout 10 pamtester -I rhost=127.0.0.2 gate alice acct_mgmt &
	pid=$!
	sleep 0.3
	[ "$1" = STOP ] || kill "-$1" "$scanner"
	wait "$pid" || rc=$?
	want test "$rc" -ne 0
	want test "$rc" -lt 124
	want_eq $((before + 1)) "$(fg_records)"
	want_eq deny "$(fg_last .verdict)"
	want_line '^remote.unknown(:[a-z]+)? deny$' <(found remote)
	want_eq null "$(fg_last .remote)"
	want fg_until 6 eval '! fg_alive "$FG_PID"'
	fg_stop
	want test "$FG_RC" -ne 0
	want fg_until 3 eval '! fg_alive "$scanner"'
}

scanner_killed()
{
	login_without_scanner KILL
	want fg_start
	login alice
}

scanner_stopped()
{
	login_without_scanner STOP
	want fg_start
	login alice
}

# That was the third time, and a tool runs that it would see.
scanner_lost()
{
	want hide tool alice "$TOOL" wait
	kill -KILL "$(fg_scanner)"
	want fg_until 5 eval '! fg_alive "$FG_PID"'
	fg_stop
	want fg_start
	want fg_until 3 eval '! fg_alive "$(fg_scanner)"'
	login alice 'remote.unknown deny'
	want_not farmgatectl status >"$OUT"
	want_line '^DEGRADED +the scanner died three times' "$OUT"
	want_not farmgatectl scan >"$OUT" 2>&1
	want_line 'the scanner has seen nothing' "$OUT"
	fg_stop
	rm -f /var/lib/farmgate/scanner.deaths
	want fg_start
	want sees steer running
	login alice 'remote.tool:running deny'
	over tool
}

setup_gate
conf
fg_pam gate
catalogue || echo "FAIL the hiding program is compiled"
want_daemon
run "RCD-01 a tool in its own place is found with program, process and user" \
    by_its_own_name
run "RCD-02 the names that a process gives itself are no hiding place" \
    by_other_names_of_itself
run "RCD-02 a copy is logged by its name, and found by what it does" by_a_copy
run "RCD-02 a copy that does nothing is not seen, as the manual says" \
    by_a_copy_that_does_nothing
run "RCD-02 a program whose file is gone is found as one that hides" \
    from_a_file_that_is_gone
run "RCD-02 a program that never was a file is found as one that hides" \
    from_memory
run "RCD-02 a tool that the loader was told to run is found" by_the_loader
run "RCD-02 what the loader runs is found whatever the arguments say" \
    by_the_loader_unsaid
run "RCD-02 what it runs from memory, or does not say, is one that hides" \
    by_the_loader_from_memory
run "RCD-02 a tool in a pid and user namespace of its own is found" \
    in_namespaces_of_its_own
run "RCD-02 a tool whose first thread has ended is found by the others" \
    without_its_first_thread
run "RCD-02 a process beneath a mount is not seen, and that is said" \
    beneath_a_mount
run "RCD-02 another user's is logged, and denied to that user" of_somebody_else
run "RCD-02 a library that hides it from ps hides it from nobody else" \
    behind_a_library
run "DMN-11 a user's program that calls itself the kernel's is found" \
    as_a_thread_of_the_kernel
run "DMN-11 names with any bytes are told as text and change nothing" \
    by_odd_bytes
run "DMN-11 a command line of 2 MB hides nothing" by_a_long_command_line
run "DMN-11 what ends all the time hides nothing" among_what_ends
CROWD=$(crowd_size)
run "RCD-05 $CROWD processes: what is not looked at is said, the rest decided" \
    among_so_many "$CROWD"
run "RCD-05 a storm of forks stalls nothing" in_a_storm_of_forks
run "RCD-06 the scanner sees whom hidepid=2 hides" hidden_by_proc
run "RCD-06 with a /proc that lacks the rest there is no daemon" without_the_rest_of_proc
run "RCD-11 a scanner killed under a login is no allow, and comes back" \
    scanner_killed
run "RCD-11 a scanner that is stopped is no allow, and comes back" \
    scanner_stopped
run "RCD-11 after three deaths there is none, and that is no allow" scanner_lost
stop_all
finish
