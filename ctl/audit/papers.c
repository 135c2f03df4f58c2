/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The parts are files without names beside the archive, as their sizes have to
 * be known before they go into it; memory is bounded.
 */
#include "ctl/audit/papers.h"

#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ctl/audit/asked.h"
#include "ctl/beside.h"
#include "policyd/conf.h"
#include "policyd/text.h"

#define COMMAND	  "audit"
#define WHAT	  "audit bundle"
#define HOST_SIZE 256u

FILE *
papers_spool(const struct papers *p)
{
	char name[PATH_MAX];
	FILE *file = NULL;
	int fd = -1;

	if (text_format(name, sizeof(name), "%s.XXXXXX", p->output) == 0 &&
	    (fd = mkostemp(name, O_CLOEXEC)) >= 0) {
		(void)unlink(name); /* it is new, and ours */
		file = fdopen(fd, "w+");
	}
	if (file == NULL) {
		ctl_complain(WHAT ": %s: %m", p->output);
		if (fd >= 0)
			(void)close(fd); /* nothing was written */
	}
	return file;
}

/* ---- what is asked for -------------------------------------------------- */

static int
add_anchors(struct papers *p, const char *file)
{
	if (p->nanchors == PAPERS_ANCHORS_MAX)
		return ctl_misuse(COMMAND,
		    WHAT ": more than %u files of anchors", PAPERS_ANCHORS_MAX);
	p->anchors[p->nanchors++] = file;
	return CTL_OK;
}

static int
take_option(struct papers *p, struct asked *asked, int c, char **argv)
{
	if (c == 'S')
		return ctl_take_period(COMMAND, false, optarg, &p->since_s);
	if (c == 'U')
		return ctl_take_period(COMMAND, true, optarg, &p->until_s);
	if (c == 'a')
		return add_anchors(p, optarg);
	if (c == 'o')
		p->output = optarg;
	else if (c == 'h')
		p->host = optarg;
	else if (c == 'c')
		asked->config = optarg;
	else if (c == 'f')
		asked->file = optarg;
	else
		return ctl_bad_option(COMMAND, c, argv);
	return CTL_OK;
}

static int
check_options(const struct papers *p, int argc, char **argv)
{
	if (optind < argc)
		return ctl_misuse(COMMAND, WHAT ": unexpected argument %s",
		    argv[optind]);
	if (p->since_s == INT64_MIN)
		return ctl_misuse(COMMAND, WHAT ": --since is needed");
	if (p->since_s >= p->until_s)
		return ctl_misuse(COMMAND, WHAT ": --until is before --since");
	if (p->output == NULL)
		return ctl_misuse(COMMAND, WHAT ": --output is needed");
	if (!text_ends_in(p->output, ".tar") &&
	    !text_ends_in(p->output, ".tar.gz"))
		return ctl_misuse(COMMAND,
		    WHAT ": --output %s: write a name that ends in .tar or "
			 ".tar.gz",
		    p->output);
	return CTL_OK;
}

static int
read_options(struct papers *p, struct asked *asked, int argc, char **argv)
{
	static const struct option options[] = {
		{ "since", required_argument, NULL, 'S' },
		{ "until", required_argument, NULL, 'U' },
		{ "output", required_argument, NULL, 'o' },
		{ "anchors", required_argument, NULL, 'a' },
		{ "host", required_argument, NULL, 'h' },
		{ "config", required_argument, NULL, 'c' },
		{ "file", required_argument, NULL, 'f' },
		{ NULL, 0, NULL, 0 },
	};
	int c, r;

	while ((c = getopt_long(argc, argv, ":", options, NULL)) != -1)
		if ((r = take_option(p, asked, c, argv)) != CTL_OK)
			return r;
	return check_options(p, argc, argv);
}

/* ---- making it ---------------------------------------------------------- */

