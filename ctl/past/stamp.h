/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The time that a line of a text log begins with: RFC 3339, as rsyslog writes
 * it since Debian 12 and journalctl -o short-iso; or "Mar  1 08:30:00" by the
 * clock of this machine, which has a year in some logs and mostly none. Then it
 * is that of the line before, until a January follows a December.
 */
#ifndef FG_CTL_PAST_STAMP_H
#define FG_CTL_PAST_STAMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct stamp {
	int		 year;		/* of the line before; 0: not known */
	int		 month;		/* 1 to 12; 0: there was none */
	/* Without a year, of lines that follow each other. */
	char		 last[15];
	int		 turns;		/* of the year, so far */
	/* What was worked out last: all but the seconds, or the minutes. */
	char		 known[24];
	size_t		 known_len;
	int64_t		 known_s;
	int		 hour_of[4];	/* year, month, day and hour */
	int64_t		 hour_s;
};

/* Of lines without a year nothing is known before stamp_from(). */
void	stamp_init(struct stamp *stamp);

/*
 * The year of the first line is found from the last one's: after stamp_pass()
 * of all of them, this is for a new beginning, by the time that the file was
 * last written.
 */
void	stamp_from(struct stamp *stamp, int64_t written_s);

/*
 * How long the stamp is that the line begins with, a first blank behind it not
 * counted; 0: it begins with none, or with one that is not of these forms.
 */
size_t	stamp_length(const char *text, size_t len);

/* Whether it has no year. */
bool	stamp_is_short(const char *text, size_t len);

/* Each line's, even if nothing more is wanted of it, so that years turn. */
void	stamp_pass(struct stamp *stamp, const char *text, size_t len);

/* What it says, after stamp_pass(). False: it is no time. */
bool	stamp_read(struct stamp *stamp, const char *text, size_t len,
	    int64_t *ret_s);

#endif
