/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl explain: every record of one reference, read from the audit log
 * itself, so that it works while the daemon does not. The log may be large and
 * may hold anything: one line of bounded length at a time.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl/audit/source.h"
#include "ctl/ctl.h"
#include "policyd/audit/audit.h"
#include "policyd/conf.h"
#include "policyd/crypto.h"
#include "policyd/record/record.h"
#include "policyd/record/show.h"
#include "policyd/text.h"
#include "proto/result.h"

/* "M" and the daemon's form: the module gave it, as it had no answer. */
#define MODULE_REF_SIZE (CRYPTO_REF_SIZE + 1u)
#define FOUND_MAX	1024u /* of one reference */

struct found {
	struct json *record;
	char *file;
	uint64_t number; /* of the line in it */
	bool intact;
};

struct explain {
	const char *file; /* --file; NULL: as configured */
	const char *config; /* --config */
	char *path; /* of the audit file that is read */
	bool json;
	char ref[MODULE_REF_SIZE];
	bool by_module; /* it is such a reference */
	struct found found[FOUND_MAX];
	size_t nfound;
	uint64_t more; /* than there is room for */
	struct json *relying; /* a login that relied on its proof, or NULL */
	struct json *review; /* the last one of it, among found; or NULL */
	uint64_t foreign; /* lines that can be no records */
	char *unread; /* why the log could not be opened, or NULL */
	bool partly; /* of it something could not be read, which was told */
};

static bool
is_module_reference(const char *typed, char ref[MODULE_REF_SIZE])
{
	/* its form for a machine without random numbers */
	if (strcasecmp(typed, "MNONE") == 0)
		(void)text_format(ref, MODULE_REF_SIZE, "MNONE");
	else if (!ctl_parse_reference(typed, ref, MODULE_REF_SIZE))
		return false;
	return ref[0] == 'M';
}

/* The daemon never heard of the login, and break-glass did not let it in. */
static int
complain_of_module(const char *ref)
{
	ctl_complain("explain: %s was given by the PAM module, because the "
		     "daemon could not be asked: journalctl -g %s (or grep %s "
		     "/var/log/auth.log) says why; see farmgatectl status",
	    ref, ref, ref);
	return CTL_NO;
}

/* ---- reading ------------------------------------------------------------ */

typedef int (*line_fn)(struct explain *explain, const struct source_line *line,
    void *arg);

/*
 * Each whole line with a reference in it. Most lines belong to other ones.
 * CTL_ERROR: nothing can be read at all; what cannot be read of it is told.
 */
static int
each_line(struct explain *explain, const char *ref, line_fn fn, void *arg)
{
	char why[SOURCE_WHY_SIZE];
	struct source *source;
	struct source_line line;
	int r = CTL_OK, status;

	if (source_open(explain->path, explain->file == NULL, &source, why) !=
	    0) {
		explain->unread = strdup(why); /* NULL: no memory */
		return CTL_ERROR;
	}
	while (r == CTL_OK &&
	    (status = source_next(source, &line, why)) != FG_ERR_NOT_FOUND) {
		if (status != 0) {
			ctl_complain("explain: %s", why);
			explain->partly = true;
		} else if (line.cut ||
		    memmem(line.text, line.len, ref, strlen(ref)) != NULL)
			r = fn(explain, &line, arg);
	}
	source_free(source);
	return r == CTL_NO ? CTL_OK : r;
}

static bool
is_step_up(const struct json *record, const char *ref)
{
	return strcmp(json_get_string(record, "ref", ""), ref) == 0 &&
	    strcmp(json_get_string(record, "phase", ""), "auth") == 0;
}

static bool
relies_on(const struct json *record, const char *ref)
{
	return strcmp(json_get_string(json_get(record, "proof"), "ref", ""),
		   ref) == 0;
}

static bool
is_review(const struct json *record, const char *ref)
{
	return strcmp(json_get_string(record, "event", ""), "review") == 0 &&
	    strcmp(json_get_string(record, "of", ""), ref) == 0;
}

