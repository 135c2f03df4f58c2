/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who sits at the machine, desktops from elsewhere, VPN clients' interfaces,
 * and what is installed: on machines of files.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sched.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "policyd/scanner/look/cgroups.h"
#include "tests/unit/faking.h"

#define NOBODY ((uint32_t)-1)

/* ---- Seat and sessions -------------------------------------------------- */

#define SEAT	"run/systemd/seats/seat0"
#define SESSION "run/systemd/sessions/"
#define SCOPE	"/user.slice/user-1000.slice/session-2.scope"

static void
seat(struct fake *f)
{
	fake_take(f);
	CHECK(f->picture.seat_uid == NOBODY);
	CHECK((f->picture.failed & PICTURE_SESSIONS) == 0);
	fake_file(f, SEAT, "IS_SEAT0=1\nACTIVE=2\nACTIVE_UID=1000\n");
	fake_take(f); /* the session is not there */
	CHECK(f->picture.seat_uid == NOBODY);
	fake_file(f, SESSION "2",
	    "UID=1000\nACTIVE=1\nCLASS=user\nTYPE=wayland\nREMOTE=0\n"
	    "SCOPE=session-2.scope\nSERVICE=gdm-password\n");
	fake_take(f);
	CHECK(f->picture.seat_uid == 1000);
	CHECK(strcmp(f->picture.seat_scope, SCOPE) == 0);
	CHECK(fake_find(f, "session-2")->kind == ENTRY_NONE);
	fake_file(f, SESSION "2", "UID=116\nACTIVE=1\nCLASS=greeter\n");
	fake_take(f);
	CHECK(f->picture.seat_uid == NOBODY);
	CHECK(f->picture.seat_scope[0] == '\0');
}

static void
test_who_sits_there_is_the_active_session_s_user(void **state)
{
	(void)state;
	fake_passes(seat);
}

static void
odd_seat(struct fake *f)
{
	static const char *const seats[] = { "", "ACTIVE",
		"ACTIVE=", "ACTIVE=../2\n", "ACTIVE=2",
		"ACTIVE=22222222222222222222222"
		"2222222222222222222222222222\n",
		"XACTIVE=2\n", "ACTIVE=/\n", "ACTIVE=.\n", "ACTIVE=2\x01\n" };
	static const char *const sessions[] = { "", "UID=1000", "UID=-1\n",
		"UID=4294967295\nCLASS=user\n", "UID=x\nCLASS=user\n",
		"CLASS=user\n", "UID=1000\n", "UID=1000\nCLASS=\n" };
	size_t i;

	fake_file(f, SESSION "2", "UID=1000\nCLASS=user\n");
	for (i = 0; i < sizeof(seats) / sizeof(seats[0]); i++) {
		fake_file(f, SEAT, seats[i]);
		fake_take(f);
		CHECK(f->picture.seat_uid == NOBODY);
	}
	fake_file(f, SEAT, "ACTIVE=2\n");
	fake_take(f);
	CHECK(f->picture.seat_uid == 1000);
	CHECK(f->picture.seat_scope[0] == '\0');
	for (i = 0; i < sizeof(sessions) / sizeof(sessions[0]); i++) {
		fake_file(f, SESSION "2", sessions[i]);
		fake_take(f);
		CHECK(f->picture.seat_uid == NOBODY);
	}
	fake_file(f, SESSION "2",
	    "UID=1000\nCLASS=user\nSCOPE=../../x.scope\n");
	fake_take(f);
	CHECK(f->picture.seat_uid == 1000);
	CHECK(f->picture.seat_scope[0] == '\0');
}

static void
test_odd_files_seat_nobody(void **state)
{
	(void)state;
	fake_passes(odd_seat);
}

