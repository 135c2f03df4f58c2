/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The open sessions that a command is about: listed in its report, or ended one
 * after the other. All that are open are looked at, a few in each turn of the
 * loop, so that logins do not wait; and to the end, also without the client.
 */
#include <stdlib.h>
#include <string.h>

#include "policyd/control/control_parts.h"
#include "policyd/log.h"
#include "policyd/session/session.h"
#include "proto/result.h"

#define ENDING_SLICE	 16u /* sessions that are asked about in one turn */
#define ENDING_SHOWN_MAX 20u /* in a report, which is one message ... */
#define ENDING_ROOM	 (FG_REPORT_MAX - 4096u) /* ... with more in it */

/* One that the scanner is to end. */
struct victim {
	LIST_ENTRY(victim) entry;
	struct control_job *job;
	const char *why;
};

LIST_HEAD(victim_list, victim);

struct control_ending {
	control_meant_fn is_meant;
	void *arg; /* a copy */
	bool kill;
	int status; /* the command's, if nothing else goes wrong */
	int error; /* why it is not known of some */
	struct session_cursor cursor;
	struct loop_timer *timer;
	bool looked; /* at all of them */
	struct victim_list victims;
};

bool
control_ending_check(struct control_job *job)
{
	const struct conf *conf = job->daemon->rules->conf;

	if (!json_get_bool(job->args, "kill", false) || conf->terminate)
		return true;
	control_problem(job,
	    "the daemon may not end sessions; set terminate = \"yes\" in %s "
	    "and run systemctl restart farmgate-policyd.service, or leave out "
	    "--kill",
	    conf->path);
	return false;
}

/* ---- the report -------------------------------------------------------- */

static void
count(struct json *json, const char *key)
{
	json_set_int(json, key, json_get_int(json, key, 0) + 1);
}

struct outcome {
	const char *text; /* NULL: it was not to be ended */
	uint32_t processes;
};

static void
set_session(struct json *json, const struct store_session *s, const char *why,
    const struct outcome *outcome)
{
	control_session_set(json, s, false);
	if (why != NULL)
		json_set_string(json, "why", why);
	if (outcome->text == NULL)
		return;
	json_set_string(json, "outcome", outcome->text);
	json_set_int(json, "processes", outcome->processes);
}

static size_t
bytes_of(const struct json *json)
{
	char *text = json_text(json);
	size_t len = text == NULL ? ENDING_ROOM : strlen(text);

	free(text);
	return len;
}

/* Those that there is no room for are only counted. */
static void
add_session(struct json *report, const struct store_session *s, const char *why,
    const struct outcome *outcome)
{
	struct json *list = json_get(report, "sessions"), *json;
	size_t len;

	if (list == NULL || json_length(list) >= ENDING_SHOWN_MAX)
		return;
	json = json_new();
	set_session(json, s, why, outcome);
	len = bytes_of(json);
	json_free(json);
	if (len < ENDING_ROOM - bytes_of(list))
		set_session(json_add_object(list), s, why, outcome);
}

void
control_ending_list(struct json *report, const struct store_session *s,
    const char *why)
{
	const struct outcome none = { .text = NULL };

	add_session(report, s, why, &none);
	count(report, "open");
}

static const char *
refusal_text(enum scanner_refusal refusal)
{
	switch (refusal) {
	case SCANNER_REFUSED_NOT:
		return "ended";
	case SCANNER_REFUSED_CAP:
		return "the scanner may not end sessions";
	case SCANNER_REFUSED_GONE:
		return "was over already";
	case SCANNER_REFUSED_LEADER:
		return "its process leads no login";
	case SCANNER_REFUSED_PARTLY:
		return "not all of it has ended: run it again";
	case SCANNER_REFUSED_ERROR:
		break;
	}
	return "it could not be ended";
}

static void
add_outcome(struct control_job *job, const struct store_session *s,
    const char *why, enum scanner_refusal refusal, uint32_t signalled)
{
	const struct outcome outcome = { refusal_text(refusal), signalled };

	add_session(job->result, s, why, &outcome);
	count(job->result,
	    refusal == SCANNER_REFUSED_NOT || refusal == SCANNER_REFUSED_GONE ?
		"ended" :
		"refused");
}

/* ---- its end ----------------------------------------------------------- */

void
control_ending_free(struct control_job *job)
{
	struct control_ending *e = job->ending;
	struct victim *victim;

	if (e == NULL)
		return;
	while ((victim = LIST_FIRST(&e->victims)) != NULL) {
		session_terminate_forget(job->daemon->sessions, victim);
		LIST_REMOVE(victim, entry);
		free(victim);
	}
	loop_timer_free(e->timer);
	free(e->arg);
	free(e);
	job->ending = NULL;
}

