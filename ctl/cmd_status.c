/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl status: the daemon's report as a table. Members may be missing,
 * as the daemon may be older or newer than this program. A roll-out that waits
 * to be confirmed is no business of the daemon's, and is added to it.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "ctl/rollout/pending.h"
#include "ctl/status.h"
#include "policyd/text.h"

#define STATUS_TIMEOUT_MS 5000u
#define TIME_SIZE	  32u

static const char *
local_time(const struct json *json, const char *key, char buf[TIME_SIZE])
{
	time_t at = json_get_int(json, key, -1);
	struct tm tm;

	if (at < 0 || localtime_r(&at, &tm) == NULL ||
	    strftime(buf, TIME_SIZE, "%Y-%m-%d %H:%M:%S %z", &tm) == 0)
		(void)text_format(buf, TIME_SIZE, "not known");
	return buf;
}

/* "KEY N" for each key that is there, after a comma where needed. */
static void
print_numbers(const struct json *json, const char *const *keys)
{
	const char *comma = "";

	for (; *keys != NULL; keys++) {
		if (json_get_int(json, *keys, -1) < 0)
			continue;
		printf("%s%s %lld", comma, *keys,
		    (long long)json_get_int(json, *keys, 0));
		comma = ", ";
	}
	putchar('\n');
}

static void
print_daemon(const struct json *report)
{
	char text[CTL_TEXT_SIZE], mode[CTL_TEXT_SIZE], when[TIME_SIZE];

	printf(STATUS_LABEL "%s\n", "state",
	    json_get_bool(report, "degraded", false) ? "DEGRADED" : "healthy");
	printf(STATUS_LABEL "%s, pid %lld, since %s\n", "daemon",
	    ctl_text(report, "version", "version not known", text),
	    (long long)json_get_int(report, "pid", -1),
	    local_time(report, "since", when));
	printf(STATUS_LABEL "%s\n", "mode",
	    ctl_text(report, "mode", "not known", mode));
}

/* Only root may know of it. */
static void
add_rollout(struct json *report)
{
	static struct pending pending;
	struct json *o, *services;
	int64_t left_s;

	if (geteuid() != 0 || pending_read(&pending) != CTL_OK)
		return;
	left_s = pending_left_s(&pending);
	o = json_set_object(report, "rollout");
	json_set_int(o, "left_s", left_s > 0 ? left_s : 0);
	services = json_set_array(o, "services");
	for (size_t i = 0; i < pending.n; i++)
		json_add_string(services, pending.files[i].service);
}

static void
print_rollout(const struct json *report)
{
	const struct json *o = json_get(report, "rollout");
	const struct json *services = json_get(o, "services");
	long long left_s = json_get_int(o, "left_s", 0);

	for (size_t i = 0; i < json_length(services); i++)
		printf(STATUS_LABEL "%s: %s\n", i == 0 ? "rollout" : "",
		    json_string_at(services, i, "-"),
		    left_s > 0 ? "waits to be confirmed" :
				 "is being taken back");
	if (left_s > 0)
		printf(STATUS_LABEL "taken back in %lld s without farmgatectl "
				    "confirm\n",
		    "", left_s);
}

static void
print_config(const struct json *report)
{
	static const char *const numbers[] = { "policies", "networks", NULL };
	const struct json *o = json_get(report, "config");
	char text[CTL_TEXT_SIZE], hash[CTL_TEXT_SIZE], when[TIME_SIZE];

	if (o == NULL)
		return;
	printf(STATUS_LABEL "%s, loaded %s\n", "config",
	    ctl_text(o, "file", "not known", text),
	    local_time(o, "loaded_at", when));
	printf(STATUS_LABEL "sha256 %s\n", "",
	    ctl_text(o, "sha256", "not known", hash));
	printf(STATUS_LABEL, "");
	print_numbers(o, numbers);
	if (json_get_int(o, "refused_at", 0) > 0)
		printf(STATUS_LABEL
		    "the configuration on disk was refused at %s: the "
		    "daemon would not start with it; run farmgatectl "
		    "check\n",
		    "DEGRADED", local_time(o, "refused_at", when));
}

static bool
knows_countries(const struct json *list)
{
	const char *kind;

	for (size_t i = 0; i < json_length(list); i++) {
		kind = json_get_string(json_at(list, i), "kind", "");
		if (strcmp(kind, "country") == 0 || strcmp(kind, "city") == 0)
			return true;
	}
	return false;
}