static void
remote(struct fake *f)
{
	const struct sign *s;

	fake_file(f, SESSION "5",
	    "UID=1001\nACTIVE=1\nCLASS=user\nTYPE=x11\nREMOTE=1\n"
	    "REMOTE_HOST=203.0.113.9\nSERVICE=xrdp-sesman\nAUDIT=7\n"
	    "SCOPE=session-5.scope\nREALTIME=1700000000123456\n");
	s = fake_see(f, "session-5");
	CHECK(s->kind == ENTRY_RDP && s->grade == SIGN_RUNNING);
	CHECK(s->confidence == SIGN_BY_IDENTITY);
	CHECK(s->owner == SIGN_OF_USER && s->uid == 1001);
	CHECK(s->steers == ENTRY_STEERS_OWN && s->audit_session == 7);
	CHECK(s->since_s == 1700000000);
	CHECK(strcmp(s->cgroup,
		  "/user.slice/user-1001.slice/session-5.scope") == 0);
	CHECK(strstr(s->seen, "xrdp-sesman, x11, from 203.0.113.9") != NULL);
	CHECK(strcmp(sign_entry(s), "xrdp") == 0);
	/* A desktop of no service that is known */
	fake_file(f, SESSION "5",
	    "UID=1001\nACTIVE=1\nREMOTE=1\nTYPE=wayland\nSERVICE=own\n");
	s = fake_see(f, "session-5");
	CHECK(s->kind == ENTRY_RDP);
	CHECK(strcmp(sign_entry(s), "session-5") == 0);
	/* One whose user says that it is none any more */
	fake_file(f, SESSION "5",
	    "UID=1001\nREMOTE=1\nTYPE=tty\nORIGINAL_TYPE=x11\nSERVICE=own\n");
	CHECK(fake_see(f, "session-5")->kind == ENTRY_RDP);
	fake_file(f, SESSION "5",
	    "UID=1001\nREMOTE=1\nTYPE=tty\nDISPLAY=:10\nSERVICE=own\n");
	CHECK(fake_see(f, "session-5")->kind == ENTRY_RDP);
}

static void
test_desktops_from_elsewhere_are_signs(void **state)
{
	(void)state;
	fake_passes(remote);
}

/* By which name approved and support know them. */
static void
services(struct fake *f)
{
	static const struct {
		const char *service;
		const char *entry; /* "": none that one could be sure of */
		enum entry_kind kind;
	} cases[] = {
		{ "xrdp-sesman", "xrdp", ENTRY_RDP },
		{ "tigervnc", "tigervnc", ENTRY_VNC },
		{ "vncserver", "realvnc", ENTRY_VNC },
		{ "turbovnc", "", ENTRY_VNC },
		{ "chrome-remote-desktop", "chrome-remote-desktop", ENTRY_RDP },
		{ "gnome-remote-desktop", "gnome-remote-desktop", ENTRY_RDP },
		{ "krdp", "krdp", ENTRY_RDP },
		{ "nx", "nomachine", ENTRY_RDP },
		{ "nomachine", "nomachine", ENTRY_RDP },
	};
	const struct sign *s;
	char text[96];
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		(void)snprintf(text, sizeof(text),
		    "UID=1001\nACTIVE=1\nSERVICE=%s\n", cases[i].service);
		fake_file(f, SESSION "5", text);
		s = fake_see(f, "session-5");
		CHECK(s->kind == cases[i].kind);
		CHECK(strcmp(s->entry, cases[i].entry) == 0);
	}
}

static void
test_a_service_is_an_entry_of_the_catalogue(void **state)
{
	(void)state;
	fake_passes(services);
}

static void
no_desktops(struct fake *f)
{
	static const char *const sessions[] = {
		"UID=1001\nACTIVE=1\nREMOTE=1\nTYPE=tty\nORIGINAL_TYPE=tty\n"
		"TTY=pts/3\nSERVICE=sshd\n",
		"UID=1001\nREMOTE=0\nTYPE=tty\nORIGINAL_TYPE=x11\nDISPLAY=:0\n",
		"UID=1001\nACTIVE=1\nREMOTE=0\nTYPE=x11\nSERVICE=lightdm\n",
		"UID=1001\nACTIVE=1\nREMOTE=11\nTYPE=x11\nSERVICE=lightdm\n",
		"UID=1001\nACTIVE=1\nREMOTE=1\nTYPE=unspecified\n",
		"ACTIVE=1\nREMOTE=1\nTYPE=x11\nSERVICE=xrdp-sesman\n",
		"UID=1001\nSERVICE=xrdp-sesman",
	};
	char path[128];
	size_t i;

	for (i = 0; i < sizeof(sessions) / sizeof(sessions[0]); i++) {
		fake_file(f, SESSION "5", sessions[i]);
		CHECK(!fake_sees(f, "session-5"));
	}
	fake_remove(f, SESSION "5");
	fake_path(f, SESSION "5", path, sizeof(path));
	CHECK(mkfifo(path, 0644) == 0); /* it would wait for ever */
	CHECK(!fake_sees(f, "session-5"));
	fake_remove(f, SESSION "5");
	fake_file(f, "elsewhere", "UID=1\nACTIVE=1\nSERVICE=xrdp-sesman\n");
	fake_link(f, SESSION "5", "../../../elsewhere");
	CHECK(!fake_sees(f, "session-5"));
	fake_file(f, SESSION "6.ref", "UID=1\nACTIVE=1\nSERVICE=xrdp-sesman\n");
	fake_take(f);
	CHECK(f->picture.nsigns == 0 ||
	    fake_find(f, "session-6.ref")->kind == ENTRY_NONE);
}

