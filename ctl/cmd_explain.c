/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl explain: every record of one reference, read from the audit
 * file itself, so that it works while the daemon does not. The file may be
 * large and may hold anything: one line of bounded length at a time.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "policyd/audit/audit.h"
#include "policyd/conf.h"
#include "policyd/crypto.h"
#include "policyd/record/record.h"
#include "policyd/text.h"

/* "M" and the daemon's form: the module gave it, as it had no answer. */
#define MODULE_REF_SIZE (CRYPTO_REF_SIZE + 1u)

struct explain {
	const char *file; /* --file; NULL: as configured */
	const char *config; /* --config */
	char *path; /* of the audit file that is read */
	bool json;
	char ref[MODULE_REF_SIZE];
	bool by_module; /* it is such a reference */
	uint64_t line; /* number of the line that was read last */
	uint64_t found; /* records with the reference */
	uint64_t foreign; /* lines that can be no records */
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

/* ---- what belongs to a record ------------------------------------------ */

typedef bool (*is_wanted_fn)(const struct json *record, const char *ref);

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

/* The first such record, which the caller frees, or NULL. */
static struct json *
find_record(const struct explain *explain, const char *ref, is_wanted_fn fn)
{
	static char line[AUDIT_LINE_MAX];
	struct json *found = NULL;
	const char *why;
	size_t len;
	FILE *in;

	if (ref[0] == '\0' ||
	    (in = ctl_open_audit(explain->path, &why)) == NULL)
		return NULL;
	while (found == NULL && ctl_read_line(in, line, sizeof(line), &len)) {
		if (len > sizeof(line) ||
		    memmem(line, len, ref, strlen(ref)) == NULL ||
		    (found = json_parse(line, len)) == NULL || fn(found, ref))
			continue;
		json_free(found);
		found = NULL;
	}
	fclose(in);
	return found;
}

/* What was asked for; where another module said the last word, before that. */
static struct json *
find_step_up(const struct explain *explain, const struct json *record)
{
	const char *ref = json_get_string(json_get(record, "proof"), "ref", "");
	struct json *found = find_record(explain, ref, is_step_up), *before;

	ref = json_get_string(json_get(found, "proof"), "ref", "");
	if ((before = find_record(explain, ref, is_step_up)) == NULL)
		return found;
	json_free(found);
	return before;
}

/* ---- records ------------------------------------------------------------ */

static int
print_for_people(const struct explain *explain, const struct json *record)
{
	struct json *step_up = find_step_up(explain, record);
	struct json *relying =
	    find_record(explain, json_get_string(record, "ref", ""), relies_on);
	const struct record_context context = { .name = ctl_name_of,
		.step_up = step_up,
		.relying = relying,
		.looked = true };
	int r = record_print(record, &context, stdout);

	json_free(step_up);
	json_free(relying);
	return r == 0 ? CTL_OK : CTL_ERROR;
}

static int
print_record(struct explain *explain, struct json *record, bool intact)
{
	if (explain->json) {
		json_set_bool(record, "intact", intact);
		return ctl_print_json(record);
	}
	printf("%srecord %lld, line %llu of the audit file: %s\n",
	    explain->found > 1 ? "\n" : "",
	    (long long)json_get_int(record, "seq", -1),
	    (unsigned long long)explain->line,
	    intact ? "its hash is right" :
		     "ITS HASH IS WRONG, somebody changed it");
	return print_for_people(explain, record);
}

/* Its own reference, or that of a request for somebody's approval. */
static bool
is_about(const struct json *record, const char *ref)
{
	const struct json *list = json_get(record, "step_up");
	size_t i;

	for (i = 0; i < json_length(list); i++)
		if (strcmp(json_get_string(json_at(list, i), "request", ""),
			ref) == 0)
			return true;
	return strcmp(json_get_string(record, "ref", ""), ref) == 0;
}

/* From here on, every byte is whoever's could write to the file. */
static int
take_line(struct explain *explain, const char *line, size_t len)
{
	struct json *record;
	int r = CTL_OK;

	/* Cheap first: most lines belong to other references. */
	if (memmem(line, len, explain->ref, strlen(explain->ref)) == NULL)
		return CTL_OK;
	if ((record = json_parse(line, len)) == NULL) {
		explain->foreign++;
		return CTL_OK;
	}
	if (is_about(record, explain->ref)) {
		explain->found++;
		r = print_record(explain, record, audit_line_intact(line, len));
	}
	json_free(record);
	return r;
}

static int
take_file(struct explain *explain, FILE *in)
{
	static char line[AUDIT_LINE_MAX];
	size_t len;
	int r = CTL_OK;

	while (r == CTL_OK && ctl_read_line(in, line, sizeof(line), &len)) {
		explain->line++;
		if (len <= sizeof(line))
			r = take_line(explain, line, len);
		else
			explain->foreign++;
	}
	return r;
}

static int
read_audit(struct explain *explain)
{
	const char *path = explain->path, *why;
	FILE *in;
	int r;

	if ((in = ctl_open_audit(path, &why)) == NULL) {
		if (explain->by_module)
			return complain_of_module(explain->ref);
		ctl_complain("explain: %s: %s", path, why);
		return CTL_ERROR;
	}
	r = take_file(explain, in);
	if (ferror(in)) {
		ctl_complain("explain: %s: %m", path);
		r = CTL_ERROR;
	}
	fclose(in);
	if (explain->foreign > 0)
		ctl_complain("explain: %s: %llu lines are no records", path,
		    (unsigned long long)explain->foreign);
	if (r != CTL_OK || explain->found > 0)
		return r;
	if (explain->by_module)
		return complain_of_module(explain->ref);
	ctl_complain("explain: no record of %s in %s; it may be in a rotated "
		     "file (--file), or be missing because the audit log could "
		     "not be written: see farmgatectl status",
	    explain->ref, path);
	return CTL_NO;
}

static int
read_arguments(int argc, char **argv, struct explain *ret_explain)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "file", required_argument, NULL, 'f' },
		{ "config", required_argument, NULL, 'c' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	memset(ret_explain, 0, sizeof(*ret_explain));
	while ((c = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (c == 'j')
			ret_explain->json = true;
		else if (c == 'f')
			ret_explain->file = optarg;
		else if (c == 'c')
			ret_explain->config = optarg;
		else
			return ctl_bad_option(argv[0], c, argv);
	}
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
	struct explain explain;
	int r;

	if ((r = read_arguments(argc, argv, &explain)) != CTL_OK)
		return r;
	ctl_tell_read(ctl, "explain");
	explain.path = explain.file != NULL ?
	    strdup(explain.file) :
	    ctl_audit_path("explain", explain.config);
	if (explain.path == NULL) {
		ctl_complain("explain: out of memory");
		return CTL_ERROR;
	}
	r = read_audit(&explain);
	free(explain.path);
	return r;
}
