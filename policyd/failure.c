/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of failures. Each row says why its shipped action is what it is:
 * remote services deny whenever something is left open, and local ones are
 * let through where otherwise nobody could come in to repair the machine.
 * Only what the daemon can still decide is here; a daemon that cannot be
 * reached is decided by the arguments of the PAM line.
 */
#include "policyd/failure.h"

#include <string.h>

static const struct failure_info infos[FAILURE_COUNT] = {
	/*
	 * A remote login that nobody wrote a policy for is refused. At the
	 * machine, and inside of sessions that were decided already, the
	 * absence of a policy must not lock the administrator out.
	 */
	[FAILURE_NO_POLICY] = { "no_policy", "no policy matches this login",
	    ACTION_DENY, ACTION_LOG,
	    "add a policy that matches the user, service and network, try it "
	    "with farmgatectl test, then run farmgatectl reload" },
	/*
	 * Whether a rule for @group applies is not known. Taking it as "not a
	 * member" would let a broken directory service switch rules off, so
	 * this is refused everywhere; users named in a policy above it are not
	 * affected.
	 */
	[FAILURE_GROUPS] = { "groups_unknown",
	    "a policy names a group, and the user's groups are not known",
	    ACTION_DENY, ACTION_DENY,
	    "repair the group look-up (getent group, id USER), take nogroups "
	    "off the PAM line, or name users in a policy above this one" },
	/*
	 * Without a record there is no explanation and no trace of a remote
	 * login. A full disk is repaired locally.
	 */
	[FAILURE_AUDIT] = { "audit_unwritable",
	    "the audit record could not be written", ACTION_DENY, ACTION_LOG,
	    "make room on the audit file's disk or repair its owner and mode; "
	    "farmgatectl status shows whether it can be written" },
	/*
	 * Who has no passwd entry does not log in anyway; an allow would only
	 * tell that the name does not exist.
	 */
	[FAILURE_USER] = { "user_unknown", "the user has no passwd entry",
	    ACTION_DENY, ACTION_DENY,
	    "create the account, or repair the directory service: getent "
	    "passwd USER must find it" },
	/*
	 * Whether somebody was dismissed is not known then. At the machine and
	 * inside of sessions the store can be repaired.
	 */
	[FAILURE_STORE] = { "store_unusable",
	    "the inventory, its exceptions or revocations could not be read",
	    ACTION_DENY, ACTION_LOG,
	    "see farmgatectl status for the store's state: if it was lost or "
	    "is an older copy, revoke again what is missing and import the "
	    "people; else make room on its disk or repair its owner and mode, "
	    "and restart the service" },
	/*
	 * What is missing then are findings that are recorded only, as
	 * shipped; refusing everybody for it would be worse than any of them.
	 */
	[FAILURE_HISTORY] = { "history_unknown",
	    "the history or the sessions could not be read", ACTION_LOG,
	    ACTION_LOG,
	    "see farmgatectl status for the store's state: make room on its "
	    "disk or repair its owner and mode, then restart the service" },
	/* Something that was found could not be counted: assume the worst. */
	[FAILURE_OVERFLOW] = { "overflow",
	    "more networks or findings than one decision can hold", ACTION_DENY,
	    ACTION_DENY,
	    "merge networks of the configuration that overlap: at most 16 may "
	    "hold one address; then run farmgatectl reload" },
	/*
	 * One that is not kept counts for nothing later, and cannot be ended.
	 */
	[FAILURE_SESSION] = { "session_unkept",
	    "the session could not be kept among those that are open",
	    ACTION_DENY, ACTION_LOG,
	    "end sessions that are not needed (farmgatectl sessions), or raise "
	    "LimitNOFILE and MemoryMax of farmgate-policyd.service" },
	/*
	 * Who was dismissed since then is not known here. But it is everybody
	 * who would be refused, for a file that did not come.
	 */
	[FAILURE_BUNDLE] = { "bundle_stale",
	    "the bundle of people and revocations is older than "
	    "bundle_max_age",
	    ACTION_LOG, ACTION_LOG,
	    "import a newer one with farmgatectl bundle import; see whether "
	    "the host that signs it still does" },
	/*
	 * No date and no hour can be judged by it, in either direction. Who is
	 * at the machine can set it.
	 */
	[FAILURE_CLOCK] = { "clock_unset",
	    "the machine's clock was never set: no date can be judged",
	    ACTION_DENY, ACTION_LOG,
	    "set the clock (timedatectl set-time), and see why nothing did: "
	    "the time service, or the battery of the machine's clock" },
};

const struct failure_info *
failure_info(enum failure failure)
{
	if (failure <= FAILURE_NONE || failure >= FAILURE_COUNT)
		return NULL;
	return &infos[failure];
}

enum failure
failure_by_name(const char *name)
{
	enum failure failure;

	for (failure = FAILURE_NONE + 1; failure < FAILURE_COUNT; failure++)
		if (strcmp(infos[failure].name, name) == 0)
			return failure;
	return FAILURE_NONE;
}

enum action
failure_shipped(enum failure failure, enum service_kind kind)
{
	const struct failure_info *info = failure_info(failure);

	if (info == NULL)
		return ACTION_DENY;
	switch (kind) {
	case SERVICE_NESTED:
	case SERVICE_CONSOLE:
	case SERVICE_EXEMPT:
		return info->local;
	case SERVICE_NONE:
	case SERVICE_REMOTE:
		break;
	}
	return info->remote;
}
