/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The parts of control_*.c that know each other: one job for each COMMAND,
 * from its message to its report. Arguments are the client's bytes; whoever
 * uses one has checked it.
 */
#ifndef FG_CONTROL_PARTS_H
#define FG_CONTROL_PARTS_H

#include <sys/queue.h>

#include "policyd/bundle/bundle_line.h"
#include "policyd/bundle/bundle_seal.h"
#include "policyd/conn.h"
#include "policyd/control/control_commands.h"
#include "policyd/control/control_devices.h"
#include "policyd/people/person.h"
#include "policyd/stepup/approvals.h"
#include "policyd/store/store_bundle.h"
#include "policyd/store/store_change.h"
#include "policyd/store/store_enrolment.h"
#include "policyd/store/store_factor.h"
#include "policyd/store/store_hold.h"
#include "policyd/store/store_person.h"
#include "policyd/store/store_proof.h"
#include "policyd/store/store_revocation.h"
#include "policyd/store/store_support.h"
#include "policyd/store/store_verified.h"
#include "policyd/worker.h"

/* Exit statuses of reports; ctl/ctl.h has the same. */
#define CONTROL_OK	0
#define CONTROL_NO	1
#define CONTROL_ERROR	2

#define CONTROL_JOBS_MAX	4u	/* workers at once; one is root's */
#define CONTROL_JOBS_EACH	2u	/* of one user who is not root */
#define CONTROL_IDLE_MS		10000u	/* a stream that does not move */
#define CONTROL_UPLOAD_NS	INT64_C(300000000000)	/* all of one */
#define CONTROL_INVENTORY_MAX	(128u * 1024u * 1024u)	/* bytes of one */
#define CONTROL_PROBLEM_MAX	512u

/* Who may give a command. What nobody may is what the zero says. */
enum control_who {
	CONTROL_NOBODY = 0,
	CONTROL_ADMIN,		/* root and farmgate-admin */
	CONTROL_READER		/* and farmgate-audit, which is recorded */
};

struct control_ending;
struct control_job;

/* One line of control_command.c's table. */
struct control_entry {
	const char	*name;
	enum control_who who;
	bool		 store;		/* nothing is done without it */
	bool		 changes;	/* who asked is looked up first */
	bool		 looks;		/* and a look is taken at the machine */
	size_t		 uploads;	/* bytes of DATA before .start, at most;
					 * 0: none come */
	/* Look at the arguments; false after control_problem(). Or NULL. */
	bool		 (*check)(struct control_job *job);
	/* Ends in control_answer(), control_refuse() or control_work(). */
	void		 (*start)(struct control_job *job);
};

struct control_job {
	LIST_ENTRY(control_job) entry;
	struct daemon	*daemon;
	struct conn	*conn;		/* NULL: the client has gone */
	const struct control_entry *command;
	struct json	*args;		/* the COMMAND's object */
	uint32_t	 uid;		/* of the peer, always valid */
	struct fact_peer by;		/* who asked */
	char		 problem[CONTROL_PROBLEM_MAX];

	/* what was uploaded: a file without a name */
	int		 spool;		/* or -1 */
	size_t		 spooled;	/* bytes */
	size_t		 flushed;	/* of them, on their way to the disk */
	int64_t		 spool_until_ns;

	/* the worker, and what it says; control_job.c's own */
	struct worker	*worker;
	bool		 outlives;	/* goes on without the client */
	bool		 ended;
	int		 status;	/* of the worker that ended */
	void		 (*done)(struct control_job *job, int status);
	struct json	*result;	/* the worker's, or NULL */
	struct json	*named;		/* for the record of it, or NULL */
	struct loop_watch *writable;
	uint8_t		*in;		/* frames that wait */
	size_t		 in_len;
	uint8_t		 msg[FG_MSG_MAX]; /* a message that waits */
	size_t		 msg_len;	/* 0: none */
	bool		 last;		/* it is the REPORT */

	/* Or NULL: it goes on without the client; control_ending.c's own. */
	struct control_ending *ending;

	uint64_t	 generation;	/* of the inventory, before an import */
	struct devices	*devices;	/* of the baseline, owned; or NULL */
	struct bundle_head bundle_head;	/* of a bundle that goes out */
};

