/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The functions below stand in front of libc's and libaudit's, because the
 * program's own symbols come first.
 */
#include "tests/pam/spy.h"

#include <netdb.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#define VISIBLE __attribute__((visibility("default")))

struct spy_list spy_log, spy_audit, spy_talk;
int spy_resolved;
enum spy_conv_mode spy_conv_mode;
const char *spy_answer = "yes";
bool spy_quiet;

__attribute__((format(printf, 3, 4))) void __syslog_chk(int priority, int flag,
    const char *fmt, ...);
int audit_open(void);
void audit_close(int fd);
int audit_log_acct_message(int fd, int type, const char *program,
    const char *op, const char *name, unsigned int id, const char *host,
    const char *addr, const char *tty, int result);

void
spy_reset(void)
{
	memset(&spy_log, 0, sizeof(spy_log));
	memset(&spy_audit, 0, sizeof(spy_audit));
	memset(&spy_talk, 0, sizeof(spy_talk));
	spy_resolved = 0;
	spy_conv_mode = SPY_CONV_OK;
}

const struct spy_line *
spy_find(const struct spy_list *list, const char *text)
{
	for (int i = 0; i < list->count; i++) {
		if (strstr(list->line[i].text, text) != NULL)
			return &list->line[i];
	}
	return NULL;
}

static struct spy_line *
spy_add(struct spy_list *list, int priority, const char *text)
{
	static struct spy_line spare;
	struct spy_line *line = &spare;

	if (!spy_quiet && list->count < SPY_LINES)
		line = &list->line[list->count++];
	if (!spy_quiet) {
		line->priority = priority;
		(void)snprintf(line->text, sizeof(line->text), "%s", text);
	}
	return line;
}

__attribute__((format(printf, 2, 0))) static void
spy_vsyslog(int priority, const char *fmt, va_list args)
{
	char text[1024];

	(void)vsnprintf(text, sizeof(text), fmt, args);
	/* Called without libpam in between, the module has no name. */
	if (strncmp(text, "pam_farmgate(", 13) == 0 ||
	    strstr(text, " argument ") != NULL)
		(void)spy_add(&spy_log, LOG_PRI(priority), text);
}

__attribute__((format(printf, 2, 3))) VISIBLE void
syslog(int priority, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	spy_vsyslog(priority, fmt, args);
	va_end(args);
}

VISIBLE void
__syslog_chk(int priority, int flag, const char *fmt, ...)
{
	va_list args;

	(void)flag;
	va_start(args, fmt);
	spy_vsyslog(priority, fmt, args);
	va_end(args);
}

VISIBLE int
audit_open(void)
{
	/* It must not need a descriptor that a test has closed. */
	return 1000;
}

VISIBLE void
audit_close(int fd)
{
	(void)fd;
}

VISIBLE int
audit_log_acct_message(int fd, int type, const char *program, const char *op,
    const char *name, unsigned int id, const char *host, const char *addr,
    const char *tty, int result)
{
	struct spy_line *line = spy_add(&spy_audit, type, op);

	(void)fd;
	(void)program;
	(void)id;
	(void)host;
	(void)addr;
	(void)tty;
	if (spy_quiet)
		return 1;
	line->result = result;
	(void)snprintf(line->name, sizeof(line->name), "%s", name);
	return 1;
}

VISIBLE int
getaddrinfo(const char *restrict node, const char *restrict service,
    const struct addrinfo *restrict hints, struct addrinfo **restrict res)
{
	(void)node;
	(void)service;
	(void)hints;
	*res = NULL;
	spy_resolved++;
	return EAI_FAIL;
}

static int
converse(int n, const struct pam_message **msg, struct pam_response **resp,
    void *data)
{
	(void)data;
	*resp = NULL;
	for (int i = 0; i < n; i++)
		(void)spy_add(&spy_talk, msg[i]->msg_style, msg[i]->msg);
	switch (spy_conv_mode) {
	case SPY_CONV_ERR:
		return PAM_CONV_ERR;
	case SPY_CONV_AGAIN:
		return PAM_CONV_AGAIN;
	case SPY_CONV_BUF_ERR:
		return PAM_BUF_ERR;
	case SPY_CONV_NO_RESPONSE:
		return PAM_SUCCESS;
	case SPY_CONV_OK:
	case SPY_CONV_EMPTY_RESPONSE:
	case SPY_CONV_ANSWERS:
		break;
	}
	if ((*resp = calloc((size_t)n, sizeof(**resp))) == NULL)
		return PAM_BUF_ERR;
	if (spy_conv_mode == SPY_CONV_ANSWERS)
		(*resp)[0].resp = strdup(spy_answer);
	return PAM_SUCCESS;
}

const struct pam_conv spy_conv = { converse, NULL };
