/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Records of wtmp(5), as the C library lays them out on this machine. Their
 * fields need not end.
 */
#include "ctl/wtmp.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <utmpx.h>

#include "ctl/audit/stream.h"
#include "policyd/text.h"
#include "proto/result.h"

#define RECORDS 64u /* at once */

struct wtmp {
	struct stream *stream;
	size_t at, len; /* bytes of .buf */
	uint64_t number;
	char user[sizeof(((struct utmpx *)0)->ut_user) + 1];
	char line[sizeof(((struct utmpx *)0)->ut_line) + 1];
	char host[sizeof(((struct utmpx *)0)->ut_host) + 1];
	char buf[RECORDS * sizeof(struct utmpx)];
};

struct wtmp *
wtmp_new(struct stream *stream)
{
	struct wtmp *wtmp = calloc(1, sizeof(*wtmp));

	if (wtmp == NULL)
		stream_free(stream);
	else
		wtmp->stream = stream;
	return wtmp;
}

void
wtmp_free(struct wtmp *wtmp)
{
	if (wtmp == NULL)
		return;
	stream_free(wtmp->stream);
	free(wtmp);
}

const struct stream *
wtmp_stream(const struct wtmp *wtmp)
{
	return wtmp->stream;
}

/* At least one record, or the end. */
static int
fill(struct wtmp *wtmp)
{
	size_t n = 1;
	int r;

	memmove(wtmp->buf, wtmp->buf + wtmp->at, wtmp->len - wtmp->at);
	wtmp->len -= wtmp->at;
	wtmp->at = 0;
	while (wtmp->len < sizeof(struct utmpx) && n > 0) {
		r = stream_read(wtmp->stream, wtmp->buf + wtmp->len,
		    sizeof(wtmp->buf) - wtmp->len, &n);
		if (r != 0)
			return r;
		wtmp->len += n;
	}
	return wtmp->len < sizeof(struct utmpx) ? FG_ERR_NOT_FOUND : 0;
}

static void
take(struct wtmp *wtmp, const struct utmpx *ut, struct wtmp_login *login)
{
	(void)text_format(wtmp->user, sizeof(wtmp->user), "%.*s",
	    (int)sizeof(ut->ut_user), ut->ut_user);
	(void)text_format(wtmp->line, sizeof(wtmp->line), "%.*s",
	    (int)sizeof(ut->ut_line), ut->ut_line);
	(void)text_format(wtmp->host, sizeof(wtmp->host), "%.*s",
	    (int)sizeof(ut->ut_host), ut->ut_host);
	login->user = wtmp->user;
	login->line = wtmp->line;
	login->host = wtmp->host;
	login->at_s = ut->ut_tv.tv_sec;
	login->pid = ut->ut_pid;
	login->ended = ut->ut_type == DEAD_PROCESS;
	login->number = wtmp->number;
}

int
wtmp_next(struct wtmp *wtmp, struct wtmp_login *ret_login)
{
	struct utmpx ut;
	int r;

	for (;;) {
		if (wtmp->len - wtmp->at < sizeof(ut) && (r = fill(wtmp)) != 0)
			return r;
		memcpy(&ut, wtmp->buf + wtmp->at, sizeof(ut));
		wtmp->at += sizeof(ut);
		wtmp->number++;
		if (ut.ut_type == USER_PROCESS || ut.ut_type == DEAD_PROCESS) {
			take(wtmp, &ut, ret_login);
			return 0;
		}
	}
}

/* Its first record has a type, and blanks of which no text has any. */
bool
wtmp_is(const char *head, size_t len)
{
	struct utmpx ut;

	if (len < sizeof(ut))
		return false;
	memcpy(&ut, head, sizeof(ut));
	return ut.ut_type >= EMPTY && ut.ut_type <= ACCOUNTING &&
	    memchr(head, '\0', sizeof(ut)) != NULL;
}

int
wtmp_each(const char *path, wtmp_fn fn, void *arg)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY), r;
	struct wtmp_login login;
	struct stream *stream;
	struct wtmp *wtmp;

	if (fd == -1)
		return FG_ERR_SYSTEM;
	if ((r = stream_open(fd, &stream)) != 0)
		return r;
	if ((wtmp = wtmp_new(stream)) == NULL)
		return FG_ERR_NOMEM;
	while ((r = wtmp_next(wtmp, &login)) == 0)
		if (!login.ended && (r = fn(&login, arg)) != 0)
			break;
	wtmp_free(wtmp);
	return r == FG_ERR_NOT_FOUND ? 0 : r;
}
