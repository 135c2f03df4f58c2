/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One record after the other, as it was read, so that memory is bounded and
 * what was found first is seen first.
 */
#include "ctl/audit/query.h"

#include <getopt.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ctl/audit/filter.h"
#include "ctl/audit/source.h"
#include "ctl/audit/table.h"
#include "ctl/ctl.h"
#include "policyd/conf.h"
#include "policyd/crypto.h"
#include "policyd/text.h"
#include "proto/result.h"

#define COMMAND	  "audit"
#define FOLLOW_NS 200000000 /* between two looks */

struct query {
	struct filter *filter;
	int64_t since_s, until_s;
	uint64_t limit, found, foreign;
	const char *config, *file;
	bool json, follow, table, failed;
};

static const struct option *
options_of(void)
{
	static const struct option options[] = {
		{ "user", required_argument, NULL, 'u' },
		{ "from", required_argument, NULL, 'a' },
		{ "country", required_argument, NULL, 'C' },
		{ "finding", required_argument, NULL, 'F' },
		{ "verdict", required_argument, NULL, 'v' },
		{ "service", required_argument, NULL, 's' },
		{ "event", required_argument, NULL, 'e' },
		{ "since", required_argument, NULL, 'S' },
		{ "until", required_argument, NULL, 'U' },
		{ "ref", required_argument, NULL, 'r' },
		{ "limit", required_argument, NULL, 'l' },
		{ "follow", no_argument, NULL, 'w' },
		{ "json", no_argument, NULL, 'j' },
		{ "config", required_argument, NULL, 'c' },
		{ "file", required_argument, NULL, 'f' },
		{ NULL, 0, NULL, 0 },
	};

	return options;
}

/* ---- what is asked for ------------------------------------------------- */

/* Upper case, as records have it. */
static int
take_country(struct query *q, const char *text)
{
	char country[3] = "";

	for (size_t i = 0; i < 2 && text[i] != '\0'; i++)
		country[i] = text_upper(text[i]);
	if (strlen(text) != 2)
		return FG_ERR_FORMAT;
	return filter_text(q->filter, FILTER_COUNTRY, country);
}

/* That of the module, too, which is longer. */
static int
take_reference(struct query *q, const char *text)
{
	char ref[CRYPTO_REF_SIZE + 1];

	if (!ctl_parse_reference(text, ref, CRYPTO_REF_SIZE) &&
	    !ctl_parse_reference(text, ref, sizeof(ref)))
		return FG_ERR_FORMAT;
	return filter_text(q->filter, FILTER_REF, ref);
}

static int
set_filter(struct query *q, int c, const char *text)
{
	switch (c) {
	case 'u':
		return filter_text(q->filter, FILTER_USER, text);
	case 'a':
		return filter_from(q->filter, text);
	case 'C':
		return take_country(q, text);
	case 'F':
		return filter_text(q->filter, FILTER_FINDING, text);
	case 'v':
		return filter_verdict(q->filter, text);
	case 's':
		return filter_text(q->filter, FILTER_SERVICE, text);
	case 'e':
		return filter_text(q->filter, FILTER_EVENT, text);
	case 'r':
		return take_reference(q, text);
	default:
		return text_parse_uint(text, 1, INT64_MAX, &q->limit) == 0 ?
		    0 :
		    FG_ERR_FORMAT;
	}
}

static const char *
name_of(int c)
{
	const struct option *o = options_of();

	while (o->name != NULL && o->val != c)
		o++;
	return o->name;
}

static int
take_filter(struct query *q, int c, bool *given)
{
	int r;

	if (*given)
		return ctl_misuse(COMMAND, "audit: --%s is given twice",
		    name_of(c));
	*given = true;
	if ((r = set_filter(q, c, optarg)) == FG_ERR_NOMEM) {
		ctl_complain("audit: out of memory");
		return CTL_ERROR;
	}
	if (r == 0)
		return CTL_OK;
	return ctl_misuse(COMMAND, "audit: --%s: there is no such: %s%s",
	    name_of(c), optarg,
	    c == 'a'	 ? "; write an address, or a prefix without bits "
			   "behind it, such as 192.0.2.0/24" :
		c == 'v' ? "; write allow, deny, exempt, challenge or "
			   "would-deny" :
		c == 'C' ? "; write two letters" :
			   "");
}

