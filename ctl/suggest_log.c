/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Text logs hold what strangers typed: only a line that begins, behind its
 * time and host, with sshd's own "Accepted" counts, and what it says is only
 * ever counted and shown.
 */
#include "ctl/suggest_log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/ctl.h"
#include "policyd/text.h"
#include "proto/result.h"

#define LOG_LINE_MAX 8192u

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
    int64_t at_s, unsigned int how)
{
	struct suggest_user *user;

	if (name[0] == '\0' || strlen(name) > FG_USER_MAX ||
	    (user = find_or_add(users, name)) == NULL)
		return;
	if ((how & SUGGEST_TERMINAL) != 0)
		user->by_wtmp++;
	else
		user->by_log++;
	user->logins =
	    user->by_wtmp > user->by_log ? user->by_wtmp : user->by_log;
	user->how |= how;
	if (at_s > user->last_s)
		user->last_s = at_s;
	add_address(user, host);
}

/*
 * "2026-03-01T08:30:00.123456+01:00 host", as rsyslog writes it since Debian
 * 12, or journalctl with +0100. 0 for others: "Mar  1 08:30:00" has no year.
 */
static int64_t
stamp_of(const char *line)
{
	char stamp[48];
	size_t n = strcspn(line, " ");
	int64_t at_s;

	if (n < 6 || n + 2 > sizeof(stamp))
		return 0;
	memcpy(stamp, line, n);
	if ((stamp[n - 5] == '+' || stamp[n - 5] == '-') &&
	    stamp[n - 3] != ':') {
		memmove(stamp + n - 1, stamp + n - 2, 2);
		stamp[n++ - 2] = ':';
	}
	stamp[n] = '\0';
	return ctl_parse_time(stamp, &at_s) == 0 ? at_s : 0;
}

/* "... ssh2: ED25519 SHA256:...", a certificate's with its CA's behind it. */
static void
add_key(struct suggest_user *user, const char *text)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	static const char head[] = "SHA256:";
	const char *key = strstr(text, head);
	size_t len = SUGGEST_KEY_SIZE - 1;

	if (key == NULL ||
	    strspn(key + strlen(head), digits) != len - strlen(head))
		return;
	for (size_t i = 0; i < user->nkeys; i++)
		if (memcmp(user->key[i], key, len) == 0)
			return;
	if (user->nkeys == SUGGEST_KEYS)
		return;
	memcpy(user->key[user->nkeys], key, len);
	user->key[user->nkeys++][len] = '\0';
}

/*
 * "Accepted publickey for alice from 192.0.2.7 port 50000 ssh2: ..." behind
 * the first "sshd[12]: " or "sshd-session[12]: ". The name ends at the last
 * " from ", as it may have one in it.
 */
static void
take_line(struct suggest_users *users, char *line)
{
	static const char accepted[] = "Accepted ";
	char *text = strstr(line, "]: "), *method, *name, *from, *p;
	struct suggest_user *user;
	int64_t at_s;

	if (text == NULL)
		return;
	*text = '\0';
	at_s = stamp_of(line);
	if (strstr(line, " sshd[") == NULL &&
	    strstr(line, " sshd-session[") == NULL)
		return;
	text += 3;
	if (strncmp(text, accepted, sizeof(accepted) - 1) != 0)
		return;
	method = text + sizeof(accepted) - 1;
	if ((name = strstr(method, " for ")) == NULL)
		return;
	*name = '\0';
	name += 5;
	for (from = NULL, p = name; (p = strstr(p, " from ")) != NULL; p++)
		from = p;
	if (from == NULL)
		return;
	*from = '\0';
	from += 6;
	p = from + strcspn(from, " \n");
	text = *p == '\0' ? p : p + 1;
	*p = '\0';
	suggest_saw(users, name, from, at_s,
	    strcmp(method, "publickey") == 0 ? SUGGEST_KEY : SUGGEST_PASSWORD);
	if ((user = suggest_find(users, name)) != NULL)
		add_key(user, text);
}

int
suggest_log(struct suggest_users *users, const char *path)
{
	static char line[LOG_LINE_MAX];
	FILE *in;
	int r;

	if ((in = fopen(path, "re")) == NULL)
		return FG_ERR_SYSTEM;
	while (fgets(line, sizeof(line), in) != NULL)
		take_line(users, line);
	r = ferror(in) ? FG_ERR_SYSTEM : 0;
	(void)fclose(in); /* only read */
	return r;
}

void
suggest_users_done(struct suggest_users *users)
{
	free(users->list);
	users->list = NULL;
	users->n = 0;
}
