/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who asks, for what nobody may do for themselves.
 */
#include <string.h>

#include "policyd/control/control_parts.h"
#include "policyd/session/session.h"
#include "proto/result.h"

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

/* By whom it is asked for has to be a name that somebody can be held to. */
static void
refuse_unknown(struct control_job *job)
{
	const char *name = job->command->name; /* "verify.may" */
	int len = (int)strcspn(name, ".");

	if (job->by.uid != 0)
		control_problem(job,
		    "who asks cannot be told: the gate knows no session of "
		    "login uid %u, and takes the name of such an account from "
		    "root alone; run it as sudo farmgatectl %.*s",
		    job->by.loginuid, len, name);
	else
		control_problem(job,
		    "who asks cannot be told: no account of this host has "
		    "login uid %u, and the gate knows no session of it; log in "
		    "with an account of your own, and run sudo farmgatectl "
		    "%.*s",
		    job->by.loginuid, len, name);
}

/*
 * Who asks goes by the login uid, which sudo and su leave alone: by the session
 * that it belongs to, and by the account's name, which farmgatectl looks up, as
 * the daemon never does. Either may be theirs. A name that lets somebody do it
 * is root's to tell: another's client could tell any.
 */
bool
control_asker_is_another(struct control_job *job, const char *user,
    const char *own)
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
		told = told || i == 0 || job->by.uid == 0;
		r = is_of(job, names[i], user, &is);
	}
	if (r != 0)
		control_problem(job, "inventory: %s", fg_strerror(r));
	else if (is)
		control_problem(job, "%s", own);
	else if (!told)
		refuse_unknown(job);
	return r == 0 && !is && told;
}

bool
control_asker_is_somebody(struct control_job *job)
{
	if (job->by.loginuid != (uint32_t)-1)
		return true;
	control_problem(job,
	    "nobody can tell who asks, as there is no login uid: log in as "
	    "yourself and use sudo");
	return false;
}
