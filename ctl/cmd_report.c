/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl report: its options, and where the report goes. No daemon is
 * asked.
 */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "ctl/beside.h"
#include "ctl/ctl.h"
#include "ctl/report/report.h"
#include "policyd/conf.h"
#include "policyd/crypto.h"
#include "policyd/people/civil.h"
#include "policyd/text.h"

#define COMMAND	   "report"
#define SINCE_D	   30
#define TOP	   20
#define TOP_MAX	   1000u
#define SAMPLE	   25
#define SAMPLE_MAX 1000u
#define SEED_MAX   UINT32_MAX /* short enough to be copied by hand */

struct options {
	struct report_options o;
	struct given given;
	const char *html, *config, *file;
	bool since, until, seed;
};

static int
take_number(const char *name, uint64_t max, uint64_t *ret)
{
	if (text_parse_uint(optarg, name[0] == 's' ? 0 : 1, max, ret) == 0)
		return CTL_OK;
	return ctl_misuse(COMMAND,
	    "report: --%s %s is no number up to "
	    "%llu",
	    name, optarg, (unsigned long long)max);
}

static int
take_option(struct options *a, int c, char **argv)
{
	switch (c) {
	case 's':
		a->since = true;
		return ctl_take_period(COMMAND, false, optarg, &a->o.since_s);
	case 'u':
		a->until = true;
		return ctl_take_period(COMMAND, true, optarg, &a->o.until_s);
	case 't':
		return take_number("top", TOP_MAX, &a->o.top);
	case 'n':
		return take_number("sample", SAMPLE_MAX, &a->o.sample);
	case 'r':
		a->seed = true;
		return take_number("seed", SEED_MAX, &a->o.seed);
	case 'a':
		return given_file(&a->given, optarg);
	case 'k':
		return given_key(&a->given, optarg);
	default:
		return ctl_bad_option(COMMAND, c, argv);
	}
}

/* A seed that nobody has chosen, unless somebody has. */
static int
settle(struct options *a)
{
	uint32_t seed;

	a->o.now_s = (int64_t)time(NULL);
	if (!a->until)
		a->o.until_s = a->o.now_s;
	if (!a->since)
		a->o.since_s = a->o.until_s - SINCE_D * CIVIL_DAY_S;
	if (!a->seed) {
		crypto_random(&seed, sizeof(seed));
		a->o.seed = seed;
	}
	if (a->o.since_s < a->o.until_s)
		return CTL_OK;
	return ctl_misuse(COMMAND, "report: --since is not before --until");
}

static int
read_options(struct options *a, int argc, char **argv)
{
	static const struct option options[] = {
		{ "since", required_argument, NULL, 's' },
		{ "until", required_argument, NULL, 'u' },
		{ "html", required_argument, NULL, 'h' },
		{ "top", required_argument, NULL, 't' },
		{ "sample", required_argument, NULL, 'n' },
		{ "seed", required_argument, NULL, 'r' },
		{ "anchors", required_argument, NULL, 'a' },
		{ "key", required_argument, NULL, 'k' },
		{ "config", required_argument, NULL, 'c' },
		{ "file", required_argument, NULL, 'f' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, ":", options, NULL)) != -1)
		if (c == 'h')
			a->html = optarg;
		else if (c == 'c')
			a->config = optarg;
		else if (c == 'f')
			a->file = optarg;
		else if (take_option(a, c, argv) != CTL_OK)
			return CTL_ERROR;
	if (optind < argc)
		return ctl_misuse(COMMAND, "report: unexpected argument %s",
		    argv[optind]);
	return settle(a);
}

/* ---- where it goes ----------------------------------------------------- */

static int
write_page(const struct report *report, struct page *page)
{
	if (page != NULL && report_write(report, page))
		return CTL_OK;
	ctl_complain("report: out of memory");
	return CTL_ERROR;
}

/* The mode that it has already: whoever may read it still may. But nobody else
 * has a say in that who has put a file there. */
static bool
mode_of(const char *path, mode_t *ret_mode)
{
	struct stat st;

	*ret_mode = 0600;
	if (lstat(path, &st) != 0)
		return errno == ENOENT;
	if (st.st_uid == geteuid())
		*ret_mode = st.st_mode & 0777;
	if (S_ISREG(st.st_mode))
		return true;
	errno = S_ISDIR(st.st_mode) ? EISDIR : ELOOP;
	return false;
}

static int
write_file(const struct report *report, const char *path)
{
	struct beside beside;
	mode_t mode;
	int r;

	if (mode_of(path, &mode) && beside_open(path, mode, &beside) == 0) {
		r = write_page(report, page_new_html(beside.out));
		if (r != CTL_OK) {
			beside_drop(&beside);
			return r;
		}
		if (beside_close(&beside, path) == 0)
			return CTL_OK;
	}
	ctl_complain(errno == ELOOP ?
		"report: --html %s: is no regular file; write - for standard "
		"output" :
		"report: --html %s: %m",
	    path);
	return CTL_ERROR;
}

static int
write_report(const struct report *report, const char *html)
{
	if (html == NULL)
		return write_page(report, page_new_text(stdout));
	if (strcmp(html, "-") == 0)
		return write_page(report, page_new_html(stdout));
	return write_file(report, html);
}

static int
make_report(const struct options *a, const char *path)
{
	struct report report;
	int r;

	if ((r = report_read(&report, &a->o, path)) == CTL_OK &&
	    (r = write_report(&report, a->html)) == CTL_OK)
		r = verify_status(&report.verify);
	report_done(&report);
	return r;
}

int
cmd_report(const struct ctl *ctl, int argc, char **argv)
{
	static struct options a;
	char *path = NULL;
	int r;

	a.config = CONF_FILE;
	a.o.given = &a.given;
	a.o.top = TOP;
	a.o.sample = SAMPLE;
	if (given_init(&a.given, COMMAND, COMMAND) != CTL_OK)
		return CTL_ERROR;
	if ((r = read_options(&a, argc, argv)) == CTL_OK &&
	    (r = given_read(&a.given)) == CTL_OK) {
		ctl_tell_read(ctl, COMMAND, NULL);
		path = a.file != NULL ? strdup(a.file) :
					ctl_audit_path(COMMAND, a.config);
		r = path == NULL ? CTL_ERROR : make_report(&a, path);
	}
	free(path);
	given_done(&a.given);
	return r;
}
