/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From the scanner to connections and sessions, and from sessions to the audit
 * log.
 */
#include "policyd/events.h"

#include <stdlib.h>

#include "policyd/conn.h"
#include "policyd/live/live.h"
#include "policyd/log.h"
#include "policyd/record/record.h"

static void
on_peer(uint64_t id, const struct fact_peer *peer, void *arg)
{
	struct daemon *daemon = arg;

	if (!session_attached(daemon->sessions, id, peer))
		conn_peer_known(daemon, id, peer);
}

static void
on_remains(uint64_t id, const uint32_t *remains, void *arg)
{
	struct daemon *daemon = arg;

	session_remains(daemon->sessions, id, remains);
}

static void
on_terminated(uint64_t id, enum scanner_refusal refusal, uint32_t signalled,
    void *arg)
{
	struct daemon *daemon = arg;

	session_terminated(daemon->sessions, id, refusal, signalled);
}

static void
on_looked(uint64_t id, void *arg)
{
	struct daemon *daemon = arg;

	live_looked(daemon);
	conn_looked(daemon, id);
}

static void
on_client(uint64_t id, const struct fact_client *client, void *arg)
{
	struct daemon *daemon = arg;

	conn_client_known(daemon, id, client);
}

static void
on_news(void *arg)
{
	live_news(arg);
}

static void
on_scanner_lost(void *arg)
{
	struct daemon *daemon = arg;

	conn_peer_lost(daemon);
	daemon_stop(daemon, EXIT_FAILURE);
}

static void
on_session_end(const struct store_session *s, int64_t open_s,
    enum session_end how, void *arg)
{
	struct daemon *daemon = arg;
	struct json *record;

	record = daemon_record(daemon, AUDIT_CLOSE);
	record_close(record, s, open_s, session_end_name(how));
	(void)daemon_audit(daemon, record, false); /* reported there */
}

static void
on_session_left(const struct store_session *s, uint32_t remains, void *arg)
{
	struct daemon *daemon = arg;
	struct json *record;

	record = daemon_record(daemon, AUDIT_LEFT);
	record_left(record, s, remains);
	(void)daemon_audit(daemon, record, false); /* reported there */
	if (s->state == STORE_SESSION_ORPHAN)
		log_warn("session %s: its leading process was killed, and %u "
			 "of its processes are still there",
		    s->ref, remains);
}

struct session_calls
events_of_sessions(struct daemon *daemon)
{
	return (struct session_calls){
		.ended = on_session_end, .left = on_session_left, .arg = daemon
	};
}

struct scanlink_calls
events_of_scanner(struct daemon *daemon)
{
	return (struct scanlink_calls){ .answer = on_peer,
		.remains = on_remains,
		.terminated = on_terminated,
		.looked = on_looked,
		.client = on_client,
		.news = on_news,
		.lost = on_scanner_lost,
		.arg = daemon };
}
