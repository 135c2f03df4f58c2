#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What nobody confirms is taken back by itself: over the death of whoever would
# do that, over a start of the machine, and whatever has become of the stacks
# meanwhile.

. "$(dirname "$0")/../lib/fg.sh"
. "$FG_TOP/tests/lib/check.sh"
. "$FG_TOP/tests/lib/setup.sh"
. "$FG_TOP/tests/lib/rollout.sh"

# ---- what is not confirmed -------------------------------------------------

time_runs_out()
{
	enables 0 --observe --confirm-within 5s sshd sudo
	want_not cmp -s "$FG_WORK/was/sshd" "$PAM/sshd"
	enables 2 --observe vlock
	want_line 'a change waits to be confirmed' "$OUT"
	taken_back
	want_line 'gate: rollback service=sudo by=.*nobody confirmed in time' \
	    "$FG_SYSLOG"
	says 1 confirm
}

# The service does what it would have done.
guard_is_killed()
{
	enables 0 --observe --confirm-within 5s sshd
	want fg_until 5 eval '[ -n "$(guard)" ]'
	# shellcheck disable=SC2046 # one number each
	kill -KILL $(guard)
	want farmgatectl rollback --wait
	taken_back
}

machine_is_started_anew()
{
	enables 0 --observe --confirm-within 1h sshd
	# shellcheck disable=SC2046
	kill -KILL $(guard)
	sed -i 's/"boot_id":"....\?/"boot_id":"0000/' "$FOLDER/pending"
	says 1 confirm
	want_line 'too late' "$OUT"
	want farmgatectl rollback --wait
	taken_back
}

# Killed at each step of writing: what is found then leads back. Who is traced
# cannot look for leaks.
enable_is_killed_anywhere()
{
	local n=1 rc=0

	while [ "$n" -le 40 ]; do
		rc=0
		strace -qq -o /dev/null -e trace=renameat,rename,unlinkat,fsync \
		    -e "inject=renameat,rename,unlinkat,fsync:signal=KILL:when=$n" \
		    env SUDO_UID=4201 ASAN_OPTIONS=detect_leaks=0 \
		    farmgatectl enable --yes --observe \
		    --from 127.0.0.2 --confirm-within 5s sshd sudo \
		    >/dev/null 2>&1 || rc=$?
		[ "$rc" -ne 0 ] || break
		# nothing is left to wait for, or it is taken back
		sed -i 's/"boot_id":"....\?/"boot_id":"0000/' \
		    "$FOLDER/pending" 2>/dev/null
		want farmgatectl rollback --wait
		want test ! -e "$FOLDER/pending"
		as_it_was
		n=$((n + 1))
	done
	want test "$n" -gt 12
	want_eq 0 "$rc"
	says 0 rollback
	as_it_was
}

edits_meanwhile_stay()
{
	enables 0 --observe sshd
	echo "# edited" >>"$PAM/sshd"
	says 0 rollback
	want_eq "$(cat "$FG_WORK/was/sshd"; echo "# edited")" "$(cat "$PAM/sshd")"
	cp -a "$FG_WORK/was/sshd" "$PAM/sshd"
}

marks_that_were_broken_are_told_of()
{
	enables 0 --observe sshd
	sed -i '0,/^# farmgate end/{//d}' "$PAM/sshd"
	cp "$PAM/sshd" "$FG_WORK/broken"
	says 0 rollback
	want_line '/etc/pam.d/sshd:[0-9]*: this mark of farmgate' "$OUT"
	want_line 'kept as /etc/pam.d/.sshd.farmgate-edited$' "$OUT"
	want cmp "$FG_WORK/broken" "$PAM/.sshd.farmgate-edited"
	rm "$PAM/.sshd.farmgate-edited"
	taken_back
}

