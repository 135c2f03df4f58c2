/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Status and reload for farmgatectl. Reports are JSON; nothing here changes a
 * decision except through reload().
 */
#include "policyd/control/control.h"

#include <string.h>
#include <unistd.h>

#include "policyd/anchors.h"
#include "policyd/control/control_asset.h"
#include "policyd/control/control_parts.h"
#include "policyd/control/control_read.h"
#include "policyd/expiry.h"
#include "policyd/glass.h"
#include "policyd/hooklink.h"
#include "policyd/listen.h"
#include "policyd/log.h"
#include "policyd/machine/scanlink.h"
#include "policyd/reload/reload.h"
#include "policyd/request/request_prove.h"
#include "policyd/store/store_asset.h"
#include "policyd/text.h"
#include "proto/result.h"

#define CONTROL_HEALTHY	 0
#define CONTROL_DEGRADED 1

/* Takes json. */
static void
control_report(struct conn *conn, struct json *json, int exit_status)
{
	uint8_t data[FG_MSG_MAX];
	size_t len;

	control_fit(json);
	if (control_encode(conn, json, exit_status, data, &len) != 0 ||
	    conn_send(conn, data, len) != 0)
		log_client("control: pid %d: the report did not go out",
		    conn->facts.peer.pid);
	conn_close(conn);
}

static void
control_add_texts(struct json *list, const struct conf_errors *errors)
{
	char text[1024];
	size_t i;

	for (i = 0; i < errors->count; i++) {
		conf_error_text(&errors->list[i], text, sizeof(text));
		json_add_string(list, text);
	}
}

static void
control_add_config(struct json *json, const struct daemon *daemon)
{
	const struct ruleset *rules = daemon->rules;
	struct json *config = json_set_object(json, "config");

	json_set_untrusted(config, "file", rules->conf->path);
	json_set_string(config, "sha256", rules->conf->hash);
	json_set_int(config, "loaded_at", rules->loaded_at_s);
	json_set_int(config, "policies", (int64_t)rules->conf->npolicies);
	json_set_int(config, "networks", (int64_t)rules->conf->nnetworks);
	if (daemon->refused_at_s != 0)
		json_set_int(config, "refused_at", daemon->refused_at_s);
}

static void
control_add_catalogue(struct json *json, const struct daemon *daemon)
{
	const struct catalogue *catalogue = daemon->rules->catalogue;
	struct json *o = json_set_object(json, "catalogue");

	json_set_int(o, "entries", (int64_t)catalogue->nentries);
	json_set_int(o, "signs", (int64_t)catalogue->nrules);
	json_set_int(o, "files", (int64_t)catalogue->nfiles);
	json_set_string(o, "sha256", catalogue->hash);
	if (daemon->rules->partial)
		json_set_bool(o, "partial", true);
}

static void
control_add_databases(struct json *json, const struct daemon *daemon,
    const struct conf_errors *old)
{
	const struct conf_errors *refused = reload_refused_data(daemon);
	const struct ruleset *rules = daemon->rules;
	struct json *list = json_set_array(json, "databases"), *entry;
	const struct geo_info *info;
	size_t i;

	for (i = 0; i < geo_count(rules->geo); i++) {
		info = geo_info(rules->geo, i);
		entry = json_add_object(list);
		json_set_string(entry, "kind",
		    conf_database_kind_name(info->kind));
		json_set_untrusted(entry, "path", info->path);
		json_set_untrusted(entry, "type", info->type);
		json_set_string(entry, "schema", geo_schema_name(info->schema));
		json_set_int(entry, "build", (int64_t)info->build_s);
		json_set_int(entry, "age_s",
		    daemon_wall_s() - (int64_t)info->build_s);
		json_set_int(entry, "bytes", (int64_t)info->len);
		json_set_string(entry, "sha256", info->hash);
	}
	list = json_set_array(json, "warnings");
	control_add_texts(list, &rules->warnings);
	control_add_texts(list, old);
	/* A replacement that cannot be used: what was there before is. */
	if (refused != NULL)
		control_add_texts(list, refused);
}

/* What it does not see, and that this is meant. */
static void
control_add_scanner(struct json *json, const struct daemon *daemon)
{
	const struct conf *conf = daemon->rules->conf;
	struct json *o = json_set_object(json, "scanner");

	json_set_string(o, "state", scanlink_state(daemon->scanlink));
	json_set_string(o, "coverage", scanlink_coverage(daemon->scanlink));
	if (scanlink_is_running(daemon->scanlink) && conf->machine.contained &&
	    scanlink_lacks(daemon->scanlink, false) != NULL &&
	    scanlink_lacks(daemon->scanlink, true) == NULL)
		json_set_bool(o, "accepted", true);
	json_set_bool(o, "terminate",
	    scanlink_is_running(daemon->scanlink) && conf->terminate);
}

