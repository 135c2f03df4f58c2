/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who asks, for what nobody may do for themselves.
 */
#include <string.h>

#include "policyd/control/control_parts.h"
#include "policyd/session/session.h"
#include "proto/result.h"

/* One of the names by which somebody asks. */
struct asker {
	bool is_user; /* it is the one who may not */
	bool is_nobodys; /* several people act by it */
};

/* name: of an account, or of a person. */
static int
look_at(struct control_job *job, const char *name, const char *user,
    struct asker *ret_asker)
{
	static struct person person;
	int r;

	*ret_asker = (struct asker){ .is_user = strcmp(name, user) == 0 };
	r = control_find_person(job->daemon->store, name, &person);
	if (r != 0)
		return r == FG_ERR_NOT_FOUND ? 0 : r;
	ret_asker->is_user =
	    ret_asker->is_user || strcmp(person.user, user) == 0;
	ret_asker->is_nobodys = person.kind == PERSON_KIND_SHARED ||
	    person.kind == PERSON_KIND_SERVICE;
	return 0;
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

#define NOBODYS                                                   \
	"several people act by the account that asks, so nobody " \
	"can be held to it; ask by one of your own"

static bool
is_nobodys(struct control_job *job, const char *name)
{
	struct asker asker = { .is_nobodys = false };

	if (job->daemon->store == NULL || name[0] == '\0')
		return false;
	(void)look_at(job, name, "", &asker); /* else it is not known */
	return asker.is_nobodys;
}

bool
control_asker_is_shared(struct control_job *job)
{
	struct gather_parent parent;
	bool is;

	session_parent(job->daemon->sessions, &job->by, &parent);
	/* By a key of their own a session of such an account is somebody's. */
	if (parent.person != NULL && parent.person[0] != '\0')
		is = is_nobodys(job, parent.person);
	else
		is = is_nobodys(job, json_get_string(job->args, "asker", ""));
	if (is)
		control_problem(job, NOBODYS);
	return is;
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
	bool is = false, told = false, nobodys = false;
	struct asker asker;
	size_t i;
	int r = 0;

	session_parent(job->daemon->sessions, &job->by, &parent);
	names[0] = parent.origin != NULL ? parent.person : "";
	for (i = 0; i < 2 && r == 0 && !is; i++) {
		if (names[i][0] == '\0')
			continue;
		r = look_at(job, names[i], user, &asker);
		is = asker.is_user;
		nobodys = nobodys || asker.is_nobodys;
		told =
		    told || (!asker.is_nobodys && (i == 0 || job->by.uid == 0));
	}
	if (r != 0)
		control_problem(job, "inventory: %s", fg_strerror(r));
	else if (is)
		control_problem(job, "%s", own);
	else if (!told && nobodys)
		control_problem(job, NOBODYS);
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
