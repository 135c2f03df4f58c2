/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The help desk's own sessions, for administrators: for which time which tool
 * may be used on this machine. What cannot be recorded is taken back.
 */
#include <string.h>

#include "policyd/check/check_sign.h"
#include "policyd/conf/conf_parts.h"
#include "policyd/control/control_parts.h"
#include "policyd/log.h"
#include "policyd/text.h"
#include "proto/result.h"

#define SUPPORT_LIST_MS	  10000u
#define SUPPORT_LONGEST_S INT64_C(2678400) /* 31 days */

static const char *
own_asset(const struct control_job *job)
{
	return job->daemon->rules->conf->machine.asset;
}

static const char *
state_of(const struct store_support *s, const char *asset, int64_t at_s)
{
	if (at_s >= s->until_s)
		return "expired";
	if (at_s < s->from_s)
		return "later"; /* the clock was set back */
	return asset == NULL || strcmp(asset, s->asset) == 0 ? "in force" :
							       "elsewhere";
}

static void
support_set(struct json *json, const struct store_support *s, const char *asset)
{
	json_set_int(json, "id", (int64_t)s->id);
	json_set_untrusted(json, "asset", s->asset);
	json_set_untrusted(json, "tool", s->tool);
	json_set_int(json, "from", s->from_s);
	json_set_int(json, "until", s->until_s);
	json_set_string(json, "state", state_of(s, asset, daemon_wall_s()));
	json_set_untrusted(json, "reason", s->reason);
	json_set_int(json, "by_uid", s->by_uid);
	json_set_id(json, "by_loginuid", s->by_loginuid);
	json_set_int(json, "at", s->at_s);
}

/* ---- add ---------------------------------------------------------------- */

static bool
take_asset(struct control_job *job, struct store_support *s)
{
	const char *asset = control_text(job, "asset", STORE_ASSET_MAX);
	const char *own = own_asset(job);

	if (asset == NULL)
		return false;
	if (own != NULL && strcmp(own, asset) != 0) {
		control_problem(job,
		    "this machine is %s, and not %s; write %s if this one is "
		    "meant, or run it on the other",
		    own, asset, own);
		return false;
	}
	(void)text_copy(s->asset, sizeof(s->asset), asset);
	return true;
}

/* Whether support is anything to this entry. */
static bool
is_tool(const struct catalogue_entry *entry)
{
	enum finding_code code = check_sign_code(entry->kind);

	return code == FINDING_REMOTE_TOOL || code == FINDING_REMOTE_DESKTOP ||
	    code == FINDING_REMOTE_TUNNEL;
}

static void
refuse_tool(struct control_job *job, const char *tool)
{
	const struct catalogue *catalogue = job->daemon->rules->catalogue;
	const struct catalogue_entry *entry = catalogue_find(catalogue, tool);
	struct conf_near near = { .word = tool };
	char text[CONF_NEAR_SIZE];
	size_t i;

	if (entry != NULL) {
		control_problem(job,
		    "%s is of kind %s, and support is for tools, desktops and "
		    "tunnels",
		    tool, entry_kind_name(entry->kind));
		return;
	}
	for (i = 0; i < catalogue->nentries; i++)
		if (is_tool(&catalogue->entries[i]))
			conf_near_offer(&near, catalogue->entries[i].name);
	control_problem(job, "the catalogue has no tool %s; %s", tool,
	    conf_near_text(&near, "farmgatectl catalogue list shows them",
		text));
}

/* What the catalogue does not have is never found, and needs no support. */
static bool
take_tool(struct control_job *job, struct store_support *s)
{
	const struct catalogue *catalogue = job->daemon->rules->catalogue;
	const char *tool = control_text(job, "tool", ENTRY_NAME_MAX);
	size_t i;

	if (tool == NULL)
		return false;
	for (i = 0; i < catalogue->nentries; i++)
		if (strcmp(catalogue->entries[i].name, tool) == 0 &&
		    is_tool(&catalogue->entries[i])) {
			(void)text_copy(s->tool, sizeof(s->tool), tool);
			return true;
		}
	refuse_tool(job, tool);
	return false;
}

static bool
take_times(struct control_job *job, struct store_support *s)
{
	s->at_s = s->from_s = daemon_wall_s();
	s->until_s = json_get_int(job->args, "until", -1);
	if (s->until_s < 0)
		control_problem(job, "until is needed, and a time");
	else if (s->until_s <= s->from_s)
		control_problem(job,
		    "until is over already; it has to be in the future");
	else if (s->until_s - s->from_s > SUPPORT_LONGEST_S)
		control_problem(job,
		    "support holds for at most 31 days; a tool that is always "
		    "there goes into approved, in scan of farmgate.conf");
	else
		return true;
	return false;
}

