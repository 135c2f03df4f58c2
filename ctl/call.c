/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One question to the daemon over control.sock, or audit.sock, with the bytes
 * that belong to it, and its report. The report is checked to be one JSON
 * object before anybody else sees it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "policyd/text.h"
#include "proto/client.h"
#include "proto/result.h"

#define SOCKET_NAME "control.sock"
#define READER_NAME "audit.sock"
#define PATH_SIZE   256u
#define BRIEF_MS    2000u
#define PRESENCE_MS 5000u
#define QUESTION_MS 20000u
#define COMMAND_MS  1200000u /* a million people, on a slow disk */
#define LINE_MAX_K  1024u /* KiB of one line of a stream */

/* Nobody listens: what that means depends on how far somebody came. */
static void
complain_unreachable(const char *rundir, const char *path)
{
	if (access(rundir, F_OK) != 0)
		ctl_complain("%s: %m: Farmgate is not installed or was never "
			     "started; see: systemctl enable --now "
			     "farmgate-policy.socket farmgate-control.socket",
		    rundir);
	else if (access(path, F_OK) != 0)
		ctl_complain("%s: %m: its socket is not started; see: "
			     "systemctl enable --now farmgate-policy.socket "
			     "farmgate-control.socket",
		    path);
	else
		ctl_complain("%s: the daemon is not running; see: systemctl "
			     "status farmgate-policyd.service",
		    path);
}

static void
complain_version(const char *path, uint8_t version)
{
	if (version > FG_VERSION)
		ctl_complain("%s: the daemon is newer than this program: it "
			     "speaks protocol version %u, this one %u; use the "
			     "farmgatectl that was installed with it",
		    path, version, FG_VERSION);
	else
		ctl_complain("%s: the daemon is of an older version than this "
			     "program; restart it: systemctl restart "
			     "farmgate-policyd.service",
		    path);
}

/* What an administrator can do about it. */
static void
complain(const char *rundir, const char *path, int r, uint8_t version)
{
	if (r == FG_ERR_SYSTEM && (errno == EACCES || errno == EPERM))
		ctl_complain("%s: %m; use sudo, or join the group "
			     "farmgate-admin, or farmgate-audit to look and "
			     "change nothing",
		    path);
	else if (r == FG_ERR_SYSTEM)
		ctl_complain("%s: %m", path);
	else if (r == FG_ERR_UNREACHABLE)
		complain_unreachable(rundir, path);
	else if (r == FG_ERR_PEER)
		ctl_complain("%s: somebody else than root listens there; "
			     "do not trust its answers",
		    path);
	else if (r == FG_ERR_TIMEOUT || r == FG_ERR_BUSY)
		ctl_complain("%s: no answer in time; see: journalctl -u "
			     "farmgate-policyd.service",
		    path);
	else if (r == FG_ERR_VERSION)
		complain_version(path, version);
	else if (r == FG_ERR_REFUSED)
		ctl_complain("%s: refused; only root and the group "
			     "farmgate-admin may ask",
		    path);
	else
		ctl_complain("%s: %s", path, fg_strerror(r));
}

static int
exchange(struct fg_client *client, enum fg_msg_type type,
    struct fg_report *ret_report)
{
	struct fg_header header;
	size_t len;
	int r;

	fg_client_next(client);
	if ((r = fg_msg_put_empty(client->data, FG_MSG_MAX, &client->hdr, type,
		 &len)) != 0 ||
	    (r = fg_client_send(client, len)) != 0 ||
	    (r = fg_client_recv(client, &header, &len)) != 0)
		return r;
	if (header.type != FG_MSG_REPORT)
		return FG_ERR_FORMAT;
	return fg_msg_get_report(client->data, len, ret_report);
}

/* Said already, by whoever returns it. */
#define COMPLAINED 1

static int
open_socket(const struct ctl *ctl, unsigned int timeout_ms,
    char path[PATH_SIZE], struct fg_client *ret_client)
{
	char reader[PATH_SIZE];
	int r;

	memset(ret_client, 0, sizeof(*ret_client));
	ret_client->fd = -1;
	if (text_format(path, PATH_SIZE, "%s/" SOCKET_NAME, ctl->rundir) != 0) {
		ctl_complain("-S: the path is too long");
		return COMPLAINED;
	}
	r = fg_client_open(ret_client, path, timeout_ms);
	if (r != FG_ERR_SYSTEM || errno != EACCES)
		return r;
	/* Who may read all the same, and only that. */
	if (text_format(reader, PATH_SIZE, "%s/" READER_NAME, ctl->rundir) !=
		0 ||
	    access(reader, W_OK) != 0) {
		errno = EACCES;
		return r;
	}
	fg_client_done(ret_client);
	memset(ret_client, 0, sizeof(*ret_client));
	ret_client->fd = -1;
	memcpy(path, reader, PATH_SIZE);
	return fg_client_open(ret_client, path, timeout_ms);
}

