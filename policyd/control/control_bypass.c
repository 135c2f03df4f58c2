/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A bypass, for whoever has lost what they prove a login with: an exception
 * that stands for a step-up and for nothing else, ends on the same day, and is
 * another administrator's word.
 */
#include <string.h>

#include "policyd/control/control_parts.h"
#include "policyd/session/session.h"
#include "policyd/stepup/method.h"
#include "proto/result.h"

#define BYPASS_LONGEST_S INT64_C(28800) /* 8 hours */

static bool
bypass_take(struct control_job *job, struct store_exception *e)
{
	if (!control_exception_take(job, e))
		return false;
	e->kind = STORE_EXCEPTION_BYPASS;
	e->from_s = e->at_s;
	if (!method_is_remembered(e->code))
		control_problem(job,
		    "%s takes no bypass: only a second person answers it, as "
		    "by an approval",
		    finding_info(e->code)->name);
	else if (e->until_s - e->at_s > BYPASS_LONGEST_S)
		control_problem(job,
		    "a bypass holds for at most 8 hours; by then enrol them "
		    "anew with farmgatectl totp enrol --replace");
	else
		return true;
	return false;
}

bool
control_bypass_check(struct control_job *job)
{
	struct store_exception e;

	return bypass_take(job, &e);
}

/* ---- by whom ------------------------------------------------------------ */

/* name: of an account, or of a person. */
static int
is_of(struct control_job *job, const char *name, const char *user, bool *ret_is)
{
	static struct person person;
	int r;

	*ret_is = strcmp(name, user) == 0;
	if (*ret_is)
		return 0;
	r = control_find_person(job->daemon->store, name, &person);
	if (r == 0)
		*ret_is = strcmp(person.user, user) == 0;
	return r == FG_ERR_NOT_FOUND ? 0 : r;
}

/*
 * Who asks goes by the login uid, which sudo and su leave alone: by the session
 * that it belongs to, and by the account's name, which farmgatectl looks up, as
 * the daemon never does. Either may be theirs.
 */
static bool
is_another(struct control_job *job, const struct store_exception *e)
{
	const char *names[] = { NULL, json_get_string(job->args, "asker", "") };
	struct gather_parent parent;
	bool is = false, told = false;
	size_t i;
	int r = 0;

	session_parent(job->daemon->sessions, &job->by, &parent);
	names[0] = parent.origin != NULL ? parent.person : "";
	for (i = 0; i < 2 && r == 0 && !is; i++) {
		if (names[i][0] == '\0')
			continue;
		told = true;
		r = is_of(job, names[i], e->user, &is);
	}
	if (r != 0)
		control_problem(job, "inventory: %s", fg_strerror(r));
	else if (is)
		control_problem(job,
		    "nobody bypasses their own step-up: ask another "
		    "administrator");
	else if (!told)
		control_problem(job,
		    "login uid %u has no account here, so that nobody can "
		    "tell who asks",
		    job->by.loginuid);
	return r == 0 && !is && told;
}

static bool
is_somebody(struct control_job *job)
{
	if (job->by.loginuid != (uint32_t)-1)
		return true;
	control_problem(job,
	    "nobody can tell who asks, as there is no login uid: log in as "
	    "yourself and use sudo");
	return false;
}

void
control_bypass(struct control_job *job)
{
	struct store_exception e;
	bool known;

	if (!bypass_take(job, &e) || !is_somebody(job) ||
	    !control_exception_whose(job, &e, &known) || !is_another(job, &e))
		control_refuse(job);
	else
		control_exception_put(job, &e, known);
}