static int
take_option(struct query *q, int c, char **argv, bool given[128])
{
	if (c == '?' || c == ':')
		return ctl_bad_option(COMMAND, c, argv);
	if (c == 'j')
		q->json = true;
	else if (c == 'w')
		q->follow = true;
	else if (c == 'c')
		q->config = optarg;
	else if (c == 'f')
		q->file = optarg;
	else if (c == 'S')
		return ctl_take_period(COMMAND, false, optarg, &q->since_s);
	else if (c == 'U')
		return ctl_take_period(COMMAND, true, optarg, &q->until_s);
	else
		return take_filter(q, c, &given[c]);
	return CTL_OK;
}

static int
read_options(int argc, char **argv, struct query *q)
{
	bool given[128] = { false };
	int c, r;

	while ((c = getopt_long(argc, argv, ":", options_of(), NULL)) != -1)
		if ((r = take_option(q, c, argv, given)) != CTL_OK)
			return r;
	if (optind < argc)
		return ctl_misuse(COMMAND, "audit: unexpected argument %s",
		    argv[optind]);
	filter_time(q->filter, q->since_s, q->until_s);
	q->table = !q->json && isatty(STDOUT_FILENO) == 1;
	return CTL_OK;
}

/* ---- what is found ----------------------------------------------------- */

static void
print_record(struct query *q, const struct source_line *line,
    const struct json *record)
{
	if (q->table) {
		if (q->found == 0)
			table_heading(stdout);
		table_record(record, stdout);
	} else {
		(void)fwrite(line->text, 1, line->len, stdout);
		putchar('\n');
	}
	q->found++;
}

static void
take_line(struct query *q, const struct source_line *line)
{
	struct json *record = NULL;
	enum filter_answer answer = FILTER_NO_RECORD;

	if (!line->cut && !line->torn)
		answer = filter_line(q->filter, line->text, line->len,
		    q->table ? &record : NULL);
	if (answer == FILTER_YES)
		print_record(q, line, record);
	else if (answer == FILTER_NO_RECORD)
		q->foreign++;
	json_free(record);
}

/* A reader that has gone, or a full disk, ends it; the caller complains. */
static bool
is_done(const struct query *q)
{
	return ferror(stdout) || (q->limit > 0 && q->found == q->limit);
}

static void
wait_for_more(void)
{
	(void)fflush(stdout); /* ferror() tells */
	(void)nanosleep(&(struct timespec){ 0, FOLLOW_NS },
	    NULL); /* too short is as good */
}

static void
read_log(struct query *q, struct source *source)
{
	char why[SOURCE_WHY_SIZE];
	struct source_line line;
	int r;

	while (!is_done(q)) {
		if ((r = source_next(source, &line, why)) == 0) {
			take_line(q, &line);
		} else if (r != FG_ERR_NOT_FOUND) {
			ctl_complain("audit: %s", why);
			q->failed = true;
		} else if (!q->follow)
			return;
		else
			wait_for_more();
	}
}

static int
query_log(struct query *q, const char *path)
{
	char why[SOURCE_WHY_SIZE];
	struct source *source;

	if (source_open(path, true, &source, why) != 0) {
		ctl_complain("audit: %s", why);
		return CTL_ERROR;
	}
	source_since(source, q->since_s);
	if (q->follow)
		source_follow(source);
	read_log(q, source);
	source_free(source);
	if (q->foreign > 0)
		ctl_complain("audit: %llu lines are no records; see "
			     "farmgatectl audit verify",
		    (unsigned long long)q->foreign);
	if (q->failed)
		return CTL_ERROR;
	return q->found > 0 ? CTL_OK : CTL_NO;
}

int
audit_query(int argc, char **argv)
{
	struct query q = {
		.since_s = INT64_MIN, .until_s = INT64_MAX, .config = CONF_FILE
	};
	char *path = NULL;
	int r;

	if ((q.filter = filter_new()) == NULL) {
		ctl_complain("audit: out of memory");
		return CTL_ERROR;
	}
	if ((r = read_options(argc, argv, &q)) == CTL_OK) {
		path = q.file != NULL ? strdup(q.file) :
					ctl_audit_path(COMMAND, q.config);
		r = path == NULL ? CTL_ERROR : query_log(&q, path);
	}
	free(path);
	filter_free(q.filter);
	return r;
}