void
ctl_tell_read(const struct ctl *ctl, const char *command, const char *about)
{
	const struct ctl_stream stream = {
		.is_brief = true, .is_quiet = true, .is_mute = true
	};
	struct json *told = json_new(), *report;
	int status;

	json_set_string(told, "do", "log.read");
	json_set_string(told, "command", command);
	json_set_given(told, "about", about == NULL ? "" : about);
	if (ctl_command(ctl, told, &stream, &report, &status) == CTL_OK)
		json_free(report);
}

static int
take_report(const struct fg_report *report, struct json **ret_report,
    int *ret_exit_status)
{
	*ret_report = json_parse(report->json, strlen(report->json));
	if (*ret_report == NULL)
		return FG_ERR_FORMAT;
	*ret_exit_status = report->exit_status;
	return 0;
}

struct json *
ctl_try_status(const struct ctl *ctl)
{
	struct fg_client client;
	struct fg_report report;
	struct json *json = NULL;
	char path[PATH_SIZE];
	int status;

	if (open_socket(ctl, BRIEF_MS, path, &client) == 0 &&
	    exchange(&client, FG_MSG_STATUS, &report) == 0)
		(void)take_report(&report, &json, &status); /* NULL then */
	fg_client_done(&client);
	return json;
}

int
ctl_call(const struct ctl *ctl, enum fg_msg_type type, unsigned int timeout_ms,
    struct json **ret_report, int *ret_exit_status)
{
	struct fg_client client;
	struct fg_report report;
	char path[PATH_SIZE];
	int r;

	*ret_report = NULL;
	*ret_exit_status = CTL_ERROR;
	if ((r = open_socket(ctl, timeout_ms, path, &client)) == 0 &&
	    (r = exchange(&client, type, &report)) == 0)
		r = take_report(&report, ret_report, ret_exit_status);
	if (r != 0 && r != COMPLAINED)
		complain(ctl->rundir, path, r, client.hdr.version);
	fg_client_done(&client);
	return r == 0 ? CTL_OK : CTL_ERROR;
}

/* ---- commands --------------------------------------------------------- */

static int
send_command(struct fg_client *client, const struct json *command)
{
	struct fg_command m;
	char *text = json_text(command);
	size_t len;
	int r;

	if (text == NULL)
		return FG_ERR_NOMEM;
	m.json = text;
	fg_client_next(client);
	if ((r = fg_msg_put_command(client->data, FG_MSG_MAX, &client->hdr, &m,
		 &len)) == 0)
		r = fg_client_send(client, len);
	else
		ctl_complain("the command is longer than a message can be");
	json_text_free(text);
	return r == FG_ERR_LIMIT ? COMPLAINED : r;
}

/* The daemon may end it at any time: its answer then is on its way. */
static int
send_stream(struct fg_client *client, const struct ctl_stream *stream)
{
	static uint8_t bytes[FG_DATA_MAX];
	struct fg_data m = { .bytes = bytes };
	bool answered;
	size_t len;
	int r;

	do {
		if ((r = fg_client_pending(client, &answered)) != 0 || answered)
			return r;
		if (stream->more(bytes, sizeof(bytes), &m.len,
			stream->more_arg) != CTL_OK)
			return COMPLAINED;
		fg_client_next(client);
		if ((r = fg_msg_put_data(client->data, FG_MSG_MAX, &client->hdr,
			 &m, &len)) != 0)
			return r;
		if (client->may_cross < UINT16_MAX)
			client->may_cross++;
		r = fg_client_send(client, len);
	} while (r == 0 && m.len > 0);
	return r == FG_ERR_CLOSED ? 0 : r;
}

/* ---- lines of a stream ------------------------------------------------- */

/* What came of a line that is not whole yet. */
struct lines {
	char *buf;
	size_t len;
};

static int
take_line(const struct ctl_stream *stream, const char *line, size_t len)
{
	struct json *json;
	int r;

	if ((json = json_parse(line, len)) == NULL) {
		ctl_complain("the daemon's answer has a line that is no JSON");
		return CTL_ERROR;
	}
	r = stream->line(json, stream->line_arg);
	json_free(json);
	return r;
}

static int
take_whole(const struct ctl_stream *stream, struct lines *lines)
{
	size_t off = 0;
	char *nl;
	int r = CTL_OK;

	while (r == CTL_OK &&
	    (nl = memchr(lines->buf + off, '\n', lines->len - off)) != NULL) {
		r = take_line(stream, lines->buf + off,
		    (size_t)(nl - lines->buf) - off);
		off = (size_t)(nl - lines->buf) + 1;
	}
	lines->len -= off;
	memmove(lines->buf, lines->buf + off, lines->len);
	return r;
}

static int
take_lines(const struct ctl_stream *stream, struct lines *lines,
    const struct fg_data *m)
{
	char *buf;

	if (lines->len > LINE_MAX_K * 1024u ||
	    (buf = realloc(lines->buf, lines->len + m->len)) == NULL) {
		ctl_complain("the daemon's answer has a line without an end");
		return CTL_ERROR;
	}
	memcpy(buf + lines->len, m->bytes, m->len);
	lines->buf = buf;
	lines->len += m->len;
	return take_whole(stream, lines);
}

