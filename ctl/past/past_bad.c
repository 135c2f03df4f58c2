/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lines that could not be read, of several files, and as they are told of.
 */
#include "ctl/ctl.h"
#include "ctl/past/past.h"

void
past_bad_add(struct past_bad *bad, const struct past_bad *from)
{
	bad->count += from->count;
	bad->accepted += from->accepted;
	for (size_t i = 0; i < from->named && bad->named < PAST_BAD_NAMED; i++)
		bad->first[bad->named++] = from->first[i];
}

void
past_bad_complain(const char *command, const struct past_bad *bad)
{
	for (size_t i = 0; i < bad->named; i++)
		ctl_complain("%s: %s:%llu: %s", command, bad->first[i].file,
		    (unsigned long long)bad->first[i].line, bad->first[i].why);
	if (bad->count > bad->named)
		ctl_complain("%s: %llu lines could not be read, the first %zu "
			     "are named",
		    command, (unsigned long long)bad->count, bad->named);
}
