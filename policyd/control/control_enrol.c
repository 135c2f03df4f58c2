/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Enrolling laptops, for administrators: what each laptop is told of this host,
 * and the key of one that is taken for an asset's, after somebody has seen what
 * is known of it.
 */
#include "policyd/control/control_enrol.h"

#include <string.h>

#include "policyd/text.h"
#include "policyd/witness/enrolment_code.h"
#include "policyd/witness/host_key.h"
#include "proto/result.h"

/* ---- this host ---------------------------------------------------------- */

static void
answer_host(struct control_job *job, bool made)
{
	struct json *json = json_new();
	char key[KEY_TEXT_SIZE];
	int status = CONTROL_OK;

	key_text(KEY_HOST, key_file_public(job->daemon->host_key), key);
	json_set_string(json, "key", key);
	json_set_bool(json, "made", made);
	if (made && control_record_host_key(job, key) != 0) {
		json_set_string(json, "error", CONTROL_UNRECORDED);
		status = CONTROL_ERROR;
	}
	control_answer(job, json, status);
}

/* A key lets nobody in; its record may follow it. */
void
control_enrol_host(struct control_job *job)
{
	struct daemon *daemon = job->daemon;
	char why[HOST_KEY_WHY_SIZE];
	bool made;

	if (daemon->host_key == NULL) {
		control_problem(job, "%s",
		    daemon->host_key_problem != NULL ?
			daemon->host_key_problem :
			"this host's key is not there: no memory");
		control_refuse(job);
		return;
	}
	made = key_file_public(daemon->host_key) == NULL;
	if (key_file_make(daemon->host_key, daemon->rules->conf->state, why) !=
	    0) {
		control_problem(job, "%s", why);
		control_refuse(job);
		return;
	}
	daemon_host_key_made(daemon);
	answer_host(job, made);
}

/* ---- a laptop ----------------------------------------------------------- */

bool
control_enrol_add_check(struct control_job *job)
{
	return control_text(job, "code", ENROLMENT_CODE_MAX) != NULL;
}

/* What somebody has said yes to is what is done. */
static bool
is_as_shown(struct control_job *job, const struct enrolling *x)
{
	const char *asset = json_get_string(job->args, "shown", x->e.asset);
	const char *grade =
	    json_get_string(job->args, "grade", compare_grade_name(x->grade));

	if (strcmp(asset, x->e.asset) == 0 &&
	    strcmp(grade, compare_grade_name(x->grade)) == 0 &&
	    json_get_bool(job->args, "before", x->before) == x->before)
		return true;
	control_problem(job,
	    "what is known of %s has changed since it was shown; try again",
	    x->e.asset);
	return false;
}

static void
answer_enrolling(struct control_job *job, const struct enrolling *x, bool done)
{
	struct json *json = json_new();

	control_enrol_set(json, x);
	json_set_bool(json, "enrolled", done);
	json_set_string(json, "state",
	    store_enrolment_state_name(x->e.from_s > x->e.made_s ?
		    STORE_ENROLMENT_PENDING :
		    STORE_ENROLMENT_ENROLLED));
	control_answer(job, json, CONTROL_OK);
}

/* Recorded first: it may let somebody in. */
static void
enrol(struct control_job *job, const struct enrolling *x)
{
	int r;

	if (control_record_enrolling(job, x) != 0) {
		control_unrecorded(job, "nothing was changed");
		return;
	}
	if ((r = store_enrolment_add(job->daemon->store, &x->e)) ==
	    FG_ERR_LIMIT) {
		control_problem(job,
		    "%s has had %u keys; forget one that is past, as "
		    "farmgatectl device list has them, with farmgatectl "
		    "device remove KEY",
		    x->e.asset, STORE_ENROLMENTS_EACH_MAX);
		control_refuse(job);
		return;
	}
	if (r != 0) {
		control_failed(job, "enrolments", r);
		return;
	}
	daemon_changed(job->daemon);
	daemon_store_mended(job->daemon, "a laptop was enrolled");
	answer_enrolling(job, x, true);
}

void
control_enrol_add(struct control_job *job)
{
	static struct enrolling x;

	if (!control_enrol_judge(job, &x) || !is_as_shown(job, &x))
		control_refuse(job);
	else if (json_get_bool(job->args, "dry_run", false))
		answer_enrolling(job, &x, false);
	else
		enrol(job, &x);
}
