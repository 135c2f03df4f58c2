/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a worker tells the daemon: frames on its pipe, of bytes for the client
 * or with the result. Only in the child; a pipe that nobody reads is no error
 * of the work.
 */
#include "policyd/control/control_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "policyd/text.h"

void
control_out_init(struct control_out *out, int fd)
{
	out->fd = fd;
	out->failed = false;
	out->used = 0;
}

static void
out_write(struct control_out *out, const uint8_t *p, size_t len)
{
	ssize_t n;

	while (len > 0 && !out->failed) {
		if ((n = write(out->fd, p, len)) >= 0) {
			p += n;
			len -= (size_t)n;
		} else if (errno != EINTR) {
			out->failed = true;
		}
	}
}

static void
out_frame(struct control_out *out, char type, size_t len)
{
	out->frame[0] = (uint8_t)type;
	out->frame[1] = (uint8_t)(len >> 8);
	out->frame[2] = (uint8_t)(len & 0xff);
	out_write(out, out->frame, CONTROL_FRAME_HEAD + len);
}

void
control_out_flush(struct control_out *out)
{
	if (out->used > 0)
		out_frame(out, CONTROL_FRAME_DATA, out->used);
	out->used = 0;
}

static void
out_bytes(struct control_out *out, const void *p, size_t len)
{
	const uint8_t *from = p;
	size_t n;

	while (len > 0) {
		if (out->used == FG_DATA_MAX)
			control_out_flush(out);
		n = FG_DATA_MAX - out->used;
		if (n > len)
			n = len;
		memcpy(out->frame + CONTROL_FRAME_HEAD + out->used, from, n);
		out->used += n;
		from += n;
		len -= n;
	}
}

void
control_out_json(struct control_out *out, struct json *json)
{
	char *text = json_text(json);

	json_free(json);
	if (text == NULL) { /* a line that is missing must not go unseen */
		out->failed = true;
		return;
	}
	out_bytes(out, text, strlen(text));
	out_bytes(out, "\n", 1);
	free(text);
}

static void
out_object(struct control_out *out, char type, struct json *json)
{
	char *text = json_text(json);
	size_t len = text == NULL ? 0 : strlen(text);

	json_free(json);
	control_out_flush(out);
	if (len == 0 || len > FG_DATA_MAX) {
		out->failed = true;
	} else {
		memcpy(out->frame + CONTROL_FRAME_HEAD, text, len);
		out_frame(out, type, len);
	}
	free(text);
}

void
control_out_result(struct control_out *out, struct json *json)
{
	out_object(out, CONTROL_FRAME_RESULT, json);
}

void
control_out_named(struct control_out *out, struct json *json)
{
	out_object(out, CONTROL_FRAME_NAMED, json);
}

int
control_out_store(struct control_out *out, const struct control_job *job,
    int (*read)(struct store *store, void *arg), void *arg)
{
	struct store *store = NULL;
	const char *why;
	int r;

	r = store_open(job->daemon->rules->conf->state, &store, &why);
	if (r == 0)
		r = read(store, arg);
	store_close(store);
	control_out_flush(out);
	return r;
}

int
control_out_failed(struct control_out *out, const char *what, int r)
{
	char text[CONTROL_PROBLEM_MAX];
	struct json *json;

	(void)text_format(text, sizeof(text), "%s: %s", what, text_error(r));
	json = json_new();
	json_set_untrusted(json, "error", text);
	control_out_result(out, json);
	return CONTROL_ERROR;
}

static ssize_t
out_cookie_write(void *cookie, const char *p, size_t len)
{
	struct control_out *out = cookie;

	out_bytes(out, p, len);
	return out->failed ? 0 : (ssize_t)len;
}

FILE *
control_out_stream(struct control_out *out)
{
	const cookie_io_functions_t io = { .write = out_cookie_write };

	return fopencookie(out, "w", io);
}

int
control_out_list(int out_fd, const struct control_job *job,
    int (*read)(struct store *store, void *arg), const char *what)
{
	static struct control_out out;
	int r;

	control_out_init(&out, out_fd);
	r = control_out_store(&out, job, read, &out);
	return r == 0 ? CONTROL_OK : control_out_failed(&out, what, r);
}
