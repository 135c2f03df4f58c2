/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who was seen. Logs hold what strangers typed, which is only ever counted and
 * shown.
 */
#include "ctl/suggest_log.h"

#include <stdlib.h>
#include <string.h>

#include "ctl/ctl.h"
#include "ctl/past/past.h"
#include "policyd/text.h"
#include "proto/result.h"

struct suggest_user *
suggest_find(struct suggest_users *users, const char *name)
{
	size_t i;

	for (i = 0; i < users->n; i++)
		if (strcmp(users->list[i].name, name) == 0)
			return &users->list[i];
	return NULL;
}

static struct suggest_user *
find_or_add(struct suggest_users *users, const char *name)
{
	struct suggest_user *user = suggest_find(users, name), *list;

	if (user != NULL || users->n == SUGGEST_USERS_MAX)
		return user;
	list = reallocarray(users->list, users->n + 1, sizeof(*list));
	if (list == NULL)
		return NULL;
	users->list = list;
	user = &list[users->n++];
	memset(user, 0, sizeof(*user));
	(void)text_copy(user->name, sizeof(user->name), name);
	return user;
}

static void
add_address(struct suggest_user *user, const char *host)
{
	char text[ADDR_TEXT_SIZE];
	struct addr addr;
	size_t i;

	if (addr_parse(host, &addr) != 0)
		return;
	(void)addr_text(&addr, text);
	for (i = 0; i < user->naddresses; i++)
		if (strcmp(user->address[i], text) == 0)
			return;
	if (user->naddresses < SUGGEST_ADDRESSES)
		memcpy(user->address[user->naddresses++], text, sizeof(text));
}

/* A login mostly stands in both records: the larger number is the better. */
void
suggest_saw(struct suggest_users *users, const char *name, const char *host,
    int64_t at_s, unsigned int how, unsigned int times)
{
	struct suggest_user *user;

	if (name[0] == '\0' || strlen(name) > FG_USER_MAX ||
	    (user = find_or_add(users, name)) == NULL)
		return;
	if ((how & SUGGEST_TERMINAL) != 0)
		user->by_wtmp += times;
	else
		user->by_log += times;
	user->logins =
	    user->by_wtmp > user->by_log ? user->by_wtmp : user->by_log;
	user->how |= how;
	if (at_s > user->last_s)
		user->last_s = at_s;
	add_address(user, host);
}

static void
add_key(struct suggest_user *user, const char *key)
{
	if (strlen(key) != SUGGEST_KEY_SIZE - 1)
		return;
	for (size_t i = 0; i < user->nkeys; i++)
		if (strcmp(user->key[i], key) == 0)
			return;
	if (user->nkeys < SUGGEST_KEYS)
		memcpy(user->key[user->nkeys++], key, SUGGEST_KEY_SIZE);
}

static void
take(struct suggest_users *users, const struct past_login *login)
{
	unsigned int how = strcmp(login->method, "publickey") == 0 ?
	    SUGGEST_KEY :
	    SUGGEST_PASSWORD;
	struct suggest_user *user;

	if (login->event != PAST_ACCEPTED)
		return;
	suggest_saw(users, login->user, login->from, login->at_s, how,
	    login->times);
	if ((user = suggest_find(users, login->user)) != NULL)
		add_key(user, login->key);
}

int
suggest_log(struct suggest_users *users, const char *path)
{
	char why[PAST_WHY_SIZE];
	struct past_login login;
	struct past *past;
	int r;

	if ((r = past_open(path, PAST_ANY, false, &past, why)) != 0) {
		ctl_complain("suggest: %s", why);
		return r;
	}
	while ((r = past_next(past, &login, why)) == 0)
		take(users, &login);
	if (r == FG_ERR_NOT_FOUND)
		r = 0;
	else
		ctl_complain("suggest: %s", why);
	past_bad_complain("suggest", past_bad(past));
	past_free(past);
	return r;
}

void
suggest_users_done(struct suggest_users *users)
{
	free(users->list);
	users->list = NULL;
	users->n = 0;
}