static void
test_other_sessions_are_no_desktops_from_elsewhere(void **state)
{
	(void)state;
	fake_passes(no_desktops);
}

static void
long_session(struct fake *f)
{
	static char text[65536];
	size_t len;

	len = (size_t)snprintf(text, sizeof(text),
	    "UID=1001\nACTIVE=1\nSERVICE=xrdp-sesman\nREMOTE_HOST=\033[2J\n"
	    "DISPLAY=");
	memset(text + len, 'x', sizeof(text) - 1 - len);
	fake_file(f, SESSION "5", text);
	CHECK(fake_see(f, "session-5")->kind == ENTRY_RDP);
	CHECK(strchr(fake_find(f, "session-5")->seen, '\033') == NULL);
	fake_bytes(f, SESSION "5", "UID=1001\0SERVICE=xrdp-sesman\n", 29);
	CHECK(!fake_sees(f, "session-5"));
}

static void
test_a_long_file_is_read_as_far_as_it_may_be(void **state)
{
	(void)state;
	fake_passes(long_session);
}

/* ---- Input from elsewhere ----------------------------------------------- */

static void
add_sockets(struct fake *f, uint32_t active)
{
	f->nentries = f->nrules = 0;
	fake_entry(f, "libei", ENTRY_INPUT_SHARE);
	f->entry[0].active = active;
	fake_rule(f, RULE_SOCKET, "/run/user/*/eis-*");
	fake_entry(f, "other", ENTRY_INPUT_SHARE);
	fake_rule(f, RULE_SOCKET, "/run/user/*/eis");
	fake_set(f);
}

/* Both ends, in a /run of their own. */
static void
eis(struct fake *f)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	int server, client, taken;

	if (unshare(CLONE_NEWNS) != 0)
		_exit(CHILD_SKIP);
	CHECK(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0);
	CHECK(mount("none", "/run", "tmpfs", 0, NULL) == 0);
	CHECK(mkdir("/run/user", 0755) == 0);
	CHECK(mkdir("/run/user/1000", 0755) == 0);
	(void)strcpy(sun.sun_path, "/run/user/1000/eis-0");
	CHECK((server = socket(AF_UNIX, SOCK_STREAM, 0)) != -1);
	CHECK(bind(server, (struct sockaddr *)&sun, sizeof(sun)) == 0);
	CHECK(listen(server, 1) == 0);
	fake_file(f, SESSION "2", "UID=0\nCLASS=user\n");
	fake_file(f, SEAT, "ACTIVE=2\n");
	add_sockets(f, RULE_ACTIVE_LISTEN);
	CHECK(!fake_sees(f, "libei")); /* nobody is connected */
	CHECK((client = socket(AF_UNIX, SOCK_STREAM, 0)) != -1);
	CHECK(connect(client, (struct sockaddr *)&sun, sizeof(sun)) == 0);
	CHECK((taken = accept(server, NULL, NULL)) != -1);
	fake_take(f);
	if (fake_find(f, "libei")->kind == ENTRY_NONE)
		_exit(CHILD_SKIP); /* the kernel does not tell */
	CHECK(fake_find(f, "libei")->kind == ENTRY_INPUT_SHARE);
	CHECK(fake_find(f, "libei")->grade == SIGN_ACTIVE);
	CHECK(fake_find(f, "libei")->uid == geteuid());
	CHECK(fake_find(f, "other")->kind == ENTRY_NONE);
	add_sockets(f, 0);
	CHECK(fake_see(f, "libei")->grade == SIGN_RUNNING);
	/* Nobody's desktop is steered where nobody sits. */
	fake_remove(f, SEAT);
	CHECK(!fake_sees(f, "libei"));
	CHECK(close(taken) == 0 && close(client) == 0 && close(server) == 0);
}

