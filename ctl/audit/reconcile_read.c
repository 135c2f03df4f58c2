/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The audit log beside the logins: decisions within the window around the
 * present login, the sessions that are open, and when the daemon ran.
 */
#include <stdlib.h>
#include <string.h>

#include "ctl/audit/line.h"
#include "ctl/audit/reconcile.h"
#include "ctl/audit/source.h"
#include "ctl/ctl.h"
#include "ctl/past/past_parts.h"
#include "policyd/json/json.h"
#include "proto/result.h"

#define DECISIONS_MAX 262144u
#define SESSIONS_MAX  65536u
#define TICK_LINES    256u
#define KEPT_S	      (RECONCILE_ORDER_S + 2 * RECONCILE_WINDOW_S)

struct decided {
	int64_t at_s;
	int64_t pid, parent; /* who asked; 0: not said */
	int64_t opener, opener_parent; /* who has opened the session of it */
	bool has_addr, denied, used;
	struct addr addr;
	char ref[FG_REF_MAX + 1];
	char *user;
};

struct opened {
	int64_t at_s, closed_s; /* INT64_MAX: open */
	bool has_addr;
	struct addr addr;
	char ref[FG_REF_MAX + 1];
	char *user;
};

struct reconcile_log {
	struct reconcile *r;
	struct source *source;
	int64_t since_s, until_s;
	int64_t at_s; /* of the last record */
	bool ended;
	struct decided *decided; /* from first on, and around the end */
	size_t first, n, room;
	struct opened *opened;
	size_t nopened, opened_room;
	struct past_login login; /* to read with */
	uint64_t lines;
	void (*tick)(void *arg); /* or NULL */
	void *tick_arg;
};

int
reconcile_open(const char *path, int64_t since_s, int64_t until_s,
    struct reconcile *r, struct reconcile_log **ret_log,
    char ret_why[PAST_WHY_SIZE])
{
	struct reconcile_log *log = calloc(1, sizeof(*log));
	int e = FG_ERR_NOMEM;

	*ret_log = NULL;
	if (log != NULL) {
		log->r = r;
		log->since_s = since_s;
		log->until_s = until_s;
		e = source_open(path, true, &log->source, ret_why);
	}
	if (e == 0)
		*ret_log = log;
	else
		free(log);
	return e;
}

void
reconcile_close(struct reconcile_log *log)
{
	if (log == NULL)
		return;
	for (size_t i = log->first; i < log->n; i++)
		free(log->decided[i].user);
	for (size_t i = 0; i < log->nopened; i++)
		free(log->opened[i].user);
	free(log->decided);
	free(log->opened);
	source_free(log->source);
	free(log);
}

void
reconcile_watch(struct reconcile_log *log, void (*tick)(void *arg), void *arg)
{
	log->tick = tick;
	log->tick_arg = arg;
}

uint64_t
reconcile_progress(const struct reconcile_log *log, uint64_t *ret_done,
    uint64_t *ret_all)
{
	source_progress(log->source, ret_done, ret_all);
	return log->lines;
}

/* ---- decisions --------------------------------------------------------- */

/* The list with room for twice as many, or as it was: *ret_r says why. */
static void *
enlarged(void *list, size_t *room, size_t size, size_t most, int *ret_r)
{
	size_t n = *room == 0 ? 1024 : 2 * *room;
	void *larger;

	*ret_r = n > most ? FG_ERR_LIMIT : FG_ERR_NOMEM;
	if (n > most || (larger = reallocarray(list, n, size)) == NULL)
		return list;
	*room = n;
	*ret_r = 0;
	return larger;
}

/* What is older than the window goes; then there is room for one more. */
static int
make_room(struct reconcile_log *log)
{
	int r;

	if (log->n < log->room)
		return 0;
	if (log->first > log->n / 2) {
		memmove(log->decided, log->decided + log->first,
		    (log->n - log->first) * sizeof(*log->decided));
		log->n -= log->first;
		log->first = 0;
		return 0;
	}
	log->decided = enlarged(log->decided, &log->room, sizeof(*log->decided),
	    2 * DECISIONS_MAX, &r);
	return r;
}

static void
forget_older(struct reconcile_log *log, int64_t at_s)
{
	while (log->first < log->n && log->decided[log->first].at_s < at_s)
		free(log->decided[log->first++].user);
}

