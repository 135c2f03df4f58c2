/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl catalogue: is it right, and what is in it. Works without a
 * daemon, on the files themselves.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "policyd/catalogue/catalogue.h"
#include "policyd/conf/conf_form.h"
#include "policyd/text.h"
#include "proto/result.h"

#define FOLDERS_MAX 16
#define KINDS_SIZE  256u

static const char *const shipped_folders[] = { CATALOGUE_FOLDERS };

struct options {
	const char *config;
	struct conf *conf; /* NULL if it was not needed, or is not there */
	const char *dirs[FOLDERS_MAX];
	const char *const *folders; /* those, or the configuration's */
	size_t nfolders;
	enum entry_kind kind; /* ENTRY_NONE: all */
	const char *name; /* NULL: all */
	bool json;
};

/* Unless they were given: those of the configuration, if there is one. */
static void
find_folders(struct options *o)
{
	struct conf_errors errors = { 0 };

	if (o->nfolders > 0)
		return;
	if (strcmp(o->config, CONF_FILE) == 0 && access(CONF_FILE, F_OK) != 0)
		o->conf = NULL;
	else if (conf_load(o->config, &o->conf, &errors) != 0)
		ctl_complain("catalogue: %s cannot be used, see farmgatectl "
			     "check; reading the shipped folders",
		    o->config);
	conf_errors_done(&errors);
	if (o->conf != NULL) {
		o->folders = (const char *const *)o->conf->machine.catalogue.v;
		o->nfolders = o->conf->machine.catalogue.n;
	} else {
		o->folders = shipped_folders;
		o->nfolders =
		    sizeof(shipped_folders) / sizeof(shipped_folders[0]);
	}
}

static const char *
safe(const char *s, char buf[CTL_TEXT_SIZE])
{
	return text_escape_utf8(buf, CTL_TEXT_SIZE, s, strlen(s));
}

/* Complains. CTL_OK, CTL_NO: it is wrong, or CTL_ERROR. */
static int
load(struct options *o, struct catalogue **ret_catalogue)
{
	struct conf_errors errors = { 0 };
	int r;

	find_folders(o);
	r = catalogue_load(o->folders, o->nfolders, ret_catalogue, &errors);
	conf_errors_print(&errors, stderr);
	conf_errors_done(&errors);
	return o->nfolders == 0 ? CTL_OK : ctl_conf_status(o->folders[0], r);
}

/* ---- check ------------------------------------------------------------- */

static const char *
plural(size_t n, const char *one, const char *more)
{
	return n == 1 ? one : more;
}

static void
print_summary(const struct catalogue *catalogue, const struct options *o)
{
	char buf[CTL_TEXT_SIZE];
	size_t i;

	for (i = 0; i < o->nfolders; i++)
		printf("%s%s", i == 0 ? "" : ", ", safe(o->folders[i], buf));
	printf("%sok, %zu %s with %zu %s in %zu %s\n",
	    o->nfolders == 0 ? "" : ": ", catalogue->nentries,
	    plural(catalogue->nentries, "entry", "entries"), catalogue->nrules,
	    plural(catalogue->nrules, "sign", "signs"), catalogue->nfiles,
	    plural(catalogue->nfiles, "file", "files"));
}

static int
check(const struct catalogue *catalogue, const struct options *o)
{
	struct conf_errors warnings = { 0 };

	catalogue_warn(catalogue, &warnings);
	conf_errors_print(&warnings, stderr);
	conf_errors_done(&warnings);
	print_summary(catalogue, o);
	return CTL_OK;
}

static int
parse_check(int argc, char **argv, struct options *o)
{
	const struct ctl_option options[] = {
		{ "config", &o->config, NULL },
		{ NULL, NULL, NULL },
	};

	if (ctl_take_options("catalogue", argc, argv, options) != CTL_OK)
		return CTL_ERROR;
	o->folders = (const char *const *)argv + optind;
	o->nfolders = (size_t)(argc - optind);
	return CTL_OK;
}

/* ---- list: a table ----------------------------------------------------- */

static bool
has_rule(const struct catalogue_entry *e, enum rule_kind first,
    enum rule_kind last)
{
	size_t i;

	for (i = 0; i < e->nrules; i++)
		if (e->rules[i].kind >= (uint32_t)first &&
		    e->rules[i].kind <= (uint32_t)last)
			return true;
	return false;
}

static bool
can_be_active(const struct catalogue_entry *e)
{
	if (e->kind == ENTRY_VPN_CLIENT)
		return has_rule(e, RULE_INTERFACE, RULE_LINK);
	return e->active != 0 ||
	    has_rule(e, RULE_ACTIVE_EXE, RULE_ACTIVE_ARGUMENT);
}