/* What net.anonymizer can be found by; an empty list if by nothing. */
static void
control_add_coverage(struct json *json, const struct ruleset *rules)
{
	struct json *list = json_set_array(json, "anonymizer_coverage"), *entry;
	const struct conf_network *net;
	const struct geo_info *info;
	size_t i;

	for (i = 0; i < rules->conf->nnetworks; i++) {
		net = &rules->conf->networks[i];
		if (!conf_kind_is_anonymizer(net->kind))
			continue;
		entry = json_add_object(list);
		json_set_string(entry, "kind", conf_net_kind_name(net->kind));
		json_set_untrusted(entry, "network", net->name);
		json_set_int(entry, "entries", (int64_t)netset_count(net->set));
		if (net->listed_at_s != 0)
			json_set_int(entry, "at", net->listed_at_s);
	}
	for (i = 0; i < geo_count(rules->geo); i++) {
		info = geo_info(rules->geo, i);
		if (info->kind != CONF_DATABASE_ANONYMOUS)
			continue;
		entry = json_add_object(list);
		json_set_string(entry, "kind", "anonymous");
		json_set_untrusted(entry, "database", info->path);
		json_set_int(entry, "at", (int64_t)info->build_s);
	}
}

/* Buckets are as Prometheus wants them: each has all that is below it, too. */
static void
control_add_latency(struct json *json, const struct stats *stats)
{
	struct json *o = json_set_object(json, "latency_us"), *list, *bucket;
	int64_t now_ns = loop_now_ns();
	uint64_t n = 0;
	size_t i;

	json_set_int(o, "p50", stats_percentile(stats, now_ns, 50));
	json_set_int(o, "p90", stats_percentile(stats, now_ns, 90));
	json_set_int(o, "p99", stats_percentile(stats, now_ns, 99));
	json_set_int(o, "recent", (int64_t)stats_recent(stats, now_ns));
	json_set_int(o, "count", (int64_t)stats->latencies);
	json_set_int(o, "sum", (int64_t)stats->latency_sum_us);
	list = json_set_array(o, "buckets");
	for (i = 0; i < STATS_BOUNDS; i++) {
		n += stats->within[i];
		bucket = json_add_object(list);
		json_set_int(bucket, "le", stats_bound_us[i]);
		json_set_int(bucket, "count", (int64_t)n);
	}
}

static void
control_add_counters(struct json *json, const struct daemon *daemon)
{
	const struct stats *stats = &daemon->stats;
	struct json *o = json_set_object(json, "decisions");

	json_set_int(o, "allow", (int64_t)stats->verdict[FG_VERDICT_ALLOW]);
	json_set_int(o, "deny", (int64_t)stats->verdict[FG_VERDICT_DENY]);
	json_set_int(o, "exempt", (int64_t)stats->verdict[FG_VERDICT_EXEMPT]);
	json_set_int(o, "observed", (int64_t)stats->observed);
	json_set_int(o, "linked", (int64_t)stats->linked);
	json_set_int(o, "aborted", (int64_t)stats->aborted);
	json_set_int(o, "failed", (int64_t)stats->failed);
	control_add_latency(json, stats);
	json_set_int(json, "sessions",
	    (int64_t)session_count(daemon->sessions));
	json_set_int(json, "stepups", (int64_t)request_prove_pending(daemon));
}

static void
control_add_parts(struct json *json, const struct daemon *daemon)
{
	struct json *o = json_set_object(json, "audit");

	json_set_untrusted(o, "file", daemon->rules->conf->audit);
	json_set_int(o, "seq", (int64_t)audit_sequence(daemon->audit));
	json_set_string(o, "head", audit_head(daemon->audit));
	json_set_int(o, "errors", (int64_t)daemon->stats.audit_errors);
	if (daemon->stats.audit_damaged != 0)
		json_set_int(o, "recovered",
		    (int64_t)daemon->stats.audit_damaged);
	if (daemon->stats.audit_broken != 0)
		json_set_int(o, "damaged", (int64_t)daemon->stats.audit_broken);
	if (daemon->stats.audit_recovered > daemon->stats.audit_damaged)
		json_set_int(o, "renamed",
		    (int64_t)daemon->stats.audit_recovered);
	if (audit_error(daemon->audit) != 0)
		json_set_string(o, "error",
		    strerror(audit_error(daemon->audit)));
	anchors_status(daemon, o);
	expiry_status(daemon, o);
	listen_status(daemon, json);
	control_add_scanner(json, daemon);
	hooklink_status(daemon->hooks, json);
	o = json_set_object(json, "sandbox");
	json_set_string(o, "seccomp",
	    daemon->options.seccomp == SANDBOX_KILL ? "kill" : "errno");
	json_set_int(o, "landlock_abi", daemon->landlock_abi);
}