static void
test_a_connection_that_sends_input_is_a_sign(void **state)
{
	(void)state;
	needs_root();
	fake_passes(eis);
}

/* ---- Cgroups ------------------------------------------------------------ */

#define CGROUPS "sys/fs/cgroup"
#define UNIT	"/system.slice/x.service"

/* There is no time to go through all that users have made. */
static void
unit_among_many(struct fake *f)
{
	static struct cgroups cgroups;
	char path[FACT_CGROUP_MAX + 1], name[96];
	uint64_t id;
	int i;

	fake_file(f, CGROUPS "/cgroup.controllers", "pids\n");
	fake_file(f, CGROUPS UNIT "/cgroup.procs", "");
	for (i = 0; i < 100; i++) {
		(void)snprintf(name, sizeof(name),
		    CGROUPS "/user.slice/%d/cgroup.procs", i);
		fake_file(f, name, "");
		(void)snprintf(name, sizeof(name),
		    CGROUPS "/%d.slice/cgroup.procs", i);
		fake_file(f, name, "");
	}
	CHECK((id = cgroup_id(UNIT)) != 0);
	CHECK(cgroup_path(&cgroups, id, 0, path) == 0);
	CHECK(strcmp(path, UNIT) == 0);
}

static void
test_a_unit_s_cgroup_is_found_among_many(void **state)
{
	(void)state;
	fake_passes(unit_among_many);
}

/* ---- Interfaces --------------------------------------------------------- */

#define NET "sys/class/net/"
#define ROUTES                                                           \
	"Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask" \
	"\t\tMTU\tWindow\tIRTT\n"

static void
add_interface(struct fake *f, const char *name, const char *flags)
{
	char path[128];

	(void)snprintf(path, sizeof(path), NET "%s/flags", name);
	fake_file(f, path, flags);
	/* One that no machine has, as the kernel is asked as well. */
	(void)snprintf(path, sizeof(path), NET "%s/ifindex", name);
	fake_file(f, path, "2147483647\n");
}

static void
add_vpn(struct fake *f, enum entry_kind kind)
{
	fake_entry(f, "v", kind);
	fake_rule(f, RULE_INTERFACE, "tun*");
	fake_rule(f, RULE_INTERFACE, "nordlynx");
	fake_set(f);
}

static void
interfaces(struct fake *f)
{
	add_vpn(f, ENTRY_VPN_CLIENT);
	fake_take(f); /* no such folder: not told */
	CHECK((f->picture.failed & PICTURE_INTERFACES) != 0);
	add_interface(f, "eth0", "0x1003\n");
	fake_take(f);
	CHECK((f->picture.failed & PICTURE_INTERFACES) == 0);
	CHECK(fake_find(f, "v")->kind == ENTRY_NONE);
	add_interface(f, "tun0", "0x1090\n"); /* not up */
	CHECK(!fake_sees(f, "v"));
	add_interface(f, "tun0", "0x1091\n");
	fake_file(f, "proc/1/net/route", ROUTES);
	CHECK(fake_see(f, "v")->grade == SIGN_RUNNING);
	CHECK(fake_find(f, "v")->confidence == SIGN_BY_COMPOSITION);
	CHECK(fake_find(f, "v")->owner == SIGN_OF_MACHINE);
	CHECK(fake_find(f, "v")->since_s > 0);
	fake_remove(f, NET "tun0");
	CHECK(!fake_sees(f, "v"));
}

static void
test_a_vpn_runs_while_its_interface_is_up(void **state)
{
	(void)state;
	fake_passes(interfaces);
}

static void
add_kind(struct fake *f, const char *name, const char *file, const char *text)
{
	char path[128];

	add_interface(f, name, "0x1091\n");
	(void)snprintf(path, sizeof(path), NET "%s/%s", name, file);
	fake_file(f, path, text);
}

