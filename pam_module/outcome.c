/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From the daemon's answer, or its absence, to what PAM is told. It starts
 * from PAM_ABORT; each way to PAM_SUCCESS is one visible line. Never a code
 * that sends the caller elsewhere: PAM_NEW_AUTHTOK_REQD would make sshd ask
 * for a new password instead of refusing.
 */
#include "pam_module/outcome.h"

#include <stddef.h>
#include <syslog.h>

#include "proto/failing.h"
#include "proto/result.h"

struct failure {
	int failure;
	int code;
	const char *reason;
	enum outcome_failed who;
};

/* What each failure is called in the log, and its code when enforcing. */
static const struct failure failures[] = {
	{ FG_ERR_UNREACHABLE, PAM_AUTHINFO_UNAVAIL, "daemon_unreachable",
	    OUTCOME_FAILED_DAEMON },
	{ FG_ERR_BUSY, PAM_AUTHINFO_UNAVAIL, "busy", OUTCOME_FAILED_DAEMON },
	{ FG_ERR_TIMEOUT, PAM_AUTHINFO_UNAVAIL, "timeout",
	    OUTCOME_FAILED_DAEMON },
	{ FG_ERR_CLOSED, PAM_AUTHINFO_UNAVAIL, "protocol",
	    OUTCOME_FAILED_DAEMON },
	{ FG_ERR_SHORT, PAM_AUTHINFO_UNAVAIL, "protocol",
	    OUTCOME_FAILED_DAEMON },
	{ FG_ERR_TRAILING, PAM_AUTHINFO_UNAVAIL, "protocol",
	    OUTCOME_FAILED_DAEMON },
	{ FG_ERR_LIMIT, PAM_AUTHINFO_UNAVAIL, "protocol",
	    OUTCOME_FAILED_DAEMON },
	{ FG_ERR_FORMAT, PAM_AUTHINFO_UNAVAIL, "protocol",
	    OUTCOME_FAILED_DAEMON },
	{ FG_ERR_PEER, PAM_AUTHINFO_UNAVAIL, "peer", OUTCOME_FAILED_DAEMON },
	{ FG_ERR_VERSION, PAM_AUTHINFO_UNAVAIL, "version",
	    OUTCOME_FAILED_DAEMON },
	{ FG_ERR_REFUSED, PAM_AUTHINFO_UNAVAIL, "refused",
	    OUTCOME_FAILED_DAEMON },
	{ FG_ERR_NOMEM, PAM_BUF_ERR, "resource", OUTCOME_FAILED_HERE },
	{ FG_ERR_SYSTEM, PAM_SYSTEM_ERR, "resource", OUTCOME_FAILED_HERE },
};

static const struct failure *
failure_find(int failure)
{
	static const struct failure unknown = { 0, PAM_SYSTEM_ERR, "internal",
		OUTCOME_DECIDED };

	for (size_t i = 0; i < sizeof(failures) / sizeof(failures[0]); i++) {
		if (failures[i].failure == failure)
			return &failures[i];
	}
	return &unknown;
}

/*
 * A process that its user has started lacks the means whenever they want:
 * limits are inherited. They may also stop it until the daemon's answer, or
 * its patience, is past. Neither is to open anything.
 */
static void
outcome_failure(int failure, const struct answer *answer,
    const struct args *args, bool by_user, struct outcome *out)
{
	const struct failure *f = failure_find(failure);
	bool caused = by_user && (answer->own || f->who == OUTCOME_FAILED_HERE);
	bool lenient = args->allow_on_error && !caused;

	out->priority = LOG_WARNING;
	out->reason = f->reason;
	out->would = "deny";
	if (lenient || args->observe) {
		out->code = PAM_SUCCESS;
		out->fail_open = true;
		out->verdict = "allow";
		out->would = lenient ? "allow" : "deny";
		return;
	}
	out->code = f->code;
	out->tell_user = true;
	out->verdict = "deny";
	out->failed = caused ? OUTCOME_DECIDED : f->who;
}

static void
outcome_init(const struct answer *answer, struct outcome *out)
{
	*out = (struct outcome){ .code = PAM_ABORT, .priority = LOG_WARNING };
	out->log = out->record = true;
	out->verdict = "none";
	out->reason = answer->reason;
	out->would = fg_verdict_name(answer->would);
}

static void
outcome_allow(const struct answer *answer, const struct args *args,
    struct outcome *out)
{
	bool plain = answer->verdict == FG_VERDICT_ALLOW &&
	    answer->would == FG_VERDICT_ALLOW;

