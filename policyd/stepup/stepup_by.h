/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who has vouched for somebody else, or has refused to.
 */
#ifndef FG_STEPUP_BY_H
#define FG_STEPUP_BY_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/msg.h"

struct stepup_by {
	bool		 known;		/* false: nobody did, or not yet */
	uint32_t	 uid;		/* SO_PEERCRED */
	uint32_t	 loginuid;	/* (uint32_t)-1: never set */
	char		 ref[FG_REF_MAX + 1];	/* of the request; "": none */
};

#endif
