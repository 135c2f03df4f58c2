/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The commands of administrators: the one table of what there is and who may,
 * and the way from a COMMAND to its function. What a command does is its
 * noun's file's business.
 */
#include <string.h>

#include "policyd/conf/conf_parts.h"
#include "policyd/control/control.h"
#include "policyd/control/control_asset.h"
#include "policyd/control/control_enrol.h"
#include "policyd/control/control_parts.h"
#include "policyd/control/control_read.h"
#include "policyd/crypto.h"
#include "policyd/log.h"
#include "policyd/text.h"
#include "proto/result.h"

#define COMMAND_LOOK_MS 200u /* the age of what a reader is shown */

/* name, who, store, changes, looks, uploads, check, start */
static const struct control_entry commands[] = {
	{ "inventory.import", CONTROL_ADMIN, true, true, false,
	    CONTROL_INVENTORY_MAX, control_inventory_import_check,
	    control_inventory_import },
	{ "inventory.export", CONTROL_ADMIN, true, true, false, 0, NULL,
	    control_inventory_export },
	{ "inventory.show", CONTROL_READER, true, false, false, 0,
	    control_inventory_show_check, control_inventory_show },
	{ "inventory.accept", CONTROL_ADMIN, true, true, false, 0,
	    control_inventory_accept_check, control_inventory_accept },
	{ "asset.import", CONTROL_ADMIN, true, true, false, CONTROL_ASSETS_MAX,
	    control_asset_import_check, control_asset_import },
	{ "asset.export", CONTROL_ADMIN, true, true, false, 0, NULL,
	    control_asset_export },
	{ "asset.show", CONTROL_READER, true, false, false, 0,
	    control_asset_show_check, control_asset_show },
	{ "asset.check", CONTROL_READER, true, false, false, 0, NULL,
	    control_asset_check },
	{ "except.add", CONTROL_ADMIN, true, true, false, 0,
	    control_except_add_check, control_except_add },
	{ "except.list", CONTROL_READER, true, false, false, 0, NULL,
	    control_except_list },
	{ "except.remove", CONTROL_ADMIN, true, true, false, 0,
	    control_except_remove_check, control_except_remove },
	{ "bypass", CONTROL_ADMIN, true, true, false, 0, control_bypass_check,
	    control_bypass },
	{ "totp.enrol", CONTROL_ADMIN, true, true, false, 0,
	    control_totp_enrol_check, control_totp_enrol },
	{ "totp.verify", CONTROL_ADMIN, true, true, false, 0,
	    control_totp_verify_check, control_totp_verify },
	{ "totp.withdraw", CONTROL_ADMIN, true, true, false, 0,
	    control_totp_check, control_totp_withdraw },
	{ "totp.list", CONTROL_READER, true, false, false, 0, NULL,
	    control_totp_list },
	{ "totp.remove", CONTROL_ADMIN, true, true, false, 0,
	    control_totp_check, control_totp_remove },
	{ "totp.recovery", CONTROL_ADMIN, true, true, false, 0,
	    control_totp_check, control_totp_recovery },
	{ "totp.reset", CONTROL_ADMIN, true, true, false, 0, control_totp_check,
	    control_totp_reset },
	{ "verify", CONTROL_ADMIN, true, true, false, 0, control_verify_check,
	    control_verify },
	{ "verify.may", CONTROL_ADMIN, true, true, false, 0,
	    control_verify_check, control_verify_may },
	{ "verify.list", CONTROL_READER, true, false, false, 0, NULL,
	    control_verify_list },
	{ "verify.remove", CONTROL_ADMIN, true, true, false, 0,
	    control_verify_remove_check, control_verify_remove },
	{ "baseline.learn", CONTROL_ADMIN, true, true, true, 0,
	    control_baseline_learn_check, control_baseline_learn },
	{ "baseline.show", CONTROL_READER, true, false, true, 0, NULL,
	    control_baseline_show },
	{ "baseline.accept", CONTROL_ADMIN, true, true, true, 0,
	    control_baseline_accept_check, control_baseline_accept },
	{ "enrol.host", CONTROL_ADMIN, false, true, false, 0, NULL,
	    control_enrol_host },
	{ "enrol.add", CONTROL_ADMIN, true, true, false, 0,
	    control_enrol_add_check, control_enrol_add },
	{ "device.list", CONTROL_READER, true, false, false, 0, NULL,
	    control_device_list },
	{ "device.revoke", CONTROL_ADMIN, true, true, false, 0,
	    control_device_revoke_check, control_device_revoke },
	{ "device.remove", CONTROL_ADMIN, true, true, false, 0,
	    control_device_remove_check, control_device_remove },
	{ "support.add", CONTROL_ADMIN, true, true, false, 0,
	    control_support_add_check, control_support_add },
	{ "support.list", CONTROL_READER, true, false, false, 0, NULL,
	    control_support_list },
	{ "support.remove", CONTROL_ADMIN, true, true, false, 0,
	    control_support_remove_check, control_support_remove },
	{ "hold.add", CONTROL_ADMIN, true, true, false, 0,
	    control_hold_add_check, control_hold_add },
	{ "hold.list", CONTROL_READER, true, false, false, 0, NULL,
	    control_hold_list },
	{ "hold.remove", CONTROL_ADMIN, true, true, false, 0,
	    control_hold_remove_check, control_hold_remove },
	{ "stepup.list", CONTROL_READER, true, false, false, 0, NULL,
	    control_stepup_list },
	{ "stepup.forget", CONTROL_ADMIN, true, true, false, 0,
	    control_stepup_check, control_stepup_forget },
	{ "approvals", CONTROL_READER, false, false, false, 0, NULL,
	    control_approval_list },
	{ "approve", CONTROL_ADMIN, false, true, false, 0,
	    control_approve_check, control_approve },
	{ "refuse", CONTROL_ADMIN, false, true, false, 0, control_refuse_check,
	    control_approval_refuse },
	{ "sessions.list", CONTROL_READER, false, false, false, 0, NULL,
	    control_session_list },
	{ "policy.counters", CONTROL_READER, false, false, false, 0, NULL,
	    control_counters },
	{ "farm", CONTROL_READER, true, false, false, 0, NULL, control_farm },
	{ "revoke", CONTROL_ADMIN, true, true, false, 0, control_revoke_check,
	    control_revoke },
	{ "unrevoke", CONTROL_ADMIN, true, true, false, 0,
	    control_unrevoke_check, control_unrevoke },
	{ "revocations", CONTROL_READER, true, false, false, 0, NULL,
	    control_revocations },
	{ "bundle.export", CONTROL_ADMIN, true, true, false, 0,
	    control_bundle_export_check, control_bundle_export },
	{ "bundle.import", CONTROL_ADMIN, true, true, false, BUNDLE_MAX,
	    control_import_check, control_bundle_import },
	{ "bundle.forget", CONTROL_ADMIN, true, true, false, 0,
	    control_bundle_forget_check, control_bundle_forget },
	{ "rollout", CONTROL_ADMIN, false, true, false, 0,
	    control_rollout_check, control_rollout },
	{ "audit.review", CONTROL_ADMIN, false, true, false, 0,
	    control_review_check, control_review },
	{ "policy.text", CONTROL_READER, false, false, false, 0,
	    control_policy_check, control_policy_text },
	{ "person.export", CONTROL_ADMIN, true, true, false, 0,
	    control_person_name_check, control_person_export },
	{ "person.forget", CONTROL_ADMIN, true, true, false, 0,
	    control_person_forget_check, control_person_forget },
	{ "log.read", CONTROL_READER, false, false, false, 0,
	    control_log_read_check, control_log_read },
	{ "person.decide", CONTROL_READER, false, false, true, 0,
	    control_person_check, control_person },
	{ "scan", CONTROL_READER, false, false, true, 0, NULL, control_scan },
	{ "device.show", CONTROL_READER, false, false, false, 0, NULL,
	    control_device_show },
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static const struct control_entry *
command_find(const char *name)
{
	size_t i;

	for (i = 0; i < COMMANDS; i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

/* Who is connected is root or of farmgate-admin, or by audit.sock of
 * farmgate-audit: conn.c has let in no others. */
static bool
command_is_permitted(const struct control_entry *command, enum listen_role role)
{
	switch (command->who) {
	case CONTROL_ADMIN:
		return role == LISTEN_CONTROL;
	case CONTROL_READER:
		return true;
	case CONTROL_NOBODY:
		break;
	}
	return false;
}

const char *
control_text(struct control_job *job, const char *key, size_t max)
{
	const char *text = json_get_string(job->args, key, "");

	if (text[0] == '\0') {
		control_problem(job, "%s is missing", key);
		return NULL;
	}
	if (strlen(text) > max) {
		control_problem(job, "%s has more than %zu bytes", key, max);
		return NULL;
	}
	return text;
}

void
control_set_removed(const struct control_job *job, struct json *json)
{
	json_set_string(json, "state", "removed");
	json_set_int(json, "removed_by_uid", job->by.uid);
	json_set_id(json, "removed_by_loginuid", job->by.loginuid);
}

void
control_set_known(struct json *json, bool known, const char *what)
{
	char text[CONTROL_PROBLEM_MAX];

	json_set_bool(json, "known", known);
	if (known)
		return;
	(void)text_format(text, sizeof(text),
	    "this user is in nobody's entry of the inventory; %s the account "
	    "of that name",
	    what);
	json_set_string(json, "warning", text);
}

int
control_find_person(struct store *store, const char *name,
    struct person *ret_person)
{
	int r;

	if ((r = store_person_by_account(store, name, ret_person)) ==
	    FG_ERR_NOT_FOUND)
		r = store_person_by_user(store, name, ret_person);
	return r;
}

void
control_warn_observe(struct control_job *job)
{
	const char *other = json_get_string(job->result, "warning", NULL);
	char text[CONTROL_PROBLEM_MAX];

	if (job->daemon->rules->conf->mode != CONF_MODE_OBSERVE)
		return;
	(void)text_format(text, sizeof(text), "%s%s%s",
	    other == NULL ? "" : other, other == NULL ? "" : "; ",
	    "mode is \"observe\": who is dismissed is recorded, and not "
	    "refused; write mode = \"enforce\" for that");
	json_set_string(job->result, "warning", text);
}

static void
command_unknown(struct control_job *job, const char *name)
{
	struct conf_near near = { .word = name };
	char text[CONF_NEAR_SIZE];
	size_t i;

	for (i = 0; i < COMMANDS; i++)
		conf_near_offer(&near, commands[i].name);
	control_problem(job, "there is no command %s; %s", name,
	    conf_near_text(&near,
		"the daemon is of another version than farmgatectl: "
		"systemctl restart farmgate-policyd.service",
		text));
	control_refuse(job);
}

/* Refuse what is wrong before anything is waited for. */
static bool
command_is_right(struct control_job *job)
{
	const struct control_entry *command = job->command;

	if (!command_is_permitted(command, job->conn->role)) {
		control_problem(job,
		    "%s: not permitted; it takes root or the group "
		    "farmgate-admin",
		    command->name);
		return false;
	}
	if (command->store && job->daemon->store == NULL) {
		control_problem(job,
		    "the store is not open: %s; mend that and run systemctl "
		    "restart farmgate-policyd.service",
		    job->daemon->store_problem != NULL ?
			job->daemon->store_problem :
			"out of memory");
		return false;
	}
	return command->check == NULL || command->check(job);
}

/* Nobody takes all of them: auditors leave one to administrators, and these one
 * to root, who is never kept from mending something. */
static size_t
places_for(const struct control_job *job)
{
	return CONTROL_JOBS_MAX - (job->uid != 0) -
	    (job->conn->role == LISTEN_AUDIT);
}

bool
control_may_work(struct control_job *job)
{
	const struct control_job *other;
	size_t all = 0, own = 0;

	LIST_FOREACH(other, &job->daemon->jobs, entry) {
		if (other->worker == NULL)
			continue;
		all++;
		own += other->uid == job->uid;
	}
	if (job->uid != 0 && own >= CONTROL_JOBS_EACH)
		control_problem(job,
		    "%zu commands of uid %u are at work; try again when one "
		    "has ended",
		    own, job->uid);
	else if (all >= places_for(job))
		control_problem(job, "busy with %zu other commands; try again",
		    all);
	else
		return true;
	return false;
}

static void
command_begin(struct control_job *job)
{
	struct conn *conn = job->conn;

	if (!command_is_right(job)) {
		control_refuse(job);
		return;
	}
	conn->state = CONN_WORKING;
	if (job->command->changes || conn->role == LISTEN_AUDIT)
		(void)conn_ask_peer(conn);
	/* Who asks wants to know what is there now; but no look at it takes the
	 * place of all others. */
	if (job->command->looks)
		(void)conn_ask_look(conn,
		    job->command->changes ? 0 : COMMAND_LOOK_MS);
	/* Its bytes may be there already; they have to wait. */
	if (job->command->uploads)
		loop_pause(conn->watch);
	if (conn->pending == 0)
		control_command_finish(job);
}

void
control_command(struct conn *conn, size_t len)
{
	struct control_job *job = NULL;
	struct fg_command m;
	struct json *args = NULL;
	const char *name;

	if (fg_msg_get_command(conn->data, len, &m) == 0)
		args = json_parse(m.json, strlen(m.json));
	/* Codes and serial numbers come this way; json_free() wipes too. */
	crypto_wipe(conn->data, len);
	if (args == NULL) {
		log_client("control: pid %d: no command", conn->facts.peer.pid);
		conn_fail(conn, FG_FAIL_MALFORMED);
		return;
	}
	if ((job = control_job_new(conn, args)) == NULL) {
		json_free(args);
		conn_fail(conn, FG_FAIL_INTERNAL);
		return;
	}
	name = json_get_string(args, "do", "");
	if ((job->command = command_find(name)) == NULL)
		command_unknown(job, name);
	else
		command_begin(job);
}

/* ---- who only reads ----------------------------------------------------- */

/* What a log is read for by the permission of its files, see farmgatectl. Each
 * name is counted by itself, so nobody may think them up. */
static const char *
log_read_name(const char *name)
{
	static const char *const names[] = { "audit", "audit bundle",
		"audit export", "audit reconcile", "audit verify", "dossier",
		"explain", "readiness", "replay", "report" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i], name) == 0)
			return names[i];
	return "log.read"; /* of another version's farmgatectl */
}

bool
control_log_read_check(struct control_job *job)
{
	return control_text(job, "command", CONTROL_READ_NAME_MAX) != NULL;
}

void
control_log_read(struct control_job *job)
{
	control_answer(job, json_new(), CONTROL_OK); /* it is recorded */
}

/* Whom or what it is about; or "". */
static const char *
about_of(const struct control_job *job)
{
	static const char *const keys[] = { "about", "user", "name", "sha256" };
	const char *about = "";

	for (size_t i = 0;
	     i < sizeof(keys) / sizeof(keys[0]) && about[0] == '\0'; i++)
		about = json_get_string(job->args, keys[i], "");
	return about;
}

/* By audit.sock nothing is shown that was not recorded. */
static bool
is_recorded(struct control_job *job)
{
	const char *name = job->command->name;

	if (job->conn->role != LISTEN_AUDIT)
		return true;
	if (job->command->start == control_log_read)
		name = log_read_name(json_get_string(job->args, "command", ""));
	return control_read(job->daemon, &job->by, name, about_of(job)) == 0;
}

void
control_command_finish(struct control_job *job)
{
	job->by = job->conn->facts.peer;
	if (!is_recorded(job)) {
		control_unrecorded(job, "nothing is shown");
		return;
	}
	if (job->command->uploads)
		control_receive(job);
	else
		job->command->start(job);
}
