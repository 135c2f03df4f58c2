/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Terminals against decisions: by account, address and time. A connection may
 * have several terminals, and ask for them late, so a login counts as long as
 * its session is open.
 */
#include "ctl/readiness/terminals.h"

#include <stdlib.h>
#include <string.h>

#include "ctl/wtmp.h"
#include "ctl/readiness/sorted.h"
#include "policyd/facts.h"
#include "policyd/text.h"
#include "proto/result.h"

/* ---- wtmp -------------------------------------------------------------- */

/* A pty that came over the network: not screen's, mosh's or a desktop's. */
static bool
is_from_elsewhere(const struct wtmp_login *login)
{
	return strncmp(login->line, "pts/", 4) == 0 && login->host[0] != '\0' &&
	    login->host[0] != ':' && strpbrk(login->host, " (") == NULL &&
	    login->user[0] != '\0';
}

static int
saw(const struct wtmp_login *login, void *arg)
{
	struct terminals *all = arg;
	struct terminal *t;

	if (login->at_s < all->since_s || !is_from_elsewhere(login))
		return 0;
	if (all->n < TERMINALS_MAX) {
		t = &all->list[all->n++];
	} else {
		t = &all->list[all->first];
		all->first = (all->first + 1) % TERMINALS_MAX;
	}
	memset(t, 0, sizeof(*t));
	(void)text_copy(t->user, sizeof(t->user), login->user);
	t->has_addr = addr_parse(login->host, &t->addr) == 0;
	t->at_s = login->at_s;
	return 0;
}

static int
by_user(const void *a, const void *b)
{
	const struct terminal *x = a, *y = b;
	int c = strcmp(x->user, y->user);

	if (c != 0 || x->at_s == y->at_s)
		return c;
	return x->at_s < y->at_s ? -1 : 1;
}

int
terminals_read(struct terminals *all, const char *path, int64_t since_s)
{
	int r;

	memset(all, 0, sizeof(*all));
	all->since_s = since_s;
	all->first_s = INT64_MAX;
	all->list = calloc(TERMINALS_MAX, sizeof(*all->list));
	all->logins = calloc(TERMINALS_OPEN_MAX, sizeof(*all->logins));
	if (all->list == NULL || all->logins == NULL)
		return FG_ERR_NOMEM;
	if ((r = wtmp_each(path, saw, all)) != 0)
		return r;
	qsort(all->list, all->n, sizeof(all->list[0]), by_user);
	return 0;
}

/* ---- what covers them -------------------------------------------------- */

static size_t
first_of(const struct terminals *all, const char *user, int64_t from_s)
{
	struct terminal key = { .at_s = from_s };

	(void)text_copy(key.user, sizeof(key.user), user);
	return sorted_place(&key, all->list, all->n, sizeof(all->list[0]),
	    by_user);
}

/* Those of the login up to until_s have been decided. */
static void
cover(struct terminals *all, const struct terminals_login *l, int64_t until_s)
{
	struct terminal *t;
	size_t i;

	for (i = first_of(all, l->user, l->since_s - TERMINALS_APART_S);
	     i < all->n; i++) {
		t = &all->list[i];
		if (strcmp(t->user, l->user) != 0 || t->at_s > until_s)
			break;
		if (!t->has_addr || !l->has_addr ||
		    memcmp(t->addr.b, l->addr.b, sizeof(l->addr.b)) == 0)
			t->decided = true;
	}
}

static void
drop(struct terminals *all, size_t i)
{
	memmove(&all->logins[i], &all->logins[i + 1],
	    (all->nlogins - i - 1) * sizeof(all->logins[0]));
	all->nlogins--;
}

static struct terminals_login *
find(struct terminals *all, const char *ref)
{
	for (size_t i = 0; i < all->nlogins; i++)
		if (strcmp(all->logins[i].ref, ref) == 0)
			return &all->logins[i];
	return NULL;
}

/* The oldest one of which no session is known, else the oldest one. */
static void
make_room(struct terminals *all, int64_t now_s)
{
	size_t i = 0;

	if (all->nlogins < TERMINALS_OPEN_MAX)
		return;
	while (i < all->nlogins && all->logins[i].is_open)
		i++;
	if (i == all->nlogins) {
		i = 0;
		cover(all, &all->logins[i], now_s);
	}
	drop(all, i);
}

static void
decided(struct terminals *all, const struct record *record, const char *ref)
{
	const struct json *origin = json_get(record->json, "origin");
	struct terminals_login *l;

	make_room(all, record->at_s);
	l = &all->logins[all->nlogins++];
	memset(l, 0, sizeof(*l));
	(void)text_copy(l->ref, sizeof(l->ref), ref);
	(void)text_copy(l->user, sizeof(l->user),
	    json_get_string(record->json, "user", ""));
	l->has_addr =
	    addr_parse(json_get_string(origin, "address", ""), &l->addr) == 0;
	l->since_s = record->at_s;
	cover(all, l, record->at_s + TERMINALS_APART_S);
}

static bool
was_let_in(const struct json *json)
{
	return strcmp(json_get_string(json, "verdict", ""),
		   fg_verdict_name(FG_VERDICT_ALLOW)) == 0 &&
	    strcmp(json_get_string(json, "kind", ""),
		service_kind_name(SERVICE_REMOTE)) == 0;
}

void
terminals_take(struct terminals *all, const struct record *record)
{
	const char *ref = json_get_string(record->json, "ref", "");
	struct terminals_login *l;

	if (record->at_s < all->first_s)
		all->first_s = record->at_s;
	l = find(all, ref);
	switch (record->event) {
	case RECORD_DECISION:
		if (l == NULL && was_let_in(record->json))
			decided(all, record, ref);
		break;
	case RECORD_OPEN:
		if (l != NULL)
			l->is_open = true;
		break;
	case RECORD_CLOSE:
		if (l == NULL)
			break;
		cover(all, l, record->at_s + TERMINALS_APART_S);
		drop(all, (size_t)(l - all->logins));
		break;
	case RECORD_NONE:
		break;
	}
}

void
terminals_undecided(struct terminals *all, size_t *ret_n)
{
	size_t i, n = 0;

	/* What is open still may have got one at any time. */
	for (i = 0; i < all->nlogins; i++)
		if (all->logins[i].is_open)
			cover(all, &all->logins[i], INT64_MAX);
	for (i = 0; i < all->n; i++)
		if (!all->list[i].decided && all->list[i].at_s >= all->first_s)
			all->list[n++] = all->list[i];
	*ret_n = n;
}

void
terminals_done(struct terminals *all)
{
	free(all->list);
	free(all->logins);
	memset(all, 0, sizeof(*all));
}