/* How far a tool can be told apart; a device is there, or is not. */
static const char *
seen_text(const struct catalogue_entry *e, char buf[CTL_TEXT_SIZE])
{
	bool process = has_rule(e, RULE_EXE, RULE_SCRIPT);
	bool port = !process && has_rule(e, RULE_LISTEN, RULE_RELAY);
	bool named = has_rule(e, RULE_SOCKET, RULE_SOCKET);
	bool interface = has_rule(e, RULE_INTERFACE, RULE_LINK);
	const char *by = "";

	if (e->section != CATALOGUE_TOOL)
		return e->nrules == 0 ? "-" : "present";
	if (e->kind == ENTRY_ORDINARY)
		return e->nrules == 0 ? "-" : "left out";
	if (port)
		by = " (port)";
	else if (catalogue_is_by_name(e))
		by = " (name)";
	(void)snprintf(buf, CTL_TEXT_SIZE, "%s%s%s%s",
	    has_rule(e, RULE_FILE, RULE_FILE) ? " installed" : "",
	    process || port || named || interface ? " running" : "",
	    can_be_active(e) ? " active" : "", by);
	return buf[0] == ' ' ? buf + 1 : buf;
}

static void
print_row(const struct catalogue_entry *e)
{
	char seen[CTL_TEXT_SIZE], title[CTL_TEXT_SIZE];

	printf("%-26s %-14s %-26s %s\n", e->name, entry_kind_name(e->kind),
	    seen_text(e, seen), safe(e->title, title));
}

/* ---- list: one of them ------------------------------------------------- */

static void
print_values(const struct catalogue_key *key)
{
	char buf[CTL_TEXT_SIZE];
	size_t i;

	for (i = 0; i < key->values.n; i++)
		printf("  %-16s %s\n", i == 0 ? key->name : "",
		    safe(key->values.v[i], buf));
}

static void
print_entry(const struct catalogue_entry *e)
{
	char buf[CTL_TEXT_SIZE];
	size_t i;

	printf("%s %s\n", catalogue_section_name(e->section), e->name);
	for (i = 0; i < e->nkeys; i++)
		print_values(&e->keys[i]);
	if (e->section == CATALOGUE_TOOL &&
	    catalogue_values(e, "steers") == NULL)
		printf("  %-16s %s\n", "steers", entry_steers_name(e->steers));
	printf("  %-16s %s, line %u\n", "file", safe(e->file, buf), e->line);
	if (catalogue_is_by_name(e))
		puts("  by its name alone, which anybody can give a process: "
		     "no more than logged");
}

/* ---- list: for programs ------------------------------------------------ */

static int
print_json(const struct catalogue *catalogue, const struct catalogue_entry *e)
{
	struct json *json = json_new(), *keys, *list;
	size_t i, k;
	int r;

	json_set_string(json, "section", catalogue_section_name(e->section));
	json_set_string(json, "name", e->name);
	json_set_untrusted(json, "title", e->title);
	json_set_string(json, "kind", entry_kind_name(e->kind));
	if (e->section == CATALOGUE_TOOL)
		json_set_string(json, "steers", entry_steers_name(e->steers));
	json_set_bool(json, "by_name", catalogue_is_by_name(e));
	if (&catalogue->entries[e->of] != e)
		json_set_string(json, "same_as",
		    catalogue->entries[e->of].name);
	json_set_untrusted(json, "file", e->file);
	json_set_int(json, "line", e->line);
	keys = json_set_object(json, "keys");
	for (i = 0; i < e->nkeys; i++) {
		list = json_set_array(keys, e->keys[i].name);
		for (k = 0; k < e->keys[i].values.n; k++)
			json_add_string(list, e->keys[i].values.v[k]);
	}
	r = ctl_print_json(json);
	json_free(json);
	return r;
}

/* ---- list -------------------------------------------------------------- */

static bool
is_wanted(const struct catalogue *catalogue, const struct catalogue_entry *e,
    const struct options *o)
{
	if (o->kind != ENTRY_NONE && e->kind != o->kind)
		return false;
	/* Its other identities are of a name as well. */
	return o->name == NULL || strcmp(e->name, o->name) == 0 ||
	    strcmp(catalogue->entries[e->of].name, o->name) == 0;
}

