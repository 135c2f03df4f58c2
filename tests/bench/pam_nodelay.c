/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A stack that begins with this fails as soon as it knows. libpam draws the
 * delay of each failure anew, from a range of two seconds: nothing smaller is
 * seen beside it. It proves nothing; it is no example.
 */

/* What this header declares is what libpam looks for. */
#pragma GCC visibility push(default)
#include <security/pam_modules.h>
#pragma GCC visibility pop

static void
nodelay_pass(int retval, unsigned int delay_us, void *arg)
{
	(void)retval;
	(void)delay_us;
	(void)arg;
}

int
pam_sm_authenticate(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	int r;

	(void)flags;
	(void)argc;
	(void)argv;
	r = pam_set_item(pamh, PAM_FAIL_DELAY, (const void *)nodelay_pass);
	return r == PAM_SUCCESS ? PAM_IGNORE : PAM_SYSTEM_ERR;
}

int
pam_sm_setcred(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	(void)pamh;
	(void)flags;
	(void)argc;
	(void)argv;
	return PAM_IGNORE;
}
