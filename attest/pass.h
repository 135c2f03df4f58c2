/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is no challenge goes to whoever would have been asked without this
 * program: the user at the terminal, or the program that was SSH_ASKPASS
 * before.
 */
#ifndef FG_PASS_H
#define FG_PASS_H

/*
 * Have text answered, and print the answer for ssh. Another program takes this
 * process's place if it is its turn. Returns the exit status.
 */
int	pass_on(const char *text);

/* Print a line on standard output, all of it. Returns the exit status. */
int	pass_print(const char *line);

#endif
