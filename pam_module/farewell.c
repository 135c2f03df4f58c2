/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One message without an answer. The daemon knows the session by the process
 * that sends it; the reference only has to be the same.
 */
#include "pam_module/farewell.h"

#include <syslog.h>
#include <unistd.h>

#include <security/pam_ext.h>

#include "pam_module/text.h"
#include "proto/client.h"
#include "proto/result.h"

#define FAREWELL_MS 250u

static int
farewell_say(const struct args *args, const char *ref)
{
	const struct fg_close m = { .pid = (uint32_t)getpid(), .ref = ref };
	struct fg_client client;
	size_t len;
	int r;

	if ((r = fg_client_open(&client, args->socket, FAREWELL_MS)) == 0) {
		fg_client_next(&client);
		if ((r = fg_msg_put_close(client.data, FG_MSG_MAX, &client.hdr,
			 &m, &len)) == 0)
			r = fg_client_send(&client, len);
	}
	fg_client_done(&client);
	return r;
}

void
farewell_send(pam_handle_t *pamh, const struct args *args)
{
	const char *ref = pam_getenv(pamh, "FARMGATE_REF");
	int r;

	/* The module's own references are of logins without a daemon. */
	if (ref == NULL || !text_is_ref(ref))
		return;
	if ((r = farewell_say(args, ref)) != 0 && args->debug)
		pam_syslog(pamh, LOG_DEBUG, "close: %s", fg_strerror(r));
}
