/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A program that hides as remote control does: it takes names that are not its
 * own, runs from memory, is a crowd, or changes all the time. What it is to do
 * is its first argument. When it has done it, it says "ready" and waits.
 */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <err.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PADDING 100000 /* of one argument, which may have 128 KiB */

static void
nap(long ms)
{
	const struct timespec ts = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&ts, NULL);
}

static void
ready(void)
{
	puts("ready");
	fflush(stdout);
	for (;;)
		pause();
}

/* COMM TITLE: as the arguments lie one behind the other in memory. */
static void
be_named(int argc, char **argv)
{
	char *end = argv[argc - 1] + strlen(argv[argc - 1]);
	char title[256];

	snprintf(title, sizeof(title), "%s", argv[3]);
	prctl(PR_SET_NAME, argv[2]);
	memset(argv[0], 0, (size_t)(end - argv[0]));
	memcpy(argv[0], title, strnlen(title, (size_t)(end - argv[0])));
}

/* PORT */
static void
listen_on(const char *port)
{
	struct sockaddr_in sin = { .sin_family = AF_INET,
		.sin_port = htons((in_port_t)atoi(port)),
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (bind(fd, (void *)&sin, sizeof(sin)) != 0 || listen(fd, 5) != 0)
		err(1, "port %s", port);
}

/* [LOADER]: by a copy that no file is of, which that runs if it is given. */
static void
go_on_in_memory(int argc, char **argv)
{
	int from = open("/proc/self/exe", O_RDONLY);
	int fd = memfd_create("notes", 0);
	char buf[65536], copy[32];
	char *args[] = { argv[2], copy, NULL };
	ssize_t n;

	while ((n = read(from, buf, sizeof(buf))) > 0)
		if (write(fd, buf, (size_t)n) != n)
			err(1, "memfd");
	snprintf(copy, sizeof(copy), "/proc/self/fd/%d", fd);
	if (argc == 3)
		execv(argv[2], args);
	else
		fexecve(fd, args + 1, environ);
	err(1, "%s", copy);
}

/* N: with so many arguments that are no use. */
static void
go_on_at_length(char **argv)
{
	static char *args[64], padding[PADDING];
	int i, n = atoi(argv[2]);

	memset(padding, 'x', sizeof(padding) - 1);
	args[0] = argv[0];
	args[1] = (char *)"wait";
	for (i = 0; i < n && i < 60; i++)
		args[2 + i] = padding;
	execv("/proc/self/exe", args);
	err(1, "execv");
}

/* PROGRAM: that, and so on, until somebody ends it. */
static void
go_on_as(char **argv)
{
	char *args[] = { argv[2], argv[1], argv[0], NULL };

	puts("ready");
	fflush(stdout);
	nap(3);
	execv(args[0], args);
	err(1, "%s", args[0]);
}

static void *
wait_as_thread(void *arg)
{
	(void)arg;
	ready();
	return NULL;
}

static void *
end_as_thread(void *arg)
{
	return arg;
}

/* Only the thread that is no process by its number goes on. */
static void
end_first_thread(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, wait_as_thread, NULL);
	pthread_exit(NULL);
}

static void
threads_come_and_go(void)
{
	pthread_t thread[8];
	size_t i;

	puts("ready");
	fflush(stdout);
	for (;;) {
		for (i = 0; i < 8; i++)
			pthread_create(&thread[i], NULL, end_as_thread, NULL);
		for (i = 0; i < 8; i++)
			pthread_join(thread[i], NULL);
		nap(2);
	}
}

/* N: that have ended, or wait. */
static void
have_children(int n, int alive)
{
	pid_t pid;
	int i;

	for (i = 0; i < n; i++) {
		if ((pid = fork()) == -1)
			err(1, "fork %d", i);
		if (pid == 0 && alive)
			for (;;)
				pause();
		if (pid == 0)
			_exit(0);
	}
}

/* N SECONDS: N at a time, of which the oldest makes room for the next. */
static void
storm(int n, int seconds)
{
	time_t end = time(NULL) + seconds;
	pid_t *pid = calloc((size_t)n, sizeof(*pid));
	int i;

	puts("ready");
	fflush(stdout);
	for (i = 0; time(NULL) < end; i = (i + 1) % n) {
		if (pid[i] > 0) {
			kill(pid[i], SIGKILL);
			waitpid(pid[i], NULL, 0);
		}
		if ((pid[i] = fork()) == 0)
			for (;;)
				pause();
		if (i % 10 == 0)
			nap(1);
	}
	for (i = 0; i < n; i++)
		if (pid[i] > 0)
			kill(pid[i], SIGKILL);
}

int
main(int argc, char **argv)
{
	const char *how = argc > 1 ? argv[1] : "wait";

	if (strcmp(how, "named") == 0 && argc == 4)
		be_named(argc, argv);
	else if (strcmp(how, "listen") == 0 && argc == 3)
		listen_on(argv[2]);
	else if (strcmp(how, "memory") == 0)
		go_on_in_memory(argc, argv);
	else if (strcmp(how, "long") == 0 && argc == 3)
		go_on_at_length(argv);
	else if (strcmp(how, "again") == 0 && argc == 3)
		go_on_as(argv);
	else if (strcmp(how, "leaderless") == 0)
		end_first_thread();
	else if (strcmp(how, "threads") == 0)
		threads_come_and_go();
	else if (strcmp(how, "zombies") == 0 && argc == 3)
		have_children(atoi(argv[2]), 0);
	else if (strcmp(how, "many") == 0 && argc == 3)
		have_children(atoi(argv[2]), 1);
	else if (strcmp(how, "storm") == 0 && argc == 4)
		storm(atoi(argv[2]), atoi(argv[3]));
	else if (strcmp(how, "wait") != 0)
		errx(2, "%s?", how);
	if (strcmp(how, "storm") != 0)
		ready();
	return 0;
}
