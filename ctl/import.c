/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl inventory import and bundle import: a file into the daemon, which
 * reads it and judges it; here it is only sent and its judgement shown.
 */
#include "ctl/import.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl/import_assets.h"
#include "ctl/remains.h"
#include "policyd/text.h"

#define CHANGES_SHOWN 20u /* of an import that is no dry run */

struct import {
	const char *command; /* "inventory" or "bundle" */
	const char *name; /* of the file, for messages */
	int fd;
	bool json;
	bool dry_run;
	bool kill;
	bool is_of_assets;
	struct import_assets assets;
	unsigned long changes;
	struct json *about; /* "accounts": the first that were dismissed */
};

/* ---- the file ---------------------------------------------------------- */

static int
import_more(void *buf, size_t size, size_t *ret_len, void *arg)
{
	struct import *import = arg;
	ssize_t n;

	*ret_len = 0;
	do {
		n = read(import->fd, buf, size);
	} while (n < 0 && errno == EINTR);
	if (n < 0) {
		ctl_complain("%s: %s: %m", import->command, import->name);
		return CTL_ERROR;
	}
	*ret_len = (size_t)n;
	return CTL_OK;
}

/* Not of whom a revocation to come lets in until then. */
static bool
import_is_dismissal(const struct json *line)
{
	const char *change = json_get_string(line, "change", "");

	return strcmp(change, "dismissed") == 0 ||
	    (strcmp(change, "revoked") == 0 &&
		json_get_int(line, "at", 0) == 0);
}

static void
import_keep_dismissed(const struct import *import, const struct json *line)
{
	struct json *accounts = json_get(import->about, "accounts");
	const char *user = json_get_string(line, "user", "");
	size_t i;

	if (!import_is_dismissal(line) ||
	    json_length(accounts) >= CHANGES_SHOWN)
		return;
	for (i = 0; i < json_length(accounts); i++)
		if (strcmp(json_string_at(accounts, i, ""), user) == 0)
			return; /* by both */
	json_add_string(accounts, user);
}

static void
import_print_change(struct import *import, const struct json *line)
{
	char change[CTL_TEXT_SIZE], user[CTL_TEXT_SIZE], at[CTL_TIME_SIZE];
	char fields[CTL_TEXT_SIZE];
	int64_t at_s = json_get_int(line, "at", 0);

	if (!import->dry_run && import->changes++ >= CHANGES_SHOWN)
		return;
	(void)ctl_text(line, "fields", "", fields);
	printf("%-8s %s%s%s%s%s\n", ctl_text(line, "change", "-", change),
	    ctl_text(line, "user", "-", user), fields[0] != '\0' ? ": " : "",
	    fields, at_s != 0 ? ", from " : "",
	    at_s != 0 ? ctl_time_text(at_s, at) : "");
}

/* Some are of no line. */
static void
import_print_problem(struct import *import, int64_t line, const char *kind,
    const char *text)
{
	if (import->is_of_assets)
		import_assets_problem(&import->assets, kind[0] != '\0');
	if (line > 0)
		ctl_complain("%s:%lld: %s%s", import->name, (long long)line,
		    kind, text);
	else
		ctl_complain("%s: %s%s", import->name, kind, text);
}

static int
import_line(struct json *line, void *arg)
{
	struct import *import = arg;
	const char *error = json_get_string(line, "error", NULL);
	const char *warning = json_get_string(line, "warning", NULL);

	if (!import->is_of_assets)
		import_keep_dismissed(import, line);
	if (import->json)
		return ctl_print_json(line);
	if (error != NULL || warning != NULL)
		import_print_problem(import, json_get_int(line, "line", 0),
		    error != NULL ? "" : "warning: ",
		    error != NULL ? error : warning);
	else if (import->is_of_assets)
		import_assets_line(&import->assets, line);
	else
		import_print_change(import, line);
	return CTL_OK;
}

