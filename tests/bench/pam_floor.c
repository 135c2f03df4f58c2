/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The least that a module which asks a daemon can cost: it connects to the
 * socket of its one argument, sends as much as a login's facts, receives as
 * much as a verdict, and closes. It decides nothing; it is no example.
 */
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* What this header declares is what libpam looks for. */
#pragma GCC visibility push(default)
#include <security/pam_modules.h>
#pragma GCC visibility pop

#define FLOOR_REQUEST 192
#define FLOOR_ANSWER  128

static int
floor_exchange(int fd, const struct sockaddr_un *addr)
{
	const struct sockaddr *sa = (const struct sockaddr *)addr;
	char buf[FLOOR_REQUEST];

	memset(buf, 0, sizeof(buf));
	if (connect(fd, sa, sizeof(*addr)) != 0 ||
	    send(fd, buf, sizeof(buf), MSG_NOSIGNAL) != FLOOR_REQUEST ||
	    recv(fd, buf, sizeof(buf), 0) != FLOOR_ANSWER)
		return PAM_AUTHINFO_UNAVAIL;
	return PAM_SUCCESS;
}

int
pam_sm_acct_mgmt(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd, retval;

	(void)pamh;
	(void)flags;
	if (argc != 1 || strlen(argv[0]) >= sizeof(addr.sun_path))
		return PAM_SYSTEM_ERR;
	memcpy(addr.sun_path, argv[0], strlen(argv[0]));
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return PAM_SYSTEM_ERR;
	retval = floor_exchange(fd, &addr);
	(void)close(fd); /* the answer is here */
	return retval;
}
