/* SPDX-License-Identifier: BSD-2-Clause */
/* Fields are lines "NAME=value": no value here has a line's end in it. */
#include "policyd/journal.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "policyd/log.h"
#include "policyd/text.h"
#include "proto/result.h"
#include "proto/word.h"

#define JOURNAL_WORD_SIZE 256u

struct journal {
	int fd;
	struct sockaddr_un addr;
};

/* "DEVICE:INODE" of the stream that the service manager has made. */
static bool
is_stderr_of_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	struct stat st;
	char here[48];

	if (stream == NULL || fstat(STDERR_FILENO, &st) != 0)
		return false;
	return text_format(here, sizeof(here), "%ju:%ju", (uintmax_t)st.st_dev,
		   (uintmax_t)st.st_ino) == 0 &&
	    strcmp(here, stream) == 0;
}

int
journal_new(const char *path, struct journal **ret_journal)
{
	struct journal *journal;
	int r;

	*ret_journal = NULL;
	if (!is_stderr_of_journal())
		return 0;
	if ((journal = calloc(1, sizeof(*journal))) == NULL)
		return FG_ERR_NOMEM;
	journal->addr.sun_family = AF_UNIX;
	journal->fd =
	    socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	r = journal->fd < 0 ? FG_ERR_SYSTEM :
			      text_copy(journal->addr.sun_path,
				  sizeof(journal->addr.sun_path), path);
	if (r != 0) {
		journal_free(journal);
		return r;
	}
	*ret_journal = journal;
	return 0;
}

void
journal_free(struct journal *journal)
{
	if (journal == NULL)
		return;
	if (journal->fd >= 0)
		(void)close(journal->fd); /* nothing waits in it */
	free(journal);
}

/* ---- entries ------------------------------------------------------------ */

void
journal_start(struct journal_entry *entry)
{
	entry->len = 0;
	entry->full = false;
}

void
journal_set(struct journal_entry *entry, const char *field, const char *value)
{
	size_t room = sizeof(entry->text) - entry->len;
	int n;

	if (value[0] == '\0')
		return;
	n = snprintf(entry->text + entry->len, room, "%s=%s\n", field, value);
	if (n < 0 || (size_t)n >= room)
		entry->full = true;
	else
		entry->len += (size_t)n;
}

void
journal_set_word(struct journal_entry *entry, const char *field,
    const char *value)
{
	char word[JOURNAL_WORD_SIZE];

	if (value[0] == '\0')
		return;
	fg_word(word, sizeof(word), value);
	journal_set(entry, field, word);
}

void
journal_set_int(struct journal_entry *entry, const char *field, int64_t value)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%" PRId64, value);
	journal_set(entry, field, text);
}

bool
journal_send(struct journal *journal, const struct journal_entry *entry)
{
	ssize_t n;

	if (entry->full) {
		log_client("journal: an entry is too long");
		return false;
	}
	do {
		n = sendto(journal->fd, entry->text, entry->len,
		    MSG_DONTWAIT | MSG_NOSIGNAL,
		    (const struct sockaddr *)&journal->addr,
		    sizeof(journal->addr));
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		log_client("journal: an entry is lost: %s", strerror(errno));
	return n >= 0;
}
