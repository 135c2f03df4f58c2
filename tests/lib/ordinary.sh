# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What runs on ordinary machines: a desktop, containers, an IDE's server. Sourced
# behind desktop.sh.

# XFCE whole on the user's display: USER NUMBER.
xfce_start()
{
	local uid

	uid=$(id -u "$1")
	install -d -m 0700 -o "$1" "/run/user/$uid"
	start_as xfce "$1" "DISPLAY=:$2" "XDG_RUNTIME_DIR=/run/user/$uid" \
	    dbus-run-session xfce4-session
	fg_until 30 windows "$1" "$2" xfce4-panel &&
	    fg_until 10 pgrep -u "$1" -x xfdesktop
}

xfce_stop()
{
	stop xfce
}

# A container's files: a shell and what it needs.
container_files()
{
	local lib root=$1

	mkdir -p "$root/bin" "$root/proc" "$root/dev" "$root/etc" "$root/sys"
	cp /bin/sh /bin/sleep "$root/bin"
	ldd /bin/sh /bin/sleep | grep -o '/[^ :]*\.so[^ ]*' | sort -u |
	    while read -r lib; do
		mkdir -p "$root${lib%/*}"
		cp "$lib" "$root$lib"
	    done
}

# crun and podman want one hierarchy of control groups, and not the older ones
# beside it.
container_groups()
{
	[ ! -e /sys/fs/cgroup/cgroup.procs ] || return 0
	mount -t cgroup2 cgroup2 /sys/fs/cgroup && CONTAINER_GROUPS=1
}

container_groups_done()
{
	[ -z "${CONTAINER_GROUPS:-}" ] || umount /sys/fs/cgroup
	CONTAINER_GROUPS=
}

# podman with conmon and crun, as root: without a network, an image or groups.
podman_start()
{
	mkdir -p /etc/containers
	echo '{"default": [{"type": "insecureAcceptAnything"}]}' \
	    >/etc/containers/policy.json
	podman --storage-driver vfs --cgroup-manager cgroupfs --runtime crun \
	    run -d --name shop --network none --cgroups disabled \
	    --rootfs "$1" /bin/sleep 1000
}

podman_stop()
{
	podman --storage-driver vfs --cgroup-manager cgroupfs --runtime crun \
	    rm -f -t 0 shop
}

# RUNTIME ROOT: runc or crun by itself.
runtime_start()
{
	local bundle=$FG_WORK/bundle-$1

	mkdir -p "$bundle"
	(cd "$bundle" && rm -f config.json && "$1" spec) || return 1
	jq --arg root "$2" '.process.terminal = false |
	    .process.args = ["/bin/sleep", "1000"] | .root.path = $root |
	    del(.linux.resources) | .linux.namespaces |=
	    map(select(.type != "cgroup" and .type != "network"))' \
	    "$bundle/config.json" >"$bundle/new" &&
	    mv "$bundle/new" "$bundle/config.json"
	"$1" run -d -b "$bundle" "shop-$1" >"$FG_WORK/$1.log" 2>&1 </dev/null
}

runtime_stop()
{
	"$1" delete -f "shop-$1"
}

# Jupyter with a terminal and a Python that computes: USER.
jupyter_start()
{
	start_as jupyter "$1" jupyter-notebook --no-browser --ip 127.0.0.1 \
	    --port 8888 --NotebookApp.token=token
	fg_until 30 listens 8888 &&
	    jupyter_post terminals && jupyter_post kernels
}

jupyter_post()
{
	curl -sf -X POST "http://127.0.0.1:8888/api/$1?token=token"
}
