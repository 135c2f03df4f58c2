/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The life of a job: bytes that come from the client, a worker, and bytes that
 * go to the client. Nothing here waits, and nothing grows: who reads slowly
 * holds up the worker, who sends slowly is cut off.
 */
#include <errno.h>
#include <fcntl.h>
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

#define JOB_SPOOL "import.spool" /* in the state folder, for an instant */
#define JOB_FLUSH (4u * 1024u * 1024u) /* bytes that may wait to be written */

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

/* ---- what the client sends -------------------------------------------- */

/* A file that nobody else has a name for, and that ends with its descriptor. */
static int
job_open_spool(struct control_job *job)
{
	char path[4096];
	int r;

	if ((r = text_format(path, sizeof(path), "%s/" JOB_SPOOL,
		 job->daemon->rules->conf->state)) != 0)
		return r;
	if (unlink(path) != 0 && errno != ENOENT)
		return FG_ERR_SYSTEM;
	job->spool = open(path,
	    O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (job->spool < 0 || unlink(path) != 0)
		return FG_ERR_SYSTEM;
	return 0;
}

static void
job_rearm(struct control_job *job)
{
	int64_t left_ms = (job->spool_until_ns - loop_now_ns()) / 1000000;

	if (left_ms < 1)
		left_ms = 1;
	if (left_ms > CONTROL_IDLE_MS)
		left_ms = CONTROL_IDLE_MS;
	loop_timer_set(job->conn->timer, (unsigned int)left_ms);
}

void
control_receive(struct control_job *job)
{
	struct conn *conn = job->conn;
	int r;

	if (!conn_wait(conn)) {
		control_failed(job, "stream", FG_ERR_NOMEM);
		return;
	}
	if ((r = job_open_spool(job)) != 0) {
		control_failed(job, job->daemon->rules->conf->state, r);
		return;
	}
	job->spool_until_ns = loop_now_ns() + CONTROL_UPLOAD_NS;
	conn->state = CONN_WANT_DATA;
	loop_resume(conn->watch);
	job_rearm(job);
}

/*
 * What is written out as it comes does not hold up the sync of an audit record
 * later. Nobody waits for it, and a crash may lose it.
 */
static void
job_flush(struct control_job *job)
{
	if (job->spooled - job->flushed < JOB_FLUSH)
		return;
	(void)sync_file_range(job->spool, (off_t)job->flushed,
	    (off_t)(job->spooled - job->flushed), SYNC_FILE_RANGE_WRITE);
	job->flushed = job->spooled;
}

static int
job_spool(struct control_job *job, const uint8_t *p, size_t len)
{
	ssize_t n;

	if (len > job->command->uploads - job->spooled)
		return FG_ERR_LIMIT;
	job->spooled += len;
	while (len > 0) {
		if ((n = write(job->spool, p, len)) >= 0) {
			p += n;
			len -= (size_t)n;
		} else if (errno != EINTR) {
			return FG_ERR_SYSTEM;
		}
	}
	job_flush(job);
	return 0;
}

void
control_data(struct conn *conn, size_t len)
{
	struct control_job *job = conn->job;
	struct fg_data m;
	int r;

	if ((r = fg_msg_get_data(conn->data, len, &m)) != 0) {
		conn_malformed(conn, "control", r);
		return;
	}
	if (m.len == 0) {
		loop_timer_clear(conn->timer);
		conn->state = CONN_STREAMING;
		job->command->start(job);
		return;
	}
	if ((r = job_spool(job, m.bytes, m.len)) == 0) {
		job_rearm(job);
		return;
	}
	if (r == FG_ERR_LIMIT)
		control_problem(job, "the file has more than %zu bytes",
		    job->command->uploads);
	else
		control_problem(job, "%s: %s", job->daemon->rules->conf->state,
		    strerror(errno));
	control_refuse(job);
}

void
control_late(struct conn *conn)
{
	log_client("control: pid %d: its stream does not move",
	    conn->facts.peer.pid);
	if (conn->state != CONN_WANT_DATA) {
		conn_close(conn);
		return;
	}
	control_problem(conn->job, "the file did not come in time");
	control_refuse(conn->job);
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
