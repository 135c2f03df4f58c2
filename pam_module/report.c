/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who hears of a decision. Nothing here returns a result: a full log, a deaf
 * user and a missing audit system change no verdict.
 */
#include "pam_module/report.h"

#include <sys/random.h>

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>

#include <security/pam_ext.h>
#include <security/pam_modutil.h>

#include "pam_module/breakglass_log.h"
#include "pam_module/text.h"
#include "proto/result.h"
#include "proto/word.h"

/* libaudit's numbers (audit-records.h): they are the kernel's user-space
 * ranges, and its header is not needed for two constants. */
#define REPORT_AUDIT_USER_ACCT		 1101
#define REPORT_AUDIT_ANOM_LOGIN_LOCATION 2104

#define EXTRA_SIZE 96u

struct fields {
	char user[96];
	char service[72];
	char rhost[96];
	char reason[160];
};

static void
fields_fill(const struct items *items, const struct outcome *outcome,
    struct fields *ret_fields)
{
	if ((items->login.flags & FG_LOGIN_INVALID_USER) != 0)
		memcpy(ret_fields->user, "(invalid)", sizeof("(invalid)"));
	else
		fg_word(ret_fields->user, sizeof(ret_fields->user),
		    items->user);
	fg_word(ret_fields->service, sizeof(ret_fields->service),
	    items->service);
	fg_word(ret_fields->rhost, sizeof(ret_fields->rhost), items->rhost);
	fg_word(ret_fields->reason, sizeof(ret_fields->reason),
	    outcome->reason);
}

/*
 * A reference of the module's own: "M" and the daemon's form. Characters that
 * sound or look alike are left out, as it is read over the telephone.
 */
