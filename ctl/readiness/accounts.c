/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Accounts by name, each with what its last login says.
 */
#include "ctl/readiness/accounts.h"

#include <stdlib.h>
#include <string.h>

#include "ctl/readiness/sorted.h"
#include "policyd/facts.h"
#include "policyd/text.h"
#include "proto/result.h"

static bool
is_own_login(const struct json *json)
{
	const char *kind = json_get_string(json, "kind", "");

	return strcmp(kind, service_kind_name(SERVICE_REMOTE)) == 0 ||
	    strcmp(kind, service_kind_name(SERVICE_CONSOLE)) == 0;
}

static int
by_name(const void *key, const void *element)
{
	const struct account *a = element;

	return strcmp(key, a->user);
}

static int
grow(struct accounts *accounts)
{
	size_t room = accounts->room == 0 ? 64 : accounts->room * 2;
	struct account *list;

	if (accounts->n < accounts->room)
		return 0;
	list = reallocarray(accounts->list, room, sizeof(*list));
	if (list == NULL)
		return FG_ERR_NOMEM;
	accounts->list = list;
	accounts->room = room;
	return 0;
}

/* NULL if there is no room. */
static int
get(struct accounts *accounts, const char *user, struct account **ret)
{
	struct account *a;
	size_t at;

	*ret = NULL;
	at = sorted_place(user, accounts->list, accounts->n,
	    sizeof(accounts->list[0]), by_name);
	if (at < accounts->n && strcmp(accounts->list[at].user, user) == 0) {
		*ret = &accounts->list[at];
		return 0;
	}
	if (accounts->n == ACCOUNTS_MAX)
		return 0;
	if (grow(accounts) != 0)
		return FG_ERR_NOMEM;
	a = &accounts->list[at];
	memmove(a + 1, a, (accounts->n - at) * sizeof(*a));
	memset(a, 0, sizeof(*a));
	(void)text_copy(a->user, sizeof(a->user), user);
	accounts->n++;
	*ret = a;
	return 0;
}

int
accounts_take(struct accounts *accounts, const struct record *record)
{
	const struct json *json = record->json;
	const char *user = json_get_string(json, "user", "");
	const char *ref = json_get_string(json, "ref", "");
	const char *state =
	    json_get_string(json_get(json, "person"), "state", "");
	struct account *a;
	char name[FG_USER_MAX + 1];
	int r;

	if (record->event != RECORD_DECISION || user[0] == '\0' ||
	    !is_own_login(json))
		return 0;
	(void)text_copy(name, sizeof(name), user);
	if ((r = get(accounts, name, &a)) != 0)
		return r;
	if (a == NULL) {
		accounts->lost++;
		return 0;
	}
	if (a->logins == 0 || strcmp(a->ref, ref) != 0)
		a->logins++;
	(void)text_copy(a->ref, sizeof(a->ref), ref);
	a->last_s = record->at_s;
	a->known = strcmp(state, fact_state_name(FACT_KNOWN)) == 0;
	a->absent = strcmp(state, fact_state_name(FACT_UNKNOWN)) == 0;
	return 0;
}

void
accounts_done(struct accounts *accounts)
{
	free(accounts->list);
	memset(accounts, 0, sizeof(*accounts));
}
