/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * /sys/class/net. Who may configure the network makes and names interfaces:
 * that is root, and through a network manager mostly also who sits at the
 * machine. They are the machine's all the same, as everybody's traffic goes
 * through the one that has the default route.
 */
#include "policyd/scanner/look/interface.h"

#include <dirent.h>
#include <errno.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "policyd/scanner/look/route.h"
#include "policyd/scanner/place.h"
#include "policyd/scanner/walk.h"
#include "policyd/text.h"

#define INTERFACE_FOLDER "sys/class/net"
#define DEVTYPE		 "DEVTYPE="

struct interface_with {
	const struct scan *scan;
	struct netlink *routes;
	struct since *since;
	struct route route;
	bool has_route; /* it was looked at already */
};

static int
read_text(const char *name, const char *file, char *buf, size_t size)
{
	char path[128];
	int r;

	if ((r = text_format(path, sizeof(path), INTERFACE_FOLDER "/%s/%s",
		 name, file)) != 0)
		return r;
	return place_read(path, buf, size);
}

/* The first line alone. */
static int
read_file(const char *name, const char *file, char *buf, size_t size)
{
	int r = read_text(name, file, buf, size);

	buf[r == 0 ? strcspn(buf, "\n") : 0] = '\0';
	return r;
}

static bool
is_up(const char *name)
{
	char text[32];
	uint32_t flags;

	return read_file(name, "flags", text, sizeof(text)) == 0 &&
	    place_parse_hex(text, &flags) == 0 && (flags & IFF_UP) != 0;
}

static uint32_t
index_of(const char *name)
{
	char text[32];
	uint64_t v;

	if (read_file(name, "ifindex", text, sizeof(text)) != 0 ||
	    text_parse_uint(text, 1, INT32_MAX, &v) != 0)
		return 0;
	return (uint32_t)v;
}

static bool
is_default(struct interface_with *with, const char *name)
{
	if (!with->has_route)
		route_look(with->routes, with->scan->until_ns, &with->route);
	with->has_route = true;
	return route_has(&with->route, name, index_of(name));
}

static void
report_interface(struct interface_with *with, const struct rule_entry *entry,
    const char *name)
{
	bool whole = entry->kind == ENTRY_VPN_CLIENT && is_default(with, name);
	char seen[SIGN_SEEN_MAX + 1];
	struct sign sign;

	memset(&sign, 0, sizeof(sign));
	sign.kind = entry->kind;
	sign.grade = whole ? SIGN_ACTIVE : SIGN_RUNNING;
	sign.confidence = SIGN_BY_COMPOSITION;
	sign.owner = SIGN_OF_MACHINE;
	sign.steers = entry->steers;
	sign.audit_session = (uint32_t)-1;
	sign_text(sign.what, sizeof(sign.what), entry->name);
	(void)snprintf(seen, sizeof(seen), "interface %.15s%s", name,
	    whole ? ", the default route goes through it" : "");
	sign_text(sign.seen, sizeof(sign.seen), seen);
	sign.since_s = since_met(with->since, &sign, with->scan->round);
	picture_add(with->scan->picture, &sign);
}

/*
 * What a driver says of itself: DEVTYPE= among other lines. The driver of tun
 * has a file of its own instead.
 */
static bool
read_kind(const char *name, char *kind, size_t size)
{
	char text[512], *value;
	uint32_t flags;

	*kind = '\0';
	if (read_file(name, "tun_flags", text, sizeof(text)) == 0 &&
	    place_parse_hex(text, &flags) == 0)
		return text_copy(kind, size,
			   (flags & IFF_TUN) != 0 ? "tun" : "tap") == 0;
	if (read_text(name, "uevent", text, sizeof(text)) != 0)
		return false;
	if (strncmp(text, DEVTYPE, strlen(DEVTYPE)) == 0)
		value = text + strlen(DEVTYPE);
	else if ((value = strstr(text, "\n" DEVTYPE)) != NULL)
		value += strlen("\n" DEVTYPE);
	else
		return false;
	value[strcspn(value, "\n")] = '\0';
	return text_copy(kind, size, value) == 0;
}

/* Whether any rule of this kind is of text, also one that is ordinary. */
static bool
look_by(struct interface_with *with, enum rule_kind kind, const char *text,
    const char *name)
{
	const struct rules *rules = with->scan->match->rules;
	const struct rule *rule;
	bool matched = false;
	size_t i;

	for (i = rules->first[kind]; i < rules->first[kind + 1]; i++) {
		rule = &rules->rule[i];
		if (!rule_glob(rule->text, text))
			continue;
		matched = true;
		if (rules->entry[rule->entry].kind != ENTRY_ORDINARY &&
		    is_up(name))
			report_interface(with, &rules->entry[rule->entry],
			    name);
	}
	return matched;
}

/* Of one whose name is known its kind says nothing more. */
static void
look_at(struct interface_with *with, const char *name)
{
	char kind[32];

	if (!look_by(with, RULE_INTERFACE, name, name) &&
	    (with->scan->match->any & MATCH_KIND(RULE_LINK)) != 0 &&
	    read_kind(name, kind, sizeof(kind)))
		(void)look_by(with, RULE_LINK, kind, name);
}

static void
look_at_all(struct interface_with *with, DIR *dir)
{
	const struct dirent *entry;

	while ((entry = readdir(dir)) != NULL) {
		if (walk_now_ns() >= with->scan->until_ns) {
			with->scan->picture->cut |= PICTURE_INTERFACES;
			return;
		}
		if (entry->d_name[0] != '.')
			look_at(with, entry->d_name);
	}
}

void
interface_look(const struct scan *scan, struct netlink *routes,
    struct since *since)
{
	struct interface_with with = {
		.scan = scan, .routes = routes, .since = since
	};
	DIR *dir;

	if ((scan->match->any &
		(MATCH_KIND(RULE_INTERFACE) | MATCH_KIND(RULE_LINK))) == 0)
		return;
	if ((dir = place_opendir(INTERFACE_FOLDER)) == NULL) {
		scan->picture->failed |= PICTURE_INTERFACES;
		return;
	}
	look_at_all(&with, dir);
	(void)closedir(dir); /* was only read */
	if (with.has_route && with.route.failed)
		scan->picture->failed |= PICTURE_INTERFACES;
}
