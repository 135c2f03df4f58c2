/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Real PAM stacks in a folder of their own, with the module under test, so
 * arranged that the code it returns comes out unchanged.
 */
#ifndef FG_TESTS_STACK_H
#define FG_TESTS_STACK_H

#include <stdbool.h>

#include <security/pam_appl.h>

#define STACK_WATCHDOG_S 240 /* an alarm ends a test that hangs */

enum stack_phase {
	STACK_AUTH,
	STACK_CRED,
	STACK_ACCOUNT,
	STACK_SESSION,
	STACK_CLOSE,
	STACK_PASSWORD
};

typedef int (*stack_entry)(pam_handle_t *, int, int, const char **);

/* Make the folder; as root, in a user namespace if need be. */
void	stack_init(char **argv);
void	stack_done(void);

/* Whether "/" is this root's: false, after a SKIP and stack_done(), where
 * stack_init() needed a user namespace. */
bool	stack_root_is_ours(const char *program);

/* A path inside the folder, static; the daemon's socket, static. */
const char	*stack_path(const char *name);
const char	*stack_socket(void);

/* The module under test: $BUILD/pam_farmgate.so, absolute, static. */
const char	*stack_module(void);

/* Write a service: its module lines have these arguments after socket=. */
void	stack_service(const char *service, const char *args);

/* Write a service whose every line is given, %s being the module's path. */
void	stack_service_raw(const char *service, const char *lines);

/* pam_start and pam_end. Abort if libpam does not want to. */
pam_handle_t	*stack_open(const char *service, const char *user);
void		 stack_close(pam_handle_t *pamh);

/* Call libpam for a phase. Returns the module's own code. */
int	stack_call(pam_handle_t *pamh, enum stack_phase phase, int flags);

/* open, call, close with flags 0. */
int	stack_run(const char *service, const char *user,
	    enum stack_phase phase);

/* An entry point of the module, for arguments that no file can hold. */
stack_entry	stack_entry_point(const char *name);

/* A name for messages. */
const char	*stack_code_name(int code);

#endif
