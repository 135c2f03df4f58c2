/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The entry points that libpam calls, and which of them decides. The code
 * below runs in sshd, login, sudo: it keeps nothing between calls and leaves
 * the process as it found it.
 */
#include <stdint.h>
#include <syslog.h>
#include <unistd.h>

/* What these headers declare is what the map exports. */
#pragma GCC visibility push(default)
#include <security/pam_modules.h>
#pragma GCC visibility pop

#include <security/pam_ext.h>

#include "pam_module/args.h"
#include "pam_module/ask.h"
#include "pam_module/breakglass.h"
#include "pam_module/farewell.h"
#include "pam_module/items.h"
#include "pam_module/outcome.h"
#include "pam_module/report.h"

/*
 * A caller without privilege grants nothing that it lacks, so there is
 * nothing to decide; and it cannot reach the daemon's socket.
 */
static int
decide_nonroot(pam_handle_t *pamh, const struct args *args)
{
	int retval = PAM_ABORT;
	bool deny = args->nonroot_deny && !args->observe;

	/* Observe refuses nobody, and need not allow here. */
	retval = deny ? PAM_PERM_DENIED : PAM_IGNORE;
	pam_syslog(pamh, deny ? LOG_WARNING : LOG_NOTICE,
	    "the caller is not root (euid=%ju): %s", (uintmax_t)geteuid(),
	    deny ? "denied" : "not decided");
	return retval;
}

static int
decide(pam_handle_t *pamh, int flags, const struct args *args,
    enum fg_phase phase)
{
	struct answer answer;
	struct breakglass glass;
	struct items items;
	struct outcome outcome;
	int r;

	if ((r = items_collect(pamh, args, phase, &items)) != 0)
		ask_failed(&answer, r);
	else
		ask_daemon(pamh, args, &items, &answer);
	outcome_decide(&answer, args, getuid() != 0, &outcome);
	if (outcome.failed != OUTCOME_DECIDED) {
		breakglass_find(pamh, args, &items, &glass);
		outcome_break(&glass, &outcome);
	}
	report_decision(pamh, flags, &items, &outcome, &answer);
	return outcome.code;
}

static int
phase_run(pam_handle_t *pamh, int flags, int argc, const char **argv,
    enum fg_phase phase)
{
	struct args args;
	int retval = PAM_ABORT;

	if (args_parse(pamh, argc, argv, &args) != 0)
		retval = PAM_SYSTEM_ERR;
	else if (geteuid() != 0)
		retval = decide_nonroot(pamh, &args);
	else
		retval = decide(pamh, flags, &args, phase);
	return retval;
}

/* libpam makes a failure take that long, whatever failed. In microseconds. */
#define FAIL_DELAY_US 2000000

static int
prove(pam_handle_t *pamh, int flags, const struct args *args)
{
	struct answer answer;
	struct items items;
	struct outcome outcome;
	int r;

	/* An earlier try of this handle is not this one's, also if the daemon
	 * never hears of it; the line with delegated names it by that. */
	if (!args->delegated && pam_getenv(pamh, "FARMGATE_REF") != NULL &&
	    pam_putenv(pamh, "FARMGATE_REF") != PAM_SUCCESS)
		return PAM_SYSTEM_ERR;
	r = items_collect(pamh, args, FG_PHASE_AUTH, &items);
	if (r != 0)
		ask_failed(&answer, r);
	else
		ask_daemon(pamh, args, &items, &answer);
	outcome_prove(&answer, args, &outcome);
	report_decision(pamh, flags, &items, &outcome, &answer);
	if (outcome.tell_user)
		(void)pam_fail_delay(pamh, FAIL_DELAY_US); /* or not */
	return outcome.code;
}

/*
 * Step-up behind the first factor. It grants nothing: without something to
 * prove it takes no part. A line with a mistake refuses here too, so that it is
 * noticed in every phase.
 */
int
pam_sm_authenticate(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	struct args args;
	int retval = PAM_ABORT;

	if (args_parse(pamh, argc, argv, &args) != 0)
		retval = PAM_SYSTEM_ERR;
	else if (geteuid() != 0)
		retval = PAM_IGNORE;
	else
		retval = prove(pamh, flags, &args);
	return retval;
}

/* Key logins never run auth, so the decision is here. */
int
pam_sm_acct_mgmt(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	return phase_run(pamh, flags, argc, argv, FG_PHASE_ACCOUNT);
}

/*
 * The daemon links this to the account phase's decision by FARMGATE_REF and
 * the kernel's word on who asks, or decides now if there was none.
 */
int
pam_sm_open_session(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	return phase_run(pamh, flags, argc, argv, FG_PHASE_SESSION);
}

/*
 * A session that was let in is always let out, whatever the line says and
 * however the daemon is.
 */
int
pam_sm_close_session(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	struct args args;

	(void)flags;
	if (geteuid() == 0 && args_parse(pamh, argc, argv, &args) == 0)
		farewell_send(pamh, &args);
	return PAM_SUCCESS;
}

/* There are no credentials of ours. To fail here would only confuse. */
int
pam_sm_setcred(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	(void)pamh;
	(void)flags;
	(void)argc;
	(void)argv;
	return PAM_SUCCESS;
}

/* Changing a password is none of the gate's business. */
int
pam_sm_chauthtok(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	(void)pamh;
	(void)flags;
	(void)argc;
	(void)argv;
	return PAM_IGNORE;
}
