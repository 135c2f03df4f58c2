/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files of lines "KEY=VALUE" below /run/systemd. They are root's, but names
 * and hosts in them are other people's. Between them are pipes.
 */
#include "policyd/scanner/look/logind.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "policyd/scanner/look/owner.h"
#include "policyd/scanner/place.h"
#include "policyd/scanner/walk.h"
#include "policyd/text.h"
#include "proto/result.h"

#define LOGIND_SEAT	"run/systemd/seats/seat0"
#define LOGIND_SESSIONS "run/systemd/sessions"
#define LOGIND_FILE	8192u
#define LOGIND_WORD	63u
#define LOGIND_ID	32u

struct logind_file {
	char text[LOGIND_FILE];
};

struct logind_session {
	char id[LOGIND_ID + 1];
	uint32_t uid;
	uint32_t audit_session;
	int64_t since_s;
	bool remote;
	char type[LOGIND_WORD + 1];
	char first_type[LOGIND_WORD + 1];
	char display[LOGIND_WORD + 1];
	char class[LOGIND_WORD + 1];
	char service[LOGIND_WORD + 1];
	char host[LOGIND_WORD + 1];
	char scope[LOGIND_WORD + 1];
};

/* PAM services that make desktops for who comes from elsewhere. */
struct logind_service {
	const char *glob;
	enum entry_kind kind;
	const char *entry; /* of the catalogue; "": of several, or none */
};

static const struct logind_service services[] = {
	{ "tigervnc*", ENTRY_VNC, "tigervnc" },
	{ "vncserver*", ENTRY_VNC, "realvnc" },
	{ "*vnc*", ENTRY_VNC, "" },
	{ "xrdp*", ENTRY_RDP, "xrdp" },
	{ "chrome-remote-desktop*", ENTRY_RDP, "chrome-remote-desktop" },
	{ "gnome-remote-desktop*", ENTRY_RDP, "gnome-remote-desktop" },
	{ "krdp*", ENTRY_RDP, "krdp" },
	{ "nx*", ENTRY_RDP, "nomachine" },
	{ "nomachine*", ENTRY_RDP, "nomachine" },
};

static const struct logind_service unknown = { "", ENTRY_RDP, "" };

/* A line that is not whole is none. "" where there is none. */
static void
get_word(const struct logind_file *file, const char *key, char *buf,
    size_t size)
{
	const char *line = file->text, *end;
	size_t len = strlen(key);
	int n;

	*buf = '\0';
	for (; (end = strchr(line, '\n')) != NULL; line = end + 1) {
		if (strncmp(line, key, len) != 0 || line[len] != '=')
			continue;
		n = (int)(end - line - (ptrdiff_t)len - 1);
		if (text_format(buf, size, "%.*s", n, line + len + 1) != 0)
			*buf = '\0';
		return;
	}
}

static uint64_t
get_number(const struct logind_file *file, const char *key, uint64_t max,
    uint64_t otherwise)
{
	char word[LOGIND_WORD + 1];
	uint64_t v;

	get_word(file, key, word, sizeof(word));
	return text_parse_uint(word, 0, max, &v) == 0 ? v : otherwise;
}

/* What becomes part of a path has no odd letter. */
static bool
is_name(const char *s)
{
	const char *p;

	for (p = s; *p != '\0'; p++)
		if (!isalnum((unsigned char)*p) && strchr("-_.", *p) == NULL)
			return false;
	return p != s && *s != '.';
}

/* 0; or it is no file of a session, or not there any more. */
static int
read_session(const char *id, struct logind_session *s)
{
	struct logind_file file;
	char path[128];
	int r;

	memset(s, 0, sizeof(*s));
	if (!is_name(id) || strchr(id, '.') != NULL ||
	    text_copy(s->id, sizeof(s->id), id) != 0 ||
	    text_format(path, sizeof(path), LOGIND_SESSIONS "/%s", id) != 0)
		return FG_ERR_FORMAT;
	if ((r = place_read(path, file.text, sizeof(file.text))) != 0 &&
	    r != FG_ERR_LIMIT)
		return r;
	s->uid = (uint32_t)get_number(&file, "UID", UINT32_MAX - 1, UINT32_MAX);
	s->audit_session =
	    (uint32_t)get_number(&file, "AUDIT", UINT32_MAX - 1, UINT32_MAX);
	s->since_s =
	    (int64_t)(get_number(&file, "REALTIME", INT64_MAX, 0) / 1000000u);
	s->remote = get_number(&file, "REMOTE", 1, 0) == 1;
	get_word(&file, "TYPE", s->type, sizeof(s->type));
	get_word(&file, "ORIGINAL_TYPE", s->first_type, sizeof(s->first_type));
	get_word(&file, "DISPLAY", s->display, sizeof(s->display));
	get_word(&file, "CLASS", s->class, sizeof(s->class));
	get_word(&file, "SERVICE", s->service, sizeof(s->service));
	get_word(&file, "REMOTE_HOST", s->host, sizeof(s->host));
	get_word(&file, "SCOPE", s->scope, sizeof(s->scope));
	return s->uid == UINT32_MAX ? FG_ERR_FORMAT : 0;
}