/* sudo and su have the address of somebody's session, and cron has none. */
static int
take_decision(struct reconcile_log *log, const struct source_line *line)
{
	struct past_login *login = &log->login;
	struct decided *d;
	const char *why;
	int e;

	past_clear(login);
	if (past_audit_line(line->text, line->len, login, &why) != PAST_LOGIN)
		return 0;
	log->r->records++;
	if (log->at_s >= log->since_s)
		let_in_open(log->r, login);
	if (line_has(line->text, line->len, "\"kind\":\"nested\"") ||
	    line_has(line->text, line->len, "\"kind\":\"exempt\""))
		return 0;
	if ((e = make_room(log)) != 0)
		return e;
	d = &log->decided[log->n];
	memset(d, 0, sizeof(*d));
	if ((d->user = strdup(login->user)) == NULL)
		return FG_ERR_NOMEM;
	d->at_s = login->at_s;
	d->pid = login->pid;
	d->parent = login->parent;
	d->has_addr = login->has_addr;
	d->addr = login->addr;
	d->denied = login->event == PAST_FAILED;
	memcpy(d->ref, login->ref, sizeof(d->ref));
	log->n++;
	return 0;
}

/* ---- sessions ---------------------------------------------------------- */

static void
drop_closed(struct reconcile_log *log, int64_t at_s)
{
	size_t kept = 0;

	for (size_t i = 0; i < log->nopened; i++) {
		if (log->opened[i].closed_s < at_s)
			free(log->opened[i].user);
		else
			log->opened[kept++] = log->opened[i];
	}
	log->nopened = kept;
}

static struct decided *
by_ref(const struct reconcile_log *log, const char *ref)
{
	for (size_t i = log->n; i-- > log->first;)
		if (strcmp(log->decided[i].ref, ref) == 0)
			return &log->decided[i];
	return NULL;
}

/* For one more. What is closed goes first, unless a line may yet come of it. */
static int
make_room_opened(struct reconcile_log *log)
{
	int r;

	if (log->nopened < log->opened_room)
		return 0;
	drop_closed(log, log->at_s - KEPT_S);
	if (log->nopened < log->opened_room)
		return 0;
	log->opened = enlarged(log->opened, &log->opened_room,
	    sizeof(*log->opened), SESSIONS_MAX, &r);
	return r;
}

/* A decision that did not wait for the scanner has only the process. */
static void
take_opener(struct decided *d, const struct json *peer)
{
	if (d->opener != 0)
		return;
	d->opener = json_get_int(peer, "pid", 0);
	d->opener_parent = json_int_at(json_get(peer, "parents"), 0, 0);
}

static int
take_opened(struct reconcile_log *log, const struct json *json)
{
	const char *ref = json_get_string(json, "ref", "");
	struct decided *d = by_ref(log, ref);
	struct opened *o;
	int e;

	if (d == NULL)
		return 0;
	take_opener(d, json_get(json, "peer"));
	if ((e = make_room_opened(log)) != 0)
		/* What is later counts by its decision. */
		return e == FG_ERR_LIMIT ? 0 : e;
	o = &log->opened[log->nopened];
	memset(o, 0, sizeof(*o));
	if ((o->user = strdup(d->user)) == NULL)
		return FG_ERR_NOMEM;
	o->at_s = log->at_s;
	o->closed_s = INT64_MAX;
	o->has_addr = d->has_addr;
	o->addr = d->addr;
	memcpy(o->ref, d->ref, sizeof(o->ref));
	log->nopened++;
	return 0;
}

static void
take_closed(struct reconcile_log *log, const struct json *json)
{
	const char *ref = json_get_string(json, "ref", "");

	for (size_t i = log->nopened; i-- > 0;)
		if (strcmp(log->opened[i].ref, ref) == 0 &&
		    log->opened[i].closed_s == INT64_MAX) {
			log->opened[i].closed_s = log->at_s;
			return;
		}
}

/* ---- other events ------------------------------------------------------ */

static int
take_event(struct reconcile_log *log, const struct line_parts *parts,
    const struct source_line *line)
{
	struct json *json;
	int e = 0;

	if (!line_is_event(parts, "open") && !line_is_event(parts, "close") &&
	    !line_is_event(parts, "breakglass"))
		return 0;
	if ((json = json_parse(line->text, line->len)) == NULL)
		return 0; /* verify tells of it */
	if (line_is_event(parts, "open"))
		e = take_opened(log, json);
	else if (line_is_event(parts, "close"))
		take_closed(log, json);
	else if (log->at_s >= log->since_s)
		let_in_glass(log->r, json, log->at_s);
	json_free(json);
	return e;
}

/* ---- records ----------------------------------------------------------- */

static bool
take_time(struct reconcile_log *log, const struct line_parts *parts)
{
	char ts[CTL_TIME_SIZE];

	return past_copy(ts, sizeof(ts), parts->ts, parts->ts_len) &&
	    ctl_parse_time(ts, &log->at_s) == 0;
}