static bool
support_take(struct control_job *job, struct store_support *s)
{
	const char *reason;

	memset(s, 0, sizeof(*s));
	if (!take_asset(job, s) || !take_tool(job, s) || !take_times(job, s) ||
	    (reason = control_text(job, "reason", STORE_REASON_MAX)) == NULL)
		return false;
	(void)text_copy(s->reason, sizeof(s->reason), reason);
	return true;
}

bool
control_support_add_check(struct control_job *job)
{
	struct store_support s;

	return support_take(job, &s);
}

static void
take_back(struct control_job *job, const struct store_support *s)
{
	struct store_support removed;

	if (store_support_remove(job->daemon->store, s->id, &removed) != 0)
		log_crit("support %llu by %s is in force and not in the audit "
			 "log",
		    (unsigned long long)s->id, s->tool);
	control_unrecorded(job, "nothing is permitted");
}

static void
support_added(struct control_job *job, const struct store_support *s)
{
	const char *own = own_asset(job);
	char text[CONTROL_PROBLEM_MAX];
	struct json *json;

	if (control_record_support(job, "add", s) != 0) {
		take_back(job, s);
		return;
	}
	json = json_new();
	support_set(json, s, own);
	if (own == NULL) {
		(void)text_format(text, sizeof(text),
		    "this machine has no tag (asset in farmgate.conf), so "
		    "that %s is taken for it",
		    s->asset);
		json_set_untrusted(json, "warning", text);
	}
	control_answer(job, json, CONTROL_OK);
}

void
control_support_add(struct control_job *job)
{
	struct store_support s;
	int r;

	if (!support_take(job, &s)) { /* its time may be over by now */
		control_refuse(job);
		return;
	}
	s.by_uid = job->by.uid;
	s.by_loginuid = job->by.loginuid;
	if ((r = store_support_add(job->daemon->store, &s)) == 0) {
		support_added(job, &s);
	} else if (r == FG_ERR_LIMIT) {
		control_problem(job,
		    "%u have not ended, and more are not looked at; remove "
		    "one with farmgatectl support remove",
		    STORE_SUPPORTS_MAX);
		control_refuse(job);
	} else {
		control_failed(job, "support", r);
	}
}

/* ---- remove ------------------------------------------------------------- */

bool
control_support_remove_check(struct control_job *job)
{
	if (json_get_int(job->args, "id", 0) >= 1)
		return true;
	control_problem(job,
	    "a number is needed, as farmgatectl support list shows it");
	return false;
}

/* Unlike an addition it stands without its record: it permits nothing. */
void
control_support_remove(struct control_job *job)
{
	uint64_t id = (uint64_t)json_get_int(job->args, "id", 0);
	struct store_support s;
	struct json *json;
	int r;

	r = store_support_remove(job->daemon->store, id, &s);
	if (r == FG_ERR_NOT_FOUND) {
		control_problem(job,
		    "there is no support %llu; farmgatectl support list --all "
		    "shows them",
		    (unsigned long long)id);
		control_not_found(job);
		return;
	}
	if (r != 0) {
		control_failed(job, "support", r);
		return;
	}
	json = json_new();
	support_set(json, &s, own_asset(job));
	control_set_removed(job, json);
	r = control_record_support(job, "remove", &s);
	if (r != 0)
		json_set_string(json, "error", CONTROL_UNRECORDED);
	control_answer(job, json, r == 0 ? CONTROL_OK : CONTROL_ERROR);
}

/* ---- list --------------------------------------------------------------- */

struct support_list {
	struct control_out out;
	const struct control_job *job;
};

static int
list_one(const struct store_support *s, void *arg)
{
	struct support_list *list = arg;
	struct json *json = json_new();

	support_set(json, s, own_asset(list->job));
	control_out_json(&list->out, json);
	return list->out.failed;
}

static int
list_all(struct store *store, void *arg)
{
	struct support_list *list = arg;
	bool expired = json_get_bool(list->job->args, "all", false);

	return store_supports_each(store, expired, daemon_wall_s(), list_one,
	    list);
}

static int
list_run(int out_fd, void *arg)
{
	static struct support_list list;
	int r;

	list.job = arg;
	control_out_init(&list.out, out_fd);
	r = control_out_store(&list.out, list.job, list_all, &list);
	return r == 0 ? CONTROL_OK :
			control_out_failed(&list.out, "support", r);
}

void
control_support_list(struct control_job *job)
{
	control_work(job, list_run, control_finished, SUPPORT_LIST_MS);
}