/* control_command.c: the peer is known. */
void	control_command_finish(struct control_job *job);
/* Whether there is a worker for it; false after control_problem(). */
bool	control_may_work(struct control_job *job);

/* control_scan.c: the machine's present picture. */
void	control_scan(struct control_job *job);

/* control_identity.c: what this machine says of itself. */
void	control_device_show(struct control_job *job);

/* control_job.c */

/* A job for the connection, which it belongs to. NULL without memory. */
struct control_job *control_job_new(struct conn *conn, struct json *args);

/* Say what is wrong, and how to mend it. */
void	control_problem(struct control_job *job, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));

/*
 * Report and end: the connection and the job are gone, or will be as soon as
 * the client has read. Takes json.
 */
void	control_answer(struct control_job *job, struct json *json,
	    int exit_status);
/* The same with .problem as the error. */
void	control_refuse(struct control_job *job);
/* Likewise, and no more is wrong than that there is no such thing. */
void	control_not_found(struct control_job *job);
/* The same for a call that failed with r: "WHAT: why". */
void	control_failed(struct control_job *job, const char *what, int r);

/*
 * A report as a message in msg, of *ret_len bytes; one that is too long is its
 * exit status alone. Takes json. Returns 0 or an error.
 */
int	control_encode(struct conn *conn, struct json *json, int exit_status,
	    uint8_t msg[FG_MSG_MAX], size_t *ret_len);

/*
 * control_fit.c: cut the long lists of a report to what one message has room
 * for; its member "more" says how many each has lost.
 */
void	control_fit(struct json *report);

/* control_upload.c: take DATA from now on; .start follows. */
void	control_receive(struct control_job *job);

/*
 * Have run() do it in a worker. What it writes with control_out_*() goes to
 * the client; then done() is called in the daemon, once, with the exit status
 * or -1, and ends the job. With .outlives also if the client has gone.
 */
void	control_work(struct control_job *job,
	    int (*run)(int out_fd, void *arg),
	    void (*done)(struct control_job *job, int status),
	    unsigned int timeout_ms);

/* A done() that adds nothing to what the worker has said. */
void	control_finished(struct control_job *job, int status);

#define CONTROL_UNFINISHED \
	"it was not finished; see journalctl -u farmgate-policyd.service"
#define CONTROL_UNRECORDED \
	"done, but the audit log could not be written; see farmgatectl status"

/* control_out.c: the worker's side. */
struct control_out {
	int		 fd;
	bool		 failed;	/* nobody reads any more */
	size_t		 used;
	uint8_t		 frame[FG_DATA_MAX + 3u];
};

#define CONTROL_FRAME_HEAD	3u	/* type, length (u16, big-endian) */
#define CONTROL_FRAME_DATA	'D'
#define CONTROL_FRAME_RESULT	'R'
#define CONTROL_FRAME_NAMED	'N'

void	control_out_init(struct control_out *out, int fd);
/* One line of JSON; takes json. */
void	control_out_json(struct control_out *out, struct json *json);
/* What job->result becomes; the last one counts. Takes json. */
void	control_out_result(struct control_out *out, struct json *json);
/* What job->named becomes, likewise: it goes into the record alone. */
void	control_out_named(struct control_out *out, struct json *json);
void	control_out_flush(struct control_out *out);
/* A stream to it; fclose(3) it before the flush. NULL without memory. */
FILE	*control_out_stream(struct control_out *out);
/*
 * Have read() write to it out of a store that is opened for that, and flush.
 * Returns what it does, or as store_open().
 */
int	control_out_store(struct control_out *out,
	    const struct control_job *job,
	    int (*read)(struct store *store, void *arg), void *arg);
/*
 * The whole of a worker's list of what: read() writes it to the control_out
 * that arg is. Returns CONTROL_OK, or CONTROL_ERROR behind a complaint.
 */
int	control_out_list(int out_fd, const struct control_job *job,
	    int (*read)(struct store *store, void *arg), const char *what);
/* A result that is an error. Returns CONTROL_ERROR. */
int	control_out_failed(struct control_out *out, const char *what, int r);

/*
 * control_exception.c, for all kinds of them. What was asked for, and whose it
 * is to be: false after control_problem(). Then it is put in force, recorded
 * and answered; known: the user is in the inventory.
 */
bool	control_exception_take(struct control_job *job,
	    struct store_exception *e);