static void
print_catalogue(const struct json *catalogue)
{
	if (catalogue == NULL)
		return;
	printf(STATUS_LABEL "%lld entries, %lld signs, of %lld files%s\n",
	    "catalogue", (long long)json_get_int(catalogue, "entries", 0),
	    (long long)json_get_int(catalogue, "signs", 0),
	    (long long)json_get_int(catalogue, "files", 0),
	    json_get_bool(catalogue, "partial", false) ?
		", NOT ALL OF IT: see farmgatectl catalogue check" :
		"");
}

static void
print_databases(const struct json *report)
{
	const struct json *list = json_get(report, "databases"), *o;
	char kind[CTL_TEXT_SIZE], path[CTL_TEXT_SIZE], text[CTL_TEXT_SIZE];
	char when[TIME_SIZE], age[STATUS_AGE_SIZE];

	if (json_length(list) == 0)
		printf(STATUS_LABEL "none\n", "databases");
	for (size_t i = 0; i < json_length(list); i++) {
		o = json_at(list, i);
		printf(STATUS_LABEL "%s: %s\n", i == 0 ? "databases" : "",
		    ctl_text(o, "kind", "-", kind),
		    ctl_text(o, "path", "-", path));
		printf(STATUS_LABEL "  %s, built %s%s\n", "",
		    ctl_text(o, "type", "-", text),
		    local_time(o, "build", when), status_age(o, "age_s", age));
		printf(STATUS_LABEL "  sha256 %s\n", "",
		    ctl_text(o, "sha256", "-", text));
	}
	status_print_more(report, "databases");
	if (!knows_countries(list) && status_more(report, "databases") == 0)
		printf(STATUS_LABEL "no country of an address is known; get a "
				    "database with farmgate-geodata\n",
		    "");
}

/* By what net.anonymizer can be found, and of when that is. */
static void
print_coverage(const struct json *report)
{
	const struct json *list = json_get(report, "anonymizer_coverage"), *o;
	char kind[CTL_TEXT_SIZE], name[CTL_TEXT_SIZE], when[TIME_SIZE];
	const char *source;

	if (list == NULL)
		return;
	if (json_length(list) == 0)
		puts("anonymizer coverage: none");
	for (size_t i = 0; i < json_length(list); i++) {
		o = json_at(list, i);
		source = json_get_string(o, "network", "")[0] != '\0' ?
		    "network" :
		    "database";
		printf("%s%s, %s %s",
		    i == 0 ? "anonymizer coverage: " : "                     ",
		    ctl_text(o, "kind", "-", kind), source,
		    ctl_text(o, source, "-", name));
		if (json_get_int(o, "entries", -1) >= 0)
			printf(", entries: %lld",
			    (long long)json_get_int(o, "entries", 0));
		if (json_get_int(o, "at", -1) >= 0)
			printf(", of %s", local_time(o, "at", when));
		putchar('\n');
	}
	status_print_more(report, "anonymizer_coverage");
}

/* What the store has; missing members are what it could not say. */
static void
print_people(const struct json *report)
{
	const struct json *o = json_get(report, "inventory");
	const struct json *store = json_get(report, "store");
	const struct json *codes = json_get(report, "totp");
	const struct json *host_key = json_get(report, "host_key");
	char text[CTL_TEXT_SIZE], when[TIME_SIZE];

	if (json_get_string(store, "problem", "")[0] != '\0')
		printf(STATUS_LABEL "the store: %s\n", "DEGRADED",
		    ctl_text(store, "problem", "", text));
	if (json_get_string(codes, "problem", "")[0] != '\0')
		printf(STATUS_LABEL "one-time codes: %s\n", "DEGRADED",
		    ctl_text(codes, "problem", "", text));
	if (json_get_string(host_key, "problem", "")[0] != '\0')
		printf(STATUS_LABEL "laptops cannot be asked: %s\n", "DEGRADED",
		    ctl_text(host_key, "problem", "", text));
	if (json_get_int(store, "unsaved", 0) > 0)
		printf(STATUS_LABEL
		    "the store cannot be written: %lld changes of "
		    "sessions are kept in memory until it can\n",
		    "DEGRADED", (long long)json_get_int(store, "unsaved", 0));
	if (o == NULL)
		return;
	printf(STATUS_LABEL, "people");
	if (json_get_int(o, "people", -1) < 0)
		printf("not known");
	else if (json_get_int(o, "since", -1) < 0)
		printf("no inventory");
	else
		printf("%lld, imported %s",
		    (long long)json_get_int(o, "people", 0),
		    local_time(o, "since", when));
	if (json_get_int(o, "exceptions", -1) >= 0)
		printf("; exceptions %lld",
		    (long long)json_get_int(o, "exceptions", 0));
	if (json_get_int(store, "changes", 0) > 0)
		printf("; changes %lld",
		    (long long)json_get_int(store, "changes", 0));
	putchar('\n');
}

