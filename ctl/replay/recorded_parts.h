/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the recorded*.c files share.
 */
#ifndef FG_CTL_REPLAY_RECORDED_PARTS_H
#define FG_CTL_REPLAY_RECORDED_PARTS_H

#include "ctl/past/member.h"
#include "ctl/replay/recorded.h"

/* recorded_facts.c: the present member, if it is one of those that policyd/
 * record/record_facts.c writes; else false, and nothing is taken. */
bool	recorded_take_fact(struct member *m, struct recorded *r);
void	recorded_clear_facts(struct facts *facts);

#endif
