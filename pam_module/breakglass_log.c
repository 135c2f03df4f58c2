/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The log of break-glass: one line a use, in one write(2), in the folder of
 * the daemon's socket, which is root's. It is bounded, and never waited for.
 */
#include "pam_module/breakglass_log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include <security/pam_ext.h>

#include "proto/glass.h"
#include "proto/result.h"
#include "proto/word.h"

#define LOG_MODE 0644u /* whatever umask the caller has */

struct line {
	size_t len;
	bool cut;
	char text[FG_GLASS_NOTE_MAX];
};

static void
put(struct line *l, const char *s, size_t len)
{
	if (len > sizeof(l->text) - l->len) {
		l->cut = true;
		return;
	}
	memcpy(l->text + l->len, s, len);
	l->len += len;
}

static void
put_text(struct line *l, const char *s)
{
	put(l, s, strlen(s));
}

/* As one word, which has no quotation mark; its backslashes are doubled. */
static void
put_member(struct line *l, const char *key, const char *value)
{
	char word[320];

	fg_word(word, sizeof(word), value);
	put_text(l, ",\"");
	put_text(l, key);
	put_text(l, "\":\"");
	for (const char *p = word; *p != '\0'; p++)
		put(l, *p == '\\' ? "\\\\" : p, *p == '\\' ? 2 : 1);
	put_text(l, "\"");
}

/* "192.0.2.9", a name, or how it is known without an address. */
static void
put_from(struct line *l, const struct items *items,
    const struct fg_glass_login *login)
{
	char first[FG_SSH_CONNECTION_MAX + 1];
	size_t n = 0;

	if (login->from == FG_GLASS_CONSOLE || login->from == FG_GLASS_LOCAL) {
		put_member(l, "from",
		    login->from == FG_GLASS_LOCAL ? "local" : "console");
		return;
	}
	if (items->ssh_connection[0] == '\0') {
		put_member(l, "from", items->rhost);
		return;
	}
	while (items->ssh_connection[n] != '\0' &&
	    items->ssh_connection[n] != ' ') {
		first[n] = items->ssh_connection[n];
		n++;
	}
	first[n] = '\0';
	put_member(l, "from", first);
}

static void
fill(struct line *l, const struct items *items, const struct outcome *outcome,
    const struct answer *answer)
{
	struct fg_glass_login login;
	struct timespec now = { 0 };
	char text[400];

	l->len = 0;
	l->cut = false;
	fg_glass_who(&items->login, &login);
	(void)clock_gettime(CLOCK_REALTIME, &now); /* else of 1970 */
	(void)snprintf(text, sizeof(text), "{\"at\":%lld",
	    (long long)now.tv_sec);
	put_text(l, text);
	put_member(l, "ref", answer->ref);
	put_member(l, "phase", fg_phase_name(items->login.phase));
	put_member(l, "user", login.user);
	put_member(l, "target", items->user);
	put_member(l, "service", items->service);
	put_from(l, items, &login);
	put_member(l, "reason", outcome->reason);
	(void)snprintf(text, sizeof(text), "%s:%u", outcome->glass->path,
	    outcome->glass->line);
	put_member(l, "entry", text);
	put_text(l, "}\n");
}

/* The log that fd is: root's own file, with room for so many bytes. */
static int
check(int fd, size_t len)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return FG_ERR_SYSTEM;
	if (!S_ISREG(st.st_mode) || st.st_uid != 0 ||
	    (st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return FG_ERR_UNSAFE;
	if (st.st_size > (off_t)(FG_GLASS_LOG_MAX - len))
		return FG_ERR_LIMIT;
	if ((st.st_mode & 07777u) != LOG_MODE && fchmod(fd, LOG_MODE) != 0)
		return FG_ERR_SYSTEM;
	return 0;
}

static int
append(const char *path, const struct line *l)
{
	ssize_t n;
	int fd, r;

	if (l->cut)
		return FG_ERR_LIMIT;
	fd = open(path,
	    O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY |
		O_CLOEXEC,
	    LOG_MODE);
	if (fd == -1)
		return FG_ERR_SYSTEM;
	if ((r = check(fd, l->len)) == 0) {
		n = write(fd, l->text, l->len);
		if (n >= 0)
			errno = ENOSPC; /* a short write has none */
		if (n != (ssize_t)l->len)
			r = FG_ERR_SYSTEM;
	}
	(void)close(fd); /* what is written is there */
	return r;
}

void
breakglass_note(pam_handle_t *pamh, const struct items *items,
    const struct outcome *outcome, const struct answer *answer)
{
	const char *socket = outcome->glass->socket;
	size_t folder = strlen(socket);
	char path[320];
	struct line l;
	int r;

	while (folder > 0 && socket[folder - 1] != '/')
		folder--;
	(void)snprintf(path, sizeof(path), "%.*s" FG_GLASS_LOG, (int)folder,
	    socket);
	fill(&l, items, outcome, answer);
	if ((r = append(path, &l)) == 0)
		return;
	if (r == FG_ERR_SYSTEM)
		pam_syslog(pamh, LOG_ERR,
		    "%s: %m; this use of break-glass is in this log alone",
		    path);
	else
		pam_syslog(pamh, LOG_ERR,
		    "%s: %s; this use of break-glass is in this log alone",
		    path, fg_strerror(r));
}
