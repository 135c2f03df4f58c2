/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Open sessions as rows, until they end. Whether one of them still lives is
 * not asked here: a row only says which process to look for.
 */
#include "policyd/store/store_session.h"

#include <string.h>

#include "policyd/store/store_parts.h"
#include "policyd/text.h"
#include "proto/result.h"

/* "SHA256:... id" in a line each */
#define ALSO_SIZE (SSH_KEYS_MAX * 2 * (PERSON_KEY_MAX + 1))

/* They are in the file: never given another meaning. */
_Static_assert(STORE_SESSION_OPEN == 1 && STORE_SESSION_ORPHAN == 2 &&
	STORE_SESSION_DETACHED == 3,
    "states are stored by number");
_Static_assert(SERVICE_REMOTE == 1 && SERVICE_CONSOLE == 3,
    "kinds of service are stored by number");
_Static_assert(ORIGIN_ADDRESS == 1 && ORIGIN_CONSOLE == 2 &&
	ORIGIN_LOCAL == 3 && ORIGIN_NO_ADDRESS == 4,
    "kinds of origin are stored by number");
_Static_assert(ORIGIN_FROM_NOTHING == 0 && ORIGIN_FROM_SSH_CONNECTION == 1 &&
	ORIGIN_FROM_RHOST == 2 && ORIGIN_FROM_SESSION == 3 &&
	ORIGIN_FROM_SERVICE == 4,
    "sources of an origin are stored by number");

/* ---- writing ----------------------------------------------------------- */

static bool
has_ends(const struct store_session *s)
{
	return STORE_ENDS(s->ref) && STORE_ENDS(s->person) &&
	    STORE_ENDS(s->user) && STORE_ENDS(s->service) &&
	    STORE_ENDS(s->policy) && STORE_ENDS(s->device) &&
	    STORE_ENDS(s->where.country) && STORE_ENDS(s->where.network) &&
	    STORE_ENDS(s->cgroup) && STORE_ENDS(s->boot_id);
}

/* A tag or a fingerprint: nothing that a record would have to escape. */
static bool
is_device(const char *text)
{
	for (; *text != '\0'; text++)
		if (*text <= ' ' || *text > '~')
			return false;
	return true;
}

static bool
has_keys(const struct ssh_keys *keys)
{
	const struct ssh_key *key;
	size_t i;

	if (keys->n > SSH_KEYS_MAX)
		return false;
	for (i = 0; i < keys->n; i++) {
		key = &keys->list[i];
		if (!STORE_ENDS(key->fingerprint) || !STORE_ENDS(key->id) ||
		    key->fingerprint[0] == '\0')
			return false;
		/* The first one has its columns. */
		if (i > 0 &&
		    (strpbrk(key->fingerprint, " \n") != NULL ||
			strpbrk(key->id, " \n") != NULL))
			return false;
	}
	return true;
}

/* What could be read back. */
static bool
is_complete(const struct store_session *s)
{
	return has_ends(s) && has_keys(&s->keys) && is_device(s->device) &&
	    s->ref[0] != '\0' && s->person[0] != '\0' && s->user[0] != '\0' &&
	    s->state >= STORE_SESSION_OPEN &&
	    s->state <= STORE_SESSION_DETACHED &&
	    service_has_sessions(s->kind) && s->origin.kind >= ORIGIN_ADDRESS &&
	    s->origin.kind <= ORIGIN_NO_ADDRESS &&
	    s->origin.source <= ORIGIN_FROM_SERVICE &&
	    store_is_country(s->where.country) && s->process.pid > 0 &&
	    s->process.start <= INT64_MAX;
}

static void
bind_origin(struct store_query *q, const struct store_session *s,
    const char *addr)
{
	store_bind_int(q, 7, s->origin.kind);
	store_bind_int(q, 8, s->origin.source);
	store_bind_text(q, 9, addr);
	store_bind_text(q, 10, s->where.country);
	store_bind_int(q, 11, s->where.asn);
	store_bind_text(q, 12, s->where.network);
}

static void
bind_process(struct store_query *q, const struct store_session *s)
{
	store_bind_int(q, 15, s->process.pid);
	store_bind_int(q, 16, (int64_t)s->process.start);
	store_bind_int(q, 17, s->uid);
	store_bind_int(q, 18, s->audit_session);
	store_bind_text(q, 19, s->cgroup);
	store_bind_text(q, 20, s->boot_id);
	store_bind_int(q, 21, s->opened_s);
	store_bind_int(q, 22, s->opened_boot_s);
}

/* The strings are bound as long as the query runs. */
static void
bind_keys(struct store_query *q, const struct ssh_keys *keys,
    char also[ALSO_SIZE])
{
	const struct ssh_key *key = keys->list;
	size_t i, len = 0;

	also[0] = '\0';
	for (i = 1; i < keys->n; i++) {
		/* has_keys() has seen that it fits. */
		(void)text_format(also + len, ALSO_SIZE - len, "%s%s %s",
		    i > 1 ? "\n" : "", key[i].fingerprint, key[i].id);
		len += strlen(also + len);
	}
	store_bind_text(q, 13, keys->n > 0 ? key->fingerprint : "");
	store_bind_text(q, 14, keys->n > 0 ? key->id : "");
	store_bind_text(q, 23, also);
	store_bind_int(q, 24, keys->more);
}

