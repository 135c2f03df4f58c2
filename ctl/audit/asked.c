/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One record after the other, as it was read, so that memory is bounded and
 * what was found first is seen first.
 */
#include "ctl/audit/asked.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ctl/ctl.h"
#include "policyd/audit/audit_event.h"
#include "policyd/conf.h"
#include "policyd/crypto.h"
#include "policyd/finding.h"
#include "policyd/text.h"
#include "proto/result.h"

#define COMMAND	  "audit"
#define FOLLOW_NS 200000000 /* between two looks */

#define OPTIONS 13u

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
		{ "config", required_argument, NULL, 'c' },
		{ "file", required_argument, NULL, 'f' },
		{ NULL, 0, NULL, 0 },
	};

	_Static_assert(sizeof(options) / sizeof(options[0]) == OPTIONS + 1u,
	    "all of them");
	return options;
}

int
asked_init(struct asked *asked, const char *what)
{
	*asked = (struct asked){ .what = what,
		.since_s = INT64_MIN,
		.until_s = INT64_MAX,
		.config = CONF_FILE };
	json_init(); /* a record after the other */
	if ((asked->filter = filter_new()) != NULL)
		return CTL_OK;
	ctl_complain("%s: out of memory", what);
	return CTL_ERROR;
}

void
asked_done(struct asked *asked)
{
	filter_free(asked->filter);
	asked->filter = NULL;
}

/* ---- what is asked for ------------------------------------------------- */

/* Upper case, as records have it. */
static int
take_country(struct asked *a, const char *text)
{
	char country[3] = "";

	for (size_t i = 0; i < 2 && text[i] != '\0'; i++)
		country[i] = text_upper(text[i]);
	if (strlen(text) != 2)
		return FG_ERR_FORMAT;
	return filter_text(a->filter, FILTER_COUNTRY, country);
}

/* With its grade. One that is misspelt would be in no record. */
static int
take_finding(struct asked *a, const char *text)
{
	char code[64];
	size_t len = strcspn(text, ":");

	if (len >= sizeof(code))
		return FG_ERR_FORMAT;
	memcpy(code, text, len);
	code[len] = '\0';
	if (finding_by_name(code) == FINDING_NONE)
		return FG_ERR_FORMAT;
	return filter_text(a->filter, FILTER_FINDING, text);
}

/* One that is misspelt would be in no record either. */
static int
take_event(struct asked *a, const char *text)
{
	if (audit_event_by_name(text) == AUDIT_EVENTS)
		return FG_ERR_FORMAT;
	return filter_text(a->filter, FILTER_EVENT, text);
}

int
asked_reference(struct asked *a, const char *text)
{
	if (!ctl_parse_reference(text, a->ref, CRYPTO_REF_SIZE) &&
	    !ctl_parse_reference(text, a->ref, sizeof(a->ref)))
		return FG_ERR_FORMAT;
	if (a->about == NULL)
		a->about = a->ref;
	return filter_text(a->filter, FILTER_REF, a->ref);
}

