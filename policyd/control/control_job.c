/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The life of a job: a worker, and bytes that go to the client. Nothing here
 * waits, and nothing grows: who reads slowly holds up the worker.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "policyd/control/control.h"
#include "policyd/control/control_parts.h"
#include "policyd/log.h"
#include "policyd/text.h"
#include "proto/result.h"

struct control_job *
control_job_new(struct conn *conn, struct json *args)
{
	struct control_job *job;

	if ((job = calloc(1, sizeof(*job))) == NULL)
		return NULL;
	job->daemon = conn->daemon;
	job->conn = conn;
	job->args = args;
	job->uid = conn->facts.peer.uid;
	job->spool = -1;
	conn->job = job;
	LIST_INSERT_HEAD(&conn->daemon->jobs, job, entry);
	return job;
}

static void
job_free(struct control_job *job)
{
	LIST_REMOVE(job, entry);
	loop_unwatch(job->writable);
	control_ending_free(job);
	if (job->spool >= 0)
		(void)close(job->spool); /* and with it the file */
	json_free(job->args);
	json_free(job->result);
	json_free(job->named);
	free(job->in);
	free(job->devices);
	free(job);
}

void
control_problem(struct control_job *job, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(job->problem, sizeof(job->problem), fmt, ap);
	va_end(ap);
}

/* ---- answers ---------------------------------------------------------- */

/* The client has to read first: so long the worker rests. */
static void
job_wait(struct control_job *job)
{
	if (job->worker != NULL)
		worker_pause(job->worker, 1);
	loop_resume(job->writable);
	loop_timer_set(job->conn->timer, CONTROL_IDLE_MS);
}

int
control_encode(struct conn *conn, struct json *json, int exit_status,
    uint8_t msg[FG_MSG_MAX], size_t *ret_len)
{
	struct fg_report m = { .exit_status = (uint8_t)exit_status };
	char *text = json_text(json);
	int r;

	json_free(json);
	m.json = text;
	if (text == NULL || strlen(text) > FG_REPORT_MAX)
		m.json = "{\"truncated\":true}";
	r = fg_msg_put_report(msg, FG_MSG_MAX, conn_next(conn), &m, ret_len);
	json_text_free(text);
	crypto_wipe_registers();
	return r;
}

void
control_answer(struct control_job *job, struct json *json, int exit_status)
{
	struct conn *conn = job->conn;
	int r;

	job->last = true;
	if (conn == NULL) {
		json_free(json);
		job_free(job);
		return;
	}
	conn->state = CONN_STREAMING;
	if ((r = control_encode(conn, json, exit_status, job->msg,
		 &job->msg_len)) == 0)
		r = conn_send(conn, job->msg, job->msg_len);
	if (r == FG_ERR_BUSY && job->writable != NULL) {
		job_wait(job);
		return;
	}
	if (r != 0)
		log_client("control: pid %d: the report did not go out",
		    conn->facts.peer.pid);
	conn_close(conn);
}

static void
answer_problem(struct control_job *job, int exit_status)
{
	struct json *json = json_new();

	json_set_untrusted(json, "error", job->problem);
	control_answer(job, json, exit_status);
}

void
control_refuse(struct control_job *job)
{
	answer_problem(job, CONTROL_ERROR);
}

void
control_not_found(struct control_job *job)
{
	answer_problem(job, CONTROL_NO);
}

void
control_failed(struct control_job *job, const char *what, int r)
{
	control_problem(job, "%s: %s", what, text_error(r));
	control_refuse(job);
}

/* ---- what the worker says --------------------------------------------- */

static int
job_keep(struct control_job *job, const void *data, size_t len)
{
	uint8_t *in;

	if ((in = realloc(job->in, job->in_len + len)) == NULL)
		return FG_ERR_NOMEM;
	memcpy(in + job->in_len, data, len);
	job->in = in;
	job->in_len += len;
	return 0;
}

static void
job_take_frame(struct control_job *job, const uint8_t *frame, size_t len)
{
	const struct fg_data m = { frame + CONTROL_FRAME_HEAD, len };

	if (frame[0] == CONTROL_FRAME_RESULT) {
		json_free(job->result);
		job->result = json_parse(m.bytes, len);
	} else if (frame[0] == CONTROL_FRAME_NAMED) {
		json_free(job->named);
		job->named = json_parse(m.bytes, len);
	} else if (job->conn != NULL && len > 0) {
		if (fg_msg_put_data(job->msg, sizeof(job->msg),
			conn_next(job->conn), &m, &job->msg_len) != 0)
			job->msg_len = 0; /* cannot be: len has 16 bits */
	}
}

/* The next frame that is there whole. */
static bool
job_next(struct control_job *job, size_t *off)
{
	const uint8_t *p = job->in + *off;
	size_t len, left = job->in_len - *off;

	if (left < CONTROL_FRAME_HEAD)
		return false;
	len = (size_t)p[1] << 8 | p[2];
	if (left - CONTROL_FRAME_HEAD < len)
		return false;
	job_take_frame(job, p, len);
	*off += CONTROL_FRAME_HEAD + len;
	return true;
}