static void
control_add_assets(struct json *json, const struct daemon *daemon)
{
	struct json *o = json_set_object(json, "assets");
	uint64_t generation;
	int64_t since_s;
	size_t count;

	if (store_assets_count(daemon->store, &count) == 0)
		json_set_int(o, "assets", (int64_t)count);
	if (store_assets_generation(daemon->store, &generation, &since_s) ==
	    0) {
		json_set_int(o, "generation", (int64_t)generation);
		json_set_int(o, "since", since_s);
	}
}

/* What a member is missing for, the problem says. */
static void
control_add_people(struct json *json, const struct daemon *daemon)
{
	int64_t now_s = daemon_wall_s(), since_s;
	struct json *o = json_set_object(json, "store");
	struct store_changes changes;
	uint64_t generation;
	size_t count;

	json_set_string(o, "state", daemon->store != NULL ? "open" : "missing");
	if (daemon->store_problem != NULL)
		json_set_untrusted(o, "problem", daemon->store_problem);
	if (daemon->store == NULL)
		return;
	json_set_int(o, "unsaved", (int64_t)sessions_unsaved(daemon->sessions));
	if (store_changes(daemon->store, &changes) == 0) {
		json_set_int(o, "changes", (int64_t)changes.own);
		json_set_int(o, "known", (int64_t)changes.known);
	}
	o = json_set_object(json, "inventory");
	if (store_people_count(daemon->store, &count) == 0)
		json_set_int(o, "people", (int64_t)count);
	if (store_people_generation(daemon->store, &generation, &since_s) ==
	    0) {
		json_set_int(o, "generation", (int64_t)generation);
		json_set_int(o, "since", since_s);
	}
	if (store_exceptions_count(daemon->store, NULL, now_s, &count) == 0)
		json_set_int(o, "exceptions", (int64_t)count);
	control_holds_set(json, daemon->store);
	control_add_assets(json, daemon);
	if (daemon->keyring_problem != NULL)
		json_set_untrusted(json_set_object(json, "totp"), "problem",
		    daemon->keyring_problem);
	if (daemon->host_key_problem != NULL)
		json_set_untrusted(json_set_object(json, "host_key"), "problem",
		    daemon->host_key_problem);
}

static void
control_add_bundle(struct json *json, const struct store_bundle *bundle,
    const char *problem)
{
	struct json *o;

	if (bundle->serial == 0 && problem == NULL)
		return;
	o = json_set_object(json, "bundle");
	if (bundle->serial != 0) {
		json_set_int(o, "serial", (int64_t)bundle->serial);
		json_set_int(o, "made", bundle->made_s);
		json_set_int(o, "at", bundle->at_s);
		json_set_string(o, "key", bundle->key);
		json_set_int(o, "revocations", (int64_t)bundle->revocations);
		json_set_bool(o, "people", bundle->people);
	}
	if (problem != NULL)
		json_set_string(o, "problem", problem);
}

static bool
control_is_healthy(const struct daemon *daemon)
{
	return scanlink_is_running(daemon->scanlink) &&
	    listen_is_reachable(daemon) && daemon->rules->warnings.count == 0 &&
	    daemon->refused_at_s == 0 && reload_refused_data(daemon) == NULL &&
	    !daemon->audit_failing && daemon->stats.audit_broken == 0 &&
	    !anchors_are_late(daemon) && !expiry_is_stuck(daemon) &&
	    daemon->store != NULL && daemon->store_problem == NULL &&
	    daemon->keyring_problem == NULL &&
	    daemon->host_key_problem == NULL &&
	    control_device_key_problem(daemon) == NULL &&
	    sessions_unsaved(daemon->sessions) == 0 && glass_is_settled(daemon);
}

