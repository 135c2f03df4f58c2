/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl baseline: which keyboards, mice and monitors belong to this
 * machine. What one machine shows, as JSON, another one can learn.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "ctl/ctl.h"
#include "policyd/store/store_baseline.h"

#define LINE_SIZE 4096u

struct learn {
	const char *from; /* or NULL */
	bool dry_run;
	bool json;
};

/* ---- lines -------------------------------------------------------------- */

struct table {
	bool json;
	bool printed; /* one of its lines */
};

static int
print_line(struct json *line, void *arg)
{
	char state[CTL_TEXT_SIZE], kind[CTL_TEXT_SIZE], what[CTL_TEXT_SIZE];
	char seen[CTL_TEXT_SIZE];
	struct table *table = arg;

	if (table->json)
		return ctl_print_json(line);
	if (!table->printed)
		printf("%-9s %-12s %-38s %s\n", "STATE", "KIND", "DEVICE",
		    "SEEN");
	table->printed = true;
	printf("%-9s %-12s %-38s %s\n", ctl_text(line, "state", "-", state),
	    ctl_text(line, "kind", "-", kind),
	    ctl_text(line, "what", "-", what),
	    ctl_text(line, "seen", "-", seen));
	return CTL_OK;
}

/* Have it carried out; command is taken. print() says what came of it. */
static int
report(const struct ctl *ctl, struct json *command, bool json,
    void (*print)(const struct json *report))
{
	struct table table = { .json = json };
	const struct ctl_stream stream = { .line = print_line,
		.line_arg = &table };
	struct json *answer;
	int status;

	if (ctl_command(ctl, command, &stream, &answer, &status) != CTL_OK)
		return CTL_ERROR;
	if (json) {
		if (ctl_print_json(answer) != CTL_OK)
			status = CTL_ERROR;
	} else if (status == CTL_OK) {
		print(answer);
	}
	json_free(answer);
	return status;
}

static const char *
devices_of(int64_t n)
{
	return n == 1 ? "device" : "devices";
}

/* ---- learn: a list of another machine ----------------------------------- */

struct list {
	struct json *devices; /* the command's */
	size_t n;
	bool ended; /* the report has come, which is the last line */
	bool learned; /* and says that there is a baseline, ... */
	int64_t whole; /* ... of so many */
};

static bool
is_of_baseline(const char *state)
{
	return strcmp(state, "present") == 0 || strcmp(state, "missing") == 0 ||
	    strcmp(state, "learned") == 0;
}

static void
take_line(struct list *list, const struct json *line)
{
	const char *state = json_get_string(line, "state", NULL);
	struct json *device;

	if (state == NULL) {
		list->ended = true;
		list->learned = json_get_bool(line, "learned", false);
		list->whole = json_get_int(line, "devices", -1);
	} else if (is_of_baseline(state)) {
		device = json_add_object(list->devices);
		json_set_untrusted(device, "kind",
		    json_get_string(line, "kind", ""));
		json_set_untrusted(device, "what",
		    json_get_string(line, "what", ""));
		json_set_untrusted(device, "seen",
		    json_get_string(line, "seen", ""));
		list->n++;
	}
}

static int
read_lines(FILE *in, const char *name, struct list *list)
{
	static char text[LINE_SIZE];
	struct json *line;
	size_t len;

	while (ctl_read_line(in, text, sizeof(text), &len)) {
		line = len <= sizeof(text) && !list->ended ?
		    json_parse(text, len) :
		    NULL;
		if (line == NULL) {
			ctl_complain("baseline: %s is nothing that farmgatectl "
				     "baseline show --json prints",
			    name);
			return CTL_ERROR;
		}
		take_line(list, line);
		json_free(line);
	}
	return CTL_OK;
}

/* Of what a broken connection has cut nothing is learned. */
static int
check_list(const struct list *list, const char *name)
{
	if (!list->ended)
		ctl_complain("baseline: %s has no end: it has to be all that "
			     "farmgatectl baseline show --json prints",
		    name);
	else if (!list->learned)
		ctl_complain("baseline: %s is of a machine that has no "
			     "baseline",
		    name);
	else if (list->whole != (int64_t)list->n)
		ctl_complain("baseline: %s has %zu of %lld devices", name,
		    list->n, (long long)list->whole);
	else
		return CTL_OK;
	return CTL_ERROR;
}

static int
set_list(struct json *command, const char *path)
{
	bool is_input = strcmp(path, "-") == 0;
	const char *name = is_input ? "standard input" : path;
	FILE *in = is_input ? stdin : fopen(path, "re");
	struct list list = { .n = 0 };
	int status;

	if (in == NULL) {
		ctl_complain("baseline: %s: %s", path, strerror(errno));
		return CTL_ERROR;
	}
	list.devices = json_set_array(command, "devices");
	json_set_string(command, "file", name);
	if ((status = read_lines(in, name, &list)) == CTL_OK)
		status = check_list(&list, name);
	if (!is_input)
		(void)fclose(in); /* only read */
	return status;
}

/* ---- learn -------------------------------------------------------------- */

