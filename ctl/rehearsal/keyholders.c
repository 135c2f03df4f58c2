/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading the file of break-glass, as the module does: lines that are none, and
 * a file that is not root's alone, let in nobody.
 */
#include "ctl/rehearsal/keyholders.h"

#include <string.h>

#include "ctl/readiness/joined.h"
#include "policyd/net/addr.h"
#include "policyd/text.h"
#include "proto/glass.h"
#include "proto/result.h"

#define ENTRY_SIZE (FG_USER_MAX + ADDR_TEXT_SIZE + 16u)

static const char *
from_text(const struct fg_glass_entry *entry, char buf[ADDR_TEXT_SIZE + 8])
{
	struct addr addr = { .zone = "" };
	char text[ADDR_TEXT_SIZE];
	unsigned int bits = entry->bits, all = 128;

	switch (entry->from) {
	case FG_GLASS_CONSOLE:
		return "console";
	case FG_GLASS_LOCAL:
		return "local";
	case FG_GLASS_ANY:
		return "any";
	case FG_GLASS_ADDRESS:
		break;
	case FG_GLASS_NOWHERE:
		return "nowhere";
	}
	memcpy(addr.b, entry->addr, sizeof(addr.b));
	if (addr_is_v4(&addr) && bits >= 96) {
		bits -= 96;
		all = 32;
	}
	(void)addr_text(&addr, text);
	if (bits == all)
		(void)text_copy(buf, ADDR_TEXT_SIZE, text);
	else
		(void)text_format(buf, ADDR_TEXT_SIZE + 8, "%s/%u", text, bits);
	return buf;
}

static void
add(const struct fg_glass_entry *entry, char *buf, size_t size)
{
	char from[ADDR_TEXT_SIZE + 8], text[ENTRY_SIZE];

	(void)text_format(text, sizeof(text), "%s %s", entry->user,
	    from_text(entry, from));
	joined_add(buf, size, text);
}

void
keyholders_list(const char *path, const char *service, const char *user,
    char *buf, size_t size)
{
	static struct fg_glass_entry entry;
	static struct fg_glass glass;
	int r;

	buf[0] = '\0';
	r = fg_glass_open(&glass, path);
	while (r == 0 &&
	    ((r = fg_glass_next(&glass, &entry)) == 0 || r == FG_ERR_FORMAT)) {
		if (r == 0 &&
		    (strcmp(entry.service, "*") == 0 ||
			strcmp(entry.service, service) == 0) &&
		    (user == NULL || strcmp(entry.user, user) == 0))
			add(&entry, buf, size);
		r = 0;
	}
	fg_glass_close(&glass);
	if (buf[0] == '\0')
		(void)text_copy(buf, size, "nobody");
}
