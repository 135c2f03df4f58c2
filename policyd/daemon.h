/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The decider's own state, shared by the files that serve it: who it is, what
 * it decides from, and who is connected. One object, made by policyd.c; no
 * other global state.
 */
#ifndef FG_DAEMON_H
#define FG_DAEMON_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>
#include <sys/types.h>

#include "policyd/audit/audit.h"
#include "policyd/device/identity.h"
#include "policyd/loop.h"
#include "policyd/notify.h"
#include "policyd/retention.h"
#include "policyd/ruleset.h"
#include "policyd/options.h"
#include "policyd/session/session.h"
#include "policyd/stats.h"
#include "policyd/store/store_session.h"
#include "policyd/witness/device_key.h"
#include "policyd/witness/pace.h"

/* The audiences; each has its own socket. */
enum listen_role {
	LISTEN_NONE = 0,
	LISTEN_POLICY,		/* the PAM module, uid 0 */
	LISTEN_CONTROL,		/* farmgatectl, root and farmgate-admin */
	LISTEN_AUDIT,		/* farmgatectl, farmgate-audit: reads only */
	LISTEN_WITNESS,		/* farmgate-attest, anybody; not everywhere */
	LISTEN_COUNT
};

struct anchors;
struct approvals;
struct checkpoint;
struct conn;
struct control_job;
struct control_reads;
struct expiry;
struct glass;
struct hooklink;
struct journal;
struct key_file;
struct keyring;
struct listener;
struct live;
struct priv_ids;
struct proofs;
struct reloader;
struct reap;
struct rotation;
struct scanlink;

LIST_HEAD(conn_list, conn);
LIST_HEAD(control_job_list, control_job);

struct daemon {
	struct options	 options;
	struct loop	*loop;
	struct notify	 notify;
	struct ruleset	*rules;
	struct reloader	*reloader;	/* who replaces them */
	struct audit	*audit;
	struct anchors	*anchors;	/* of it, and ... */
	struct rotation	*rotation;	/* ... when its file is changed, ... */
	struct expiry	*expiry;	/* ... and removed */
	struct sessions	*sessions;
	struct proofs	*proofs;	/* step-ups that passed, and ... */
	struct approvals *approvals;	/* ... that wait for a second person */
	struct scanlink	*scanlink;
	struct reap	*reap;		/* the scanner, without .scanlink */
	pid_t		 tpm_left;	/* who waits for a TPM yet, or 0 ... */
	struct reap	*tpm_reap;
	struct hooklink	*hooks;		/* whom administrators have told */
	struct journal	*journal;	/* the system's; NULL: the log is
					 * another one */
	struct live	*live;		/* what is found on open sessions */
	struct glass	*glass;		/* uses of break-glass */
	struct listener	*listener[LISTEN_COUNT];
	struct conn_list conns;
	struct control_job_list jobs;	/* of administrators, at work */
	char		 boot_id[STORE_BOOT_ID_SIZE];
	struct identity	 identity;	/* this machine's, at the start */
	struct device_key *device_key;	/* NULL: it has none, or ... */
	char		*device_key_problem; /* ... why it cannot be used */
	struct device_key_file device_key_file; /* which was read */
	struct pace	 witness_pace;	/* of who asks how this machine is */
	struct store	*store;		/* NULL: it could not be opened */
	char		*store_problem;	/* why, or what became of an old one */
	struct keyring	*keyring;	/* of one-time codes; NULL: ... */
	char		*keyring_problem; /* ... why, if the store is open */
	struct key_file	*host_key;	/* of a jump host; NULL: ... */
	char		*host_key_problem; /* ... why */
	struct checkpoint *checkpoint; /* who keeps its log short */
	struct retention retention; /* and its history */
	struct loop_timer *retention_timer;
	struct stats	 stats;
	struct loop_timer *sync_timer;	/* group sync of the audit file */
	struct loop_timer *flush_timer;	/* answers that wait for a sync, ... */
	struct loop_timer *flush_late;	/* ... and have waited long enough */
	struct loop_timer *watchdog;
	struct loop_timer *stop_timer;
	gid_t		 admin_gid;	/* (gid_t)-1: no such group */
	gid_t		 audit_gid;	/* likewise */
	struct control_reads *reads;	/* what those have asked for */
	int		 landlock_abi;
	bool		 sync_wanted;
	bool		 flush_wanted;
	bool		 audit_failing;	/* since the last record */
	bool		 stopping;
	int		 exit_status;
	int64_t		 started_at_s;	/* wall clock */
	int64_t		 refused_at_s;	/* the last reload; 0: it is in force */
	char		**folders;	/* readable after the drop, NULL ends */
};

/* The wall clock: seconds since 1970. */
int64_t	daemon_wall_s(void);

/* An audit record of an event that is now; NULL without memory. */
struct json *daemon_record(struct daemon *daemon, enum audit_event event);

/*
 * Write an audit record and report trouble to the operators (once a minute).
 * Without sync the bytes follow within a second. Takes the record.
 * Returns what audit_write() returns.
 */
int	daemon_audit(struct daemon *daemon, struct json *record, bool sync);

/* Bring what was written to the disk, with the same report of trouble. */
int	daemon_sync(struct daemon *daemon);
/* The timer's end of that second. arg is the daemon. */
void	daemon_on_sync(void *arg);

/* Stop accepting, let what is under way end, leave with status. */
void	daemon_stop(struct daemon *daemon, int status);

/* ---- daemon_audit.c ---- */

/*
 * As its own user, in its own folder: root never follows a path in there.
 * Before the sandbox; fatal without a log.
 */
void	daemon_open_audit(struct daemon *daemon);
/* Go on in a new file. See audit_rotate(). */
int	daemon_rotate(struct daemon *daemon, char *ret_name);
/* Its start and its end. */
void	daemon_record_life(struct daemon *daemon, enum audit_event event);

/* ---- daemon_machine.c ---- */

/*
 * Of this machine what root alone may read, as bytes; and behind the drop, what
 * they are. A device key that cannot be used is reported.
 */
void	daemon_read_machine(struct daemon *daemon, const struct priv_ids *ids,
	    struct identity_bytes *ret_bytes);
void	daemon_know_machine(struct daemon *daemon,
	    const struct identity_bytes *bytes);
/* Whom a TPM keeps waiting is taken note of whenever that is over. */
void	daemon_leave_tpm(struct daemon *daemon);
/* This key and those of the state folder, and why there are none. */
void	daemon_free_keys(struct daemon *daemon);

/* ---- daemon_store.c ---- */

/*
 * Open the store in the state folder, as the user that the daemon is by now,
 * and hold it against the audit log, which is open. Without a store it decides
 * all the same, and .store_problem says why.
 */
void	daemon_open_store(struct daemon *daemon);
/*
 * The keys beside it, before the sandbox: of one-time codes, without which none
 * passes, and of a jump host if there is one yet, without which no laptop is
 * asked. .keyring_problem and .host_key_problem say why.
 */
void	daemon_open_keys(struct daemon *daemon);
/* There is one, which was made for an administrator just now. */
void	daemon_host_key_made(struct daemon *daemon);
/* That it is an older copy, at each start until that is settled. */
void	daemon_record_older(struct daemon *daemon);
/* The store has had a change: what is recorded from now on says so. */
void	daemon_changed(struct daemon *daemon);
/* What became of an old store is no problem any more, unless it still is one;
 * why, for people. */
void	daemon_store_mended(struct daemon *daemon, const char *why);

#endif