/* In the order of SESSION in store_sql.c. */
int
store_session_put(struct store *store, const struct store_session *s)
{
	char addr[ADDR_TEXT_SIZE] = "", also[ALSO_SIZE];
	struct store_query *q;
	int r;

	if (!is_complete(s))
		return FG_ERR_FORMAT;
	if (s->origin.kind == ORIGIN_ADDRESS &&
	    (r = store_addr_text(&s->origin.addr, addr)) != 0)
		return r;
	q = store_query(store->db, STORE_SQL_SESSION_PUT);
	store_bind_text(q, 1, s->ref);
	store_bind_int(q, 2, s->state);
	store_bind_text(q, 3, s->person);
	store_bind_text(q, 4, s->user);
	store_bind_text(q, 5, s->service);
	store_bind_int(q, 6, s->kind);
	bind_origin(q, s, addr);
	bind_keys(q, &s->keys, also);
	bind_process(q, s);
	store_bind_text(q, 25, s->policy);
	store_bind_int(q, 26, s->observed);
	store_bind_text(q, 27, s->device);
	return store_query_run(q);
}

int
store_session_remove(struct store *store, const char *ref)
{
	struct store_query *q =
	    store_query(store->db, STORE_SQL_SESSION_REMOVE);

	store_bind_text(q, 1, ref);
	return store_query_run(q);
}

/* ---- reading ----------------------------------------------------------- */

static void
read_origin(struct store_query *q, struct store_session *s)
{
	struct fact_origin *o = &s->origin;

	o->kind = (enum origin_kind)store_column_int(q, 6, ORIGIN_ADDRESS,
	    ORIGIN_NO_ADDRESS);
	o->source = (enum origin_source)store_column_int(q, 7,
	    ORIGIN_FROM_NOTHING, ORIGIN_FROM_SERVICE);
	if (o->kind == ORIGIN_ADDRESS) {
		store_column_addr(q, 8, &o->addr);
		o->cls = addr_classify(&o->addr);
	} else if (store_column_text_direct(q, 8)[0] != '\0') {
		store_query_fail(q, FG_ERR_FORMAT);
	}
	store_column_country(q, 9, s->where.country);
	s->where.asn = (uint32_t)store_column_int(q, 10, 0, UINT32_MAX);
	STORE_COLUMN(q, 11, s->where.network);
}

static void
read_process(struct store_query *q, struct store_session *s)
{
	s->process.pid = (int32_t)store_column_int(q, 14, 1, INT32_MAX);
	s->process.start = (uint64_t)store_column_int(q, 15, 0, INT64_MAX);
	s->uid = (uint32_t)store_column_int(q, 16, 0, UINT32_MAX);
	s->audit_session = (uint32_t)store_column_int(q, 17, 0, UINT32_MAX);
	STORE_COLUMN(q, 18, s->cgroup);
	STORE_COLUMN(q, 19, s->boot_id);
	s->opened_s = store_column_int(q, 20, INT64_MIN, INT64_MAX);
	s->opened_boot_s = store_column_int(q, 21, INT64_MIN, INT64_MAX);
}

/* A line of the column. */
static bool
read_key(const char *line, size_t len, struct ssh_key *key)
{
	const char *id = memchr(line, ' ', len);
	size_t first = id == NULL ? 0 : (size_t)(id - line);

	if (first == 0 || first >= sizeof(key->fingerprint) ||
	    len - first - 1 >= sizeof(key->id))
		return false;
	memcpy(key->fingerprint, line, first);
	memcpy(key->id, id + 1, len - first - 1);
	return true;
}

static void
read_also(struct store_query *q, struct ssh_keys *keys)
{
	const char *text = store_column_text_direct(q, 22);
	size_t len;

	if (*text == '\0')
		return;
	for (;; text += len + 1) {
		len = strcspn(text, "\n");
		if (keys->n == 0 || keys->n == SSH_KEYS_MAX ||
		    !read_key(text, len, &keys->list[keys->n])) {
			store_query_fail(q, FG_ERR_FORMAT);
			return;
		}
		keys->n++;
		if (text[len] == '\0')
			return;
	}
}

static void
read_keys(struct store_query *q, struct ssh_keys *keys)
{
	STORE_COLUMN(q, 12, keys->list[0].fingerprint);
	STORE_COLUMN(q, 13, keys->list[0].id);
	keys->n = keys->list[0].fingerprint[0] != '\0';
	if (keys->n == 0 && keys->list[0].id[0] != '\0')
		store_query_fail(q, FG_ERR_FORMAT);
	read_also(q, keys);
	keys->more = (uint32_t)store_column_int(q, 23, 0, UINT32_MAX);
}

static void
read_session(struct store_query *q, struct store_session *s)
{
	memset(s, 0, sizeof(*s));
	STORE_COLUMN(q, 0, s->ref);
	s->state = (enum store_session_state)store_column_int(q, 1,
	    STORE_SESSION_OPEN, STORE_SESSION_DETACHED);
	STORE_COLUMN(q, 2, s->person);
	STORE_COLUMN(q, 3, s->user);
	STORE_COLUMN(q, 4, s->service);
	s->kind = (enum service_kind)store_column_int(q, 5, SERVICE_REMOTE,
	    SERVICE_CONSOLE);
	read_origin(q, s);
	read_keys(q, &s->keys);
	read_process(q, s);
	STORE_COLUMN(q, 24, s->policy);
	s->observed = store_column_int(q, 25, 0, 1) == 1;
	STORE_COLUMN(q, 26, s->device);
	if (s->ref[0] == '\0' || s->person[0] == '\0' || s->user[0] == '\0' ||
	    !service_has_sessions(s->kind) || !is_device(s->device))
		store_query_fail(q, FG_ERR_FORMAT);
}

int
store_sessions_each(struct store *store, store_session_fn fn, void *arg)
{
	struct store_query *q = store_query(store->db, STORE_SQL_SESSIONS);
	struct store_session s;

	while (store_query_next(q) == 0) {
		read_session(q, &s);
		if (store_query_failed(q) || fn(&s, arg) != 0)
			break;
	}
	return store_query_end(q);
}
