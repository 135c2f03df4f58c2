/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Kinds of services. What is shipped is a table; a file adds names to it, and
 * a name that the file gives one kind leaves the shipped list of another. So
 * an administrator who exempts one service cannot lose the others by it. A
 * service that no list names counts as remote.
 */
#include <string.h>

#include "policyd/conf/conf_parts.h"
#include "proto/result.h"

/* Reached over the network: the caller tells the address, or is refused. */
static const char *const remote[] = { "sshd", "remote", "rlogin", "rsh",
	"rexec", "cockpit", "webmin", "usermin", "xrdp-sesman",
	"chrome-remote-desktop", "nx", "vnc", "tigervnc", "vsftpd", "proftpd",
	"pure-ftpd", "samba", "cups", "ppp", "openvpn", "dovecot", "imap",
	"pop", "pop3", "sieve", "smtp", "mysql", "mariadb", "postgresql",
	NULL };

#define LOCKERS                                                              \
	"xscreensaver", "kde", "kde-fingerprint", "kde-smartcard",           \
	    "kscreensaver", "gnome-screensaver", "mate-screensaver",         \
	    "cinnamon-screensaver", "xfce4-screensaver", "xsecurelock",      \
	    "xlock", "i3lock", "swaylock", "gtklock", "waylock", "hyprlock", \
	    "vlock", "physlock", "screen"

static const char *const lockers[] = { LOCKERS, NULL };

/*
 * Run inside of a session that was decided when it began, as are the screen
 * lockers: they inherit its origin.
 */
static const char *const nested[] = { "sudo", "sudo-i", "su", "su-l", "runuser",
	"runuser-l", "doas", "systemd-run0", LOCKERS, NULL };

/* At the machine's own seat. */
static const char *const console[] = { "login", "gdm", "gdm3", "gdm-password",
	"gdm-autologin", "gdm-fingerprint", "gdm-smartcard",
	"gdm-smartcard-pkcs11-exclusive", "gdm-smartcard-sssd-exclusive",
	"gdm-smartcard-sssd-or-password", "gdm-switchable-auth", "gdm-pin",
	"lightdm", "lightdm-autologin", "sddm", "sddm-autologin", "plasmalogin",
	"plasmalogin-autologin", "lxdm", "kdm", "kdm-np", "xdm", "wdm", "slim",
	"nodm", "greetd", "ly", NULL };

/*
 * Nobody logs in by these: jobs of accounts that may be services', the user's
 * service manager behind a session that was decided, greeters that run before
 * anybody is known, and tools that ask for a password to change one.
 */
static const char *const exempt[] = { "cron", "crond", "atd", "systemd-user",
	"polkit-1", "chsh", "chfn", "passwd", "chpasswd", "chgpasswd",
	"newusers", "chage", "useradd", "usermod", "userdel", "groupadd",
	"groupmod", "groupdel", "groupmems", "gdm-launch-environment",
	"lightdm-greeter", "sddm-greeter", "plasmalogin-greeter",
	"greetd-greeter", NULL };

static const struct {
	enum service_kind kind;
	const char *name;
	const char *const *shipped;
} kinds[] = {
	{ SERVICE_REMOTE, "remote", remote },
	{ SERVICE_NESTED, "nested", nested },
	{ SERVICE_CONSOLE, "console", console },
	{ SERVICE_EXEMPT, "exempt", exempt },
};

#define NKINDS (sizeof(kinds) / sizeof(kinds[0]))

const char *
conf_services_name(enum service_kind kind)
{
	size_t i;

	for (i = 0; i < NKINDS; i++)
		if (kinds[i].kind == kind)
			return kinds[i].name;
	return "none";
}

enum service_kind
conf_services_shipped(const char *service)
{
	const char *const *s;
	size_t k;

	for (k = 0; k < NKINDS; k++)
		for (s = kinds[k].shipped; *s != NULL; s++)
			if (strcmp(*s, service) == 0)
				return kinds[k].kind;
	return SERVICE_NONE;
}

bool
conf_service_is_locker(const char *service)
{
	const char *const *s;

	for (s = lockers; *s != NULL; s++)
		if (strcmp(*s, service) == 0)
			return true;
	return false;
}

/* What is shipped for one kind, less what the file says elsewhere. */
static int
add_shipped(const struct conf *conf, size_t k, struct conf_strings *list)
{
	const char *const *s;
	int r;

	for (s = kinds[k].shipped; *s != NULL; s++) {
		if (conf_service_kind(conf, *s) != SERVICE_NONE &&
		    conf_service_kind(conf, *s) != kinds[k].kind)
			continue;
		if ((r = conf_strings_add(list, *s, 0)) != 0)
			return r;
	}
	return 0;
}

static int
add_given(const struct conf_strings *given, struct conf_strings *list)
{
	size_t i, shipped = list->n;
	struct conf_strings front = { list->v, list->lines, shipped };
	int r;

	for (i = 0; i < given->n; i++) {
		front.v = list->v;
		if (conf_strings_has(&front, given->v[i]))
			continue;
		r = conf_strings_add(list, given->v[i], given->lines[i]);
		if (r != 0)
			return r;
	}
	return 0;
}

/*
 * The services of conf are those of the file so far; complete them. Shipped
 * names come first and in their own order, so that a dump reads back alike.
 */
int
conf_services_fill(struct conf *conf)
{
	struct conf_strings lists[NKINDS];
	struct conf_strings *given;
	int r = 0;
	size_t k;

	memset(lists, 0, sizeof(lists));
	for (k = 0; k < NKINDS && r == 0; k++) {
		given = &conf->services[kinds[k].kind];
		if ((r = add_shipped(conf, k, &lists[k])) == 0)
			r = add_given(given, &lists[k]);
	}
	for (k = 0; k < NKINDS; k++) {
		given = &conf->services[kinds[k].kind];
		if (r == 0) {
			conf_strings_done(given);
			*given = lists[k];
		} else {
			conf_strings_done(&lists[k]);
		}
	}
	return r;
}

/* Report the services that the list of kind k shares with later ones. */
static void
check_kind(const struct conf *conf, size_t k, struct conf_errors *errors)
{
	const struct conf_strings *a, *b;
	size_t later, i;

	a = &conf->services[kinds[k].kind];
	for (later = k + 1; later < NKINDS; later++) {
		b = &conf->services[kinds[later].kind];
		for (i = 0; i < b->n; i++)
			if (conf_strings_has(a, b->v[i]))
				conf_errors_add(errors, conf->path, b->lines[i],
				    "service \"%.80s\" is in %s and in %s; "
				    "name it in one of them",
				    b->v[i], kinds[k].name, kinds[later].name);
	}
}

void
conf_services_check(const struct conf *conf, struct conf_errors *errors)
{
	size_t k;

	for (k = 0; k < NKINDS; k++)
		check_kind(conf, k, errors);
}