/* Its own reference, that of a request for somebody's approval, or that of the
 * decision which it reviews. */
static bool
is_about(const struct json *record, const char *ref)
{
	const struct json *list = json_get(record, "step_up");
	size_t i;

	for (i = 0; i < json_length(list); i++)
		if (strcmp(json_get_string(json_at(list, i), "request", ""),
			ref) == 0)
			return true;
	return strcmp(json_get_string(record, "ref", ""), ref) == 0 ||
	    is_review(record, ref);
}

/* From here on, every byte is whoever's could write to the file. */
static int
keep(struct explain *explain, struct json *record,
    const struct source_line *line)
{
	struct found *found = &explain->found[explain->nfound];

	if (explain->nfound == FOUND_MAX) {
		explain->more++;
		json_free(record);
		return CTL_OK;
	}
	if ((found->file = strdup(line->file)) == NULL) {
		json_free(record);
		ctl_complain("explain: out of memory");
		return CTL_ERROR;
	}
	found->record = record;
	found->number = line->number;
	found->intact = audit_line_intact(line->text, line->len);
	explain->nfound++;
	if (is_review(record, explain->ref))
		explain->review = record;
	return CTL_OK;
}

/* Those about the reference, and the first that relies on it. */
static int
take_line(struct explain *explain, const struct source_line *line, void *arg)
{
	struct json *record = NULL;

	(void)arg;
	if (line->cut || (record = json_parse(line->text, line->len)) == NULL) {
		explain->foreign++;
		return CTL_OK;
	}
	if (is_about(record, explain->ref))
		return keep(explain, record, line);
	if (explain->relying == NULL && relies_on(record, explain->ref))
		explain->relying = record;
	else
		json_free(record);
	return CTL_OK;
}

struct wanted {
	const char *ref;
	struct json *record;
};

static int
take_step_up(struct explain *explain, const struct source_line *line, void *arg)
{
	struct wanted *wanted = arg;

	(void)explain;
	if (line->cut ||
	    (wanted->record = json_parse(line->text, line->len)) == NULL)
		return CTL_OK;
	if (is_step_up(wanted->record, wanted->ref))
		return CTL_NO; /* it is found */
	json_free(wanted->record);
	wanted->record = NULL;
	return CTL_OK;
}

/* The first such record, which the caller frees, or NULL. */
static struct json *
read_step_up(struct explain *explain, const char *ref)
{
	struct wanted wanted = { .ref = ref };

	if (ref[0] != '\0')
		(void)each_line(explain, ref, take_step_up, &wanted);
	return wanted.record;
}

/* What was asked for; where another module said the last word, before that. */
static struct json *
find_step_up(struct explain *explain, const struct json *record)
{
	const char *ref = json_get_string(json_get(record, "proof"), "ref", "");
	struct json *found = read_step_up(explain, ref), *before;

	ref = json_get_string(json_get(found, "proof"), "ref", "");
	if ((before = read_step_up(explain, ref)) == NULL)
		return found;
	json_free(found);
	return before;
}

/* ---- records ------------------------------------------------------------ */

static int
print_for_people(struct explain *explain, const struct json *record)
{
	struct json *step_up = find_step_up(explain, record);
	const struct record_context context = { .name = ctl_name_of,
		.step_up = step_up,
		.relying = explain->relying,
		.looked = true,
		.review = explain->review };
	int r = record_print(record, &context, stdout);

	json_free(step_up);
	return r == 0 ? CTL_OK : CTL_ERROR;
}

static int
print_record(struct explain *explain, const struct found *found, bool first)
{
	struct shown shown;

	if (explain->json) {
		json_set_bool(found->record, "intact", found->intact);
		return ctl_print_json(found->record);
	}
	printf("%srecord %lld, line %llu of %s: %s\n", first ? "" : "\n",
	    (long long)json_get_int(found->record, "seq", -1),
	    (unsigned long long)found->number,
	    strcmp(found->file, explain->path) == 0 ?
		"the audit file" :
		show_text(&shown, found->file),
	    found->intact ? "its hash is right" :
			    "ITS HASH IS WRONG, somebody changed it");
	return print_for_people(explain, found->record);
}

