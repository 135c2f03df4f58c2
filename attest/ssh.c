/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs ssh for its version and for its options of a host; neither connects.
 */
#include "attest/ssh.h"

#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "policyd/text.h"
#include "proto/result.h"

#define PRODUCT	    "OpenSSH_"
#define OUTPUT_SIZE 65536u

/* In the child. Both streams are read: the version goes to the second one. */
static void __attribute__((noreturn)) run_child(char *const argv[], int fd)
{
	int null = open("/dev/null", O_RDONLY);

	if (null != -1 && dup2(null, STDIN_FILENO) != -1 &&
	    dup2(fd, STDOUT_FILENO) != -1 && dup2(fd, STDERR_FILENO) != -1)
		(void)execvp(argv[0], argv);
	_exit(127);
}

static size_t
read_all(int fd, char *buf, size_t size)
{
	size_t used = 0;
	ssize_t n;

	while (used < size - 1) {
		if ((n = read(fd, buf + used, size - 1 - used)) == -1 &&
		    errno == EINTR)
			continue;
		if (n <= 0)
			break;
		used += (size_t)n;
	}
	buf[used] = '\0';
	return used;
}

/* What a program prints. Returns 0 or FG_ERR_SYSTEM; it has to succeed. */
static int
run(char *const argv[], char *buf, size_t size)
{
	int fds[2], status = -1;
	pid_t pid;

	buf[0] = '\0';
	if (pipe2(fds, O_CLOEXEC) == -1)
		return FG_ERR_SYSTEM;
	if ((pid = fork()) == 0)
		run_child(argv, fds[1]);
	(void)close(fds[1]);
	if (pid != -1) {
		(void)read_all(fds[0], buf, size);
		while (waitpid(pid, &status, 0) == -1 && errno == EINTR)
			continue;
	}
	(void)close(fds[0]);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 :
							       FG_ERR_SYSTEM;
}

/* A number of one to three digits at *p, which is moved behind it. */
static bool
take_number(const char **p, uint64_t *ret_number)
{
	size_t n = strspn(*p, "0123456789");
	char digits[4] = "";

	if (n == 0 || n >= sizeof(digits))
		return false;
	memcpy(digits, *p, n);
	*p += n;
	return text_parse_uint(digits, 0, 999, ret_number) == 0;
}

enum ssh_fitness
ssh_fitness_of(const char *version)
{
	const char *p = version;
	uint64_t major, minor;

	if (strncmp(p, PRODUCT, strlen(PRODUCT)) != 0)
		return SSH_STRANGE;
	p += strlen(PRODUCT);
	if (!take_number(&p, &major) || *p++ != '.' || !take_number(&p, &minor))
		return SSH_STRANGE;
	return major > 8 || (major == 8 && minor >= 5) ? SSH_FIT : SSH_OLD;
}

enum ssh_fitness
ssh_fitness(char ret_version[SSH_VERSION_SIZE])
{
	char ssh[] = "ssh", option[] = "-V", output[OUTPUT_SIZE];
	char *const argv[] = { ssh, option, NULL };

	ret_version[0] = '\0';
	if (run(argv, output, sizeof(output)) != 0)
		return SSH_ABSENT;
	output[strcspn(output, ",\n")] = '\0';
	(void)text_copy(ret_version, SSH_VERSION_SIZE, output);
	return ssh_fitness_of(ret_version);
}

/* NAME VALUE, each option once. */
static void
take_option(char *line, struct ssh_options *options)
{
	char *value = strchr(line, ' ');

	if (value == NULL)
		return;
	*value++ = '\0';
	if (strcmp(line, "hostkeyalias") == 0 && strcmp(value, "none") != 0)
		(void)text_copy(options->host, sizeof(options->host), value);
	else if (strcmp(line, "hostname") == 0 && options->host[0] == '\0')
		(void)text_copy(options->host, sizeof(options->host), value);
	else if (strcmp(line, "batchmode") == 0)
		options->batch = strcmp(value, "no") != 0;
	else if (strcmp(line, "kbdinteractiveauthentication") == 0)
		options->interactive = strcmp(value, "no") != 0;
}

int
ssh_options_of(char *output, struct ssh_options *ret_options)
{
	char *line, *rest = output;

	memset(ret_options, 0, sizeof(*ret_options));
	while ((line = strsep(&rest, "\n")) != NULL)
		take_option(line, ret_options);
	return ret_options->host[0] != '\0' ? 0 : FG_ERR_NOT_FOUND;
}

int
ssh_options(const char *host, struct ssh_options *ret_options)
{
	char ssh[] = "ssh", option[] = "-G", end[] = "--", output[OUTPUT_SIZE];
	char name[257];
	char *const argv[] = { ssh, option, end, name, NULL };
	int r;

	memset(ret_options, 0, sizeof(*ret_options));
	if ((r = text_copy(name, sizeof(name), host)) != 0 ||
	    (r = run(argv, output, sizeof(output))) != 0)
		return r;
	return ssh_options_of(output, ret_options);
}
