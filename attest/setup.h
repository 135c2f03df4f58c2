/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The commands of farmgate-attest: "setup", which puts it into the environment
 * of sessions or takes it out, and "check", which says whether it is there and
 * whether the laptop answers. argv[0] is the command's name. Each returns the
 * exit status.
 */
#ifndef FG_SETUP_H
#define FG_SETUP_H

int	setup_command(int argc, char **argv);
int	check_command(const char *rundir, int argc, char **argv);

#endif