static void
links(struct fake *f)
{
	fake_entry(f, "wg", ENTRY_VPN_CLIENT);
	fake_rule(f, RULE_LINK, "wireguard");
	fake_entry(f, "tun", ENTRY_VPN_CLIENT);
	fake_rule(f, RULE_LINK, "tun");
	fake_entry(f, "own", ENTRY_VPN_CLIENT);
	fake_rule(f, RULE_INTERFACE, "own?");
	fake_entry(f, "left-out", ENTRY_ORDINARY);
	fake_rule(f, RULE_INTERFACE, "corp");
	fake_set(f);
	add_kind(f, "eth0", "uevent", "INTERFACE=eth0\nIFINDEX=2\n");
	add_kind(f, "wlan0", "uevent", "DEVTYPE=wlan\nINTERFACE=wlan0\n");
	add_kind(f, "vnet0", "tun_flags", "0x1002\n"); /* a tap */
	add_kind(f, "corp", "tun_flags", "0x1001\n");
	add_kind(f, "odd", "uevent", "XDEVTYPE=wireguard\nDEVTYPE");
	fake_take(f);
	CHECK((f->picture.failed & PICTURE_INTERFACES) == 0);
	CHECK(fake_find(f, "wg")->kind == ENTRY_NONE);
	CHECK(fake_find(f, "tun")->kind == ENTRY_NONE);
	add_kind(f, "us-nyc", "uevent",
	    "DEVTYPE=wireguard\nINTERFACE=us-nyc\nIFINDEX=9\n");
	fake_file(f, "proc/1/net/route",
	    ROUTES "us-nyc\t00000000\t0100000A\t0003\t0\t0\t0\t00000000\t0"
		   "\t0\t0\n");
	CHECK(fake_see(f, "wg")->grade == SIGN_ACTIVE);
	CHECK(!fake_sees(f, "tun"));
	add_kind(f, "us-nyc", "uevent", "INTERFACE=us-nyc\nDEVTYPE=wireguard");
	CHECK(fake_sees(f, "wg"));
	add_kind(f, "home", "tun_flags", "0x1801\n");
	CHECK(fake_see(f, "tun")->grade == SIGN_RUNNING);
	fake_remove(f, NET "home");
	add_kind(f, "own1", "tun_flags", "0x1801\n"); /* a name says more */
	CHECK(fake_sees(f, "own"));
	CHECK(!fake_sees(f, "tun"));
}

static void
test_a_vpn_is_known_by_what_the_kernel_calls_it(void **state)
{
	(void)state;
	fake_passes(links);
}

static void
expect_route(struct fake *f, const char *file, const char *line,
    enum sign_grade grade)
{
	char text[512];

	(void)snprintf(text, sizeof(text), "%s%s",
	    strstr(file, "6") != NULL ? "" : ROUTES, line);
	fake_file(f, file, text);
	CHECK(fake_see(f, "v")->grade == grade);
	fake_file(f, file, "");
}

static void
routes4(struct fake *f)
{
	const char *file = "proc/1/net/route";

	add_vpn(f, ENTRY_VPN_CLIENT);
	add_interface(f, "tun0", "0x1091\n");
	expect_route(f, file,
	    "tun0\t00000000\t0100000A\t0003\t0\t0\t0\t00000000\t0\t0\t0\n",
	    SIGN_ACTIVE);
	expect_route(f, file, /* either half */
	    "tun0\t00000080\t0100000A\t0003\t0\t0\t0\t00000080\t0\t0\t0\n",
	    SIGN_ACTIVE);
	expect_route(f, file,
	    "tun0\t00000000\t0100000A\t0003\t0\t0\t0\t00000080\t0\t0\t0\n",
	    SIGN_ACTIVE);
	expect_route(f, file, /* a network of its own */
	    "tun0\t0000000A\t00000000\t0001\t0\t0\t0\t000000FF\t0\t0\t0\n",
	    SIGN_RUNNING);
	expect_route(f, file, /* another's */
	    "eth0\t00000000\t0100000A\t0003\t0\t0\t0\t00000000\t0\t0\t0\n",
	    SIGN_RUNNING);
	expect_route(f, file,
	    "tun01\t00000000\t0100000A\t0003\t0\t0\t0\t00000000\t0\t0\t0\n",
	    SIGN_RUNNING);
	expect_route(f, file, /* it refuses; it is down */
	    "tun0\t00000000\t00000000\t0201\t0\t0\t0\t00000000\t0\t0\t0\n",
	    SIGN_RUNNING);
	expect_route(f, file,
	    "tun0\t00000000\t00000000\t0000\t0\t0\t0\t00000000\t0\t0\t0\n",
	    SIGN_RUNNING);
	expect_route(f, file, "tun0\t00000000\n", SIGN_RUNNING);
	expect_route(f, file, /* not a whole line */
	    "tun0\t00000000\t0100000A\t0003\t0\t0\t0\t00000000\t0\t0\t0",
	    SIGN_RUNNING);
}

