/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who has asked for what, and how often since it was recorded.
 */
#include "policyd/control/control_read.h"

#include <stdlib.h>
#include <string.h>

#include "policyd/record/record.h"
#include "policyd/text.h"
#include "proto/result.h"

#define TURN_MS 10000u

struct read_count {
	struct fact_peer by; /* of the last one */
	char command[CONTROL_READ_NAME_MAX + 1];
	char about[CONTROL_READ_ABOUT_MAX + 1]; /* "": of nobody, or of more */
	int64_t begun_s; /* CLOCK_BOOTTIME; 0: the place is free */
	int64_t since_s; /* wall clock, of the first that is not recorded */
	uint64_t times; /* that are not recorded */
};

struct control_reads {
	struct loop_timer *timer;
	struct read_count list[CONTROL_READS_MAX];
};

static int
write_one(struct daemon *daemon, const struct read_count *c)
{
	struct json *record = daemon_record(daemon, AUDIT_READ);

	json_set_string(record, "command", c->command);
	json_set_given(record, "about", c->about);
	if (c->times > 0) {
		json_set_int(record, "times", (int64_t)c->times);
		json_set_int(record, "since", c->since_s);
	}
	record_by(json_set_object(record, "by"), &c->by);
	return daemon_audit(daemon, record, false);
}

/* What cannot be written is kept, and tried again. */
static void
end_window(struct daemon *daemon, struct read_count *c, int64_t now_s)
{
	if (c->times == 0) {
		c->begun_s = 0;
	} else if (write_one(daemon, c) == 0) {
		c->times = 0;
		c->begun_s = now_s;
	}
}

static bool
is_by(const struct read_count *c, const struct fact_peer *by)
{
	return c->begun_s != 0 && c->by.uid == by->uid &&
	    c->by.loginuid == by->loginuid;
}

/* Whether there is one about somebody less than one may have. */
static bool
has_room(const struct control_reads *reads, const struct fact_peer *by)
{
	size_t n = 0;

	for (size_t i = 0; i < CONTROL_READS_MAX; i++)
		n += is_by(&reads->list[i], by) &&
		    reads->list[i].about[0] != '\0';
	return n < CONTROL_READS_EACH;
}

/* Theirs, or a free place, or NULL. */
static struct read_count *
find(struct control_reads *reads, const struct read_count *like)
{
	struct read_count *c, *place = NULL;

	for (size_t i = 0; i < CONTROL_READS_MAX; i++) {
		c = &reads->list[i];
		if (is_by(c, &like->by) &&
		    strcmp(c->command, like->command) == 0 &&
		    strcmp(c->about, like->about) == 0)
			return c;
		if (c->begun_s == 0 && place == NULL)
			place = c;
	}
	return place;
}

/* The same; one too many is counted among those about nobody. */
static struct read_count *
find_bounded(struct control_reads *reads, struct read_count *like)
{
	struct read_count *c = find(reads, like);

	if ((c != NULL && c->begun_s != 0) || like->about[0] == '\0' ||
	    has_room(reads, &like->by))
		return c;
	like->about[0] = '\0';
	return find(reads, like);
}

static int
count(struct read_count *c, const struct fact_peer *by)
{
	if (c->times++ == 0)
		c->since_s = daemon_wall_s();
	c->by = *by;
	return 0;
}

int
control_read(struct daemon *daemon, const struct fact_peer *by,
    const char *command, const char *about)
{
	struct control_reads *reads = daemon->reads;
	struct read_count first = { .by = *by }, *c;
	int r;

	(void)text_copy(first.command, sizeof(first.command), command);
	(void)text_copy(first.about, sizeof(first.about), about);
	c = reads == NULL ? NULL : find_bounded(reads, &first);
	if (c != NULL && c->begun_s != 0)
		return count(c, by);
	if ((r = write_one(daemon, &first)) != 0 || c == NULL)
		return r; /* without a place each is recorded by itself */
	first.begun_s = session_now_s() + 1;
	*c = first;
	loop_timer_set(reads->timer, TURN_MS);
	return 0;
}

static void
on_timer(void *arg)
{
	struct daemon *daemon = arg;
	struct control_reads *reads = daemon->reads;
	int64_t now_s = session_now_s() + 1;
	bool any = false;

	for (size_t i = 0; i < CONTROL_READS_MAX; i++) {
		struct read_count *c = &reads->list[i];

		if (c->begun_s != 0 && now_s - c->begun_s >= CONTROL_READ_S)
			end_window(daemon, c, now_s);
		any = any || c->begun_s != 0;
	}
	if (any)
		loop_timer_set(reads->timer, TURN_MS);
}

int
control_reads_start(struct daemon *daemon)
{
	struct control_reads *reads = calloc(1, sizeof(*reads));
	int r;

	if (reads == NULL)
		return FG_ERR_NOMEM;
	daemon->reads = reads;
	if ((r = loop_timer(daemon->loop, on_timer, daemon, &reads->timer)) !=
	    0) {
		free(reads);
		daemon->reads = NULL;
	}
	return r;
}

void
control_reads_stop(struct daemon *daemon)
{
	struct control_reads *reads = daemon->reads;

	if (reads == NULL)
		return;
	for (size_t i = 0; i < CONTROL_READS_MAX; i++)
		if (reads->list[i].times > 0)
			(void)write_one(daemon, &reads->list[i]); /* reported */
	loop_timer_free(reads->timer);
	free(reads);
	daemon->reads = NULL;
}
