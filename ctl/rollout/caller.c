/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who logged in to run this: by the kernel's login uid, else by what sudo says;
 * and from where: by what sshd says, else by utmp(5) for this terminal.
 */
#include "ctl/rollout/caller.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <utmpx.h>

#include "policyd/net/addr.h"
#include "policyd/text.h"

#define LOGINUID_FILE "/proc/self/loginuid"
#define LOGINUID_NONE UINT32_MAX

static bool
parse_uid(const char *text, uint64_t *ret_uid)
{
	return text != NULL &&
	    text_parse_uint(text, 0, LOGINUID_NONE - 1, ret_uid) == 0;
}

static bool
read_loginuid(uint64_t *ret_uid)
{
	char text[16] = "";
	FILE *fp;

	if ((fp = fopen(LOGINUID_FILE, "re")) == NULL)
		return false;
	if (fgets(text, sizeof(text), fp) == NULL)
		text[0] = '\0';
	(void)fclose(fp); /* was only read */
	text[strcspn(text, "\n")] = '\0';
	return parse_uid(text, ret_uid);
}

static void
find_user(struct caller *caller)
{
	const struct passwd *pw = NULL;
	uint64_t uid;

	if (read_loginuid(&uid) || parse_uid(getenv("SUDO_UID"), &uid))
		pw = getpwuid((uid_t)uid);
	if (pw == NULL ||
	    text_copy(caller->user, sizeof(caller->user), pw->pw_name) != 0)
		(void)text_copy(caller->user, sizeof(caller->user), "root");
}

bool
caller_login(char ret_user[FG_USER_MAX + 1])
{
	const struct passwd *pw;
	uint64_t uid;

	ret_user[0] = '\0';
	return read_loginuid(&uid) && (pw = getpwuid((uid_t)uid)) != NULL &&
	    text_copy(ret_user, FG_USER_MAX + 1, pw->pw_name) == 0;
}

/* Names are left out: what a name stands for is somebody else's word. */
static bool
take_address(struct caller *caller, const char *text, size_t len)
{
	char buf[ADDR_TEXT_SIZE];
	struct addr addr;

	if (len >= sizeof(buf))
		return false;
	memcpy(buf, text, len);
	buf[len] = '\0';
	return addr_parse(buf, &addr) == 0 &&
	    text_copy(caller->from, sizeof(caller->from), buf) == 0;
}

static void
find_by_terminal(struct caller *caller)
{
	const char *tty = ttyname(STDIN_FILENO);
	struct utmpx line = { .ut_type = USER_PROCESS };
	const struct utmpx *found;

	if (tty == NULL || strncmp(tty, "/dev/", 5) != 0)
		return;
	(void)strncpy(line.ut_line, tty + 5, sizeof(line.ut_line) - 1);
	setutxent();
	if ((found = getutxline(&line)) != NULL)
		(void)take_address(caller, found->ut_host,
		    strnlen(found->ut_host, sizeof(found->ut_host)));
	endutxent();
}

void
caller_find(struct caller *ret_caller)
{
	const char *ssh = getenv("SSH_CONNECTION");

	memset(ret_caller, 0, sizeof(*ret_caller));
	find_user(ret_caller);
	if (ssh == NULL || !take_address(ret_caller, ssh, strcspn(ssh, " ")))
		find_by_terminal(ret_caller);
}
