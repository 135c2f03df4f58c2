# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The gate is put up as farmgate-laptop(7) has it, by carol, who comes over
# ssh; then everybody logs in, before there is any KVM.

# From its start on the daemon may end sessions or not. A system call that its
# filter forgot kills it here.
configured()
{
	want there usermod -aG farmgate-admin carol
	want set_conf ""
	want there farmgatectl check
	want there mkdir /etc/systemd/system/farmgate-policyd.service.d
	want write_there \
	    /etc/systemd/system/farmgate-policyd.service.d/kill.conf <<-'EOF'
	[Service]
	ExecStart=
	ExecStart=/usr/sbin/farmgate-policyd -F kill
	EOF
	want there ln -s /usr/share/farmgate/farmgate-policyd-tpm.conf \
	    /etc/systemd/system/farmgate-policyd.service.d/tpm.conf
	want there systemctl daemon-reload
	want there systemctl restart farmgate-policyd
	there farmgatectl status >"$OUT"
	cat "$OUT"
	want_line '^mode +enforce$' "$OUT"
	want_line 'scanner +running, coverage full, may end sessions' "$OUT"
	want_line '^sandbox +seccomp kill' "$OUT"
}

# What root alone may read there, by the unit as it is shipped, and the TPM by
# what is shipped for it.
knows_the_laptop()
{
	there farmgatectl device show --json >"$OUT"
	cat "$OUT"
	want_eq "tpm $(vm_ek),board $VM_BOARD,uuid $VM_UUID,serial \
$VM_SERIAL,chassis $VM_SERIAL" "$(jq -r '[.ids[] | select(.counts) |
	    "\(.kind) \(.value)"] | join(",")' "$OUT")"
	want_eq '["mac"] []' "$(jq -r '"\([.ids[] | select(.counts | not) |
	    .kind]) \(.unread)"' "$OUT")"
}

# Nobody has it open afterwards.
tpm_seals_its_key()
{
	local key

	there farmgatectl enrol init --tpm >"$OUT"
	cat "$OUT"
	key=$(sed -n 's/^made .* is \(ed25519:.*\)$/\1/p' "$OUT")
	want there grep -q ^farmgate-device-tpm2 /etc/farmgate/device.key
	want there systemctl restart farmgate-policyd
	there farmgatectl status >"$OUT"
	cat "$OUT"
	want grep -qF "device key $key" "$OUT"
	no_line DEGRADED "$OUT"
	want_eq "" "$(there 'find /proc/[0-9]*/fd -lname "/dev/tpm*"')"
}

# At a terminal, as somebody would. What readiness lists is that there has been
# nothing to judge by.
enabled()
{
	local n

	n=$(there farmgatectl readiness | tail -n 1 | cut -d' ' -f1)
	want login -tt carol "sudo -n farmgatectl enable --yes --accept $n \
	    login sudo sudo-i sshd"
	want_line 'sshd: carol with the change: passes' "$OUT"
	want login carol sudo -n farmgatectl confirm
	want_line '^sshd: confirmed' "$OUT"
	want there farmgatectl check-pam
}

logs_in()
{
	want login alice id -un
	want_line '^alice$' "$OUT"
	want_eq "allow alice sshd account address" "$(said)"
	want_eq 10.0.2.2 "$(last .origin.address)"
}

becomes_root()
{
	want login carol sudo -n id -un
	want_line '^root$' "$OUT"
	want_eq "allow carol sudo account address" "$(said)"
}

# Of the service as it is shipped, each as one entry and no second line.
is_in_the_journal()
{
	there journalctl --no-pager -o json FARMGATE_USER=alice \
	    FARMGATE_PHASE=account >"$OUT"
	cat "$OUT"
	want_eq "farmgate-policyd.service allow sshd 10.0.2.2" "$(tail -n 1 \
	    "$OUT" | jq -r '"\(._SYSTEMD_UNIT) \(.FARMGATE_VERDICT) \(
	    .FARMGATE_SERVICE) \(.FARMGATE_RHOST)"')"
	want_eq 1 "$(there "journalctl --no-pager -o cat -u farmgate-policyd" |
	    grep -c "^ref=$(tail -n 1 "$OUT" |
	    jq -r .FARMGATE_REF) .* phase=account ")"
}

run "the gate's configuration is taken, and may end sessions" configured
run "in its sandbox the daemon knows the laptop's serial numbers" \
    knows_the_laptop
run "its TPM seals the device key, and opens it at the next start" \
    tpm_seals_its_key
run "the gate is put up over ssh, and confirmed by a login of its own" enabled
run "before: alice logs in over ssh" logs_in
run "AUD-03 the journal has the login, with fields of its own" is_in_the_journal
run "before: carol becomes root by sudo" becomes_root