static void
test_a_vpn_is_active_if_all_traffic_goes_there(void **state)
{
	(void)state;
	fake_passes(routes4);
}

#define ZERO "00000000000000000000000000000000 "
#define HALF "80000000000000000000000000000000 "
#define REST " 00000000000000000000000000000000 00000400 00000001 00000000 "

static void
routes6(struct fake *f)
{
	const char *file = "proc/1/net/ipv6_route";

	add_vpn(f, ENTRY_VPN_CLIENT);
	add_interface(f, "tun0", "0x1091\n");
	expect_route(f, file, ZERO "00 " ZERO "00" REST "00000001     tun0\n",
	    SIGN_ACTIVE);
	expect_route(f, file, HALF "01 " ZERO "00" REST "00000003     tun0\n",
	    SIGN_ACTIVE);
	expect_route(f, file, ZERO "00 " ZERO "00" REST "00200200     tun0\n",
	    SIGN_RUNNING);
	expect_route(f, file, ZERO "00 " ZERO "00" REST "00000001       lo\n",
	    SIGN_RUNNING);
	expect_route(f, file, HALF "00 " ZERO "00" REST "00000001     tun0\n",
	    SIGN_RUNNING);
}

static void
test_a_vpn_may_have_the_other_protocol_only(void **state)
{
	(void)state;
	fake_passes(routes6);
}

static void
tunnels(struct fake *f)
{
	add_vpn(f, ENTRY_TUNNEL);
	add_interface(f, "tun0", "0x1091\n");
	fake_file(f, "proc/1/net/route",
	    ROUTES "tun0\t00000000\t0100000A\t0003\t0\t0\t0\t00000000\t0\t0"
		   "\t0\n");
	CHECK(fake_see(f, "v")->grade == SIGN_RUNNING);
}

static void
test_of_a_tunnel_no_route_is_asked(void **state)
{
	(void)state;
	fake_passes(tunnels);
}

/* ---- What is installed -------------------------------------------------- */

static void
installed(struct fake *f)
{
	const struct sign *s;

	fake_entry(f, "i", ENTRY_RMM);
	fake_rule(f, RULE_FILE, "/usr/bin/tool");
	fake_rule(f, RULE_FILE, "/opt/tool-*/bin/agent?");
	fake_set(f);
	fake_file(f, "usr/bin/tools", "");
	CHECK(!fake_sees(f, "i"));
	CHECK((f->picture.cut & PICTURE_FILES) == 0);
	fake_file(f, "opt/tool-7.1/bin/agent2", "");
	CHECK(!fake_sees(f, "i")); /* looked at a moment ago */
	fake_set(f);
	s = fake_see(f, "i");
	CHECK(s->kind == ENTRY_RMM && s->grade == SIGN_INSTALLED);
	CHECK(s->confidence == SIGN_BY_IDENTITY && s->pid == 0);
	CHECK(s->since_s > 0);
	CHECK(strstr(s->seen, "/opt/tool-7.1/bin/agent2") != NULL);
	/* Still known the next time */
	CHECK(fake_sees(f, "i"));
	fake_remove(f, "opt/tool-7.1/bin/agent2");
	fake_set(f);
	CHECK(!fake_sees(f, "i"));
}

static void
test_a_file_tells_what_is_installed(void **state)
{
	(void)state;
	fake_passes(installed);
}

static void
expect_glob(struct fake *f, const char *glob, bool found)
{
	f->nentries = 0;
	f->nrules = 0;
	fake_entry(f, "i", ENTRY_RMM);
	fake_rule(f, RULE_FILE, glob);
	fake_set(f);
	if (fake_sees(f, "i") == found)
		return;
	(void)dprintf(2, "%s\n", glob);
	CHECK(false);
}