static void
import_print_bundle(const struct json *report)
{
	char made[CTL_TIME_SIZE];

	if (json_get_int(report, "serial", 0) == 0)
		return;
	printf("bundle: serial %lld, made %s: revocations %lld, %lld new\n",
	    (long long)json_get_int(report, "serial", 0),
	    ctl_time_text(json_get_int(report, "made", 0), made),
	    (long long)json_get_int(report, "revocations", 0),
	    (long long)json_get_int(report, "revoked", 0));
}

/* Of how many changes there may be a line. */
static int64_t
import_count_changes(const struct json *report)
{
	static const char *const names[] = { "added", "changed", "removed",
		"dismissed", "restored", "revoked", "kept_out" };
	int64_t all = 0;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		all += json_get_int(report, names[i], 0);
	return all;
}

static void
import_print_refusal(struct import *import, const struct json *report)
{
	int64_t errors = json_get_int(report, "errors", 0);

	if (import->is_of_assets)
		import_assets_problem(&import->assets, false);
	if (errors > 0)
		ctl_complain(
		    "not imported: %lld %s; the inventory stays as it was",
		    (long long)errors, errors == 1 ? "error" : "errors");
}

static void
import_print_people(const struct import *import, const struct json *report)
{
	int64_t restored = json_get_int(report, "restored", 0);
	int64_t all = import_count_changes(report);
	char hash[CTL_TEXT_SIZE];

	if (!import->dry_run && all > (int64_t)CHANGES_SHOWN)
		printf("... and %lld more\n",
		    (long long)all - (int64_t)CHANGES_SHOWN);
	printf("%s: people %lld: %lld added, %lld changed, %lld removed, "
	       "sha256 %.12s\n",
	    import->dry_run ? "dry run, nothing is changed" : "imported",
	    (long long)json_get_int(report, "people", 0),
	    (long long)json_get_int(report, "added", 0),
	    (long long)json_get_int(report, "changed", 0),
	    (long long)json_get_int(report, "removed", 0),
	    ctl_text(report, "sha256", "-", hash));
	import_print_bundle(report);
	if (restored > 0)
		printf("access came back of %lld %s\n", (long long)restored,
		    restored == 1 ? "account" : "accounts");
	ctl_print_sessions(report, "open sessions of those whom it keeps out:",
	    import->kill ? "no open session of anybody whom it keeps out" :
			   NULL);
	if (json_get(report, "remains") != NULL)
		remains_print(json_get(report, "remains"));
}

static void
import_print_report(struct import *import, const struct json *report)
{
	if (!json_get_bool(report, "ok", false))
		import_print_refusal(import, report);
	else if (import->is_of_assets)
		import_assets_report(&import->assets, report, import->dry_run);
	else
		import_print_people(import, report);
}

static int
import_send(const struct ctl *ctl, struct import *import, struct json *command)
{
	const struct ctl_stream stream = { .more = import_more,
		.more_arg = import,
		.line = import_line,
		.line_arg = import,
		.is_long = true };
	const struct json *accounts;
	struct json *report;
	int status;

	if (ctl_command(ctl, command, &stream, &report, &status) != CTL_OK)
		return CTL_ERROR;
	accounts = json_get(import->about, "accounts");
	if (!import->dry_run && json_get_bool(report, "ok", false) &&
	    json_length(accounts) > 0)
		(void)remains_add(report, accounts);
	if (import->json)
		status = ctl_print_json(report) == CTL_OK ? status : CTL_ERROR;
	else
		import_print_report(import, report);
	json_free(report);
	return status;
}

/* The daemon does not wait for a pipe: all of it comes first. */
static int
import_spool(struct import *import)
{
	char buf[65536];
	FILE *file = tmpfile();
	ssize_t n = 0;

	while (file != NULL && (n = read(import->fd, buf, sizeof(buf))) > 0 &&
	    fwrite(buf, 1, (size_t)n, file) == (size_t)n)
		continue;
	if (file == NULL || n != 0 || fflush(file) != 0 ||
	    lseek(fileno(file), 0, SEEK_SET) != 0) {
		ctl_complain("%s: %s: %m", import->command, import->name);
		return CTL_ERROR;
	}
	import->fd = fileno(file); /* open until the program ends */
	return CTL_OK;
}