/* Returns 0 when all that is there went out, or what conn_send() says. */
static int
job_send_all(struct control_job *job)
{
	size_t off = 0;
	int r = 0;

	do {
		if (job->msg_len > 0 &&
		    (r = conn_send(job->conn, job->msg, job->msg_len)) != 0)
			break;
		job->msg_len = 0;
	} while (job_next(job, &off));
	job->in_len -= off;
	if (off > 0)
		memmove(job->in, job->in + off, job->in_len);
	return r;
}

static void
job_relay(struct control_job *job)
{
	int r = job_send_all(job);

	if (r == FG_ERR_BUSY) {
		job_wait(job);
		return;
	}
	if (r != 0) {
		conn_close(job->conn); /* and the rest is control_closed() */
		return;
	}
	if (job->conn != NULL) {
		loop_pause(job->writable);
		loop_timer_clear(job->conn->timer);
	}
	if (job->ended)
		job->done(job, job->status);
	else
		worker_pause(job->worker, 0);
}

static void
job_on_writable(void *arg)
{
	struct control_job *job = arg;

	if (!job->last)
		job_relay(job);
	else if (conn_send(job->conn, job->msg, job->msg_len) != FG_ERR_BUSY)
		conn_close(job->conn);
}

static void
job_on_end(int status, void *arg)
{
	struct control_job *job = arg;

	job->worker = NULL;
	job->ended = true;
	job->status = status;
	if (job->msg_len == 0) /* else when the client has read */
		job->done(job, status);
}

/* May be stopped from within, which ends the job. */
static void
job_on_output(const char *data, size_t len, void *arg)
{
	struct control_job *job = arg;

	if (job_keep(job, data, len) == 0) {
		/* What waits already waits for the client. */
		if (job->msg_len == 0)
			job_relay(job);
		return;
	}
	log_err("control: out of memory");
	worker_stop(job->worker);
	job_on_end(-1, job);
}

void
control_work(struct control_job *job, int (*run)(int out_fd, void *arg),
    void (*done)(struct control_job *job, int status), unsigned int timeout_ms)
{
	const struct worker_job work = { .name = job->command->name,
		.run = run,
		.output = job_on_output,
		.done = job_on_end,
		.arg = job,
		.timeout_ms = timeout_ms,
		.keep = &job->spool,
		.nkeep = job->spool >= 0 ? 1 : 0 };
	struct conn *conn = job->conn;
	int r;

	job->done = done;
	if (!control_may_work(job)) {
		control_refuse(job);
		return;
	}
	conn->state = CONN_STREAMING;
	if (!conn_wait(conn) ||
	    loop_watch_writable(job->daemon->loop, conn->fd, job_on_writable,
		job, &job->writable) != 0) {
		control_failed(job, job->command->name, FG_ERR_NOMEM);
		return;
	}
	loop_timer_clear(conn->timer);
	if ((r = worker_start(job->daemon->loop, &work, &job->worker)) != 0)
		control_failed(job, job->command->name, r);
}

void
control_finished(struct control_job *job, int status)
{
	struct json *json = job->result != NULL ? job->result : json_new();

	job->result = NULL;
	if (status < 0)
		json_set_string(json, "error", CONTROL_UNFINISHED);
	control_answer(job, json, status < 0 ? CONTROL_ERROR : status);
}

/* ---- ends ------------------------------------------------------------- */

void
control_closed(struct conn *conn)
{
	struct control_job *job = conn->job;

	conn->job = NULL;
	job->conn = NULL;
	loop_unwatch(job->writable);
	job->writable = NULL;
	explicit_bzero(job->msg, job->msg_len); /* it may be told once */
	job->msg_len = 0;
	if (job->ending != NULL)
		return; /* it goes on, and answers nobody */
	if (job->last || (job->worker == NULL && !job->ended)) {
		job_free(job);
	} else if (job->ended) {
		(void)job_send_all(job); /* its result may be among it */
		job->done(job, job->status);
	} else if (job->outlives) {
		(void)job_send_all(job); /* from here on it is passed over */
		worker_pause(job->worker, 0);
	} else {
		worker_stop(job->worker);
		job_free(job);
	}
}

void
control_stop(struct daemon *daemon)
{
	struct control_job *job, *next;

	for (job = LIST_FIRST(&daemon->jobs); job != NULL; job = next) {
		next = LIST_NEXT(job, entry);
		if (job->worker != NULL) {
			worker_stop(job->worker);
			job_on_end(-1, job);
		}
	}
	/* What has just begun is among them. */
	for (job = LIST_FIRST(&daemon->jobs); job != NULL; job = next) {
		next = LIST_NEXT(job, entry);
		if (job->ending != NULL)
			control_ending_stop(job);
	}
}
