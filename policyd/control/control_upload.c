/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bytes that come from the client, into a file without a name. Nothing here
 * waits, and nothing grows: who sends slowly is cut off.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "policyd/control/control.h"
#include "policyd/control/control_parts.h"
#include "policyd/log.h"
#include "policyd/text.h"
#include "proto/result.h"

#define JOB_SPOOL "import.spool" /* in the state folder, for an instant */
#define JOB_FLUSH (4u * 1024u * 1024u) /* bytes that may wait to be written */

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
