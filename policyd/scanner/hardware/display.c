/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Connectors of graphics cards, /sys/class/drm. One read(2) takes the first
 * block of an EDID as the kernel has it at one moment: what changes while it
 * is looked at is either the old one or the new.
 */
#include "policyd/scanner/hardware/display.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "policyd/scanner/hardware/plugged.h"
#include "policyd/scanner/hardware/sys.h"
#include "policyd/scanner/reader.h"
#include "policyd/text.h"
#include "proto/result.h"

#define DISPLAYS "class/drm"

static bool
begins_with_one(const char *s, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strncmp(s, *words, strlen(*words)) == 0)
			return true;
	return false;
}

/* The machine's own panel. */
static bool
is_internal(const char *connector)
{
	static const char *const kinds[] = { "eDP-", "LVDS-", "DSI-", "DPI-",
		NULL };

	return begins_with_one(connector, kinds);
}

/* No plug at all. */
static bool
is_virtual(const char *connector)
{
	static const char *const kinds[] = { "Virtual-", "Writeback-", NULL };

	return begins_with_one(connector, kinds);
}

/*
 * The kernel's lock for a card's modes may have to be waited for. Sets *ret_r
 * to 0, FG_ERR_BUSY or FG_ERR_TIMEOUT.
 */
static bool
read_edid(const char *name, struct edid *edid, int *ret_r)
{
	uint8_t block[EDID_BLOCK];
	char path[SYS_NAME_MAX + 32];
	size_t len;
	int r;

	if ((r = text_format(path, sizeof(path), "%s/%s/edid", DISPLAYS,
		 name)) == 0)
		r = reader_sys(path, block, sizeof(block), &len);
	*ret_r = r == FG_ERR_BUSY || r == FG_ERR_TIMEOUT ? r : 0;
	return r == 0 && edid_parse(block, len, edid) == 0;
}

static bool
is_connected(int fd)
{
	char status[16];

	return sys_read_text(fd, "status", status, sizeof(status)) == 0 &&
	    strcmp(status, "connected") == 0;
}

/*
 * False: nothing is there, or not any more, or it was not told in time. name:
 * "card0-HDMI-A-1". One that is pulled out in between has no EDID by then, and
 * is none without one.
 */
static bool
read_display(int folder, const char *name, struct display *display, bool *cut)
{
	bool here;
	int fd, r;

	memset(display, 0, sizeof(*display));
	(void)text_copy(display->connector, sizeof(display->connector),
	    strchr(name, '-') + 1); /* names are short; else cut */
	if ((fd = sys_open_folder(folder, name)) == -1)
		return false;
	if ((here = is_connected(fd))) {
		display->has_edid = read_edid(name, &display->edid, &r);
		*cut = r != 0;
		here = r != FG_ERR_TIMEOUT &&
		    (display->has_edid || is_connected(fd));
	}
	(void)close(fd); /* was only read */
	return here;
}

static bool
is_any(const struct rule *rule)
{
	return rule->low == RULE_ANY || rule->high == RULE_ANY;
}

static bool
matches(const struct rule *rule, const struct edid *edid)
{
	const struct rule_device *want = &rule->device;

	if (want->manufacturer[0] == '\0' && want->product[0] == '\0' &&
	    want->serial[0] == '\0')
		return false;
	return (want->manufacturer[0] == '\0' ||
		   strcmp(want->manufacturer, edid->maker) == 0) &&
	    (is_any(rule) ||
		(rule->low <= edid->product && edid->product <= rule->high)) &&
	    (want->product[0] == '\0' ||
		strcmp(want->product, edid->name) == 0) &&
	    (want->serial[0] == '\0' ||
		strcmp(want->serial, edid->serial) == 0);
}

/* A maker's letters, or many of its products, are others' as well. */
static bool
is_exact(const struct rule *rule)
{
	return rule->device.product[0] != '\0' ||
	    rule->device.serial[0] != '\0' ||
	    (!is_any(rule) && rule->low == rule->high);
}