static int
set_filter(struct asked *a, int c, const char *text)
{
	switch (c) {
	case 'u':
		a->about = text;
		return filter_text(a->filter, FILTER_USER, text);
	case 'a':
		return filter_from(a->filter, text);
	case 'C':
		return take_country(a, text);
	case 'F':
		return take_finding(a, text);
	case 'v':
		return filter_verdict(a->filter, text);
	case 's':
		return filter_text(a->filter, FILTER_SERVICE, text);
	case 'e':
		return take_event(a, text);
	case 'r':
		return asked_reference(a, text);
	default:
		return text_parse_uint(text, 1, INT64_MAX, &a->limit) == 0 ?
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
take_filter(struct asked *a, int c, bool *given)
{
	int r;

	if (*given)
		return ctl_misuse(COMMAND, "%s: --%s is given twice", a->what,
		    name_of(c));
	*given = true;
	if ((r = set_filter(a, c, optarg)) == FG_ERR_NOMEM) {
		ctl_complain("%s: out of memory", a->what);
		return CTL_ERROR;
	}
	if (r == 0)
		return CTL_OK;
	return ctl_misuse(COMMAND, "%s: --%s: there is no such: %s%s", a->what,
	    name_of(c), optarg,
	    c == 'a'	 ? "; write an address, or a prefix without bits "
			   "behind it, such as 192.0.2.0/24" :
		c == 'v' ? "; write allow, deny, exempt, challenge or "
			   "would-deny" :
		c == 'C' ? "; write two letters" :
		c == 'F' ? "; write one of FINDINGS in farmgate.conf(5), such "
			   "as geo.country or remote.tool:active" :
		c == 'e' ? "; write one of Events in farmgate-audit(5), such "
			   "as decision or reload" :
		c == 'r' ? "; write one such as 7F3K-Q2MN" :
		c == 'l' ? "; write a number from 1 on" :
			   "");
}

static int
take_option(struct asked *a, int c, bool given[128])
{
	if (c == 'c')
		a->config = optarg;
	else if (c == 'f')
		a->file = optarg;
	else if (c == 'S')
		return ctl_take_period(COMMAND, false, optarg, &a->since_s);
	else if (c == 'U')
		return ctl_take_period(COMMAND, true, optarg, &a->until_s);
	else
		return take_filter(a, c, &given[c]);
	return CTL_OK;
}

int
asked_read(struct asked *a, int argc, char **argv, const struct option *extra,
    int (*take)(int c, void *arg), void *arg)
{
	struct option all[OPTIONS + ASKED_EXTRA_MAX + 1u];
	bool given[128] = { false };
	size_t n = OPTIONS;
	int c, r = CTL_OK;

	memcpy(all, options_of(), OPTIONS * sizeof(all[0]));
	for (; extra->name != NULL && n < OPTIONS + ASKED_EXTRA_MAX; extra++)
		all[n++] = *extra;
	all[n] = (struct option){ NULL, 0, NULL, 0 };
	while (r == CTL_OK &&
	    (c = getopt_long(argc, argv, ":", all, NULL)) != -1) {
		if (c == '?' || c == ':')
			r = ctl_bad_option(COMMAND, c, argv);
		else if (c < 128 && name_of(c) != NULL)
			r = take_option(a, c, given);
		else
			r = take(c, arg);
	}
	if (r == CTL_OK && optind < argc)
		r = ctl_misuse(COMMAND, "%s: unexpected argument %s", a->what,
		    argv[optind]);
	if (r == CTL_OK)
		filter_time(a->filter, a->since_s, a->until_s);
	return r;
}

char *
asked_path(const struct asked *a)
{
	return a->file != NULL ? strdup(a->file) :
				 ctl_audit_path(COMMAND, a->config);
}

/* ---- what is found ----------------------------------------------------- */

struct reading {
	struct asked *asked;
	bool parsed;
	asked_fn fn;
	void *arg;
	uint64_t found, foreign;
	bool failed, ended;
};

static void
take_line(struct reading *r, const struct source_line *line)
{
	struct json *record = NULL;
	enum filter_answer answer = FILTER_NO_RECORD;

	if (!line->cut && !line->torn)
		answer = filter_line(r->asked->filter, line->text, line->len,
		    r->parsed ? &record : NULL);
	if (answer == FILTER_YES) {
		r->found++;
		r->ended = !r->fn(line, record, r->arg) ||
		    (r->asked->limit > 0 && r->found == r->asked->limit);
	} else if (answer == FILTER_NO_RECORD)
		r->foreign++;
	json_free(record);
}

static void
wait_for_more(void)
{
	(void)fflush(stdout); /* ferror() tells */
	(void)nanosleep(&(struct timespec){ 0, FOLLOW_NS },
	    NULL); /* too short is as good */
}

/* A reader that has gone, or a full disk, ends it; the caller complains. */
static void
read_log(struct reading *reading, struct source *source)
{
	char why[SOURCE_WHY_SIZE];
	struct source_line line;
	int r;

	while (!reading->ended && !ferror(stdout)) {
		if ((r = source_next(source, &line, why)) == 0) {
			take_line(reading, &line);
		} else if (r != FG_ERR_NOT_FOUND) {
			ctl_complain("%s: %s", reading->asked->what, why);
			reading->failed = true;
		} else if (!reading->asked->follow)
			return;
		else
			wait_for_more();
	}
}

static int
read_path(struct reading *reading, const char *path)
{
	char why[SOURCE_WHY_SIZE];
	struct source *source;

	if (source_open(path, true, &source, why) != 0) {
		ctl_complain("%s: %s", reading->asked->what, why);
		return CTL_ERROR;
	}
	source_since(source, reading->asked->since_s);
	if (reading->asked->follow)
		source_follow(source);
	read_log(reading, source);
	source_free(source);
	if (reading->foreign > 0)
		ctl_complain("%s: %llu lines are no records; see "
			     "farmgatectl audit verify",
		    reading->asked->what, (unsigned long long)reading->foreign);
	if (reading->failed)
		return CTL_ERROR;
	return reading->found > 0 ? CTL_OK : CTL_NO;
}

int
asked_records(struct asked *a, bool parsed, asked_fn fn, void *arg)
{
	struct reading reading = {
		.asked = a, .parsed = parsed, .fn = fn, .arg = arg
	};
	char *path = asked_path(a);
	int r;

	r = path == NULL ? CTL_ERROR : read_path(&reading, path);
	free(path);
	return r;
}
