/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The audit log is gone on with in a new file when it is large or old enough,
 * from the loop, when the record's login is answered; and what it was rotated
 * into is compressed by a worker, one file after the other.
 */
#ifndef FG_ROTATION_H
#define FG_ROTATION_H

#include "policyd/daemon.h"

struct rotation;

/* Returns 0 or FG_ERR_NOMEM. */
int	rotation_start(struct daemon *daemon);
void	rotation_stop(struct daemon *daemon);

/* Whether one of its files is being compressed. */
bool	rotation_is_at_work(const struct daemon *daemon);

/* The log can be written again: what stayed as it was may be compressed now. */
void	rotation_again(struct daemon *daemon);

/* There is a record more: nothing is done but to look whether it is time. */
void	rotation_recorded(struct daemon *daemon);

#endif