static void
words(const struct display *display, char *dst, size_t size)
{
	const struct edid *edid = &display->edid;
	char name[ROSTER_QUOTE_SIZE], serial[ROSTER_QUOTE_SIZE];

	roster_quote(name, edid->name);
	roster_quote(serial, edid->serial);
	(void)text_format(dst, size, "display %s (%s:%04x) on %s%s%s%s",
	    edid->name[0] == '\0' ? "without a name" : name, edid->maker,
	    edid->product, display->connector,
	    edid->checksum ? "" : ", its EDID is damaged",
	    edid->serial[0] == '\0' ? "" : ", serial ",
	    edid->serial[0] == '\0' ? "" : serial);
}

static void
found(const struct display *display, const struct rule_entry *entry, bool sure,
    struct machine *machine, struct roster *roster)
{
	char seen[ROSTER_WORDS];

	words(display, seen, sizeof(seen));
	if (entry->kind == ENTRY_HYPERVISOR)
		machine_note(machine, entry, seen);
	else
		roster_add_entry(roster, entry, SIGN_PRESENT,
		    sure ? SIGN_BY_IDENTITY : SIGN_BY_COMPOSITION, seen);
}

/* One that an ordinary display's own entry knows. */
static bool
is_ordinary(const struct edid *edid, const struct rules *rules)
{
	const struct rule *rule;
	size_t i;

	for (i = rules->first[RULE_DISPLAY]; i < rules->first[RULE_DISPLAY + 1];
	     i++) {
		rule = &rules->rule[i];
		if (rules->entry[rule->entry].kind == ENTRY_ORDINARY &&
		    is_exact(rule) && matches(rule, edid))
			return true;
	}
	return false;
}

void
display_match(const struct display *display, const struct rules *rules,
    struct machine *machine, struct roster *roster)
{
	const struct rule *rule;
	bool ordinary, sure;
	size_t i;

	if (!display->has_edid || is_internal(display->connector))
		return;
	ordinary = is_ordinary(&display->edid, rules);
	/* Both kinds, which follow each other. */
	for (i = rules->first[RULE_DISPLAY];
	     i < rules->first[RULE_DISPLAY_WEAK + 1]; i++) {
		rule = &rules->rule[i];
		sure = rule->kind == RULE_DISPLAY && is_exact(rule);
		if ((sure || !ordinary) && matches(rule, &display->edid))
			found(display, &rules->entry[rule->entry], sure,
			    machine, roster);
	}
}

static void
look_at(int folder, const char *name, const struct rules *rules,
    struct machine *machine, struct roster *roster)
{
	struct display display;
	bool cut = false, here;

	here = read_display(folder, name, &display, &cut);
	if (cut)
		roster->picture->cut |= PICTURE_DISPLAYS;
	if (!here)
		return;
	display_match(&display, rules, machine, roster);
	if (!is_internal(display.connector) && !is_virtual(display.connector))
		plugged_add_monitor(roster,
		    display.has_edid ? &display.edid : NULL, display.connector);
}

/* No graphics card is no failure; cards' own folders have no status. */
void
display_look(int sys, const struct rules *rules, int64_t until_ns,
    struct machine *machine, struct roster *roster)
{
	struct sys_list list;
	const char *name;

	if (sys_list_open(&list, sys, DISPLAYS, until_ns) != 0) {
		if (errno != ENOENT || !sys_is_real(sys))
			roster->picture->failed |= PICTURE_DISPLAYS;
		return;
	}
	while ((name = sys_list_next(&list)) != NULL)
		if (strncmp(name, "card", 4) == 0 && strchr(name, '-') != NULL)
			look_at(list.fd, name, rules, machine, roster);
	if (list.cut)
		roster->picture->cut |= PICTURE_DISPLAYS;
	sys_list_close(&list);
}