	out->code = PAM_SUCCESS;
	out->keep_ref = true;
	/* Of a plain allow the daemon's log line is enough, written when the
	 * answer is out, and the kernel hears of it from libpam, which names
	 * this module among the grantors; a second of each would cost every
	 * login. */
	out->log = !plain || args->debug;
	out->record = !plain;
	out->verdict = "allow";
	out->priority =
	    answer->would == FG_VERDICT_DENY ? LOG_NOTICE : LOG_INFO;
}

static void
outcome_deny(const struct answer *answer, bool by_user, struct outcome *out)
{
	if (fg_failing(answer->reason) && !(by_user && answer->own))
		out->failed = OUTCOME_FAILED_DAEMON;
	out->code = PAM_PERM_DENIED;
	out->tell_user = true;
	out->verdict = "deny";
	out->priority = LOG_WARNING;
}

static void
outcome_exempt(const struct args *args, struct outcome *out)
{
	/* In a stack with nothing else, to ignore is to refuse (libpam makes
	 * a denial of it), and observe refuses nobody. */
	out->code = args->observe ? PAM_SUCCESS : PAM_IGNORE;
	out->verdict = "exempt";
	out->priority = LOG_DEBUG;
	out->log = args->debug;
	out->record = false;
}

/*
 * In auth nothing is decided: whatever fails here, account decides without the
 * proof, and by its own line if the daemon has failed.
 */
static void
prove_failure(int failure, struct outcome *out)
{
	out->code = PAM_IGNORE;
	out->reason = failure_find(failure)->reason;
	out->would = "none";
	out->record = false;
}

static void
prove_goes_on(struct outcome *out, int code, const char *verdict, bool proves)
{
	out->code = code;
	out->keep_ref = out->log = proves;
	out->verdict = verdict;
	out->priority = LOG_INFO;
	out->record = false;
}

/* What has passed is the daemon's to remember: success here would be a way
 * around the lines behind, and around the password with "sufficient". */
void
outcome_prove(const struct answer *answer, const struct args *args,
    struct outcome *ret_outcome)
{
	struct outcome *out = ret_outcome;
	enum fg_verdict verdict = (enum fg_verdict)answer->verdict;

	outcome_init(answer, out);
	if (answer->failure != 0) {
		prove_failure(answer->failure, out);
		return;
	}
	/* Observe asks for no proof, and misses none. */
	switch (args->observe ? FG_VERDICT_EXEMPT : verdict) {
	case FG_VERDICT_ALLOW:
		prove_goes_on(out, PAM_IGNORE, "proved", true);
		return;
	case FG_VERDICT_DELEGATE:
		prove_goes_on(out, PAM_CRED_INSUFFICIENT, "delegate", true);
		/* If it is not content, libpam calls no line of ours again. */
		out->tell_ref = true;
		return;
	case FG_VERDICT_EXEMPT:
		prove_goes_on(out, PAM_IGNORE, "exempt", false);
		return;
	case FG_VERDICT_DENY:
		out->code = PAM_AUTH_ERR;
		out->tell_user = true;
		out->verdict = "deny";
		return;
	case FG_VERDICT_NONE:
		break;
	}
	prove_failure(FG_ERR_FORMAT, out);
}

void
outcome_decide(const struct answer *answer, const struct args *args,
    bool by_user, struct outcome *ret_outcome)
{
	struct outcome *out = ret_outcome;
	int failure = answer->failure;

	outcome_init(answer, out);
	if (failure == 0) {
		switch ((enum fg_verdict)answer->verdict) {
		case FG_VERDICT_ALLOW:
			outcome_allow(answer, args, out);
			return;
		case FG_VERDICT_DENY:
			/* The PAM line has the last word on what is enforced,
			 * a daemon that overlooked its flag has not. */
			if (args->observe)
				outcome_allow(answer, args, out);
			else
				outcome_deny(answer, by_user, out);
			return;
		case FG_VERDICT_EXEMPT:
			outcome_exempt(args, out);
			return;
		case FG_VERDICT_DELEGATE: /* to whom? */
		case FG_VERDICT_NONE:
			break;
		}
		failure = FG_ERR_FORMAT; /* any other number */
	}
	outcome_failure(failure, answer, args, by_user, out);
}

void
outcome_break(const struct breakglass *glass, struct outcome *outcome)
{
	if (outcome->failed == OUTCOME_DECIDED || glass->line == 0)
		return;
	outcome->code = PAM_SUCCESS;
	outcome->glass = glass;
	outcome->verdict = "allow";
	outcome->priority = LOG_ALERT;
	outcome->tell_user = false;
	outcome->keep_ref = true;
}
