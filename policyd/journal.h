/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Entries with fields of their own in the system's journal, by its native
 * protocol: one datagram each, and nobody waits for what becomes of it. Used
 * only where standard error is the journal's already, as systemd.exec(5) says
 * of JOURNAL_STREAM. The protocol is https://systemd.io/JOURNAL_NATIVE_PROTOCOL
 */
#ifndef FG_JOURNAL_H
#define FG_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JOURNAL_SOCKET	  "/run/systemd/journal/socket"
#define JOURNAL_ENTRY_MAX 8192u /* bytes */

struct journal;

/* One on its way. What does not fit makes it .full, and it is not sent. */
struct journal_entry {
	char	 text[JOURNAL_ENTRY_MAX];
	size_t	 len;
	bool	 full;
};

/*
 * Before the sandbox: it makes a socket, unless standard error is not the
 * journal's: then *ret_journal is NULL. path: of the journal's own socket.
 * Returns 0, FG_ERR_NOMEM, FG_ERR_LIMIT (path is too long) or FG_ERR_SYSTEM.
 */
int	journal_new(const char *path, struct journal **ret_journal);
void	journal_free(struct journal *journal);

/* A field, in capitals; of other people's bytes as one word, see fg_word().
 * An empty value makes no field. The same name may be given again. */
void	journal_start(struct journal_entry *entry);
void	journal_set(struct journal_entry *entry, const char *field,
	    const char *value);
void	journal_set_word(struct journal_entry *entry, const char *field,
	    const char *value);
void	journal_set_int(struct journal_entry *entry, const char *field,
	    int64_t value);

/* Returns whether the journal has it. */
bool	journal_send(struct journal *journal,
	    const struct journal_entry *entry);

#endif
