/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The other ends that the bench needs, as cheap as they can be: "echo PATH"
 * answers pam_floor, "drain PATH" takes what is logged to it and forgets it.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <signal.h>
#include <unistd.h>

#include "tests/bench/bench.h"

#define PEER_ANSWER  128
#define PEER_BACKLOG 128

static int
peer_bind(int type, const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(addr.sun_path))
		bench_die("%s: too long for a socket", path);
	memcpy(addr.sun_path, path, strlen(path));
	fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof(addr)) != 0 ||
	    chmod(path, 0666) != 0)
		bench_die("%s: %s", path, strerror(errno));
	return fd;
}

static void
peer_echo(const char *path)
{
	static char buf[4096];
	int fd, listener = peer_bind(SOCK_SEQPACKET, path);

	if (listen(listener, PEER_BACKLOG) != 0)
		bench_die("%s: %s", path, strerror(errno));
	for (;;) {
		if ((fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC)) < 0)
			continue;
		if (recv(fd, buf, sizeof(buf), 0) > 0)
			(void)send(fd, buf, PEER_ANSWER, MSG_NOSIGNAL);
		(void)close(fd); /* the next one */
	}
}

static void
peer_drain(const char *path)
{
	static char buf[8192];
	int fd = peer_bind(SOCK_DGRAM, path);

	for (;;)
		(void)recv(fd, buf, sizeof(buf), 0);
}

int
main(int argc, char **argv)
{
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0); /* with the bench */
	if (argc == 3 && strcmp(argv[1], "echo") == 0)
		peer_echo(argv[2]);
	if (argc == 3 && strcmp(argv[1], "drain") == 0)
		peer_drain(argv[2]);
	(void)fprintf(stderr, "usage: bench_peer echo|drain socket\n");
	return 2;
}