static void
print_learned(const struct json *answer)
{
	int64_t n = json_get_int(answer, "devices", 0);

	if (json_get_bool(answer, "learned", false))
		printf("learned: %lld %s; any other that is plugged in is "
		       "device.new_input\n",
		    (long long)n, devices_of(n));
	else
		printf("dry run, nothing is changed: %lld %s\n", (long long)n,
		    devices_of(n));
}

static int
learn_options(int argc, char **argv, struct learn *learn)
{
	const struct ctl_option options[] = {
		{ "from", &learn->from, NULL },
		{ "dry-run", NULL, &learn->dry_run },
		{ "json", NULL, &learn->json },
		{ NULL, NULL, NULL },
	};

	if (ctl_take_options("baseline", argc, argv, options) != CTL_OK)
		return CTL_ERROR;
	if (optind != argc)
		return ctl_misuse("baseline",
		    "baseline: unexpected argument %s", argv[optind]);
	if (learn->from != NULL &&
	    !ctl_is_argument("--from", learn->from, STORE_LEARNED_FILE_MAX))
		return CTL_ERROR;
	return CTL_OK;
}

static int
cmd_learn(const struct ctl *ctl, int argc, char **argv)
{
	struct learn learn = { .from = NULL };
	struct json *command;

	if (learn_options(argc, argv, &learn) != CTL_OK)
		return CTL_ERROR;
	command = json_new();
	json_set_string(command, "do", "baseline.learn");
	json_set_bool(command, "dry_run", learn.dry_run);
	if (learn.from != NULL && set_list(command, learn.from) != CTL_OK) {
		json_free(command);
		return CTL_ERROR;
	}
	return report(ctl, command, learn.json, print_learned);
}

/* ---- show --------------------------------------------------------------- */

static void
print_when(const struct json *answer)
{
	char at[CTL_TIME_SIZE], by[CTL_TEXT_SIZE], file[CTL_TEXT_SIZE];
	int64_t n = json_get_int(answer, "devices", 0);

	printf("baseline of %lld %s, learned %s by %s", (long long)n,
	    devices_of(n), ctl_time_text(json_get_int(answer, "at", -1), at),
	    ctl_by_text(answer, by));
	if (json_get_string(answer, "file", NULL) != NULL)
		printf(" from %s", ctl_text(answer, "file", "", file));
	printf(": %lld missing, %lld new\n",
	    (long long)json_get_int(answer, "missing", 0),
	    (long long)json_get_int(answer, "new", 0));
}

static void
print_shown(const struct json *answer)
{
	if (json_get_bool(answer, "learned", false))
		print_when(answer);
	else if (json_get_bool(answer, "lost", false))
		puts("the baseline was lost with the store that had it, and "
		     "everything is new; learn it again with farmgatectl "
		     "baseline learn");
	else
		puts("no baseline was learned, so that nothing is "
		     "device.new_input; learn it with farmgatectl baseline "
		     "learn");
}

static int
cmd_show(const struct ctl *ctl, int argc, char **argv)
{
	struct json *command;
	bool json;

	if (ctl_take_json("baseline", argc, argv, &json) != CTL_OK)
		return CTL_ERROR;
	if (optind != argc)
		return ctl_misuse("baseline",
		    "baseline: unexpected argument %s", argv[optind]);
	command = json_new();
	json_set_string(command, "do", "baseline.show");
	return report(ctl, command, json, print_shown);
}

/* ---- accept ------------------------------------------------------------- */

static void
print_accepted(const struct json *answer)
{
	const struct json *list = json_get(answer, "accepted"), *d;
	char kind[CTL_TEXT_SIZE], what[CTL_TEXT_SIZE], seen[CTL_TEXT_SIZE];
	size_t i;

	for (i = 0; i < json_length(list); i++) {
		d = json_at(list, i);
		printf("accepted: %s %s  %s\n", ctl_text(d, "kind", "-", kind),
		    ctl_text(d, "what", "-", what),
		    ctl_text(d, "seen", "", seen));
	}
	if (json_length(list) == 0)
		puts("in the baseline already");
}

static int
cmd_accept(const struct ctl *ctl, int argc, char **argv)
{
	struct json *command, *names;
	bool json;
	int i;

	if (ctl_take_json("baseline", argc, argv, &json) != CTL_OK)
		return CTL_ERROR;
	if (optind == argc)
		return ctl_misuse("baseline",
		    "baseline: name the device, as farmgatectl baseline show "
		    "does");
	for (i = optind; i < argc; i++)
		if (!ctl_is_argument("DEVICE", argv[i], SIGN_WHAT_MAX))
			return CTL_ERROR;
	command = json_new();
	json_set_string(command, "do", "baseline.accept");
	names = json_set_array(command, "what");
	for (i = optind; i < argc; i++)
		json_add_string(names, argv[i]);
	return report(ctl, command, json, print_accepted);
}

int
cmd_baseline(const struct ctl *ctl, int argc, char **argv)
{
	static const char *const names[] = { "learn", "show", "accept", NULL };
	static const ctl_fn run[] = { cmd_learn, cmd_show, cmd_accept };
	int i;

	if ((i = ctl_subcommand("baseline", argc, argv, names)) < 0)
		return CTL_ERROR;
	return run[i](ctl, argc - 1, argv + 1);
}