bool	control_exception_whose(struct control_job *job,
	    struct store_exception *e, bool *ret_known);
void	control_exception_put(struct control_job *job,
	    struct store_exception *e, bool known);

/*
 * control_asker.c: whether it is known who asks, and is another than the user;
 * own: what is said if not. False after control_problem().
 */
bool	control_asker_is_somebody(struct control_job *job);
/* Whether all that is known of who asks is an account that several people have;
 * then there is a problem on the job. */
bool	control_asker_is_shared(struct control_job *job);
bool	control_asker_is_another(struct control_job *job, const char *user,
	    const char *own);

/* control_approval.c: refuse what waits for this person. */
void	control_approvals_refuse(struct control_job *job,
	    const struct person *person);

/* control_remembered.c: one as an object; those of a person. */
void	control_remembered_set(struct json *json,
	    const struct store_proof *p);
void	control_remembered_add(struct json *json, struct store *store,
	    const char *person);

/* control_factors.c: what the person of these facts has to prove a login with,
 * and until when they, or where they come from, are held back. */
void	control_factors_add(struct json *json, struct store *store,
	    const struct facts *facts);

/* control_record.c: each returns what daemon_audit() returns. */
int	control_record_import(struct control_job *job, bool ok);
int	control_record_rollout(struct control_job *job);
int	control_record_review(struct control_job *job);
int	control_record_accept(struct control_job *job,
	    const struct store_changes *changes);
int	control_record_export(struct control_job *job);
int	control_record_assets_export(struct control_job *job);
int	control_record_assets(struct control_job *job, bool ok);
int	control_record_bundle(struct control_job *job, const char *action,
	    const struct store_bundle *bundle);
int	control_record_exception(struct control_job *job, const char *action,
	    const struct store_exception *e);
/* What was done with somebody's one-time codes; t has whose, and which. */
int	control_record_totp(struct control_job *job, const char *action,
	    const struct store_totp *t);
/* Never the serial number, or a hash of it. */
int	control_record_verified(struct control_job *job, const char *action,
	    const struct store_verified *v);
/* Each of these devices, and where they come from if not from here. */
int	control_record_baseline(struct control_job *job, const char *action,
	    const struct store_device *list, size_t n);
int	control_record_support(struct control_job *job, const char *action,
	    const struct store_support *s);
/* Somebody's data was taken away as a copy; or it is forgotten, which does not
 * say whose it was, but to who knows the name. NULL: what was recorded has come
 * to nothing. */
int	control_record_person_export(struct control_job *job);
int	control_record_person_forget(struct control_job *job,
	    const struct store_forgotten *forgotten);
int	control_record_hold(struct control_job *job, const char *action,
	    const struct store_hold *hold);
/* remembered: how many step-ups that were passed went with it. */
int	control_record_backoff(struct control_job *job, const char *action,
	    const struct store_backoff *b, size_t remembered);
int	control_record_revocation(struct control_job *job, const char *action,
    const struct store_revocation *r, const struct person *person);
/* control_refuse() for want of a record: so is what comes of that, as in
 * "nothing is done". */
void	control_unrecorded(struct control_job *job, const char *so);

/* Somebody's word about a request; why: that it does not count, or NULL. */
int	control_record_approval(struct control_job *job, const char *action,
	    const struct approval *a, const char *why);
int	control_record_terminate(struct control_job *job,
	    const struct store_session *s, const char *why);

/*
 * control_ending.c. A command that can end sessions has an argument "kill";
 * false, after control_problem(), if it has and the daemon may not.
 */
bool	control_ending_check(struct control_job *job);
/*
 * Whether an open session is meant, and why, as static text or NULL. Called in
 * the loop: it may look up a thing or two. Returns 0, or an error: that session
 * is left alone, and the report says that it was not clear.
 */
typedef int (*control_meant_fn)(const struct store_session *s, void *arg,
	    bool *ret_is, const char **ret_why);
struct control_meant {
	control_meant_fn fn;
	const void	*arg;		/* .arg_size bytes, which are copied */
	size_t		 arg_size;
};
/*
 * Look at all open sessions; those that are meant are listed in job->result,
 * or ended if the command has "kill". Then job->result is the answer, with
 * status or, if one could not be ended or was not clear, CONTROL_ERROR. Who
 * opens a session meanwhile is decided anew, by what the command has changed:
 * in the turn of the loop that opens it everything is looked up (request.c).
 * Ends the job.
 */
