/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a record tells of, its member "event": farmgate-audit(5) has them all,
 * under "Events".
 */
#ifndef FG_AUDIT_EVENT_H
#define FG_AUDIT_EVENT_H

enum audit_event {
	/* logins */
	AUDIT_DECISION,
	AUDIT_OPEN,
	AUDIT_LIVE,
	AUDIT_LEFT,
	AUDIT_CLOSE,
	AUDIT_WITNESS,
	/* the daemon and its log */
	AUDIT_START,
	AUDIT_STOP,
	AUDIT_RELOAD,
	AUDIT_ROLLBACK,
	AUDIT_BREAKGLASS,
	AUDIT_ROTATED,
	AUDIT_RECOVERED,
	AUDIT_EXPIRED,
	/* administrators and auditors */
	AUDIT_INVENTORY,
	AUDIT_ASSETS,
	AUDIT_EXCEPTION,
	AUDIT_REVOCATION,
	AUDIT_TOTP,
	AUDIT_VERIFICATION,
	AUDIT_ENROLMENT,
	AUDIT_BASELINE,
	AUDIT_SUPPORT,
	AUDIT_READ,
	AUDIT_PERSON,
	AUDIT_HOLD,
	AUDIT_STEPUP,
	AUDIT_APPROVAL,
	AUDIT_BUNDLE,
	AUDIT_REVIEW,
	AUDIT_ROLLOUT,
	AUDIT_TERMINATE,
	AUDIT_EVENTS,		/* how many */
};

/* As in a record. */
const char	*audit_event_name(enum audit_event event);
/* AUDIT_EVENTS: there is no such. */
enum audit_event audit_event_by_name(const char *name);

#endif