static void
set_unclear(struct json *report, int error)
{
	char text[CONTROL_PROBLEM_MAX];

	(void)snprintf(text, sizeof(text),
	    "of %lld sessions it is not known whether they are meant: %s; run "
	    "it again",
	    (long long)json_get_int(report, "unclear", 0), fg_strerror(error));
	json_set_string(report, "error", text);
}

/* The records of all of them are on the disk before anybody is told. */
static void
answer(struct control_job *job)
{
	struct json *report = job->result;
	int status = job->ending->status;

	if (job->ending->error != 0)
		set_unclear(report, job->ending->error);
	if (job->ending->error != 0 || json_get_int(report, "refused", 0) > 0)
		status = CONTROL_ERROR;
	if (job->ending->kill)
		(void)daemon_sync(job->daemon); /* reported there */
	control_ending_free(job);
	job->result = NULL;
	control_answer(job, report, status);
}

static void
answer_if_over(struct control_job *job)
{
	if (job->ending->looked && LIST_EMPTY(&job->ending->victims))
		answer(job);
}

void
control_ending_stop(struct control_job *job)
{
	log_warn("control: %s: stopped before all open sessions were looked at "
		 "or ended; run it again",
	    job->command->name);
	answer(job);
}

/* ---- one after the other ----------------------------------------------- */

static void
on_ended(const struct store_session *s, enum scanner_refusal refusal,
    uint32_t signalled, void *arg)
{
	struct victim *victim = arg;
	struct control_job *job = victim->job;

	add_outcome(job, s, victim->why, refusal, signalled);
	LIST_REMOVE(victim, entry);
	free(victim);
	answer_if_over(job);
}

/* Recorded before the scanner is asked; its end is a record of its own. */
static void
end_session(struct control_job *job, const struct store_session *s,
    const char *why)
{
	struct victim *victim;

	(void)control_record_terminate(job, s, why); /* reported there */
	if ((victim = calloc(1, sizeof(*victim))) != NULL) {
		victim->job = job;
		victim->why = why;
		if (session_terminate(job->daemon->sessions, s, on_ended,
			victim) == 0) {
			LIST_INSERT_HEAD(&job->ending->victims, victim, entry);
			return;
		}
	}
	free(victim);
	add_outcome(job, s, why, SCANNER_REFUSED_ERROR, 0);
}

static int
look_at(const struct store_session *s, bool reserved, void *arg)
{
	struct control_job *job = arg;
	const char *why = NULL;
	bool is = false;
	int r;

	(void)reserved; /* there are no seats among them */
	r = job->ending->is_meant(s, job->ending->arg, &is, &why);
	if (r != 0) {
		job->ending->error = r;
		count(job->result, "unclear");
	} else if (is && job->ending->kill) {
		end_session(job, s, why);
	} else if (is) {
		control_ending_list(job->result, s, why);
	}
	return 0;
}

static void
look(void *arg)
{
	struct control_job *job = arg;
	struct control_ending *e = job->ending;

	if (sessions_some(job->daemon->sessions, &e->cursor, ENDING_SLICE,
		look_at, job)) {
		loop_timer_set(e->timer, 0);
		return;
	}
	e->looked = true;
	answer_if_over(job);
}

static struct control_ending *
ending_new(const struct control_job *job, const struct control_meant *meant)
{
	struct control_ending *e;

	if ((e = calloc(1, sizeof(*e))) == NULL)
		return NULL;
	LIST_INIT(&e->victims);
	e->is_meant = meant->fn;
	e->kill = json_get_bool(job->args, "kill", false);
	if (meant->arg_size > 0 && (e->arg = malloc(meant->arg_size)) != NULL)
		memcpy(e->arg, meant->arg, meant->arg_size);
	if (meant->arg_size == 0 || e->arg != NULL)
		return e;
	free(e);
	return NULL;
}

static bool
begin(struct control_job *job, const struct control_meant *meant)
{
	struct conn *conn = job->conn;

	if ((job->ending = ending_new(job, meant)) == NULL ||
	    (conn != NULL && !conn_wait(conn)) ||
	    loop_timer(job->daemon->loop, look, job, &job->ending->timer) != 0)
		return false;
	if (conn != NULL) {
		conn->state = CONN_STREAMING;
		loop_timer_clear(conn->timer);
	}
	loop_timer_set(job->ending->timer, 0);
	return true;
}

void
control_end_sessions(struct control_job *job, const struct control_meant *meant,
    int status)
{
	struct json *report = job->result;

	(void)json_set_array(report, "sessions");
	if (begin(job, meant)) {
		job->ending->status = status;
		return;
	}
	/* What was done before this is done. */
	control_ending_free(job);
	json_set_string(report, "error", "sessions: out of memory");
	job->result = NULL;
	control_answer(job, report, CONTROL_ERROR);
}
