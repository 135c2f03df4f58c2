/* SPDX-License-Identifier: BSD-2-Clause */
/* Datagrams to the hook service, each of which arrives now or never. */
#include "policyd/hooklink.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "policyd/hooks/hook_event.h"
#include "policyd/log.h"
#include "policyd/text.h"
#include "proto/result.h"

struct hooklink {
	int fd;
	struct sockaddr_un addr;
	uint64_t told;
	uint64_t lost;
	int error; /* of the last one, an errno; 0: it was told */
};

int
hooklink_new(const char *rundir, struct hooklink **ret_link)
{
	struct hooklink *link;
	int r;

	*ret_link = NULL;
	if ((link = calloc(1, sizeof(*link))) == NULL)
		return FG_ERR_NOMEM;
	link->addr.sun_family = AF_UNIX;
	link->fd =
	    socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	r = link->fd < 0 ?
	    FG_ERR_SYSTEM :
	    text_format(link->addr.sun_path, sizeof(link->addr.sun_path),
		"%s/hooks.sock", rundir);
	if (r != 0) {
		hooklink_free(link);
		return r;
	}
	*ret_link = link;
	return 0;
}

void
hooklink_free(struct hooklink *link)
{
	if (link == NULL)
		return;
	if (link->fd >= 0)
		(void)close(link->fd); /* nothing waits in it */
	free(link);
}

struct json *
hooklink_event(enum hook_class cls)
{
	struct json *event = json_new();

	json_set_string(event, "event", hook_class_name(cls));
	return event;
}

static int
send_text(const struct hooklink *link, const char *text)
{
	size_t len = strlen(text);
	ssize_t n;

	if (len > HOOK_EVENT_MAX)
		return EMSGSIZE;
	do {
		n = sendto(link->fd, text, len, MSG_DONTWAIT | MSG_NOSIGNAL,
		    (const struct sockaddr *)&link->addr, sizeof(link->addr));
	} while (n < 0 && errno == EINTR);
	return n < 0 ? errno : 0;
}

/* That no hook service is there is how most machines are. */
static bool
is_absent(int error)
{
	return error == ENOENT || error == ECONNREFUSED;
}

static void
tell(struct hooklink *link, struct json *event, bool offered)
{
	char *text = json_text(event);
	int error = 0;

	json_free(event);
	if (link != NULL)
		error = text == NULL ? ENOMEM : send_text(link, text);
	free(text);
	if (link == NULL || (offered && is_absent(error)))
		return;
	link->error = error;
	if (error == 0) {
		link->told++;
		return;
	}
	link->lost++;
	if (!is_absent(error))
		log_client("hooks: an event is lost: %s", strerror(error));
}

void
hooklink_tell(struct hooklink *link, struct json *event)
{
	tell(link, event, false);
}

void
hooklink_offer(struct hooklink *link, struct json *event)
{
	tell(link, event, true);
}

void
hooklink_status(const struct hooklink *link, struct json *report)
{
	struct json *o = json_set_object(report, "hooks");

	json_set_int(o, "told", (int64_t)link->told);
	json_set_int(o, "lost", (int64_t)link->lost);
	if (is_absent(link->error))
		json_set_string(o, "problem", "nobody listens at hooks.sock");
	else if (link->error != 0)
		json_set_string(o, "problem", strerror(link->error));
}
