/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl inventory: people and assets into the daemon and out of it.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ctl/assets.h"
#include "ctl/ctl.h"
#include "ctl/import.h"
#include "ctl/suggest.h"
#include "policyd/people/person_csv.h"
#include "policyd/text.h"

static int
cmd_import(const struct ctl *ctl, int argc, char **argv)
{
	return ctl_import(ctl, "inventory", argc, argv);
}

/* ---- export, show ----------------------------------------------------- */

/* A terminal gets nothing that it could take for a command. */
static int
export_take(const void *bytes, size_t len, void *arg)
{
	static char shown[4 * FG_DATA_MAX + 1];
	const bool *is_terminal = arg;
	const char *p = bytes, *nl;
	size_t n;

	if (!*is_terminal)
		return fwrite(bytes, 1, len, stdout) == len ? CTL_OK :
							      CTL_ERROR;
	for (; len > 0; p += n, len -= n) {
		nl = memchr(p, '\n', len);
		n = nl == NULL ? len : (size_t)(nl - p);
		fputs(text_escape_utf8(shown, sizeof(shown), p, n), stdout);
		if (nl != NULL) {
			putchar('\n');
			n++;
		}
	}
	return CTL_OK;
}

static int
no_more_arguments(int argc, char **argv)
{
	if (optind == argc)
		return CTL_OK;
	return ctl_misuse("inventory", "inventory: unexpected argument %s",
	    argv[optind]);
}

static int
cmd_export(const struct ctl *ctl, int argc, char **argv)
{
	bool is_terminal = isatty(STDOUT_FILENO) == 1, csv = false;
	bool json = false, assets = false;
	const struct ctl_stream stream = {
		.take = export_take, .take_arg = &is_terminal, .is_long = true
	};
	struct json *command, *report;
	int status;
	const struct ctl_option options[] = {
		{ "assets", NULL, &assets },
		{ "csv", NULL, &csv },
		{ "json", NULL, &json },
		{ NULL, NULL, NULL },
	};

	if (ctl_take_options("inventory", argc, argv, options) != CTL_OK)
		return CTL_ERROR;
	if (csv && json)
		return ctl_misuse("inventory",
		    "inventory export: --csv or --json, not both");
	if (no_more_arguments(argc, argv) != CTL_OK)
		return CTL_ERROR;
	command = json_new();
	json_set_string(command, "do",
	    assets ? "asset.export" : "inventory.export");
	json_set_bool(command, "json", json);
	if (ctl_command(ctl, command, &stream, &report, &status) != CTL_OK)
		return CTL_ERROR;
	(void)assets_are_none(report);
	json_free(report);
	return status;
}

void
ctl_print_person(const struct json *person)
{
	ctl_print_fields(person, person_fields, 11);
}

struct show {
	bool json;
	unsigned int found;
};

static int
show_line(struct json *line, void *arg)
{
	struct show *show = arg;

	show->found++;
	if (show->json)
		return ctl_print_json(line);
	ctl_print_person(line);
	return CTL_OK;
}

static int
cmd_show(const struct ctl *ctl, int argc, char **argv)
{
	struct show show = { .found = 0 };
	struct json *command;
	int status;

	if (ctl_take_json("inventory", argc, argv, &show.json) != CTL_OK)
		return CTL_ERROR;
	if (optind + 1 != argc)
		return ctl_misuse("inventory", "inventory: one user is needed");
	if (!ctl_is_argument("USER", argv[optind], FG_USER_MAX))
		return CTL_ERROR;
	command = json_new();
	json_set_string(command, "do", "inventory.show");
	json_set_string(command, "user", argv[optind]);
	status = ctl_ask_lines(ctl, command, false, show_line, &show);
	if (status == CTL_NO && show.found == 0)
		ctl_complain("%s is in nobody's entry of the inventory",
		    argv[optind]);
	return status;
}

/* ---- accept ----------------------------------------------------------- */

static int
cmd_accept(const struct ctl *ctl, int argc, char **argv)
{
	struct json *command, *report;
	bool json = false;
	int status;

	if (ctl_take_json("inventory", argc, argv, &json) != CTL_OK ||
	    no_more_arguments(argc, argv) != CTL_OK)
		return CTL_ERROR;
	command = json_new();
	json_set_string(command, "do", "inventory.accept");
	if (ctl_command(ctl, command, NULL, &report, &status) != CTL_OK)
		return CTL_ERROR;
	if (json && ctl_print_json(report) != CTL_OK)
		status = CTL_ERROR;
	else if (!json && status == CTL_OK)
		printf("accepted: the store has had %lld of %lld changes, and "
		       "the rest does not matter any more\n",
		    (long long)json_get_int(report, "own", 0),
		    (long long)json_get_int(report, "known", 0));
	json_free(report);
	return status;
}

int
cmd_inventory(const struct ctl *ctl, int argc, char **argv)
{
	static const char *const names[] = { "import", "export", "show",
		"suggest", "accept", "asset", "check", NULL };
	static const ctl_fn run[] = { cmd_import, cmd_export, cmd_show,
		cmd_suggest, cmd_accept, assets_show, assets_check };
	int i;

	if ((i = ctl_subcommand("inventory", argc, argv, names)) < 0)
		return CTL_ERROR;
	return run[i](ctl, argc - 1, argv + 1);
}
