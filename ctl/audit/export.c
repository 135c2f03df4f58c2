/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One record after the other, as they are read; a file comes to its place when
 * all of it is there.
 */
#include "ctl/audit/export.h"

#include <string.h>
#include <unistd.h>

#include "ctl/audit/asked.h"
#include "ctl/beside.h"
#include "ctl/ctl.h"

#define COMMAND	   "audit"
#define WHAT	   "audit export"
#define HOST_SIZE  256u
#define OPT_FORMAT 128 /* beside those of asked.h */

static const struct format {
	const char *name;
	void (*heading)(FILE *out); /* or NULL */
	int (*put)(const struct exported *exported, FILE *out);
} formats[] = {
	{ "ocsf", NULL, export_ocsf },
	{ "ecs", NULL, export_ecs },
	{ "csv", export_csv_heading, export_csv },
};

struct export
{
	struct asked asked;
	const struct format *format;
	const char *output, *host;
	FILE *out;
	bool failed;
};

static int
take_format(struct export *x, const char *name)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (strcmp(formats[i].name, name) == 0)
			x->format = &formats[i];
	if (x->format != NULL)
		return CTL_OK;
	return ctl_misuse(COMMAND, WHAT ": --format %s: write ocsf, ecs or csv",
	    name);
}

static int
take_option(int c, void *arg)
{
	struct export *x = arg;

	if (c == OPT_FORMAT)
		return take_format(x, optarg);
	if (c == 'o')
		x->output = optarg;
	else if (c == 'h')
		x->host = optarg;
	else
		x->asked.follow = true;
	return CTL_OK;
}

static int
read_options(struct export *x, int argc, char **argv)
{
	static const struct option options[] = {
		{ "format", required_argument, NULL, OPT_FORMAT },
		{ "output", required_argument, NULL, 'o' },
		{ "host", required_argument, NULL, 'h' },
		{ "follow", no_argument, NULL, 'w' },
		{ NULL, 0, NULL, 0 },
	};
	int r;

	r = asked_read(&x->asked, argc, argv, options, take_option, x);
	if (r != CTL_OK)
		return r;
	if (x->format == NULL)
		return ctl_misuse(COMMAND, WHAT ": --format is needed");
	if (x->output != NULL && x->asked.follow)
		return ctl_misuse(COMMAND,
		    WHAT ": with --follow there is no end, and so no --output; "
			 "write to standard output");
	return CTL_OK;
}

static bool
put(const struct source_line *line, const struct json *record, void *arg)
{
	struct export *x = arg;
	struct exported exported;

	(void)line;
	exported_read(&exported, record, x->host);
	if (x->format->put(&exported, x->out) != 0) {
		ctl_complain(WHAT ": out of memory");
		x->failed = true;
	}
	return !x->failed && !ferror(x->out);
}

static int
put_all(struct export *x, FILE *out)
{
	int r;

	x->out = out;
	if (x->format->heading != NULL)
		x->format->heading(out);
	r = asked_records(&x->asked, true, put, x);
	return x->failed ? CTL_ERROR : r;
}

/* That nothing was found is no reason for no file. */
static int
put_file(struct export *x)
{
	struct beside beside;
	int r;

	if (beside_open(x->output, 0600, &beside) != 0) {
		ctl_complain(WHAT ": %s: %m", x->output);
		return CTL_ERROR;
	}
	if ((r = put_all(x, beside.out)) == CTL_ERROR)
		beside_drop(&beside);
	else if (beside_close(&beside, x->output) != 0) {
		ctl_complain(WHAT ": %s: %m", x->output);
		r = CTL_ERROR;
	}
	return r;
}

int
audit_export(const struct ctl *ctl, int argc, char **argv)
{
	struct export x = { .format = NULL };
	char host[HOST_SIZE] = "";
	int r;

	if (gethostname(host, sizeof(host) - 1) != 0)
		host[0] = '\0'; /* only cut, or not known */
	x.host = host;
	if ((r = asked_init(&x.asked, WHAT)) == CTL_OK &&
	    (r = read_options(&x, argc, argv)) == CTL_OK) {
		ctl_tell_read(ctl, WHAT, x.asked.about);
		r = x.output == NULL ? put_all(&x, stdout) : put_file(&x);
	}
	asked_done(&x.asked);
	return r;
}
