/* SPDX-License-Identifier: BSD-2-Clause */
/* Datagrams to the hook service, and those of them that wait for it. */
#include "policyd/hooklink.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "policyd/hooks/hook_event.h"
#include "policyd/log.h"
#include "policyd/text.h"
#include "proto/result.h"

#define HOOKLINK_AGAIN_MS 100u /* a socket of datagrams cannot be waited for */

struct waiting {
	TAILQ_ENTRY(waiting) entry;
	bool offered;
	char text[]; /* and NUL */
};

TAILQ_HEAD(waiting_list, waiting);

struct hooklink {
	int fd;
	struct sockaddr_un addr;
	struct loop_timer *timer; /* armed while something waits, or a loss
				   * could not be told */
	struct waiting_list waiting[HOOK_RANKS]; /* the oldest first */
	size_t n;
	uint64_t told;
	uint64_t lost;
	uint64_t untold; /* of these, since they were told of */
	int error; /* of the last one, an errno; 0: it was told */
};

/* That no hook service is there is how most machines are. */
static bool
is_absent(int error)
{
	return error == ENOENT || error == ECONNREFUSED;
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

static void
count(struct hooklink *link, int error, bool offered)
{
	if (offered && is_absent(error))
		return;
	link->error = error;
	if (error == 0) {
		link->told++;
		return;
	}
	link->lost++;
	link->untold++;
	if (!is_absent(error))
		log_client("hooks: an event is lost: %s", strerror(error));
}

/* ---- what waits --------------------------------------------------------- */

/* The first of these classes, from the lowest or from the highest rank. */
static struct waiting_list *
first_list(struct hooklink *link, bool lowest)
{
	int i;

	for (i = 0; i < HOOK_RANKS; i++) {
		int rank = lowest ? i : HOOK_RANKS - 1 - i;

		if (!TAILQ_EMPTY(&link->waiting[rank]))
			return &link->waiting[rank];
	}
	return NULL;
}

static void
remove_first(struct hooklink *link, struct waiting_list *list)
{
	struct waiting *w = TAILQ_FIRST(list);

	TAILQ_REMOVE(list, w, entry);
	link->n--;
	free(w);
}

/* Room for one of this rank; false if all that waits is of a higher one. */
static bool
make_room(struct hooklink *link, enum hook_rank rank)
{
	struct waiting_list *list;

	if (link->n < HOOKLINK_WAITING_MAX)
		return true;
	list = first_list(link, true);
	if (list - link->waiting > (ptrdiff_t)rank)
		return false;
	remove_first(link, list);
	count(link, EAGAIN, false);
	return true;
}

static void
put(struct hooklink *link, const char *text, enum hook_rank rank, bool offered)
{
	size_t size = strlen(text) + 1;
	struct waiting *w = NULL;

	if (make_room(link, rank))
		w = malloc(sizeof(*w) + size);
	if (w == NULL) {
		count(link, EAGAIN, offered);
		return;
	}
	w->offered = offered;
	memcpy(w->text, text, size);
	TAILQ_INSERT_TAIL(&link->waiting[rank], w, entry);
	if (link->n++ == 0)
		loop_timer_set(link->timer, HOOKLINK_AGAIN_MS);
}

/* Somebody listens again. If they have no room now, they will have. */
static void
tell_lost(struct hooklink *link)
{
	struct json *event;
	int error = ENOMEM;
	char *text;

	event = hooklink_event(HOOK_LOST);
	json_set_int(event, "lost", (int64_t)link->untold);
	if ((text = json_text(event)) != NULL)
		error = send_text(link, text);
	if (error == 0) {
		link->untold = 0;
		link->told++;
	} else if (error == EAGAIN)
		loop_timer_set(link->timer, HOOKLINK_AGAIN_MS);
	free(text);
	json_free(event);
}

static void
on_timer(void *arg)
{
	struct hooklink *link = arg;
	struct waiting_list *list;
	struct waiting *w;
	int error;

	while ((list = first_list(link, false)) != NULL) {
		w = TAILQ_FIRST(list);
		if ((error = send_text(link, w->text)) == EAGAIN) {
			loop_timer_set(link->timer, HOOKLINK_AGAIN_MS);
			return;
		}
		count(link, error, w->offered);
		remove_first(link, list);
	}
	if (link->untold > 0)
		tell_lost(link);
}

/* ---- events ------------------------------------------------------------- */

int
hooklink_new(struct loop *loop, const char *rundir, struct hooklink **ret_link)
{
	struct hooklink *link;
	int i, r;

	*ret_link = NULL;
	if ((link = calloc(1, sizeof(*link))) == NULL)
		return FG_ERR_NOMEM;
	for (i = 0; i < HOOK_RANKS; i++)
		TAILQ_INIT(&link->waiting[i]);
	link->addr.sun_family = AF_UNIX;
	link->fd =
	    socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	r = link->fd < 0 ?
	    FG_ERR_SYSTEM :
	    text_format(link->addr.sun_path, sizeof(link->addr.sun_path),
		"%s/hooks.sock", rundir);
	if (r == 0)
		r = loop_timer(loop, on_timer, link, &link->timer);
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
	struct waiting_list *list;

	if (link == NULL)
		return;
	if (link->n > 0)
		log_warn("hooks: %zu events that waited are lost", link->n);
	while ((list = first_list(link, true)) != NULL)
		remove_first(link, list);
	loop_timer_free(link->timer);
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

/* Behind what waits already, if anything does. */
static void
send_or_put(struct hooklink *link, const char *text, enum hook_rank rank,
    bool offered)
{
	int error = EAGAIN;

	if (link->n == 0)
		error = send_text(link, text);
	if (error == EAGAIN) {
		put(link, text, rank, offered);
		return;
	}
	count(link, error, offered);
	if (error == 0 && link->untold > 0)
		tell_lost(link);
}

/*
 * Of very many findings the texts are left out, but their codes are told: who
 * has a lot found must not be untold of for that.
 */
static char *
text_of(struct json *event)
{
	struct json *findings = json_get(event, "findings");
	char *text = json_text(event);

	if (text == NULL || strlen(text) <= HOOK_EVENT_MAX)
		return text;
	free(text);
	for (size_t i = 0; i < json_length(findings); i++)
		json_set_null(json_at(findings, i), "text");
	return json_text(event);
}

static void
tell(struct hooklink *link, struct json *event, bool offered)
{
	enum hook_class cls =
	    hook_class_by_name(json_get_string(event, "event", ""));
	char *text = text_of(event);

	json_free(event);
	if (link != NULL && text != NULL)
		send_or_put(link, text, hook_class_rank(cls), offered);
	else if (link != NULL)
		count(link, ENOMEM, offered);
	free(text);
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
	json_set_int(o, "waiting", (int64_t)link->n);
	json_set_int(o, "lost", (int64_t)link->lost);
	if (is_absent(link->error))
		json_set_string(o, "problem", "nobody listens at hooks.sock");
	else if (link->error != 0)
		json_set_string(o, "problem", strerror(link->error));
}