static int
take_record(struct reconcile_log *log, const struct source_line *line)
{
	int64_t before_s = log->at_s;
	struct line_parts parts;
	int e = 0;

	if (line->cut || line->torn ||
	    !line_parse(line->text, line->len, &parts) ||
	    !take_time(log, &parts))
		return 0; /* verify tells of it */
	if (log->at_s >= log->until_s + RECONCILE_WINDOW_S) {
		log->ended = true;
		return 0;
	}
	if (log->r->first_s == 0)
		log->r->first_s = log->at_s;
	log->r->last_s = log->at_s;
	if (line_is_event(&parts, "start"))
		down_start(log->r, log->at_s, before_s,
		    log->at_s >= log->since_s);
	else if (line_recovers(line->text, line->len, &parts))
		log->r->recovered++;
	else if (line_is_event(&parts, "decision"))
		e = take_decision(log, line);
	else
		e = take_event(log, &parts, line);
	log->r->runs.seen = true;
	if (line_is_event(&parts, "stop"))
		down_stop(log->r, log->at_s);
	return e;
}

int
reconcile_advance(struct reconcile_log *log, int64_t until_s,
    char ret_why[PAST_WHY_SIZE])
{
	struct source_line line;
	int e;

	while (!log->ended && log->at_s <= until_s) {
		e = source_next(log->source, &line, ret_why);
		if (e == FG_ERR_NOT_FOUND) {
			log->ended = true;
			down_end(log->r);
			break;
		}
		if (e != 0 || (e = take_record(log, &line)) != 0)
			return e;
		if (log->lines++ % TICK_LINES == 0 && log->tick != NULL)
			log->tick(log->tick_arg);
		/* No login and no session that opens asks for what is older. */
		forget_older(log,
		    (log->at_s < until_s ? log->at_s : until_s) - KEPT_S);
	}
	return 0;
}

/* ---- which decision ---------------------------------------------------- */

static bool
is_near(int64_t a, int64_t b)
{
	return a - b <= RECONCILE_WINDOW_S && b - a <= RECONCILE_WINDOW_S;
}

static bool
same_address(const struct past_login *login, bool has_addr,
    const struct addr *addr)
{
	return !login->has_addr || !has_addr ||
	    memcmp(login->addr.b, addr->b, ADDR_SIZE) == 0;
}

static bool
is_of(int64_t pid, int64_t parent, int64_t login)
{
	return pid == login || (pid != 0 && parent == login);
}

/* The process that logs in is the one that asked, or has made it, or that
 * opens the session. Where none of them says, it may be. */
static bool
same_process(const struct past_login *login, const struct decided *d,
    bool terminal)
{
	bool silent = d->parent == 0 && d->opener == 0;

	return terminal || login->pid == 0 || d->pid == 0 || silent ||
	    is_of(d->pid, d->parent, login->pid) ||
	    is_of(d->opener, d->opener_parent, login->pid);
}

static bool
in_session(const struct reconcile_log *log, const struct past_login *login)
{
	const struct opened *o;

	for (size_t i = log->nopened; i-- > 0;) {
		o = &log->opened[i];
		if (strcmp(o->user, login->user) == 0 &&
		    o->at_s - RECONCILE_WINDOW_S <= login->at_s &&
		    (o->closed_s == INT64_MAX ||
			o->closed_s + RECONCILE_WINDOW_S >= login->at_s) &&
		    same_address(login, o->has_addr, &o->addr))
			return true;
	}
	return false;
}

bool
reconcile_find(struct reconcile_log *log, const struct past_login *login,
    bool terminal, char ret_ref[FG_REF_MAX + 1])
{
	struct decided *d, *best = NULL;

	ret_ref[0] = '\0';
	forget_older(log, login->at_s - KEPT_S);
	for (size_t i = log->first; i < log->n; i++) {
		d = &log->decided[i];
		if (!is_near(d->at_s, login->at_s) || (d->used && !terminal) ||
		    strcmp(d->user, login->user) != 0 ||
		    !same_address(login, d->has_addr, &d->addr) ||
		    !same_process(login, d, terminal))
			continue;
		if (d->denied) {
			memcpy(ret_ref, d->ref, sizeof(d->ref));
			continue;
		}
		if (best == NULL || d->pid == login->pid)
			best = d;
	}
	if (best != NULL) {
		best->used = best->used || !terminal;
		ret_ref[0] = '\0';
		return true;
	}
	return terminal && in_session(log, login);
}
