#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Every way to use a connection of ssh's: commands, copies, git, forwardings,
# many sessions at once. Each is one login. Allowed, it works as if there were
# no gate; denied, it ends at once, with one line for the user and no other
# effect.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"

HERE=$FG_WORK/here		# what arrives at the client
THERE=$FG_WORK/home/alice/there	# and at the server
DATA=$FG_WORK/data
REPO=$FG_WORK/home/alice/repo.git
ERR=$FG_WORK/err
MUX=$FG_WORK/mux
SESSIONS=20
SSH=				# the program for the place of a test

empty()
{
	rm -rf "$HERE" "$THERE" "$MUX"
	mkdir "$HERE"
	install -d -o alice -g alice "$THERE"
}

counts()
{
	echo "$(fg_records) decisions, $(fg_events open) opened," \
	    "$(fg_events close) closed"
}

# COMMAND...: in its place from Norway, with nothing more to be seen than
# without a gate.
allowed()
{
	local decisions opened closed

	want fg_no_sessions
	decisions=$(fg_records) opened=$(fg_events open)
	closed=$(fg_events close)
	empty
	SSH=$NEAR
	want "$@" >"$FG_WORK/said" 2>"$ERR"
	cat "$FG_WORK/said"
	want_eq "" "$(cat "$ERR")"
	want fg_no_sessions
	want_eq "$((decisions + 1)) decisions, $((opened + 1)) opened, $(
	    )$((closed + 1)) closed" "$(counts)"
	want_eq allow "$(fg_last .verdict)"
}

# STATUS COMMAND...: from Brazil. The command exits with that, everything
# around ssh has nothing to say. STATUS is a pattern, as some say what ssh did
# or what they miss, whichever they notice first.
denied()
{
	local decisions opened closed rc=0

	decisions=$(fg_records) opened=$(fg_events open)
	closed=$(fg_events close)
	empty
	SSH=$FAR
	"${@:2}" >"$FG_WORK/said" 2>"$ERR" || rc=$?
	cat "$ERR"
	want grep -Exq "$1" <<<"$rc"
	want_eq "" "$(cat "$FG_WORK/said")"
	want_eq 1 "$(grep -c 'Access denied\. Reference' "$ERR")"
	want_eq "$((decisions + 1)) decisions, $opened opened, $closed closed" \
	    "$(counts)"
	want_eq deny "$(fg_last .verdict)"
	want_eq "" "$(find "$HERE" "$THERE" -type f -size +0)"
	want_eq "" "$(ss -Hltn 'sport >= :7000 and sport <= :7009')"
	want test ! -e "$MUX"
}

# Commands and copies: the status is the client's, or whether all arrived ----

piped()
{
	"$SSH" 127.0.0.1 cat <"$DATA/large" >"$HERE/large" &&
	    cmp "$DATA/large" "$HERE/large"
}

# What a command says, where it says it, and its status.
streams()
{
	local rc=0

	"$SSH" 127.0.0.1 'echo out; echo err >&2; exit 7' >"$HERE/out" \
	    2>"$HERE/err" || rc=$?
	[ "$rc $(cat "$HERE/out") $(cat "$HERE/err")" = "7 out err" ]
}

rsync_send()
{
	rsync -rtq -e "$SSH" "$DATA/" 127.0.0.1:there && diff -r "$DATA" "$THERE"
}

rsync_fetch()
{
	rsync -rtq -e "$SSH" "127.0.0.1:$DATA/" "$HERE" && diff -r "$DATA" "$HERE"
}

scp_send()
{
	scp -r -S "$SSH" "$@" "$DATA" 127.0.0.1:there && diff -r "$DATA" \
	    "$THERE/data"
}

scp_fetch()
{
	scp -r -S "$SSH" "$@" "127.0.0.1:$DATA" "$HERE" && diff -r "$DATA" \
	    "$HERE/data"
}

sftp_both()
{
	printf 'put %s there/large\nget there/large %s\n' "$DATA/large" \
	    "$HERE/large" | sftp -S "$SSH" -b - 127.0.0.1 &&
	    cmp "$DATA/large" "$HERE/large"
}

git_ssh()
{
	GIT_SSH=$SSH GIT_SSH_VARIANT=ssh git "$@"
}

git_head()
{
	git -c safe.directory='*' --git-dir "$1" rev-parse "${2:-main}"
}

git_push()
{
	git_ssh -C "$FG_WORK/project" push -q "127.0.0.1:$REPO" main &&
	    [ "$(git_head "$REPO")" = "$(git_head "$FG_WORK/project/.git")" ]
}

git_clone()
{
	git_ssh clone -q "127.0.0.1:$REPO" "$HERE/project" &&
	    diff -r -x .git "$FG_WORK/project" "$HERE/project"
}

git_fetch()
{
	git_ssh --git-dir "$FG_WORK/fetched" fetch -q "127.0.0.1:$REPO" main &&
	    [ "$(git_head "$FG_WORK/fetched" FETCH_HEAD)" = \
	    "$(git_head "$REPO")" ]
}

