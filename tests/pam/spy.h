/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What leaves the module: log lines, kernel audit records, the conversation,
 * and host name look-ups, of which there must be none. libpam is the real
 * one; only the last call before the outside world is taken from it.
 */
#ifndef FG_TESTS_SPY_H
#define FG_TESTS_SPY_H

#include <stdbool.h>

#include <security/pam_appl.h>

#define SPY_LINES 32

struct spy_line {
	int	priority;	/* of syslog; type of an audit record */
	int	result;		/* of an audit record */
	char	text[1024];
	char	name[64];	/* of an audit record: the account, or "" */
};

struct spy_list {
	struct spy_line	line[SPY_LINES];
	int		count;
};

enum spy_conv_mode {
	SPY_CONV_OK,
	SPY_CONV_ERR,		/* PAM_CONV_ERR */
	SPY_CONV_AGAIN,
	SPY_CONV_BUF_ERR,
	SPY_CONV_NO_RESPONSE,	/* success, resp is NULL */
	SPY_CONV_EMPTY_RESPONSE, /* success, resp[0].resp is NULL */
	SPY_CONV_ANSWERS	/* success, an answer also to no question */
};

extern struct spy_list	 spy_log;	/* the module's own lines only */
extern struct spy_list	 spy_audit;	/* all, libpam's as well */
extern struct spy_list	 spy_talk;	/* priority is the message's style */
extern int		 spy_resolved;	/* calls of getaddrinfo */
extern enum spy_conv_mode spy_conv_mode;
extern const char	*spy_answer;	/* of SPY_CONV_ANSWERS */
extern bool		 spy_quiet;	/* keep nothing: for threads */
extern const struct pam_conv spy_conv;

void	spy_reset(void);

/* The first line with text in it, or NULL. */
const struct spy_line *spy_find(const struct spy_list *list, const char *text);

#endif
