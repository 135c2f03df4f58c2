# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The laptop itself, and what the package has made of it.

# NAME: as the firmware tells it.
dmi()
{
	there cat "/sys/class/dmi/id/$1"
}

has_serials()
{
	want_eq "$VM_VENDOR" "$(dmi sys_vendor)"
	want_eq "$VM_PRODUCT" "$(dmi product_name)"
	want_eq "$VM_SERIAL" "$(dmi product_serial)"
	want_eq "$VM_BOARD" "$(dmi board_serial)"
	want_eq "$VM_UUID" "$(dmi product_uuid)"
}

has_tpm()
{
	want_eq 2 "$(there cat /sys/class/tpm/tpm0/tpm_version_major)"
	want there test -c /dev/tpmrm0
}

has_display()
{
	want_eq connected "$(there 'cat /sys/class/drm/card0-*/status')"
	want there 'grep -qa "QEMU Monitor" /sys/class/drm/card0-*/edid'
}

has_keyboard()
{
	want there 'grep -q "AT Translated Set 2 keyboard" \
	    /proc/bus/input/devices'
	want_eq "" "$(there 'grep -l . /sys/bus/usb/devices/*/bInterfaceClass |
	    xargs grep -L 09')"
}

all_is_up()
{
	want_eq running "$(there systemctl is-system-running)"
	want_eq "" "$(there systemctl list-units --failed --plain --no-legend)"
}

# Only dpkg was asked to install it.
units_run()
{
	local unit

	for unit in policyd.service policy.socket control.socket hooks.socket \
	    rollback.path geodata.timer; do
		want_eq "$unit active" \
		    "$unit $(there systemctl is-active "farmgate-$unit")"
	done
	want_eq inactive "$(there systemctl is-active farmgate-hooks.service)"
}

# NAME: of both processes, the decider's first.
of_both()
{
	there 'main=$(systemctl show --value -p MainPID farmgate-policyd)
	    for p in $main $(pgrep -P $main); do
		sed -n "s/^'"$1"':[[:space:]]*//p" /proc/$p/status
	    done' | paste -sd' '
}

# On Debian's own kernel, which is older than many that tests run on. The bit
# is CAP_SYS_PTRACE.
confined()
{
	local d s

	d=$(there id -u farmgate)
	s=$(there id -u farmgate-scan)
	want_eq "$d	$d	$d	$d $s	$s	$s	$s" "$(of_both Uid)"
	want_eq "0000000000000000 0000000000080000" "$(of_both CapPrm)"
	want_eq "0000000000000000 0000000000080000" "$(of_both CapBnd)"
	want_eq "1 1" "$(of_both NoNewPrivs)"
	want_eq "2 2" "$(of_both Seccomp)"
}

sees_everything()
{
	there farmgatectl status >"$OUT"
	cat "$OUT"
	want_line '^scanner +running, coverage full' "$OUT"
	want_line '^sandbox +seccomp errno, landlock ABI 2$' "$OUT"
	want_line '^mode +observe$' "$OUT"
}

# The kernel tells of it in /sys; the device is not there for the service.
uses_no_tpm()
{
	want_eq '"hidden" ["tpm"]' "$(there farmgatectl device show --json |
	    jq -c '.tpm.state, .unread' | paste -sd' ')"
}

touches_no_stack()
{
	want_eq "" "$(there 'grep -l pam_farmgate /etc/pam.d/*')"
}

run "the laptop has a laptop's serial numbers in its firmware" has_serials
run "the laptop has a TPM 2.0" has_tpm
run "the laptop has a display that says what it is" has_display
run "the laptop has its own keyboard, and nothing on USB" has_keyboard
run "the laptop is up, and no unit has failed" all_is_up
run "the package's units are started by systemd, hooks by an event alone" \
    units_run
run "PRV-01 PRV-02 decider and scanner have dropped what they do not need" \
    confined
run "RCD-06 the scanner sees the whole machine, and the daemon observes" \
    sees_everything
run "PRV-05 the package's service uses no TPM, and says that there is one" \
    uses_no_tpm
run "the package has touched no PAM stack" touches_no_stack
