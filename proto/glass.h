/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The file of break-glass, farmgate-breakglass(5): who is let in where the
 * daemon has failed, from where. One reader for the PAM module, which lets in
 * by it, and for farmgatectl check. Nothing here allocates, logs or asks NSS.
 */
#ifndef FG_GLASS_H
#define FG_GLASS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/msg.h"

#define FG_GLASS_FILE		"/etc/farmgate/breakglass"
#define FG_GLASS_FILE_MAX	65536u	/* bytes */
#define FG_GLASS_LINE_MAX	511u	/* bytes, without the newline */
#define FG_GLASS_ADDR_SIZE	16u	/* IPv4 in its mapped form */

/*
 * The log of its uses, beside the sockets: a JSON object a line, which root's
 * processes append and the daemon takes in. A use that has no room left in it
 * is in the system log alone.
 */
#define FG_GLASS_LOG		"breakglass.log"
#define FG_GLASS_LOG_MAX	(256u * 1024u)	/* bytes */
#define FG_GLASS_NOTE_MAX	2048u		/* bytes of a line */

enum fg_glass_from {
	FG_GLASS_NOWHERE = 0,	/* not known; only "any" holds */
	FG_GLASS_ADDRESS,
	FG_GLASS_CONSOLE,	/* nothing says that it is from elsewhere */
	FG_GLASS_LOCAL,		/* somebody on this machine asks: sudo, su */
	FG_GLASS_ANY		/* of an entry only */
};

struct fg_glass_entry {
	char		 user[FG_USER_MAX + 1];
	char		 service[FG_SERVICE_MAX + 1];	/* "*": every */
	enum fg_glass_from from;
	uint8_t		 addr[FG_GLASS_ADDR_SIZE];
	unsigned int	 bits;		/* of addr, 0 to 128 */
};

struct fg_glass_login {
	const char	*user;		/* who asks: one of the two names */
	const char	*service;
	enum fg_glass_from from;	/* never ANY */
	uint8_t		 addr[FG_GLASS_ADDR_SIZE];
};

/* A file that is being read. */
struct fg_glass {
	int		 fd;		/* or -1 */
	unsigned int	 line;		/* of what was read last, from 1 */
	size_t		 total;		/* bytes read */
	size_t		 at, used;	/* in buf */
	const char	*why;		/* static; what is wrong, and the fix */
	char		 buf[FG_GLASS_LINE_MAX + 1];
};

/*
 * Open a file that has to be regular, root's, and writable by nobody else, as
 * its folders are (a sticky one passes); no name on the path is a link.
 * Returns 0, FG_ERR_NOT_FOUND: there is none, FG_ERR_UNSAFE or FG_ERR_LIMIT:
 * .why says why, FG_ERR_FORMAT for a path that is not absolute, or
 * FG_ERR_SYSTEM. fg_glass_close() may follow in each case.
 */
int	fg_glass_open(struct fg_glass *glass, const char *path);
void	fg_glass_close(struct fg_glass *glass);

/*
 * The next entry. A line that is none is FG_ERR_FORMAT: .line and .why tell
 * of it, and the next call goes on behind it.
 * Returns 0, FG_ERR_FORMAT, FG_ERR_NOT_FOUND at the end, FG_ERR_LIMIT for a
 * file that has grown too long, or FG_ERR_SYSTEM.
 */
int	fg_glass_next(struct fg_glass *glass, struct fg_glass_entry *ret_entry);

/* One line of the file, which is cut up. Returns 0, FG_ERR_NOT_FOUND: nothing
 * is on it, or FG_ERR_FORMAT: *ret_why says why, else it is NULL. */
int	fg_glass_parse(char *line, struct fg_glass_entry *ret_entry,
	    const char **ret_why);

/*
 * Who asks, and from where. Addresses are numeric; a name is nowhere. The
 * strings are PAM's, "" where there is none, and stay borrowed.
 */
void	fg_glass_who(const struct fg_login *login,
	    struct fg_glass_login *ret_login);

bool	fg_glass_holds(const struct fg_glass_entry *entry,
	    const struct fg_glass_login *login);

#endif
