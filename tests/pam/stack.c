/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Each stack asks the module first: success ends it, a failure ends it with
 * the module's code, and only after PAM_IGNORE does pam_debug.so speak, with
 * a code that the module never returns.
 */
#include "tests/pam/stack.h"

#include <sys/stat.h>

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/pam/spy.h"
#include "tests/unit/asroot.h"

static char dir[] = "/tmp/fg-pam-XXXXXX";
static char socket_path[64];
static char module_path[PATH_MAX];

/* pam_debug's codes, by phase. */
static const int ignored[] = {
	[STACK_AUTH] = PAM_MAXTRIES,
	[STACK_CRED] = PAM_CRED_EXPIRED,
	[STACK_ACCOUNT] = PAM_ACCT_EXPIRED,
	[STACK_SESSION] = PAM_SESSION_ERR,
	[STACK_CLOSE] = PAM_SESSION_ERR,
	[STACK_PASSWORD] = PAM_AUTHTOK_LOCK_BUSY,
};

static void
must(int ok, const char *what)
{
	if (ok)
		return;
	perror(what);
	abort();
}

void
stack_init(char **argv)
{
	const char *build = getenv("BUILD");
	char relative[PATH_MAX];

	asroot_or_skip(argv);
	(void)snprintf(relative, sizeof(relative), "%s/pam_farmgate.so",
	    build != NULL ? build : "build");
	must(realpath(relative, module_path) != NULL, relative);
	must(mkdtemp(dir) != NULL, dir);
	(void)snprintf(socket_path, sizeof(socket_path), "%s/socket", dir);
	(void)alarm(STACK_WATCHDOG_S);
}

const char *
stack_path(const char *name)
{
	static char path[128];

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

const char *
stack_socket(void)
{
	return socket_path;
}

const char *
stack_module(void)
{
	return module_path;
}

void
stack_done(void)
{
	static const char *const services[] = { "plain", "allow", "observe",
		"both", "fast", "extra", "bad", "sshd" };

	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++)
		(void)unlink(stack_path(services[i]));
	(void)unlink(socket_path);
	(void)rmdir(dir);
}

bool
stack_root_is_ours(const char *program)
{
	if (getenv("FG_ASROOT") == NULL)
		return true;
	stack_done();
	(void)printf("SKIP %s: the root folder is not this root's\n", program);
	return false;
}

void
stack_service_raw(const char *service, const char *lines)
{
	const char *at;
	FILE *fp = fopen(stack_path(service), "w");

	must(fp != NULL, service);
	while ((at = strstr(lines, "%s")) != NULL) {
		(void)fprintf(fp, "%.*s%s socket=%s", (int)(at - lines), lines,
		    module_path, socket_path);
		lines = at + 2;
	}
	(void)fprintf(fp, "%s", lines);
	must(fclose(fp) == 0, service);
}

void
stack_service(const char *service, const char *args)
{
	char lines[4096];
	const char *c = "[success=done ignore=ignore default=die]";

	(void)snprintf(lines, sizeof(lines),
	    "auth %s %%s %s\n"
	    "auth required pam_debug.so auth=maxtries cred=cred_expired\n"
	    "account %s %%s %s\n"
	    "account required pam_debug.so acct=acct_expired\n"
	    "session %s %%s %s\nsession required pam_debug.so "
	    "open_session=session_err close_session=session_err\n"
	    "password %s %%s %s\npassword required pam_debug.so "
	    "chauthtok=authtok_lock_busy\n",
	    c, args, c, args, c, args, c, args);
	stack_service_raw(service, lines);
}

pam_handle_t *
stack_open(const char *service, const char *user)
{
	pam_handle_t *pamh = NULL;
	int r;

	r = pam_start_confdir(service, user, &spy_conv, dir, &pamh);
	if (r != PAM_SUCCESS) {
		(void)fprintf(stderr, "pam_start: %s\n", stack_code_name(r));
		abort();
	}
	return pamh;
}

void
stack_close(pam_handle_t *pamh)
{
	must(pam_end(pamh, PAM_SUCCESS) == PAM_SUCCESS, "pam_end");
}

static int
dispatch(pam_handle_t *pamh, enum stack_phase phase, int flags)
{
	switch (phase) {
	case STACK_AUTH:
		return pam_authenticate(pamh, flags);
	case STACK_CRED:
		return pam_setcred(pamh, flags);
	case STACK_ACCOUNT:
		return pam_acct_mgmt(pamh, flags);
	case STACK_SESSION:
		return pam_open_session(pamh, flags);
	case STACK_CLOSE:
		return pam_close_session(pamh, flags);
	case STACK_PASSWORD:
		return pam_chauthtok(pamh, flags);
	}
	abort();
}

int
stack_call(pam_handle_t *pamh, enum stack_phase phase, int flags)
{
	int code = dispatch(pamh, phase, flags);

	return code == ignored[phase] ? PAM_IGNORE : code;
}

int
stack_run(const char *service, const char *user, enum stack_phase phase)
{
	pam_handle_t *pamh = stack_open(service, user);
	int code = stack_call(pamh, phase, 0);

	stack_close(pamh);
	return code;
}

stack_entry
stack_entry_point(const char *name)
{
	static void *module;
	stack_entry entry;
	void *symbol;

	if (module == NULL)
		module = dlopen(module_path, RTLD_NOW);
	must(module != NULL && (symbol = dlsym(module, name)) != NULL, name);
	memcpy(&entry, &symbol, sizeof(entry));
	return entry;
}

const char *
stack_code_name(int code)
{
	static char number[16];

	switch (code) {
	case PAM_SUCCESS:
		return "PAM_SUCCESS";
	case PAM_IGNORE:
		return "PAM_IGNORE";
	case PAM_PERM_DENIED:
		return "PAM_PERM_DENIED";
	case PAM_AUTHINFO_UNAVAIL:
		return "PAM_AUTHINFO_UNAVAIL";
	case PAM_SYSTEM_ERR:
		return "PAM_SYSTEM_ERR";
	case PAM_BUF_ERR:
		return "PAM_BUF_ERR";
	case PAM_ABORT:
		return "PAM_ABORT";
	default: /* a code that the module must not return */
		(void)snprintf(number, sizeof(number), "PAM code %d", code);
		return number;
	}
}
