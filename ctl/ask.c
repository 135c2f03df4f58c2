/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A question that somebody answers with yes or no before something is done.
 */
#include <stdio.h>
#include <unistd.h>

#include "ctl/ctl.h"

int
ctl_ask(const char *command, const char *question, const char *nothing)
{
	char answer[8] = "";

	if (!isatty(STDIN_FILENO)) {
		ctl_complain("%s%s%s: this is no terminal to ask on; give "
			     "--yes",
		    command, command[0] != '\0' ? ": " : "", nothing);
		return CTL_ERROR;
	}
	printf("%s [y/N] ", question);
	(void)fflush(stdout); /* the answer matters more */
	if (fgets(answer, sizeof(answer), stdin) != NULL &&
	    (answer[0] == 'y' || answer[0] == 'Y'))
		return CTL_OK;
	puts(nothing);
	return CTL_NO;
}