lines_that_are_none_any_more()
{
	enables 0 --observe sshd
	says 0 confirm
	sed -i 's/^account required pam_farmgate/#&/' "$PAM/sshd"
	enables 2 --observe sshd
	want_line 'no whole line of the gate any more; first farmgatectl disable' \
	    "$OUT"
	says 0 disable --yes sshd
	as_it_was
}

# Whoever is locked out may have left a question open.
question_stops_nothing()
{
	local asks

	enables 0 --observe --confirm-within 5s sshd
	{ sleep 30 & echo $! >"$FG_WORK/sleeps"; wait; } |
	    script -qec 'farmgatectl disable sshd' /dev/null >"$OUT" 2>&1 &
	asks=$!
	want_line 'Write this\?' "$OUT"
	taken_back
	kill "$(cat "$FG_WORK/sleeps")"
	wait "$asks"
}

# The disk has no room left when the time is over.
full_disk_is_no_hindrance()
{
	mkdir -p "$FG_WORK/small"
	mount -t tmpfs -o size=256k tmpfs "$FG_WORK/small"
	cp -a "$PAM/." "$FG_WORK/small"
	mount --bind "$FG_WORK/small" "$PAM"
	enables 0 --observe sshd sudo
	cat /dev/zero >"$PAM/.full" 2>/dev/null
	says 2 disable --yes sshd sudo
	want test -e "$FOLDER/pending"
	says 0 rollback
	rm "$PAM/.full"
	taken_back
	umount "$PAM"
	umount "$FG_WORK/small"
}

full_disk_writes_nothing()
{
	mkdir -p "$FOLDER"
	mount -t tmpfs -o size=8k,mode=0700 tmpfs "$FOLDER"
	dd if=/dev/zero of="$FOLDER/full" bs=4k count=2 2>/dev/null
	enables 2 --observe sshd
	want_line "nothing was|No space" "$OUT"
	umount "$FOLDER"
	as_it_was
}

disable_settles_what_waits()
{
	enables 0 --observe sshd sudo
	says 2 disable --yes sshd
	want_line 'a change of sudo waits' "$OUT"
	says 0 disable --yes sshd sudo
	want test ! -e "$FOLDER/pending"
	as_it_was
	enables 0 --observe sshd
	fg_stop
	says 0 disable --all --yes
	taken_back
	want_daemon
}

# ---- what happens meanwhile ------------------------------------------------

# Who has taken the gate out by hand did not want it back.
taken_out_by_hand()
{
	enables 0 --observe sshd
	says 0 confirm
	enables 0 --accept "$(items sshd)" --confirm-within 5s sshd
	cp -a "$FG_WORK/was/sshd" "$PAM/sshd"
	taken_back
}

# A stack that names a module which is not there refuses everybody.
removed_meanwhile()
{
	enables 0 --observe sshd
	says 0 confirm
	enforces 0 sshd
	cp -a "$FG_WORK/was/sshd" "$PAM/sshd"
	want sh "$FG_TOP/debian/farmgate.prerm" remove
	taken_back
	want fg_until 5 eval '[ -z "$(guard)" ]'
	as_it_was
}

# COMMAND...: changes /etc/pam.d/sshd so that the gate's lines cannot be put
# back into it.
cannot_be_put_back()
{
	enables 0 --observe sshd
	"$@"
	says 0 rollback
	want_line 'kept as /etc/pam.d/.sshd.farmgate-edited$' "$OUT"
	want test ! -e "$FOLDER/pending"
	want cmp "$FG_WORK/was/sshd" "$PAM/sshd"
	want grep -q pam_farmgate "$PAM/.sshd.farmgate-edited"
	rm "$PAM/.sshd.farmgate-edited"
	as_it_was
}

becomes_a_link()
{
	mv "$PAM/sshd" "$FG_WORK/target"
	ln -s "$FG_WORK/target" "$PAM/sshd"
}

made_another_file()
{
	cannot_be_put_back chmod g+w "$PAM/sshd"
	cannot_be_put_back becomes_a_link
}