static int
complain_none(const struct catalogue *catalogue, const struct options *o)
{
	struct conf_near near = { .word = o->name };
	char buf[CONF_NEAR_SIZE];
	size_t i;

	if (o->name == NULL) {
		ctl_complain("catalogue: nothing is of that kind");
		return CTL_NO;
	}
	for (i = 0; i < catalogue->nentries; i++)
		if (o->kind == ENTRY_NONE ||
		    catalogue->entries[i].kind == o->kind)
			conf_near_offer(&near, catalogue->entries[i].name);
	ctl_complain("catalogue: there is no entry %s%s; %s", o->name,
	    o->kind == ENTRY_NONE ? "" : " of that kind",
	    conf_near_text(&near, "farmgatectl catalogue list shows them",
		buf));
	return CTL_NO;
}

static int
list(const struct catalogue *catalogue, const struct options *o)
{
	const struct catalogue_entry *e;
	size_t i, n = 0;
	int status = CTL_OK;

	for (i = 0; i < catalogue->nentries && status == CTL_OK; i++) {
		e = &catalogue->entries[i];
		if (!is_wanted(catalogue, e, o))
			continue;
		if (o->json) {
			status = print_json(catalogue, e);
		} else if (o->name != NULL) {
			if (n > 0)
				puts("");
			print_entry(e);
		} else {
			if (n == 0)
				printf("%-26s %-14s %-26s %s\n", "NAME", "KIND",
				    "SEEN", "TITLE");
			print_row(e);
		}
		n++;
	}
	return n == 0 ? complain_none(catalogue, o) : status;
}

static int
take_kind(const char *text, struct options *o)
{
	struct conf_near near = { .word = text };
	char kinds[KINDS_SIZE] = "kinds are", buf[CONF_NEAR_SIZE];
	enum entry_kind kind;
	const char *name;
	size_t n;

	o->kind = entry_kind_by_name(text);
	if (o->kind != ENTRY_NONE)
		return CTL_OK;
	for (kind = ENTRY_RMM; kind <= ENTRY_ORDINARY; kind++) {
		name = entry_kind_name(kind);
		if (entry_kind_by_name(name) != kind)
			continue;
		conf_near_offer(&near, name);
		n = strlen(kinds);
		(void)text_format(kinds + n, sizeof(kinds) - n, "%s %s",
		    kind == ENTRY_RMM ? "" : ",", name);
	}
	ctl_complain("catalogue: unknown kind %s; %s", text,
	    conf_near_text(&near, kinds, buf));
	return CTL_ERROR;
}

static int
add_folder(const char *folder, struct options *o)
{
	if (o->nfolders == FOLDERS_MAX)
		return ctl_misuse("catalogue",
		    "catalogue: more than %d folders", FOLDERS_MAX);
	o->dirs[o->nfolders++] = folder;
	o->folders = o->dirs;
	return CTL_OK;
}

static int
take_option(int c, char **argv, struct options *o)
{
	switch (c) {
	case 'c':
		o->config = optarg;
		return CTL_OK;
	case 'd':
		return add_folder(optarg, o);
	case 'j':
		o->json = true;
		return CTL_OK;
	case 'k':
		return take_kind(optarg, o);
	default:
		return ctl_bad_option("catalogue", c, argv);
	}
}

static int
parse_list(int argc, char **argv, struct options *o)
{
	static const struct option options[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "dir", required_argument, NULL, 'd' },
		{ "json", no_argument, NULL, 'j' },
		{ "kind", required_argument, NULL, 'k' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, ":", options, NULL)) != -1)
		if (take_option(c, argv, o) != CTL_OK)
			return CTL_ERROR;
	if (argc - optind > 1)
		return ctl_misuse("catalogue",
		    "catalogue: list takes one name, not %s", argv[optind + 1]);
	if (optind < argc)
		o->name = argv[optind];
	return CTL_OK;
}

int
cmd_catalogue(const struct ctl *ctl, int argc, char **argv)
{
	static const char *const names[] = { "check", "list", NULL };
	int which = ctl_subcommand("catalogue", argc, argv, names), status;
	struct options o = { .config = CONF_FILE };
	struct catalogue *catalogue = NULL;

	(void)ctl;
	if (which == -1)
		return CTL_ERROR;
	status = which == 0 ? parse_check(argc - 1, argv + 1, &o) :
			      parse_list(argc - 1, argv + 1, &o);
	if (status == CTL_OK)
		status = load(&o, &catalogue);
	if (status == CTL_OK)
		status =
		    which == 0 ? check(catalogue, &o) : list(catalogue, &o);
	catalogue_free(catalogue);
	conf_free(o.conf);
	return status;
}
