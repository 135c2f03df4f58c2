/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl audit verify: its options, and in which order it looks.
 */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl/audit/given.h"
#include "ctl/audit/verify.h"
#include "ctl/ctl.h"
#include "policyd/conf.h"
#include "proto/result.h"

#define COMMAND "audit"
#define NAME	"audit verify"

struct options {
	struct given given;
	const char *file, *config;
	bool json, partial;
};

static int
take_option(struct options *o, int c, char **argv)
{
	if (c == 'a')
		return given_file(&o->given, optarg);
	if (c == 'k')
		return given_key(&o->given, optarg);
	if (c == 'j')
		o->json = true;
	else if (c == 'p')
		o->partial = true;
	else if (c == 'f')
		o->file = optarg;
	else if (c == 'c')
		o->config = optarg;
	else
		return ctl_bad_option(COMMAND, c, argv);
	return CTL_OK;
}

static int
read_options(int argc, char **argv, struct options *o)
{
	static const struct option options[] = {
		{ "anchors", required_argument, NULL, 'a' },
		{ "key", required_argument, NULL, 'k' },
		{ "partial", no_argument, NULL, 'p' },
		{ "json", no_argument, NULL, 'j' },
		{ "config", required_argument, NULL, 'c' },
		{ "file", required_argument, NULL, 'f' },
		{ NULL, 0, NULL, 0 },
	};
	int c, r;

	while ((c = getopt_long(argc, argv, ":", options, NULL)) != -1)
		if ((r = take_option(o, c, argv)) != CTL_OK)
			return r;
	if (optind < argc)
		return ctl_misuse(COMMAND, NAME ": unexpected argument %s",
		    argv[optind]);
	return CTL_OK;
}

/* How far it is, over itself on a terminal. */
static void
show_progress(const struct source *source)
{
	uint64_t done, all;

	source_progress(source, &done, &all);
	fprintf(stderr, "\r%3u%%\r",
	    all == 0 ? 100 : (unsigned int)(done * 100 / all));
}

static int
verify_log(struct options *o, const char *path)
{
	struct anchors *anchors = given_anchors(&o->given);
	struct verify_watch watch = { .progress = NULL };
	char why[SOURCE_WHY_SIZE], key[KEY_TEXT_SIZE];
	bool shown = isatty(STDERR_FILENO) == 1;
	struct source *source;
	struct verify v;
	int r;

	if (source_open(path, true, &source, why) != 0) {
		ctl_complain(NAME ": %s", why);
		return CTL_ERROR;
	}
	watch.progress = shown ? show_progress : NULL;
	r = verify_read(source, o->given.list, &watch, &v);
	v.partial = o->partial;
	if (shown)
		fputs("\r    \r", stderr);
	if (r != 0) {
		ctl_complain(NAME ": %s", fg_strerror(r));
		r = CTL_ERROR;
	} else {
		r = o->json ? verify_print_json(&v, anchors) :
			      verify_print(&v, anchors, stdout);
	}
	if (given_unsaid_key(&o->given, key) != NULL && !o->json)
		printf("the anchors' key is %s: nobody has said that it is "
		       "right, see --key\n",
		    key);
	source_free(source);
	return r;
}

int
audit_verify(int argc, char **argv)
{
	struct options o = { .config = CONF_FILE };
	char *path = NULL;
	int r;

	if (given_init(&o.given, COMMAND, NAME) != CTL_OK)
		return CTL_ERROR;
	if ((r = read_options(argc, argv, &o)) == CTL_OK &&
	    (r = given_read(&o.given)) == CTL_OK) {
		path = o.file != NULL ? strdup(o.file) :
					ctl_audit_path(COMMAND, o.config);
		r = path == NULL ? CTL_ERROR : verify_log(&o, path);
	}
	free(path);
	given_done(&o.given);
	return r;
}