static int
import_open(struct import *import, const char *path)
{
	struct stat st;

	import->name = path;
	if (strcmp(path, "-") == 0) {
		import->name = "standard input";
		import->fd = STDIN_FILENO;
	} else if ((import->fd = open(path, O_RDONLY | O_CLOEXEC)) < 0) {
		ctl_complain("%s: %s: %m", import->command, path);
		return CTL_ERROR;
	}
	if (fstat(import->fd, &st) != 0) {
		ctl_complain("%s: %s: %m", import->command, path);
		return CTL_ERROR;
	}
	return S_ISREG(st.st_mode) ? CTL_OK : import_spool(import);
}

/* "Employee ID=user"; the column may have a '=' of its own. */
static int
import_add_map(struct json *list, const char *text)
{
	const char *equals = strrchr(text, '=');
	struct json *map;
	char *column;

	if (equals == NULL || equals == text)
		return ctl_misuse("inventory",
		    "inventory: --map %s: a column and a field are needed: "
		    "--map \"Login name=user\"",
		    text);
	if (!ctl_is_argument("--map", text, 1024))
		return CTL_ERROR;
	if ((column = strndup(text, (size_t)(equals - text))) == NULL) {
		ctl_complain("inventory: out of memory");
		return CTL_ERROR;
	}
	map = json_add_object(list);
	json_set_string(map, "column", column);
	json_set_string(map, "field", equals + 1);
	free(column);
	return CTL_OK;
}

static int
import_options(int argc, char **argv, struct import *import,
    struct json *command)
{
	static const struct option options[] = {
		{ "map", required_argument, NULL, 'm' },
		{ "kill", no_argument, NULL, 'k' },
		{ "dry-run", no_argument, NULL, 'n' },
		{ "restore", no_argument, NULL, 'r' },
		{ "json", no_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	struct json *list = json_set_array(command, "map");
	int c;

	while ((c = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (c == 'm' && strcmp(import->command, "inventory") != 0)
			return ctl_misuse(import->command,
			    "%s import: a bundle has no columns for --map",
			    import->command);
		else if (c == 'm' && import_add_map(list, optarg) != CTL_OK)
			return CTL_ERROR;
		else if (c == 'k')
			import->kill = true;
		else if (c == 'n')
			import->dry_run = true;
		else if (c == 'r')
			json_set_bool(command, "restore", true);
		else if (c == 'j')
			import->json = true;
		else if (c != 'm')
			return ctl_bad_option(import->command, c, argv);
	}
	if (optind + 1 != argc)
		return ctl_misuse(import->command,
		    "%s import: one file is needed, or - for standard input",
		    import->command);
	return CTL_OK;
}

/* What the file is of, and so which command it is for. */
static int
import_settle(struct import *import, struct json *command)
{
	char name[32];

	import->is_of_assets = strcmp(import->command, "inventory") == 0 &&
	    import_is_of_assets(import->fd, json_get(command, "map"));
	import->assets.is_all = import->dry_run;
	import->assets.max = CHANGES_SHOWN;
	if (import->is_of_assets && import->kill)
		return ctl_misuse("inventory",
		    "inventory import: %s is a file of assets, which has no "
		    "sessions to end",
		    import->name);
	(void)text_format(name, sizeof(name), "%s.import",
	    import->is_of_assets ? "asset" : import->command);
	json_set_string(command, "do", name);
	if (!import->is_of_assets)
		json_set_bool(command, "kill", import->kill);
	return CTL_OK;
}

int
ctl_import(const struct ctl *ctl, const char *command, int argc, char **argv)
{
	struct import import = { .command = command, .fd = -1 };
	struct json *json = json_new();
	int status;

	import.about = json_new();
	(void)json_set_array(import.about, "accounts");
	if (import_options(argc, argv, &import, json) != CTL_OK ||
	    import_open(&import, argv[optind]) != CTL_OK ||
	    import_settle(&import, json) != CTL_OK) {
		json_free(json);
		json_free(import.about);
		return CTL_ERROR;
	}
	json_set_untrusted(json, "file", import.name);
	json_set_bool(json, "dry_run", import.dry_run);
	status = import_send(ctl, &import, json);
	json_free(import.about);
	return status;
}
