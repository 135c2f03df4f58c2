/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Units out of the path of a cgroup, each of which is a folder's name.
 */
#include "policyd/scanner/unit.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct name {
	const char *s;
	size_t len;
};

static bool
begins(const struct name *name, const char *with)
{
	size_t n = strlen(with);

	return name->len >= n && memcmp(name->s, with, n) == 0;
}

static bool
ends(const struct name *name, const char *with)
{
	size_t n = strlen(with);

	return name->len > n && memcmp(name->s + name->len - n, with, n) == 0;
}

void
unit_of(const char *cgroup, char ret_unit[UNIT_SIZE])
{
	struct name name, unit = { "", 0 }, manager = { "", 0 };

	for (name.s = cgroup; *name.s != '\0'; name.s += name.len) {
		name.s += strspn(name.s, "/");
		name.len = strcspn(name.s, "/");
		if (!ends(&name, ".service") && !ends(&name, ".scope"))
			continue;
		if (manager.len == 0 && begins(&name, "user@"))
			manager = name;
		unit = name;
	}
	if (manager.s == unit.s)
		manager.len = 0;
	(void)snprintf(ret_unit, UNIT_SIZE, "%.*s%s%.*s", (int)manager.len,
	    manager.s, manager.len > 0 ? "/" : "", (int)unit.len, unit.s);
}