/* Where the daemon writes them; --anchors may name better ones. */
static char *
configured_anchors(const struct asked *asked)
{
	struct conf_errors errors = { 0 };
	struct conf *conf;
	char *path = NULL;

	if (asked->file == NULL &&
	    conf_load(asked->config, &conf, &errors) == 0) {
		if (conf->anchors != NULL && access(conf->anchors, R_OK) == 0)
			path = strdup(conf->anchors);
		conf_free(conf);
	}
	conf_errors_done(&errors);
	return path;
}

static int
open_parts(struct papers *p)
{
	for (size_t i = 0; i < PAPERS_PARTS; i++)
		if ((p->part[i] = papers_spool(p)) == NULL)
			return CTL_ERROR;
	return CTL_OK;
}

static void
close_parts(struct papers *p)
{
	for (size_t i = 0; i < PAPERS_PARTS; i++)
		if (p->part[i] != NULL)
			(void)fclose(p->part[i]); /* they have no names */
	for (size_t i = 0; i < p->npolicies; i++)
		if (p->policies[i].text != NULL)
			(void)fclose(p->policies[i].text);
	free(p->policies);
	free(p->later);
	free(p->path);
}

static int
collect(struct papers *p)
{
	int r;

	if ((r = open_parts(p)) != CTL_OK || (r = papers_find(p)) != CTL_OK ||
	    (r = papers_copy(p)) != CTL_OK ||
	    (r = papers_add_anchors(p)) != CTL_OK ||
	    (r = papers_add_policies(p)) != CTL_OK)
		return r;
	return papers_explain(p);
}

static void
tell(const struct papers *p, const char *hash)
{
	char path[CTL_TEXT_SIZE];

	printf("%s: records %llu to %llu, %llu anchors, %zu configurations\n"
	       "sha256 %s\n",
	    text_escape_utf8(path, sizeof(path), p->output, strlen(p->output)),
	    (unsigned long long)p->first, (unsigned long long)p->last,
	    (unsigned long long)p->anchored, p->npolicies - p->missing, hash);
}

static int
complain(const struct papers *p)
{
	ctl_complain(WHAT ": %s: %m", p->output);
	return CTL_ERROR;
}

static int
write_archive(struct papers *p)
{
	char hash[CRYPTO_HEX_SIZE] = "-";
	struct beside beside;

	if (beside_open(p->output, 0600, &beside) != 0)
		return complain(p);
	if (papers_pack(p, fileno(beside.out),
		text_ends_in(p->output, ".gz")) != CTL_OK) {
		beside_drop(&beside);
		return CTL_ERROR;
	}
	(void)crypto_sha256_file(fileno(beside.out), hash); /* or "-" */
	if (beside_close(&beside, p->output) != 0)
		return complain(p);
	tell(p, hash);
	return p->missing > 0 ? CTL_NO : CTL_OK;
}

static int
make(struct papers *p)
{
	int r = collect(p);

	return r == CTL_OK ? write_archive(p) : r;
}

int
audit_papers(const struct ctl *ctl, int argc, char **argv)
{
	struct papers p = {
		.ctl = ctl, .since_s = INT64_MIN, .until_s = time(NULL) + 1
	};
	char host[HOST_SIZE] = "", *anchors = NULL;
	struct asked asked;
	int r;

	if (gethostname(host, sizeof(host) - 1) != 0)
		host[0] = '\0'; /* only cut, or not known */
	p.host = host;
	if ((r = asked_init(&asked, WHAT)) == CTL_OK &&
	    (r = read_options(&p, &asked, argc, argv)) == CTL_OK) {
		if ((anchors = configured_anchors(&asked)) != NULL)
			r = add_anchors(&p, anchors);
		if (r == CTL_OK && (p.path = asked_path(&asked)) == NULL)
			r = CTL_ERROR;
		if (r == CTL_OK) {
			ctl_tell_read(ctl, WHAT, NULL);
			r = make(&p);
		}
	}
	close_parts(&p);
	free(anchors);
	asked_done(&asked);
	return r;
}