static void
print_bundle(const struct json *report)
{
	const struct json *o = json_get(report, "bundle");
	char text[CTL_TEXT_SIZE], made[TIME_SIZE], at[TIME_SIZE];

	if (json_get_int(o, "serial", 0) > 0) {
		printf(STATUS_LABEL "serial %lld, made %s, imported %s\n",
		    "bundle", (long long)json_get_int(o, "serial", 0),
		    local_time(o, "made", made), local_time(o, "at", at));
		printf(STATUS_LABEL "revocations %lld%s\n", "",
		    (long long)json_get_int(o, "revocations", 0),
		    json_get_bool(o, "people", false) ?
			"" :
			"; the people are of a later inventory");
	}
	if (json_get_string(o, "problem", "")[0] != '\0')
		printf(STATUS_LABEL "the bundle: %s\n", "DEGRADED",
		    ctl_text(o, "problem", "", text));
}

/* The last use, in the words that are there. */
static void
print_use(const struct json *last)
{
	char user[CTL_TEXT_SIZE], service[CTL_TEXT_SIZE], from[CTL_TEXT_SIZE];
	char reason[CTL_TEXT_SIZE], ref[CTL_TEXT_SIZE];

	printf(STATUS_LABEL "%s by %s from %s, %s, reference %s\n", "",
	    ctl_text(last, "user", "somebody", user),
	    ctl_text(last, "service", "-", service),
	    ctl_text(last, "from", "-", from),
	    ctl_text(last, "reason", "-", reason),
	    ctl_text(last, "ref", "-", ref));
}

/* Who got in although the gate had failed. */
static void
print_breakglass(const struct json *report)
{
	const struct json *o = json_get(report, "breakglass");
	long long n = json_get_int(o, "count", 0);
	char text[CTL_TEXT_SIZE], since[TIME_SIZE], last[TIME_SIZE];

	if (n > 0) {
		printf(STATUS_LABEL
		    "BREAK-GLASS used %lld %s since %s, last %s\n",
		    "breakglass", n, n == 1 ? "time" : "times",
		    local_time(o, "since", since),
		    local_time(json_get(o, "last"), "at", last));
		print_use(json_get(o, "last"));
	}
	if (json_get_int(o, "waiting", 0) > 0)
		printf(STATUS_LABEL
		    "uses of break-glass that are not in the audit "
		    "log yet: %lld\n",
		    "DEGRADED", (long long)json_get_int(o, "waiting", 0));
	if (json_get_string(o, "problem", "")[0] != '\0')
		printf(STATUS_LABEL "the log of break-glass: %s\n", "DEGRADED",
		    ctl_text(o, "problem", "", text));
}

static void
print_strings(const struct json *report, const char *key)
{
	const struct json *list = json_get(report, key);
	char text[CTL_TEXT_SIZE];
	const char *s;

	for (size_t i = 0; i < json_length(list); i++) {
		s = json_string_at(list, i, "-");
		printf(STATUS_LABEL "%s\n", i == 0 ? key : "",
		    text_escape_utf8(text, sizeof(text), s, strlen(s)));
	}
	status_print_more(report, key);
}

static void
print_counters(const struct json *report)
{
	static const char *const decisions[] = { "allow", "deny", "exempt",
		"observed", "linked", "aborted", "failed", NULL };
	static const char *const latency[] = { "p50", "p90", "p99", NULL };

	if (json_get(report, "decisions") != NULL) {
		printf(STATUS_LABEL, "decisions");
		print_numbers(json_get(report, "decisions"), decisions);
	}
	if (json_get(report, "latency_us") != NULL) {
		printf(STATUS_LABEL, "latency us");
		print_numbers(json_get(report, "latency_us"), latency);
	}
	if (json_get_int(report, "sessions", -1) >= 0)
		printf(STATUS_LABEL "%lld\n", "sessions",
		    (long long)json_get_int(report, "sessions", -1));
}

static void
print_anchors(const struct json *o)
{
	char text[CTL_TEXT_SIZE], when[TIME_SIZE], age[STATUS_AGE_SIZE];

	if (json_get_int(o, "anchored", 0) > 0)
		printf(STATUS_LABEL "anchored up to record %lld, %s%s\n", "",
		    (long long)json_get_int(o, "anchored", 0),
		    local_time(o, "anchored_at", when),
		    status_age(o, "anchor_age_s", age));
	if (json_get_string(o, "audit_key", "")[0] != '\0')
		printf(STATUS_LABEL "anchors signed by %s\n", "",
		    ctl_text(o, "audit_key", "", text));
	if (json_get_string(o, "anchors", "")[0] != '\0')
		printf(STATUS_LABEL "anchors kept in %s\n", "",
		    ctl_text(o, "anchors", "", text));
	if (json_get_string(o, "anchor_problem", "")[0] != '\0')
		printf(STATUS_LABEL "the last anchor: %s\n",
		    json_get_bool(o, "anchor_late", false) ? "DEGRADED" : "",
		    ctl_text(o, "anchor_problem", "", text));
}