static void
control_status_finish(struct conn *conn)
{
	struct daemon *daemon = conn->daemon;
	struct conf_errors old = { 0 };
	struct store_bundle bundle;
	const char *problem;
	struct json *json;
	bool healthy;

	glass_take(daemon);
	ruleset_warn_old(daemon->rules, daemon_wall_s(), &old);
	problem = control_bundle_problem(daemon, &bundle);
	healthy =
	    control_is_healthy(daemon) && old.count == 0 && problem == NULL;
	json = json_new();
	json_set_string(json, "version", FG_PACKAGE_VERSION);
	json_set_int(json, "protocol", FG_VERSION);
	json_set_int(json, "pid", getpid());
	json_set_int(json, "since", daemon->started_at_s);
	json_set_string(json, "mode",
	    conf_mode_name(daemon->rules->conf->mode));
	json_set_bool(json, "degraded", !healthy);
	control_add_config(json, daemon);
	control_add_catalogue(json, daemon);
	control_machine_set(json, daemon);
	control_add_databases(json, daemon, &old);
	control_add_coverage(json, daemon->rules);
	control_add_people(json, daemon);
	control_add_bundle(json, &bundle, problem);
	glass_status(daemon, daemon_wall_s(), json);
	conf_errors_done(&old);
	control_add_counters(json, daemon);
	control_add_parts(json, daemon);
	control_report(conn, json,
	    healthy ? CONTROL_HEALTHY : CONTROL_DEGRADED);
}

/* How it is has to be seen, also when it can record nothing any more. */
static void
control_status_read(struct conn *conn)
{
	(void)control_read(conn->daemon, &conn->facts.peer, "status", "");
	control_status_finish(conn);
}

/* Of whom it is recorded the scanner tells more. */
void
control_status(struct conn *conn, size_t len)
{
	if (len != FG_HEADER_SIZE) {
		conn_fail(conn, FG_FAIL_MALFORMED);
		return;
	}
	if (conn->role != LISTEN_AUDIT) {
		control_status_finish(conn);
		return;
	}
	conn->state = CONN_WORKING;
	if (!conn_ask_peer(conn))
		control_status_read(conn);
}

/* Who asked belongs into the record, so the scanner's answer comes first. */
void
control_reload(struct conn *conn, size_t len)
{
	if (len != FG_HEADER_SIZE) {
		conn_fail(conn, FG_FAIL_MALFORMED);
		return;
	}
	conn->state = CONN_WORKING;
	if (!conn_ask_peer(conn))
		control_finish(conn);
}

static void
control_reload_finish(struct conn *conn)
{
	const struct reload_by by = { .peer = &conn->facts.peer,
		.conn = conn->id };

	loop_timer_clear(conn->timer); /* it takes as long as it takes */
	reload(conn->daemon, &by);
}

/* The policy that keeps everybody out, because it wants people to be verified
 * and nobody is; or NULL. */
static const struct conf_policy *
find_unpassable(const struct daemon *daemon, unsigned int *ret_line)
{
	const struct conf *conf = daemon->rules->conf;
	const struct conf_policy *p;
	enum conf_mode mode;
	bool any = true;

	if (daemon->store == NULL ||
	    store_verified_any(daemon->store, &any) != 0 || any)
		return NULL;
	for (size_t i = 0; i < conf->npolicies; i++) {
		p = &conf->policies[i];
		mode = p->mode != CONF_MODE_NONE ? p->mode : conf->mode;
		if (mode == CONF_MODE_ENFORCE &&
		    conf_names(conf, p, FINDING_PERSON_UNVERIFIED) &&
		    conf_action(conf, p, FINDING_PERSON_UNVERIFIED, "never",
			ret_line) == ACTION_DENY)
			return p;
	}
	return NULL;
}

static void
control_add_unpassable(struct json *list, const struct daemon *daemon)
{
	const struct conf_policy *policy;
	char text[1024];
	unsigned int line;

	if ((policy = find_unpassable(daemon, &line)) == NULL)
		return;
	(void)text_format(text, sizeof(text),
	    "%s:%u: policy %s denies person.unverified, and nobody is "
	    "verified, so that it keeps everybody out; have the "
	    "administrators verified first: farmgatectl verify",
	    daemon->rules->conf->path, line, policy->name);
	json_add_string(list, text);
}

void
control_reloaded(struct daemon *daemon, uint64_t id, int r,
    const struct conf_errors *errors)
{
	struct conn *conn;
	struct json *json, *list;

	if ((conn = conn_by_id(daemon, id)) == NULL)
		return; /* it went away */
	json = json_new();
	json_set_bool(json, "ok", r == 0);
	control_add_texts(json_set_array(json, "errors"), errors);
	if (r == 0) {
		list = json_set_array(json, "warnings");
		control_add_texts(list, &daemon->rules->warnings);
		control_add_unpassable(list, daemon);
		control_asset_warn_reloaded(daemon, list);
	}
	json_set_string(json, "sha256", daemon->rules->conf->hash);
	control_report(conn, json, r == 0 ? 0 : 1);
}

void
control_finish(struct conn *conn)
{
	if (conn->job == NULL && conn->role == LISTEN_AUDIT)
		control_status_read(conn);
	else if (conn->job == NULL)
		control_reload_finish(conn);
	else
		control_command_finish(conn->job);
}