static int
print_records(struct explain *explain)
{
	int r = CTL_OK;
	size_t i;

	for (i = 0; i < explain->nfound && r == CTL_OK; i++)
		r = print_record(explain, &explain->found[i], i == 0);
	if (explain->more > 0)
		ctl_complain("explain: %llu more records have it; see "
			     "farmgatectl audit --ref %s",
		    (unsigned long long)explain->more, explain->ref);
	return r == CTL_OK && explain->partly ? CTL_ERROR : r;
}

static int
complain_of_none(const struct explain *explain)
{
	if (explain->by_module)
		return complain_of_module(explain->ref);
	ctl_complain("explain: no record of %s in %s%s; it may be %smissing "
		     "because the audit log could not be written: see "
		     "farmgatectl status",
	    explain->ref, explain->path,
	    explain->file == NULL ? ", nor in what it was rotated into" : "",
	    explain->file == NULL ? "" : "in another file (--file), or be ");
	return explain->partly ? CTL_ERROR : CTL_NO;
}

static int
read_audit(struct explain *explain)
{
	int r = each_line(explain, explain->ref, take_line, NULL);

	if (r != CTL_OK && explain->by_module && explain->unread != NULL)
		return complain_of_module(explain->ref);
	if (explain->unread != NULL)
		ctl_complain("explain: %s", explain->unread);
	if (r != CTL_OK)
		return r;
	if (explain->foreign > 0)
		ctl_complain("explain: %s: %llu lines are no records",
		    explain->path, (unsigned long long)explain->foreign);
	return explain->nfound > 0 ? print_records(explain) :
				     complain_of_none(explain);
}

static void
explain_done(struct explain *explain)
{
	while (explain->nfound > 0) {
		free(explain->found[--explain->nfound].file);
		json_free(explain->found[explain->nfound].record);
	}
	json_free(explain->relying);
	free(explain->unread);
	free(explain->path);
}

static int
read_arguments(int argc, char **argv, struct explain *ret_explain)
{
	const struct ctl_option options[] = {
		{ "json", NULL, &ret_explain->json },
		{ "file", &ret_explain->file, NULL },
		{ "config", &ret_explain->config, NULL },
		{ NULL, NULL, NULL },
	};

	memset(ret_explain, 0, sizeof(*ret_explain));
	if (ctl_take_options(argv[0], argc, argv, options) != CTL_OK)
		return CTL_ERROR;
	if (optind + 1 != argc)
		return ctl_misuse(argv[0], "explain: one reference is needed");
	if (ret_explain->config == NULL)
		ret_explain->config = CONF_FILE;
	else if (access(ret_explain->config, R_OK) != 0) {
		ctl_complain("explain: %s: %m", ret_explain->config);
		return CTL_ERROR;
	}
	ret_explain->by_module =
	    is_module_reference(argv[optind], ret_explain->ref);
	if (!ret_explain->by_module &&
	    !ctl_parse_reference(argv[optind], ret_explain->ref,
		CRYPTO_REF_SIZE))
		return ctl_misuse(argv[0],
		    "explain: %s is no reference; one looks like 7F3K-Q2MN",
		    argv[optind]);
	return CTL_OK;
}

int
cmd_explain(const struct ctl *ctl, int argc, char **argv)
{
	static struct explain explain;
	int r;

	if ((r = read_arguments(argc, argv, &explain)) != CTL_OK)
		return r;
	ctl_tell_read(ctl, "explain", explain.ref);
	explain.path = explain.file != NULL ?
	    strdup(explain.file) :
	    ctl_audit_path("explain", explain.config);
	if (explain.path == NULL) {
		ctl_complain("explain: out of memory");
		return CTL_ERROR;
	}
	r = read_audit(&explain);
	explain_done(&explain);
	return r;
}
