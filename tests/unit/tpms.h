/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * TPMs for tests: swtpm, each in a folder of its own, at a socket there, and
 * what tpm2-tools say to it. It ends with the test.
 */
#ifndef FG_TEST_TPMS_H
#define FG_TEST_TPMS_H

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "policyd/device/tpm.h"

struct tpms {
	char folder[32];
	char socket[64];
	pid_t pid;
};

static inline bool
tpms_are_there(void)
{
	return tpm_is_built() &&
	    system("command -v swtpm tpm2_createek openssl >/dev/null") == 0;
}

static inline void
tpms_pause(void)
{
	const struct timespec ms = { .tv_nsec = 10 * 1000 * 1000 };

	(void)nanosleep(&ms, NULL);
}

static inline void
tpms_exec(const struct tpms *tpm)
{
	char state[64], server[96], ctrl[96];

	(void)snprintf(state, sizeof(state), "dir=%s", tpm->folder);
	(void)snprintf(server, sizeof(server), "type=unixio,path=%s",
	    tpm->socket);
	(void)snprintf(ctrl, sizeof(ctrl), "type=unixio,path=%s.ctrl",
	    tpm->socket);
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 ||
	    freopen("/dev/null", "w", stderr) == NULL)
		_exit(1);
	(void)execlp("swtpm", "swtpm", "socket", "--tpm2", "--tpmstate", state,
	    "--server", server, "--ctrl", ctrl, "--flags",
	    "not-need-init,startup-clear", (char *)NULL);
	_exit(127);
}

/* With the state that its folder has, until it listens. */
static inline void
tpms_go_on(struct tpms *tpm)
{
	struct stat st;

	if ((tpm->pid = fork()) == 0)
		tpms_exec(tpm);
	while (lstat(tpm->socket, &st) != 0)
		tpms_pause();
}

static inline void
tpms_start(struct tpms *tpm)
{
	strcpy(tpm->folder, "/tmp/farmgate-tpm.XXXXXX");
	if (mkdtemp(tpm->folder) == NULL)
		abort();
	(void)snprintf(tpm->socket, sizeof(tpm->socket), "%s/sock",
	    tpm->folder);
	tpms_go_on(tpm);
}

/* Switch it off. */
static inline void
tpms_halt(struct tpms *tpm)
{
	(void)kill(tpm->pid, SIGKILL);
	(void)waitpid(tpm->pid, NULL, 0);
	(void)unlink(tpm->socket);
	tpm->pid = 0;
}

static inline void
tpms_stop(struct tpms *tpm)
{
	char command[64];

	if (tpm->pid == 0)
		return;
	tpms_halt(tpm);
	(void)snprintf(command, sizeof(command), "rm -rf %s", tpm->folder);
	if (system(command) != 0)
		abort();
}

/*
 * The first word that a shell's commands say of it, in its folder, or "". What
 * they load is taken out of it again.
 */
static inline void
tpms_say(const struct tpms *tpm, const char *commands, char ret_word[128])
{
	char text[2048];
	FILE *f;
	int n;

	ret_word[0] = '\0';
	n = snprintf(text, sizeof(text),
	    "set -e; cd %s; export TPM2TOOLS_TCTI=swtpm:path=%s; %s; "
	    "tpm2_flushcontext -t >/dev/null",
	    tpm->folder, tpm->socket, commands);
	if (n < 0 || (size_t)n >= sizeof(text) ||
	    (f = popen(text, "r")) == NULL)
		abort();
	if (fscanf(f, "%127s", ret_word) != 1)
		ret_word[0] = '\0';
	while (fgetc(f) != EOF)
		; /* or the commands could not end */
	if (pclose(f) != 0)
		fail_msg("failed: %s", commands);
}

static inline void
tpms_do(const struct tpms *tpm, const char *commands)
{
	char text[1024], word[128];
	int n = snprintf(text, sizeof(text), "{ %s; } >/dev/null", commands);

	if (n < 0 || (size_t)n >= sizeof(text))
		abort();
	tpms_say(tpm, text, word);
}

/* ---- what is no TPM ----------------------------------------------------- */

/* A socket at which somebody listens. */
static inline int
tpms_listen(const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)snprintf(addr.sun_path, sizeof(addr.sun_path), "%s", path);
	(void)unlink(path);
	if (fd == -1 ||
	    bind(fd, (const struct sockaddr *)&addr, sizeof(addr)) != 0 ||
	    listen(fd, 8) != 0)
		abort();
	return fd;
}

#endif