/* "" if it has none of its own. */
static void
scope_path(const struct logind_session *s, char *buf, size_t size)
{
	if (!is_name(s->scope) ||
	    text_format(buf, size, "/user.slice/user-%u.slice/%s",
		(unsigned int)s->uid, s->scope) != 0)
		*buf = '\0';
}

/* A greeter is nobody. */
static void
look_seat(struct picture *picture)
{
	struct logind_session s;
	struct logind_file file;
	char id[LOGIND_ID + 1];
	int r;

	r = place_read(LOGIND_SEAT, file.text, sizeof(file.text));
	if (r != 0 && (r != FG_ERR_SYSTEM || errno != ENOENT))
		picture->failed |= PICTURE_SESSIONS;
	if (r != 0)
		return;
	get_word(&file, "ACTIVE", id, sizeof(id));
	if (id[0] == '\0' || read_session(id, &s) != 0 ||
	    strncmp(s.class, "user", 4) != 0)
		return;
	picture->seat_uid = s.uid;
	scope_path(&s, picture->seat_scope, sizeof(picture->seat_scope));
}

static bool
is_graphical(const char *type)
{
	return strcmp(type, "x11") == 0 || strcmp(type, "wayland") == 0 ||
	    strcmp(type, "mir") == 0;
}

/*
 * Who runs in a session may say that it is of another type (SetType), but not
 * as what it was made. A display is the login service's word, or of one that
 * has been graphical: sshd(8) forwards its own only after the session is made.
 */
static bool
is_desktop(const struct logind_session *s)
{
	return is_graphical(s->type) || is_graphical(s->first_type) ||
	    s->display[0] != '\0';
}

/* NULL: it is nobody's from elsewhere. */
static const struct logind_service *
service_of(const struct logind_session *s)
{
	size_t i;

	for (i = 0; i < sizeof(services) / sizeof(services[0]); i++)
		if (rule_glob(services[i].glob, s->service))
			return &services[i];
	return s->remote && is_desktop(s) ? &unknown : NULL;
}

static void
report_session(const struct scan *scan, const struct logind_session *s,
    const struct logind_service *service)
{
	char seen[3 * (LOGIND_WORD + 1) + 64];
	struct sign sign;

	memset(&sign, 0, sizeof(sign));
	sign.kind = service->kind;
	/* Of one without a seat it says "active" also when nobody looks. */
	sign.grade = SIGN_RUNNING;
	sign.confidence = SIGN_BY_IDENTITY;
	sign.steers = ENTRY_STEERS_OWN;
	owner_set_uid(s->uid, scan->picture->seat_uid, &sign);
	sign.audit_session = s->audit_session;
	sign.since_s = s->since_s;
	(void)snprintf(seen, sizeof(seen), "session-%s", s->id);
	sign_text(sign.what, sizeof(sign.what), seen);
	sign_text(sign.entry, sizeof(sign.entry), service->entry);
	(void)snprintf(seen, sizeof(seen), "session %s of %s%s%s%s%s", s->id,
	    s->service[0] != '\0' ? s->service : "a service not known",
	    s->type[0] != '\0' ? ", " : "", s->type,
	    s->host[0] != '\0' ? ", from " : "", s->host);
	sign_text(sign.seen, sizeof(sign.seen), seen);
	scope_path(s, sign.cgroup, sizeof(sign.cgroup));
	picture_add(scan->picture, &sign);
}

static void
look_sessions(const struct scan *scan, DIR *dir)
{
	const struct dirent *entry;
	const struct logind_service *service;
	struct logind_session s;

	while ((entry = readdir(dir)) != NULL) {
		if (walk_now_ns() >= scan->until_ns) {
			scan->picture->cut |= PICTURE_SESSIONS;
			return;
		}
		if (read_session(entry->d_name, &s) == 0 &&
		    (service = service_of(&s)) != NULL)
			report_session(scan, &s, service);
	}
}

void
logind_look(const struct scan *scan)
{
	DIR *dir;

	look_seat(scan->picture);
	if ((dir = place_opendir(LOGIND_SESSIONS)) == NULL) {
		if (errno != ENOENT)
			scan->picture->failed |= PICTURE_SESSIONS;
		return;
	}
	look_sessions(scan, dir);
	(void)closedir(dir); /* was only read */
}