# An edit has no room, and is not lost.
edited_on_a_full_disk()
{
	mkdir -p "$FG_WORK/small"
	mount -t tmpfs -o size=256k tmpfs "$FG_WORK/small"
	cp -a "$PAM/." "$FG_WORK/small"
	mount --bind "$FG_WORK/small" "$PAM"
	enables 0 --observe sshd sudo
	echo "# edited" >>"$PAM/sshd"
	cat /dev/zero >"$PAM/.full" 2>/dev/null
	says 0 rollback
	want grep -q '^# edited' "$PAM/.sshd.farmgate-edited"
	rm "$PAM/.full" "$PAM/.sshd.farmgate-edited"
	taken_back
	umount "$PAM"
	umount "$FG_WORK/small"
}

# Somebody enables sshd while disable --all asks whether to go on.
enabled_at_the_question()
{
	local asks

	enables 0 --observe sudo
	says 0 confirm
	mkfifo "$FG_WORK/answer"
	script -qec 'farmgatectl disable --all' /dev/null \
	    <"$FG_WORK/answer" >"$FG_WORK/asked" 2>&1 &
	asks=$!
	exec 7>"$FG_WORK/answer"
	want fg_until 5 grep -q 'Write this' "$FG_WORK/asked"
	enables 0 --accept "$(items sshd)" --confirm-within 8s sshd
	echo y >&7
	exec 7>&-
	want_rc 2 wait "$asks"
	want_line 'a change of sshd waits' "$FG_WORK/asked"
	want fg_until 12 test ! -e "$FOLDER/pending"
	want cmp "$FG_WORK/was/sshd" "$PAM/sshd"
	says 0 disable --all --yes
	as_it_was
}

# What cannot be read may name the gate.
all_but_what_is_unreadable()
{
	enables 0 --observe sshd
	says 0 confirm
	chmod g+w "$PAM/sshd"
	says 2 disable --all --yes
	no_line 'enabled nowhere' "$OUT"
	chmod g-w "$PAM/sshd"
	mkdir "$PAM/folder"
	says 0 disable --all --yes
	rmdir "$PAM/folder"
	as_it_was
}

# A daemon that hangs is told in vain, and keeps nobody waiting.
hung_daemon()
{
	enables 0 --observe --confirm-within 5s sshd
	kill -STOP "$FG_PID"
	want fg_until 12 test ! -e "$FOLDER/pending"
	says 0 disable --all --yes
	want_line 'the gate is enabled nowhere' "$OUT"
	want fg_until 5 eval '[ -z "$(guard)" ]'
	kill -CONT "$FG_PID"
	as_it_was
}

setup_rollout

run "what nobody confirms is taken back in time" time_runs_out
run "it is taken back when who waits for that was killed" guard_is_killed
run "it is taken back after a start of the machine" machine_is_started_anew
run "killed anywhere, enable leaves a way back" enable_is_killed_anywhere
run "what was edited meanwhile stays" edits_meanwhile_stay
run "broken marks stop no rollback, and are named" \
    marks_that_were_broken_are_told_of
run "lines that are no gate any more are not taken for one" \
    lines_that_are_none_any_more
run "a question that nobody answers stops no rollback" question_stops_nothing
run "a rollback needs no room on the disk" full_disk_is_no_hindrance
run "a full disk changes no stack" full_disk_writes_nothing
run "disable settles what waits" disable_settles_what_waits
run "a gate that was taken out by hand is not put back" taken_out_by_hand
run "PKG-05 nor is it when the package goes" removed_meanwhile
run "a link, or a file that others may write, stops no rollback" \
    made_another_file
run "nor does an edit on a full disk, which is kept" edited_on_a_full_disk
run "disable --all leaves what was enabled since to be confirmed" \
    enabled_at_the_question
run "disable --all does not pass over what it cannot read" \
    all_but_what_is_unreadable
run "a daemon that hangs holds nothing up" hung_daemon
finish
