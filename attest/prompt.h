/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a prompt is that ssh hands to its helper: a challenge, and of whom; or
 * something that somebody has to answer. Pure.
 *
 * ssh(1) since OpenSSH 8.5 puts "(user@host) " in front of each prompt of
 * keyboard-interactive: the first byte of the argument is ssh's own, and all
 * behind this prefix is the server's. Information that sshd's PAM modules give
 * stands behind the prefix too, in front of the prompt; a server's name and
 * instruction go to standard error and never come here. User and host are what
 * ssh was told, so a user name may hold a prefix of its own. Other questions of
 * ssh's begin with words of ssh's.
 */
#ifndef FG_PROMPT_H
#define FG_PROMPT_H

#include <stdbool.h>

#include "proto/msg.h"
#include "proto/token.h"

struct prompt_challenge {
	char	 token[FG_TOKEN_SIZE];
	char	 user[FG_USER_MAX + 1];
	char	 host[FG_HOST_MAX + 1];
};

/*
 * The challenge in a prompt, with user and host of ssh's prefix. A prompt that
 * can be read in two ways is refused: a second ") " anywhere would be the end
 * of a longer prefix, and behind the token nothing but ": " may stand.
 * Returns 0; FG_ERR_NOT_FOUND: it is no challenge; or another FG_ERR_*: it has
 * to be refused, and *ret_why says why, in words for the user; static.
 */
int	prompt_challenge(const char *text,
	    struct prompt_challenge *ret_challenge, const char **ret_why);

/*
 * Whether what is typed may be seen: a question of ssh's own that is answered
 * with yes or no, or of git's for a user name. Never for what a server asks.
 */
bool	prompt_is_open(const char *text);

#endif