/* The last record that tells of records that are wrong or missing, and the last
 * one that tells of anything. */
static void
print_damage(int64_t damaged, int64_t recovered)
{
	if (damaged > 0)
		printf(STATUS_LABEL
		    "the log was damaged, replaced or not brought to the disk, "
		    "see its record %lld; run farmgatectl audit verify; said "
		    "until the daemon starts again\n",
		    "DEGRADED", (long long)damaged);
	if (recovered > damaged)
		printf(STATUS_LABEL "recovered, see its record %lld\n", "",
		    (long long)recovered);
}

static void
print_audit(const struct json *report)
{
	const struct json *o = json_get(report, "audit");
	char text[CTL_TEXT_SIZE];

	if (o == NULL)
		return;
	printf(STATUS_LABEL "%s, record %lld\n", "audit",
	    ctl_text(o, "file", "not known", text),
	    (long long)json_get_int(o, "seq", -1));
	printf(STATUS_LABEL "head %s\n", "",
	    ctl_text(o, "head", "not known", text));
	if (json_get_int(o, "errors", 0) > 0)
		printf(STATUS_LABEL "%lld records could not be written\n", "",
		    (long long)json_get_int(o, "errors", 0));
	print_damage(json_get_int(o, "damaged", 0),
	    json_get_int(o, "recovered", 0));
	if (json_get_int(o, "renamed", 0) > 0)
		printf(STATUS_LABEL "renamed by somebody, see its record "
				    "%lld\n",
		    "", (long long)json_get_int(o, "renamed", 0));
	if (json_get_string(o, "error", "")[0] != '\0')
		printf(STATUS_LABEL "%s\n", "", ctl_text(o, "error", "", text));
	print_anchors(o);
}

static void
print_parts(const struct json *report)
{
	const struct json *sandbox = json_get(report, "sandbox");
	int64_t abi = json_get_int(sandbox, "landlock_abi", -1);
	char text[CTL_TEXT_SIZE];

	status_print_scanner(json_get(report, "scanner"));
	status_print_hooks(json_get(report, "hooks"));
	if (sandbox == NULL)
		return;
	printf(STATUS_LABEL "seccomp %s, landlock ", "sandbox",
	    ctl_text(sandbox, "seccomp", "not known", text));
	if (abi > 0)
		printf("ABI %lld\n", (long long)abi);
	else
		printf("%s\n", abi == 0 ? "not in this kernel" : "not known");
}

static void
print_report(const struct json *report)
{
	if (json_get_bool(report, "truncated", false)) {
		ctl_complain("status: the report is too long to be sent");
		return;
	}
	print_daemon(report);
	print_breakglass(report);
	print_rollout(report);
	print_config(report);
	print_catalogue(json_get(report, "catalogue"));
	status_print_machine(json_get(report, "machine"));
	status_print_witness(json_get(report, "witness"));
	print_databases(report);
	print_coverage(report);
	print_strings(report, "warnings");
	print_people(report);
	status_print_assets(json_get(report, "assets"));
	status_print_laptops(json_get(report, "laptops"));
	print_bundle(report);
	print_counters(report);
	print_audit(report);
	status_print_keep(report);
	print_parts(report);
	status_print_sockets(json_get(report, "sockets"));
}

int
cmd_status(const struct ctl *ctl, int argc, char **argv)
{
	struct json *report;
	bool json;
	int status;

	if (ctl_take_json(argv[0], argc, argv, &json) != CTL_OK)
		return CTL_ERROR;
	if (optind < argc)
		return ctl_misuse(argv[0], "status: unexpected argument %s",
		    argv[optind]);
	if (ctl_call(ctl, FG_MSG_STATUS, STATUS_TIMEOUT_MS, &report, &status) !=
	    CTL_OK) {
		/* Now it matters most. */
		report = json_new();
		add_rollout(report);
		if (!json)
			print_rollout(report);
		else if (json_get(report, "rollout") != NULL)
			(void)ctl_print_json(report); /* it is an error yet */
		json_free(report);
		return CTL_ERROR;
	}
	add_rollout(report);
	status_add_hooks(report);
	if (!json)
		print_report(report);
	else if (ctl_print_json(report) != CTL_OK)
		status = CTL_ERROR;
	json_free(report);
	return status;
}