# Connections that stay ----------------------------------------------------

# READY USE SSH-ARGUMENT...: connected in the background until READY, then
# whether USE succeeds; or the client's status, if it ends before.
while_connected()
{
	local pid rc=0

	"$SSH" "${@:3}" 127.0.0.1 &
	pid=$!
	fg_until 10 eval "$1 || ! fg_alive $pid"
	if fg_alive "$pid"; then
		"$2" || rc=1
		# ssh(1) may miss a signal that comes while it looks elsewhere
		fg_until 10 eval "kill $pid; ! fg_alive $pid"
		wait "$pid"
	else
		wait "$pid" || rc=$?
	fi
	return "$rc"
}

one_session()
{
	[ "$(fg_status .sessions)" -eq 1 ]
}

# PORT: an sshd answers behind it.
answers()
{
	bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$0" && head -c 4 <&3 |
	    grep -q SSH-' "$1" 2>/dev/null
}

# PORT: the same by the SOCKS protocol, version 5.
answers_socks()
{
	bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$0" && printf "\5\1\0" >&3 &&
	    head -c 2 <&3 >/dev/null &&
	    printf "\5\1\0\1\177\0\0\1\0\26" >&3 &&
	    head -c 14 <&3 | tail -c 4 | grep -q SSH-' "$1" 2>/dev/null
}

no_command()
{
	while_connected one_session one_session -N
}

forward_local()
{
	while_connected 'answers 7000' one_session \
	    -N -L "127.0.0.1:7000:127.0.0.1:$FG_PORT"
}

forward_remote()
{
	while_connected 'answers 7001' one_session \
	    -N -R "127.0.0.1:7001:127.0.0.1:$FG_PORT"
}

forward_dynamic()
{
	while_connected 'answers_socks 7002' one_session -N -D 127.0.0.1:7002
}

jump()
{
	"$SSH" -W "127.0.0.1:$FG_PORT" 127.0.0.1 >"$HERE/banner" &&
	    grep -q ^SSH- "$HERE/banner"
}

there_are()
{
	[ "$(find "$THERE" -name 'n*' | wc -l)" -eq "$1" ]
}

# All of them at the same time, through the one connection.
many_sessions()
{
	local i pid pids=() rc=0

	for ((i = 1; i <= SESSIONS; i++)); do
		"$SSH" -S "$MUX" 127.0.0.1 "touch there/n$i
		    while test ! -e there/go; do sleep 0.1; done" &
		pids+=($!)
	done
	fg_until 20 there_are "$SESSIONS" || rc=1
	one_session || rc=1
	touch "$THERE/go"
	for pid in "${pids[@]}"; do
		wait "$pid" || rc=1
	done
	return "$rc"
}

master()
{
	while_connected 'test -S "$MUX"' many_sessions -N -M -S "$MUX"
}

# What is copied: a tree with names and sizes that a stray line would spoil.
data()
{
	mkdir -p "$DATA/folder/deeper"
	head -c 3000000 /dev/urandom >"$DATA/large"
	: >"$DATA/folder/empty"
	printf 'no newline' >"$DATA/folder/deeper/a name with spaces"
}

project()
{
	git config --global user.name Alice
	git config --global user.email alice@example.com
	git config --global init.defaultBranch main
	cp -r "$DATA" "$FG_WORK/project"
	git init -q "$FG_WORK/project"
	git -C "$FG_WORK/project" add -A
	git -C "$FG_WORK/project" commit -qm "all of it"
	git init -q --bare "$FG_WORK/fetched"
	git init -q --bare "$REPO"
	chown -R alice:alice "$REPO"
}

setup_gate
data
project
want_daemon
fg_sshd_start - <<<"MaxSessions $((SESSIONS * 2))"
NEAR=$(fg_ssh_program alice 127.0.0.2)
FAR=$(fg_ssh_program alice 127.0.0.3)

# NAME STATUS FUNCTION [ARGUMENT...]: denied first, while there is nothing to
# be found; STATUS is what the client makes of it.
both()
{
	run "SSH-08 $1, denied, ends cleanly" denied "${@:2}"
	run "SSH-08 $1 is one login and works unharmed" allowed "${@:3}"
}

both "a command that is piped through" 255 piped
run "SSH-08 a command keeps its output, errors and status" allowed streams
both "rsync to the machine" "12|255" rsync_send
both "rsync from the machine" "12|255" rsync_fetch
both "scp to the machine" "1|255" scp_send
both "scp from the machine" "1|255" scp_fetch
both "old-protocol scp to the machine" "1|255" scp_send -O
both "old-protocol scp from the machine" "1|255" scp_fetch -O
both "sftp in both directions" "1|255" sftp_both
both "git push" 128 git_push
both "git clone" 128 git_clone
both "git fetch" 128 git_fetch
both "a connection without a command" 255 no_command
both "a local forwarding" 255 forward_local
both "a remote forwarding" 255 forward_remote
both "a dynamic forwarding" 255 forward_dynamic
both "a jump" 255 jump
both "a master with $SESSIONS sessions at once" 255 master
finish