void	control_end_sessions(struct control_job *job,
	    const struct control_meant *meant, int status);
/* List one by hand, as a worker does that only says what would be. */
void	control_ending_list(struct json *report,
	    const struct store_session *s, const char *why);
/* The daemon ends: answer with what there is. */
void	control_ending_stop(struct control_job *job);
void	control_ending_free(struct control_job *job);

/*
 * control_dismissed.c: control_end_sessions() for those of people whom the
 * inventory in force, or a revocation if these count, keeps out; dismissal.h
 * says who that is. Ends the job.
 */
void	control_end_dismissed(struct control_job *job, bool revocations,
	    int status);
/*
 * In a worker with a store of its own: list those whom the people of an import
 * that is not in force would keep out, as of when the worker began. Returns 0
 * or an error of the store.
 */
int	control_list_dismissed(struct control_job *job, struct store *store,
	    struct store *staged, bool revocations, struct json *report);

/* Rows of the store as reports have them. Of an enrolment, lost is as of
 * store_enrolment_state(); an exception is in force at at_s or not. */
void	control_exception_set(struct json *json,
	    const struct store_exception *e, int64_t at_s);
void	control_verified_set(struct json *json,
	    const struct store_verified *v);
void	control_revocation_set(struct json *json,
	    const struct store_revocation *r);
void	control_backoff_set(struct json *json, const struct store_backoff *b);
void	control_enrolment_set(struct json *json,
	    const struct store_enrolment *e, bool lost);

/* Helpers of the commands. */

/*
 * One command at a time replaces the inventory, or makes or forgets a bundle:
 * false after control_problem() if another one does.
 */
bool	control_is_alone(struct control_job *job);

/* The argument, or NULL after control_problem(). */
const char *control_text(struct control_job *job, const char *key,
	    size_t max);
/* Whether the inventory has the user whom a report is about; and, if not, a
 * warning that what was done, "the exception is for", is the account's. */
void	control_set_known(struct json *json, bool known, const char *what);
/* What was taken away is "removed", and by this caller. */
void	control_set_removed(const struct control_job *job, struct json *json);
/* control_kept.c: whether the inventory has somebody of a list, where there is
 * one; a warning that what they proved with counts again, behind another. */
void	control_set_listed(struct json *json, struct store *store,
	    const char *who);
void	control_warn_kept(struct json *json, struct store *store,
	    const char *who);
/* By account, else by the entry's own name. Returns as the store does. */
int	control_find_person(struct store *store, const char *name,
	    struct person *ret_person);

/* What is plugged in now, in job->devices, as by who asks; false after an
 * answer. A device as an object, and what the catalogue knows as lines. */
bool	control_devices_look(struct control_job *job);
void	control_device_set(struct json *json, enum entry_kind kind,
	    const char *what, const char *seen);
void	control_matches_out(struct control_out *out,
	    const struct devices *devices);

/* control_machine.c: the status's member "machine"; what cannot be read of it
 * is not there. */
void	control_machine_set(struct json *json, const struct daemon *daemon);
/* Why its device key is not the one that jump hosts can be answered with; NULL:
 * it is, or nobody wants one. Borrowed. */
const char *control_device_key_problem(const struct daemon *daemon);

/* control_hold.c: the status's member "holds"; false after control_problem() if
 * there is one, or that is not known. */
void	control_holds_set(struct json *json, struct store *store);
bool	control_is_not_held(struct control_job *job);

/* A session, as farmgatectl sessions shows it. */
void	control_session_set(struct json *json, const struct store_session *s,
	    bool reserved);

/*
 * The bundle in force, with .serial 0 if there is none. Returns NULL, or why it
 * cannot be relied on and what to do about it; static.
 */
const char *control_bundle_problem(const struct daemon *daemon,
	    struct store_bundle *ret_bundle);

/* Whoever is dismissed may think that it is enforced: a warning in job->result
 * while denials are only observed. */
void	control_warn_observe(struct control_job *job);

/* An enrolment as farmgatectl totp list shows it; whether it waits for its
 * first code, and not for too long. */
#define CONTROL_TOTP_WAIT_S	600
void	control_totp_set(struct json *json, const struct store_totp *t);
bool	control_totp_waits(const struct store_totp *t);

#endif