/* False after a complaint about half a line. */
static bool
lines_end(struct lines *lines)
{
	free(lines->buf);
	if (lines->len > 0)
		ctl_complain("the daemon's answer ends within a line");
	return lines->len == 0;
}

/* ---- a whole command --------------------------------------------------- */

static int
take_data(const struct ctl_stream *stream, struct lines *lines,
    const struct fg_data *m)
{
	if (stream->line != NULL)
		return take_lines(stream, lines, m);
	return stream->take(m->bytes, m->len, stream->take_arg);
}

static int
receive_stream(struct fg_client *client, const struct ctl_stream *stream,
    struct lines *lines, struct fg_report *ret_report)
{
	struct fg_header header;
	struct fg_data m;
	size_t len;
	int r;

	for (;;) {
		if ((r = fg_client_recv(client, &header, &len)) != 0)
			return r;
		if (header.type == FG_MSG_REPORT)
			return fg_msg_get_report(client->data, len, ret_report);
		if (header.type != FG_MSG_DATA || stream == NULL ||
		    (stream->take == NULL && stream->line == NULL))
			return FG_ERR_FORMAT;
		if ((r = fg_msg_get_data(client->data, len, &m)) != 0)
			return r;
		if (take_data(stream, lines, &m) != CTL_OK)
			return COMPLAINED;
	}
}

static int
carry_out(struct fg_client *client, const struct json *command,
    const struct ctl_stream *stream, struct lines *lines,
    struct fg_report *ret_report)
{
	int r;

	if ((r = send_command(client, command)) != 0)
		return r;
	if (stream != NULL && stream->more != NULL &&
	    (r = send_stream(client, stream)) != 0)
		return r;
	return receive_stream(client, stream, lines, ret_report);
}

/* What every report may have to say. */
static void
complain_report(const struct json *report)
{
	const char *error = json_get_string(report, "error", "");
	const char *warning = json_get_string(report, "warning", "");

	if (error[0] != '\0')
		ctl_complain("%s", error);
	if (warning[0] != '\0')
		ctl_complain("warning: %s", warning);
	if (json_get_bool(report, "truncated", false))
		ctl_complain("the report is too long to be sent");
}

static unsigned int
patience_ms(const struct ctl_stream *stream)
{
	if (stream != NULL && stream->is_brief)
		return BRIEF_MS;
	return stream != NULL && stream->is_long ? COMMAND_MS : QUESTION_MS;
}

/* What takes minutes is not begun with a daemon that never comes up. */
static bool
is_there(const struct ctl *ctl, const struct ctl_stream *stream)
{
	struct json *report;
	int status;

	if (stream == NULL || !stream->is_long)
		return true;
	if (ctl_call(ctl, FG_MSG_STATUS, PRESENCE_MS, &report, &status) !=
	    CTL_OK)
		return false;
	json_free(report);
	return true;
}

int
ctl_command(const struct ctl *ctl, struct json *command,
    const struct ctl_stream *stream, struct json **ret_report,
    int *ret_exit_status)
{
	struct lines lines = { .buf = NULL };
	struct fg_client client = { .fd = -1 };
	struct fg_report report;
	char path[PATH_SIZE];
	int r;

	*ret_report = NULL;
	*ret_exit_status = CTL_ERROR;
	if (!is_there(ctl, stream))
		r = COMPLAINED;
	else if ((r = open_socket(ctl, patience_ms(stream), path, &client)) ==
		0 &&
	    (r = carry_out(&client, command, stream, &lines, &report)) == 0)
		r = take_report(&report, ret_report, ret_exit_status);
	if (r == 0 && (stream == NULL || !stream->is_mute))
		complain_report(*ret_report);
	else if (r != 0 && r != COMPLAINED &&
	    (stream == NULL || !stream->is_quiet))
		complain(ctl->rundir, path, r, client.hdr.version);
	if (!lines_end(&lines))
		*ret_exit_status = CTL_ERROR;
	fg_client_done(&client);
	json_free(command);
	return r == 0 ? CTL_OK : CTL_ERROR;
}

int
ctl_ask_lines(const struct ctl *ctl, struct json *command, bool is_long,
    int (*fn)(struct json *line, void *arg), void *arg)
{
	const struct ctl_stream stream = {
		.line = fn, .line_arg = arg, .is_long = is_long
	};
	struct json *report;
	int status;

	(void)ctl_command(ctl, command, &stream, &report, &status);
	json_free(report);
	return status;
}

int
ctl_print_json(const struct json *json)
{
	char *text = json_text(json);
	int r;

	if (text == NULL) {
		ctl_complain("out of memory");
		return CTL_ERROR;
	}
	r = puts(text) == EOF ? CTL_ERROR : CTL_OK;
	json_text_free(text);
	return r;
}
