/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A daemon that does what a script says, in a process of its own. Script and
 * what it saw are in shared memory; the socket listens from fake_start on.
 */
#ifndef FG_TESTS_FAKE_H
#define FG_TESTS_FAKE_H

#include <stdbool.h>
#include <stdint.h>

enum fake_mode {
	FAKE_ANSWER,		/* a verdict, as the script says */
	FAKE_CLOSE_UNREAD,	/* close at accept */
	FAKE_CLOSE,		/* read the request, then close */
	FAKE_HANG,		/* read the request, never answer */
	FAKE_HALF,		/* half of a verdict */
	FAKE_EMPTY,		/* a datagram of no bytes */
	FAKE_OVERSIZE,		/* one byte more than a message can have */
	FAKE_HUGE,		/* as much as a socket takes at once */
	FAKE_TRAILING,		/* a verdict and a byte */
	FAKE_WRONG_ID,
	FAKE_WRONG_SEQUENCE,
	FAKE_WRONG_VERSION,
	FAKE_TYPE,		/* a verdict, but the type is script.type */
	FAKE_FAIL,		/* FAIL with script.fail */
	FAKE_NEED_TWICE,
	FAKE_LOSE_PATIENCE,	/* ask, do not wait for it, answer and close */
	/* Ask for groups; answer without them, as sequence 3, and close. */
	FAKE_IMPATIENT,		/* at once, or when script.hold ends */
	FAKE_CROSS		/* when they are there, unread */
};

struct fake {
	/* The script, for each connection from now on. */
	enum fake_mode	 mode;
	bool		 need;		/* ask for groups first */
	bool		 strict;	/* deny unless all facts are there */
	volatile bool	 hold;		/* FAKE_IMPATIENT is patient so long */
	bool		 silent;	/* FAKE_IMPATIENT only closes */
	char		 ask[8192];	/* the groups, each with ',' behind */
	unsigned int	 prompts;	/* ask that often before the verdict */
	char		 prompt[201];
	unsigned int	 ponder_ms;	/* behind the last answer */
	uint8_t		 verdict;
	uint8_t		 would;
	uint8_t		 type;
	uint8_t		 fail;
	char		 ref[17];
	char		 reason[129];
	char		 help[513];
	/* What it saw. */
	unsigned int	 connects;
	unsigned int	 answers;	/* verdicts sent */
	uint8_t		 sent;		/* the last one: enum fg_verdict */
	uint8_t		 phase;
	uint32_t	 flags;
	uint32_t	 pid;
	uint32_t	 uid;
	char		 service[65];
	char		 user[257];
	char		 ruser[257];
	char		 tty[65];
	char		 rhost[257];
	char		 ssh_connection[161];
	char		 ssh_auth[257];
	char		 login_ref[17];
	unsigned int	 answered;	/* prompts */
	uint8_t		 how;		/* the last one: enum fg_answer_how */
	char		 answer[1025];
	unsigned int	 closes;	/* messages that end a session */
	char		 close_ref[17];
	uint32_t	 close_pid;
	bool		 groups_failed;
	unsigned int	 groups_count;	/* answers, 1 or 0 */
	char		 groups[8192];	/* those the user is in, with ',' */
};

extern struct fake *fake;

/* Listen at path, at most backlog waiting, and serve. Aborts if it cannot. */
void	fake_start(const char *path, int backlog);
void	fake_stop(void);

/* Wait until it has closed all connections up to now. Counts as one. */
void	fake_settle(void);

/*
 * Forget what was seen; answer with this verdict, and would the same. The
 * group to ask for is root's.
 */
void	fake_script(uint8_t verdict);

/* Stop it as SIGSTOP does, and let it go on. */
void	fake_suspend(void);
void	fake_resume(void);

#endif