static void
make_ref(char ref[FG_REF_MAX + 1])
{
	static const char letters[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	unsigned char r[8];
	size_t n = 0;

	if (getrandom(r, sizeof(r), GRND_NONBLOCK) != (ssize_t)sizeof(r)) {
		memcpy(ref, "MNONE", sizeof("MNONE"));
		return;
	}
	ref[n++] = 'M';
	for (size_t i = 0; i < sizeof(r); i++) {
		if (i == sizeof(r) / 2)
			ref[n++] = '-';
		ref[n++] = letters[r[i] % 32];
	}
	ref[n] = '\0';
}

/* In front of the line, where it cannot be overlooked; or nothing. */
static void
report_entry(const struct outcome *outcome, char *buf, size_t size)
{
	char path[320];

	buf[0] = '\0';
	if (outcome->glass == NULL)
		return;
	fg_word(path, sizeof(path), outcome->glass->path);
	(void)snprintf(buf, size, "breakglass=1 entry=%s:%u ", path,
	    outcome->glass->line);
}

/* What there is to say of a failure, each with a blank in front. */
static void
put_extra(char extra[EXTRA_SIZE], const struct outcome *outcome,
    const struct answer *answer)
{
	int n = 0;

	extra[0] = '\0';
	if (answer->error != 0)
		n = snprintf(extra, EXTRA_SIZE, " errno=%d", answer->error);
	else if (answer->version != 0 && answer->version != FG_VERSION)
		n = snprintf(extra, EXTRA_SIZE,
		    " protocol=%u daemon_protocol=%u next=%s", FG_VERSION,
		    answer->version,
		    answer->version < FG_VERSION ? "restart_the_daemon" :
						   "log_in_again");
	if (outcome->fail_open)
		(void)snprintf(extra + n, EXTRA_SIZE - (size_t)n,
		    " fail_open=1");
}

static void
report_log(pam_handle_t *pamh, const struct items *items,
    const struct outcome *outcome, const struct answer *answer)
{
	struct fields f;
	char extra[EXTRA_SIZE], glass[384];

	fields_fill(items, outcome, &f);
	report_entry(outcome, glass, sizeof(glass));
	put_extra(extra, outcome, answer);
	pam_syslog(pamh, outcome->priority,
	    "%sref=%s verdict=%s would=%s phase=%s user=%s service=%s "
	    "rhost=%s reason=%s%s",
	    glass, answer->ref[0] != '\0' ? answer->ref : "-", outcome->verdict,
	    outcome->would, fg_phase_name(items->login.phase), f.user,
	    f.service, f.rhost, f.reason, extra);
}

/* libaudit resolves PAM_RHOST on its own, without a limit of time. */
static bool
rhost_is_harmless(const char *rhost)
{
	struct in6_addr addr;

	return rhost[0] == '\0' || inet_pton(AF_INET, rhost, &addr) == 1 ||
	    inet_pton(AF_INET6, rhost, &addr) == 1;
}

/*
 * One record in the kernel's audit. libpam adds "op=PAM:" before the text, and
 * the account, host, terminal and result after it. A remote name would be
 * resolved on the way: then there is no record from here, only libpam's own.
 */
static void
report_audit(pam_handle_t *pamh, const struct items *items,
    const struct outcome *outcome, const struct answer *answer)
{
	char text[320];
	struct fields f;
	int code = outcome->code, type = REPORT_AUDIT_USER_ACCT;

	if (!rhost_is_harmless(items->rhost))
		return;
	fields_fill(items, outcome, &f);
	(void)snprintf(text, sizeof(text),
	    "farmgate %sref=%s verdict=%s would=%s phase=%s reason=%s",
	    outcome->glass != NULL ? "breakglass=1 " : "", answer->ref,
	    outcome->verdict, outcome->would, fg_phase_name(items->login.phase),
	    f.reason);
	/* libpam leaves the name out for this code only, and what was typed
	 * for a user that does not exist may be a password. */
	if ((items->login.flags & FG_LOGIN_INVALID_USER) != 0)
		code = PAM_USER_UNKNOWN;
	else if (code == PAM_PERM_DENIED &&
	    strncmp(outcome->reason, "geo.", 4) == 0)
		type = REPORT_AUDIT_ANOM_LOGIN_LOCATION;
	(void)pam_modutil_audit_write(pamh, type, text, code);
}

/* One line, the same for every reason. */
static void
report_user(pam_handle_t *pamh, const struct answer *answer)
{
	char help[FG_TEXT_MAX + 1];

	text_one_line(help, sizeof(help), answer->help);
	(void)pam_error(pamh, "Access denied. Reference %s.%s%s", answer->ref,
	    help[0] != '\0' ? " " : "", help);
}

/* In front of what another module asks, whatever comes of that. */
static void
report_ref(pam_handle_t *pamh, const struct answer *answer)
{
	(void)pam_info(pamh, "More proof is wanted. Reference %s.",
	    answer->ref);
}

/* Who was let in like that is to know that others will. */
static void
report_glass(pam_handle_t *pamh, const struct answer *answer)
{
	(void)pam_info(pamh,
	    "This login could not be decided and is let in by break-glass. "
	    "It is recorded. Reference %s.",
	    answer->ref);
}

/* How the session phase, and the user's support call, find the decision. */
static void
report_environment(pam_handle_t *pamh, const struct answer *answer)
{
	char text[sizeof("FARMGATE_REF=") + FG_REF_MAX];

	(void)snprintf(text, sizeof(text), "FARMGATE_REF=%s", answer->ref);
	(void)pam_putenv(pamh, text);
}

void
report_decision(pam_handle_t *pamh, int flags, const struct items *items,
    const struct outcome *outcome, struct answer *answer)
{
	bool silent = ((unsigned int)flags & PAM_SILENT) != 0;
	bool goes_on = outcome->glass != NULL && items->ref[0] != '\0' &&
	    items->login.phase == FG_PHASE_SESSION;

	if (goes_on)
		memcpy(answer->ref, items->ref, sizeof(answer->ref));
	if (answer->ref[0] == '\0' && outcome->record)
		make_ref(answer->ref);
	if (outcome->log)
		report_log(pamh, items, outcome, answer);
	if (outcome->record)
		report_audit(pamh, items, outcome, answer);
	if (outcome->keep_ref)
		report_environment(pamh, answer);
	if (outcome->tell_user && !silent)
		report_user(pamh, answer);
	if (outcome->tell_ref && !silent)
		report_ref(pamh, answer);
	if (outcome->glass != NULL) {
		breakglass_note(pamh, items, outcome, answer);
		if (!silent && !goes_on)
			report_glass(pamh, answer);
	}
}
