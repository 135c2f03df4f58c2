/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Programs: from the keys of a tool to rules. What is installed is seen by
 * files: those of a package's and a unit's own included.
 */
#include <string.h>

#include "policyd/catalogue/catalogue_parts.h"

/* ---- what runs --------------------------------------------------------- */

static void
read_program(struct catalogue_build *b, unsigned int line, const char *text)
{
	char glob[RULE_TEXT_MAX + 1];

	if (!catalogue_value_program(b, line, "exe", text, glob))
		return;
	catalogue_add_text(b, RULE_EXE, glob);
	/* Its own file is a sign that it is installed. */
	if (text[0] == '/' && strpbrk(text, "*?:") == NULL &&
	    b->entry->kind != ENTRY_ORDINARY)
		catalogue_add_text(b, RULE_FILE, text);
}

static void
read_script(struct catalogue_build *b, unsigned int line, const char *text)
{
	if (!catalogue_value_script(b, line, text))
		return;
	catalogue_add_text(b, RULE_SCRIPT, text);
	if (text[0] == '/' && strpbrk(text, "*?") == NULL &&
	    b->entry->kind != ENTRY_ORDINARY)
		catalogue_add_text(b, RULE_FILE, text);
}

static void
read_comm(struct catalogue_build *b, unsigned int line, const char *text)
{
	if (catalogue_value_comm(b, line, "comm", text))
		catalogue_add_text(b, RULE_COMM, text);
}

/* ---- what is installed ------------------------------------------------- */

/*
 * dpkg keeps a list for each package, with its architecture where several may
 * be installed. A glob for that would read a folder of thousands for each.
 */
static void
read_package(struct catalogue_build *b, unsigned int line, const char *text)
{
	static const char dpkg[] = "/var/lib/dpkg/info/";
	static const char *const ends[] = { ".list", ":amd64.list",
		":arm64.list", ":armhf.list", ":i386.list" };
	size_t i;

	if (!catalogue_value_package(b, line, text))
		return;
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		catalogue_add_file(b, line, dpkg, text, ends[i]);
}

static void
read_unit(struct catalogue_build *b, unsigned int line, const char *text)
{
	const char *name = text + strlen("user/");

	if (!catalogue_value_unit(b, line, text))
		return;
	if (strncmp(text, "user/", strlen("user/")) == 0) {
		catalogue_add_file(b, line, "/etc/systemd/user/", name, "");
		catalogue_add_file(b, line, "/usr/lib/systemd/user/", name, "");
		return;
	}
	catalogue_add_file(b, line, "/etc/systemd/system/", text, "");
	catalogue_add_file(b, line, "/lib/systemd/system/", text, "");
	catalogue_add_file(b, line, "/usr/lib/systemd/system/", text, "");
}

static void
read_file(struct catalogue_build *b, unsigned int line, const char *text)
{
	if (catalogue_value_path(b, line, "files", text))
		catalogue_add_text(b, RULE_FILE, text);
}

/* ---- the network ------------------------------------------------------- */

static void
read_listen(struct catalogue_build *b, unsigned int line, const char *text)
{
	struct rule rule = { .kind = RULE_LISTEN };

	if (catalogue_value_ports(b, line, text, &rule))
		catalogue_add(b, &rule);
}

static void
read_socket(struct catalogue_build *b, unsigned int line, const char *text)
{
	if (catalogue_value_path(b, line, "sockets", text))
		catalogue_add_text(b, RULE_SOCKET, text);
}

static void
read_relay(struct catalogue_build *b, unsigned int line, const char *text)
{
	struct rule rule = { .kind = RULE_RELAY };

	if (catalogue_value_ports(b, line, text, &rule))
		catalogue_add(b, &rule);
}

static void
read_interface(struct catalogue_build *b, unsigned int line, const char *text)
{
	if (catalogue_value_interface(b, line, "interfaces", text))
		catalogue_add_text(b, RULE_INTERFACE, text);
}

static void
read_link(struct catalogue_build *b, unsigned int line, const char *text)
{
	if (catalogue_value_interface(b, line, "links", text))
		catalogue_add_text(b, RULE_LINK, text);
}