static void
globs(struct fake *f)
{
	fake_file(f, "opt/a/b/c", "");
	fake_file(f, "opt/.hidden/c", "");
	fake_link(f, "link", "opt");
	fake_link(f, "dangling", "/nowhere");
	fake_link(f, "loop", "loop");
	expect_glob(f, "/opt/a/b/c", true);
	expect_glob(f, "//opt//a/b/c", true);
	expect_glob(f, "/opt/a", true); /* folders too */
	expect_glob(f, "/opt/?/?/?", true);
	expect_glob(f, "/*/*/*/c", true);
	expect_glob(f, "/opt/*/c", false);
	expect_glob(f, "/opt/*", true);
	expect_glob(f, "/opt/*/*", true);
	expect_glob(f, "/opt/h*", false);
	expect_glob(f, "/opt/.h*/c", true);
	expect_glob(f, "/opt/*/c", false);
	expect_glob(f, "/link/a/b/c", true);
	expect_glob(f, "/link/*/b/c", true);
	expect_glob(f, "/dangling", true);
	expect_glob(f, "/dangling/*", false);
	expect_glob(f, "/loop/*", false);
	expect_glob(f, "/opt/a/b/c/*", false);
	expect_glob(f, "/none/*", false);
	expect_glob(f, "/*/*/*/*/*/*/*/*/*/*/*/*/*/*/*/*/*/*/*/*", false);
	expect_glob(f, "/opt/../opt/a/b/c", true);
}

static void
test_globs_of_files_are_of_their_components(void **state)
{
	(void)state;
	fake_passes(globs);
}

static void
owned(struct fake *f)
{
	fake_entry(f, "i", ENTRY_RMM);
	fake_rule(f, RULE_FILE, "/opt/*/tool");
	fake_file(f, "opt/x/tool", "");
	fake_owner(f, "opt/x/tool", 1000);
	fake_set(f);
	CHECK(fake_see(f, "i")->owner == SIGN_OF_USER);
	CHECK(fake_find(f, "i")->uid == 1000);
	fake_owner(f, "opt/x/tool", 0);
	fake_set(f);
	CHECK(fake_see(f, "i")->owner == SIGN_OF_MACHINE);
}

static void
test_what_users_put_there_is_theirs(void **state)
{
	(void)state;
	needs_root();
	fake_passes(owned);
}

static void
large_folder(struct fake *f)
{
	char path[64];
	int i;

	fake_entry(f, "i", ENTRY_RMM);
	fake_rule(f, RULE_FILE, "/opt/*/*/*/none");
	fake_rule(f, RULE_FILE, "/usr/bin/tool");
	fake_file(f, "usr/bin/tool", "");
	for (i = 0; i < 3000; i++) {
		(void)snprintf(path, sizeof(path), "opt/%d/a/b/c", i);
		fake_file(f, path, "");
	}
	fake_set(f);
	/* One folder of a user's does not keep it from all others. */
	for (i = 0; i < 20; i++) {
		look_take(f->look, 4, &f->picture);
		if (fake_find(f, "i")->grade == SIGN_INSTALLED)
			return;
		CHECK((f->picture.cut & PICTURE_FILES) != 0);
	}
	CHECK(false);
}

static void
test_a_long_look_is_given_up_and_said(void **state)
{
	(void)state;
	fake_passes(large_folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    test_who_sits_there_is_the_active_session_s_user),
		cmocka_unit_test(test_odd_files_seat_nobody),
		cmocka_unit_test(test_desktops_from_elsewhere_are_signs),
		cmocka_unit_test(test_a_service_is_an_entry_of_the_catalogue),
		cmocka_unit_test(
		    test_other_sessions_are_no_desktops_from_elsewhere),
		cmocka_unit_test(test_a_long_file_is_read_as_far_as_it_may_be),
		cmocka_unit_test(test_a_connection_that_sends_input_is_a_sign),
		cmocka_unit_test(test_a_unit_s_cgroup_is_found_among_many),
		cmocka_unit_test(test_a_vpn_runs_while_its_interface_is_up),
		cmocka_unit_test(
		    test_a_vpn_is_known_by_what_the_kernel_calls_it),
		cmocka_unit_test(
		    test_a_vpn_is_active_if_all_traffic_goes_there),
		cmocka_unit_test(test_a_vpn_may_have_the_other_protocol_only),
		cmocka_unit_test(test_of_a_tunnel_no_route_is_asked),
		cmocka_unit_test(test_a_file_tells_what_is_installed),
		cmocka_unit_test(test_globs_of_files_are_of_their_components),
		cmocka_unit_test(test_what_users_put_there_is_theirs),
		cmocka_unit_test(test_a_long_look_is_given_up_and_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
