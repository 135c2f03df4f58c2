/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The only file of this program that knows libpam. What modules do to their
 * process, and how long they take, stays in a child.
 */
#include "ctl/rollout/proof.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <security/pam_appl.h>

#include "ctl/child.h"
#include "ctl/ctl.h"
#include "ctl/pam/stack.h"
#include "ctl/rollout/pending.h"
#include "ctl/rollout/stackfile.h"
#include "policyd/text.h"
#include "proto/result.h"

/* ---- the private copy -------------------------------------------------- */

#define GLASS	 "breakglass="
#define NO_GLASS " " GLASS PENDING_FOLDER "/none"

/* The arguments of a line, but the one that says who is let in by failures. */
static const char *
copy_arguments(const char *at, FILE *out)
{
	const char *end = at + strcspn(at, "\n"), *glass;

	while ((glass = memmem(at, (size_t)(end - at), GLASS,
		    sizeof(GLASS) - 1)) != NULL) {
		(void)fwrite(at, 1, (size_t)(glass - at), out);
		at = glass + strcspn(glass, " \t\n");
	}
	(void)fwrite(at, 1, (size_t)(end - at), out);
	return end;
}

/* Who is let in by break-glass proves nothing, and would be counted. */
static char *
without_glass(const struct plan *plan)
{
	const char *at = plan->after, *found;
	char *bytes = NULL;
	size_t len;
	FILE *out;

	if ((out = open_memstream(&bytes, &len)) == NULL)
		return NULL;
	while ((found = strstr(at, STACK_GATE)) != NULL) {
		found += strlen(STACK_GATE);
		(void)fwrite(at, 1, (size_t)(found - at), out);
		fputs(NO_GLASS, out);
		at = copy_arguments(found, out);
	}
	fputs(at, out);
	if (fclose(out) == 0)
		return bytes;
	free(bytes);
	return NULL;
}

static int
write_copy(const char *folder, const char *name, const char *bytes, size_t len)
{
	char path[PATH_MAX];
	int status = CTL_ERROR;
	FILE *fp;

	if (text_format(path, sizeof(path), "%s/%s", folder, name) == 0 &&
	    (fp = fopen(path, "wxe")) != NULL) {
		if (fwrite(bytes, 1, len, fp) == len)
			status = CTL_OK;
		if (fclose(fp) != 0)
			status = CTL_ERROR;
	}
	if (status != CTL_OK)
		ctl_complain("%s/%s: %m", folder, name);
	return status;
}

/*
 * Of its folder libpam reads the service's file and "other", and what they
 * include from /etc/pam.d, which the change leaves as it is.
 */
static int
copy_stack(const struct plan *plan, const char *folder)
{
	char *bytes;
	size_t len;
	int status;

	if ((bytes = without_glass(plan)) == NULL) {
		ctl_complain("out of memory");
		return CTL_ERROR;
	}
	status = write_copy(folder, plan->service, bytes, strlen(bytes));
	free(bytes);
	if (status != CTL_OK)
		return status;
	if ((status = stackfile_read("other", &bytes, &len)) != CTL_OK)
		return status == CTL_NO ? CTL_OK : status;
	status = write_copy(folder, "other", bytes, len);
	free(bytes);
	return status;
}

static void
remove_copy(const char *folder, const char *service)
{
	char path[PATH_MAX];

	(void)text_format(path, sizeof(path), "%s/%s", folder, service);
	(void)unlink(path);
	(void)text_format(path, sizeof(path), "%s/other", folder);
	(void)unlink(path);
	(void)rmdir(folder); /* root's own; nobody is hurt by it */
}

/* ---- in the child ------------------------------------------------------ */

struct login {
	const char *confdir;
	const char *service;
	const char *user;
	const char *from;
	enum service_kind kind;
};

/* Whoever is asked something here cannot answer. */
static int
converse(int n, const struct pam_message **msg, struct pam_response **resp,
    void *arg)
{
	(void)n;
	(void)msg;
	(void)arg;
	*resp = NULL;
	return PAM_CONV_ERR;
}

/* As a program of that kind tells libpam; the terminal says what it is. */
static int
describe(pam_handle_t *pamh, const struct login *login)
{
	char text[FG_SSH_CONNECTION_MAX + 1];
	int r = pam_set_item(pamh, PAM_TTY, CTL_PROOF_TTY);

	if (r != PAM_SUCCESS)
		return r;
	if (login->kind == SERVICE_NESTED)
		return pam_set_item(pamh, PAM_RUSER, login->user);
	if (login->kind == SERVICE_CONSOLE || login->from[0] == '\0')
		return pam_set_item(pamh, PAM_RHOST, "");
	if ((r = pam_set_item(pamh, PAM_RHOST, login->from)) != PAM_SUCCESS)
		return r;
	if (text_format(text, sizeof(text), "SSH_CONNECTION=%s 1 %s 22",
		login->from, login->from) != 0)
		return PAM_BUF_ERR;
	return pam_putenv(pamh, text);
}

/* The code of account, for the caller to read. */
static int
log_in(FILE *out, void *arg)
{
	static const struct pam_conv conv = { converse, NULL };
	const struct login *login = arg;
	const char *ref;
	pam_handle_t *pamh = NULL;
	int code;

	code = pam_start_confdir(login->service, login->user, &conv,
	    login->confdir, &pamh);
	if (code == PAM_SUCCESS)
		code = describe(pamh, login);
	if (code == PAM_SUCCESS)
		code = pam_acct_mgmt(pamh, PAM_SILENT);
	fputs(code == PAM_SUCCESS ? "passes" : pam_strerror(pamh, code), out);
	if (pamh != NULL && (ref = pam_getenv(pamh, "FARMGATE_REF")) != NULL)
		fprintf(out, ", reference %s", ref);
	if (pamh != NULL)
		(void)pam_end(pamh, code);
	return code == PAM_SUCCESS ? CTL_OK : CTL_NO;
}

/* ---- outside of it ----------------------------------------------------- */

static int
try_login(struct login *login, const char *when)
{
	const struct child child = { .run = log_in, .arg = login };
	char shown[CTL_TEXT_SIZE];
	size_t len;
	char *text;
	int r;

	r = child_run(&child, &text, &len);
	if (r < 0) {
		ctl_complain("%s: %s %s: %s", login->service, login->user, when,
		    text_error(r));
		return CTL_ERROR;
	}
	printf("%s: %s %s: %s\n", login->service, login->user, when,
	    text_escape_utf8(shown, sizeof(shown), text, len));
	free(text);
	return r;
}

int
proof_run(const struct plan *plan, enum service_kind kind, const char *from,
    const char *user)
{
	char folder[] = PENDING_FOLDER "/proof.XXXXXX";
	struct login login = { .service = plan->service,
		.user = user,
		.from = from,
		.kind = kind };
	int status;

	if (mkdtemp(folder) == NULL) {
		ctl_complain("%s: %m", folder);
		return CTL_ERROR;
	}
	login.confdir = folder;
	status = copy_stack(plan, folder);
	if (status == CTL_OK)
		status = try_login(&login, "with the change");
	remove_copy(folder, plan->service);
	if (status != CTL_NO)
		return status;
	/* Whom it is not the gate that keeps out has proved nothing. */
	login.confdir = STACK_CONFDIR;
	return try_login(&login, "without it") == CTL_OK ? CTL_NO : CTL_ERROR;
}