/* ---- in use ------------------------------------------------------------ */

static const struct {
	const char *word;
	uint32_t bit;
} active_words[] = {
	{ "listen", RULE_ACTIVE_LISTEN },
	{ "relay", RULE_ACTIVE_RELAY },
	{ "child", RULE_ACTIVE_CHILD },
	{ "fork", RULE_ACTIVE_FORK },
	{ "running", RULE_ACTIVE_RUNNING },
};

static void
read_active(struct catalogue_build *b, unsigned int line, const char *text)
{
	struct conf_near near = { .word = text };
	char buf[CONF_NEAR_SIZE];
	size_t i;

	for (i = 0; i < sizeof(active_words) / sizeof(active_words[0]); i++) {
		if (strcmp(active_words[i].word, text) == 0) {
			b->entry->active |= active_words[i].bit;
			return;
		}
		conf_near_offer(&near, active_words[i].word);
	}
	CATALOGUE_ERROR(b, line, "\"%.80s\" tells nobody that it is in use; %s",
	    text,
	    conf_near_text(&near, "write listen, relay, child, fork or running",
		buf));
}

static void
read_active_exe(struct catalogue_build *b, unsigned int line, const char *text)
{
	char glob[RULE_TEXT_MAX + 1];

	if (catalogue_value_program(b, line, "active_exe", text, glob))
		catalogue_add_text(b, RULE_ACTIVE_EXE, glob);
}

static void
read_active_comm(struct catalogue_build *b, unsigned int line, const char *text)
{
	if (catalogue_value_comm(b, line, "active_comm", text))
		catalogue_add_text(b, RULE_ACTIVE_COMM, text);
}

static void
read_active_argument(struct catalogue_build *b, unsigned int line,
    const char *text)
{
	if (catalogue_value_text(b, line, "active_argument", text,
		RULE_TEXT_MAX))
		catalogue_add_text(b, RULE_ACTIVE_ARGUMENT, text);
}

static void
read_listen_argument(struct catalogue_build *b, unsigned int line,
    const char *text)
{
	if (catalogue_value_text(b, line, "listen_argument", text,
		RULE_TEXT_MAX))
		catalogue_add_text(b, RULE_LISTEN_ARGUMENT, text);
}

/* ---- whose screen ------------------------------------------------------ */

static void
read_steers(struct catalogue_build *b)
{
	const char *text = catalogue_value(b->entry, "steers");
	enum entry_steers steers;

	if (!catalogue_has(b->entry, "steers"))
		return;
	for (steers = ENTRY_STEERS_NONE; steers <= ENTRY_STEERS_SEAT; steers++)
		if (strcmp(entry_steers_name(steers), text) == 0) {
			b->entry->steers = steers;
			return;
		}
	CATALOGUE_ERROR(b, catalogue_line(b->entry, "steers"),
	    "\"%.80s\" is nobody's screen; write seat, own or none", text);
}

/* ---- all of it --------------------------------------------------------- */

static const struct {
	const char *key;
	void (*read)(struct catalogue_build *b, unsigned int line,
	    const char *text);
} lists[] = {
	{ "exe", read_program },
	{ "script", read_script },
	{ "comm", read_comm },
	{ "packages", read_package },
	{ "units", read_unit },
	{ "files", read_file },
	{ "listen", read_listen },
	{ "listen_argument", read_listen_argument },
	{ "sockets", read_socket },
	{ "relay", read_relay },
	{ "interfaces", read_interface },
	{ "links", read_link },
	{ "active", read_active },
	{ "active_exe", read_active_exe },
	{ "active_comm", read_active_comm },
	{ "active_argument", read_active_argument },
};

void
catalogue_read_tool(struct catalogue_build *b)
{
	const struct conf_strings *values;
	size_t i, k;

	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		values = catalogue_values(b->entry, lists[i].key);
		for (k = 0; values != NULL && k < values->n; k++)
			lists[i].read(b, values->lines[k], values->v[k]);
	}
	read_steers(b);
}
