/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl metrics: the daemon's report in the text format of Prometheus
 * (version 0.0.4), for who scrapes it or for node_exporter's textfile
 * collector.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ctl/beside.h"
#include "ctl/ctl.h"
#include "ctl/metrics/put.h"
#include "ctl/status.h"
#include "policyd/text.h"

#define METRICS_TIMEOUT_MS 5000u

/* ---- what is told -------------------------------------------------------- */

static const struct metric metrics[] = {
	{ "start_time_seconds", "gauge", "When the daemon started.", "",
	    "since" },
	{ "config_loaded_timestamp_seconds", "gauge",
	    "When the configuration in force was read.", "config",
	    "loaded_at" },
	{ "config_refused_timestamp_seconds", "gauge",
	    "When a configuration was refused that is on the disk still.",
	    "config", "refused_at" },
	{ "policies", "gauge", "Policies in force.", "config", "policies" },
	{ "catalogue_entries", "gauge", "Entries of the catalogue.",
	    "catalogue", "entries" },
	{ "people", "gauge", "Entries of the inventory of people.", "inventory",
	    "people" },
	{ "exceptions", "gauge", "Exceptions in force.", "inventory",
	    "exceptions" },
	{ "assets", "gauge", "Entries of the inventory of assets.", "assets",
	    "assets" },
	{ "sessions", "gauge", "Open sessions.", "", "sessions" },
	{ "stepups", "gauge", "Logins that are being asked for a proof.", "",
	    "stepups" },
	{ "sessions_unsaved", "gauge",
	    "Sessions that could not be written to the store.", "store",
	    "unsaved" },
	{ "audit_sequence", "counter", "The last record of the audit log.",
	    "audit", "seq" },
	{ "audit_errors_total", "counter",
	    "Records that could not be written, since the start.", "audit",
	    "errors" },
	{ "audit_damaged_sequence", "gauge",
	    "The last record that tells of damage to the log, since the start.",
	    "audit", "damaged" },
	{ "audit_anchored_sequence", "gauge",
	    "The last record that was anchored.", "audit", "anchored" },
	{ "audit_anchor_timestamp_seconds", "gauge", "When that was.", "audit",
	    "anchored_at" },
	{ "breakglass_uses", "gauge",
	    "Logins let in by break-glass that status tells of.", "breakglass",
	    "count" },
};

static void
put_databases(FILE *out, const struct json *report)
{
	const struct json *list = json_get(report, "databases"), *entry;

	if (json_length(list) == 0)
		return;
	put_head(out, "database_build_timestamp_seconds", "gauge",
	    "When a geo database was built.");
	for (size_t i = 0; i < json_length(list); i++) {
		entry = json_at(list, i);
		fputs("farmgate_database_build_timestamp_seconds{kind=\"", out);
		put_label(out, json_get_string(entry, "kind", ""));
		fputs("\",path=\"", out);
		put_label(out, json_get_string(entry, "path", ""));
		fprintf(out, "\"} %lld\n",
		    (long long)json_get_int(entry, "build", 0));
	}
}

static void
put_sockets(FILE *out, const struct json *report)
{
	const struct json *list = json_get(report, "sockets"), *o;

	if (json_length(list) == 0)
		return;
	put_head(out, "socket_reachable", "gauge",
	    "Whether a socket of the daemon is where it is looked for.");
	for (size_t i = 0; i < json_length(list); i++) {
		o = json_at(list, i);
		fputs("farmgate_socket_reachable{socket=\"", out);
		put_label(out, json_get_string(o, "name", ""));
		fprintf(out, "\"} %d\n",
		    json_get_bool(o, "there", false) ? 1 : 0);
	}
}

static bool
is_string(const struct json *o, const char *key, const char *value)
{
	return strcmp(json_get_string(o, key, ""), value) == 0;
}

static void
put_health(FILE *out, const struct json *report)
{
	const struct json *scanner = json_get(report, "scanner");

	put_flag(out, "healthy", "Whether status finds nothing degraded.",
	    !json_get_bool(report, "degraded", true));
	put_flag(out, "enforcing", "Whether logins are refused at all.",
	    is_string(report, "mode", "enforce"));
	put_flag(out, "scanner_running", "Whether the scanner runs.",
	    is_string(scanner, "state", "running"));
	put_flag(out, "scanner_coverage_full",
	    "Whether the scanner sees the whole machine.",
	    is_string(scanner, "coverage", "full"));
	put_flag(out, "store_open", "Whether the store is open.",
	    is_string(json_get(report, "store"), "state", "open"));
	put_head(out, "warnings", "gauge", "Warnings that status has.");
	fprintf(out, "farmgate_warnings %lld\n",
	    (long long)json_length(json_get(report, "warnings")) +
		status_more(report, "warnings"));
}

/* report is NULL if the daemon could not be asked. Returns CTL_OK if it has
 * answered all that was. */
static int
put_all(FILE *out, const struct ctl *ctl, const struct json *report)
{
	int r;

	put_flag(out, "up", "Whether the daemon could be asked.",
	    report != NULL);
	if (report == NULL)
		return CTL_ERROR;
	if (json_get_bool(report, "truncated", false)) {
		ctl_complain("metrics: the report is too long to be sent");
		(void)put_rules(out, ctl);
		return CTL_ERROR;
	}
	put_health(out, report);
	put_sockets(out, report);
	put_decisions(out, report);
	put_databases(out, report);
	put_hooks(out, report);
	r = put_rules(out, ctl);
	for (size_t i = 0; i < sizeof(metrics) / sizeof(metrics[0]); i++)
		put_metric(out, report, &metrics[i]);
	return r;
}

/* ---- where to ------------------------------------------------------------ */

static int
write_file(const struct ctl *ctl, const char *path, const struct json *report)
{
	struct beside beside;
	int r;

	/* For node_exporter, which is another user. */
	if (beside_open(path, 0644, &beside) == 0) {
		r = put_all(beside.out, ctl, report);
		if (beside_close(&beside, path) == 0)
			return r;
	}
	ctl_complain("metrics: %s: %m", path);
	return CTL_ERROR;
}

static int
read_arguments(int argc, char **argv, const char **ret_file)
{
	const struct ctl_option options[] = {
		{ "textfile", ret_file, NULL },
		{ NULL, NULL, NULL },
	};

	*ret_file = NULL;
	if (ctl_take_options(argv[0], argc, argv, options) != CTL_OK)
		return CTL_ERROR;
	if (optind < argc)
		return ctl_misuse(argv[0], "metrics: unexpected argument %s",
		    argv[optind]);
	return CTL_OK;
}

int
cmd_metrics(const struct ctl *ctl, int argc, char **argv)
{
	struct json *report = NULL;
	const char *file;
	int status, r;

	if (read_arguments(argc, argv, &file) != CTL_OK)
		return CTL_ERROR;
	r = ctl_call(ctl, FG_MSG_STATUS, METRICS_TIMEOUT_MS, &report, &status);
	if (r == CTL_OK) {
		status_add_hooks(report);
	} else {
		json_free(report);
		report = NULL;
	}
	if (file == NULL)
		r = put_all(stdout, ctl, report);
	else
		r = write_file(ctl, file, report);
	json_free(report);
	return r == CTL_OK ? CTL_OK : CTL_ERROR;
}
