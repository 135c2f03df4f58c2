/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl audit verify: its options, and in which order it looks.
 */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl/audit/verify.h"
#include "ctl/ctl.h"
#include "policyd/conf.h"
#include "proto/result.h"

#define COMMAND	  "audit"
#define FILES_MAX 64u

struct options {
	const char *file, *config;
	const char *anchors[FILES_MAX];
	size_t files;
	bool json, partial;
	struct anchors *list; /* and keys */
};

static int
take_key(struct options *o, const char *text)
{
	int r = anchors_key(o->list, text);

	if (r == FG_ERR_LIMIT)
		return ctl_misuse(COMMAND, "audit verify: at most %u keys",
		    ANCHORS_KEYS_MAX);
	if (r != 0)
		return ctl_misuse(COMMAND,
		    "audit verify: %s is no key; one looks like "
		    "ed25519:BASE64, as farmgatectl status has it",
		    text);
	return CTL_OK;
}

static int
take_option(struct options *o, int c, char **argv)
{
	if (c == 'j')
		o->json = true;
	else if (c == 'p')
		o->partial = true;
	else if (c == 'f')
		o->file = optarg;
	else if (c == 'c')
		o->config = optarg;
	else if (c == 'k')
		return take_key(o, optarg);
	else if (c != 'a')
		return ctl_bad_option(COMMAND, c, argv);
	else if (o->files == FILES_MAX)
		return ctl_misuse(COMMAND, "audit verify: at most %u files",
		    FILES_MAX);
	else
		o->anchors[o->files++] = optarg;
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
		return ctl_misuse(COMMAND,
		    "audit verify: unexpected argument "
		    "%s",
		    argv[optind]);
	return CTL_OK;
}

/* Whose key it is only the administrator can know. */
static int
complain_of_keys(const struct anchors *list)
{
	char text[KEY_TEXT_SIZE];

	ctl_complain("audit verify: there are anchors by several keys; say "
		     "with --key which is this host's:");
	for (size_t i = 0; i < anchors_keys(list); i++)
		ctl_complain("audit verify: %s",
		    anchors_key_text(list, i, text));
	return CTL_ERROR;
}

static int
read_anchors(const struct options *o, bool *ret_asked)
{
	char why[SOURCE_WHY_SIZE];

	*ret_asked = anchors_keys(o->list) > 0;
	for (size_t i = 0; i < o->files; i++)
		if (anchors_read(o->list, o->anchors[i], why) != 0) {
			ctl_complain("audit verify: %s", why);
			return CTL_ERROR;
		}
	if (!*ret_asked && anchors_keys(o->list) > 1)
		return complain_of_keys(o->list);
	if (o->files > 0 && anchors_count(o->list)->good == 0) {
		ctl_complain("audit verify: there is no %sanchor in %s%s",
		    anchors_count(o->list)->wrong > 0 ? "rightly signed " : "",
		    *ret_asked ? "what --anchors names by what --key names" :
				 o->anchors[0],
		    o->files > 1 && !*ret_asked ? " and the others" : "");
		return CTL_ERROR;
	}
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
verify_log(const struct options *o, const char *path, bool asked)
{
	struct anchors *anchors = o->files > 0 ? o->list : NULL;
	char why[SOURCE_WHY_SIZE], key[KEY_TEXT_SIZE];
	bool shown = isatty(STDERR_FILENO) == 1;
	struct source *source;
	struct verify v;
	int r;

	if (source_open(path, true, &source, why) != 0) {
		ctl_complain("audit verify: %s", why);
		return CTL_ERROR;
	}
	r = verify_read(source, o->list, shown ? show_progress : NULL, &v);
	v.partial = o->partial;
	if (shown)
		fputs("\r    \r", stderr);
	if (r != 0) {
		ctl_complain("audit verify: %s", fg_strerror(r));
		r = CTL_ERROR;
	} else {
		r = o->json ? verify_print_json(&v, anchors) :
			      verify_print(&v, anchors);
	}
	if (anchors != NULL && !asked && !o->json)
		printf("the anchors' key is %s: nobody has said that it is "
		       "right, see --key\n",
		    anchors_key_text(anchors, 0, key));
	source_free(source);
	return r;
}

int
audit_verify(int argc, char **argv)
{
	struct options o = { .config = CONF_FILE };
	char *path = NULL;
	bool asked;
	int r;

	if ((o.list = anchors_new()) == NULL) {
		ctl_complain("audit verify: out of memory");
		return CTL_ERROR;
	}
	/* Anchors first: what is written meanwhile is in the log only. */
	if ((r = read_options(argc, argv, &o)) == CTL_OK &&
	    (r = read_anchors(&o, &asked)) == CTL_OK) {
		path = o.file != NULL ? strdup(o.file) :
					ctl_audit_path(COMMAND, o.config);
		r = path == NULL ? CTL_ERROR : verify_log(&o, path, asked);
	}
	free(path);
	anchors_free(o.list);
	return r;
}
