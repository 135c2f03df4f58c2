/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading the oldest file, and then, from the newest on, whatever tells of the
 * one that expired before it.
 */
#include "policyd/audit/expired.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "policyd/audit/audit_chain.h"
#include "policyd/audit/pack.h"
#include "policyd/audit/rotated_name.h"
#include "policyd/disk.h"
#include "policyd/text.h"
#include "proto/result.h"

#define STOP   1 /* of a line: no more of them */
#define MEMBER ",\"event\":\"" TOMBSTONE_EVENT "\","

struct look {
	const char *path;
	int64_t before_s;
	struct expired *expired;
	char *why;
	struct rotated *files; /* by their numbers */
	size_t n;
	const char *name; /* which of them */
	struct audit_link before; /* the record before the first, ... */
	struct audit_link last; /* ... and the last one so far */
	uint64_t line;
	/* While tombstones are looked for: */
	const char *head; /* the hash of the log's last record */
	bool broken; /* not all of the file is one chain */
	struct audit_link begun; /* its first record, and the last so far */
	struct audit_link at;
};

/* Whole, in the folder of the log. */
static int
path_of(const char *path, const char *name, char ret_path[AUDIT_NAME_SIZE])
{
	const char *slash = strrchr(path, '/');
	int len = slash == NULL ? 0 : (int)(slash - path) + 1;

	return text_format(ret_path, AUDIT_NAME_SIZE, "%.*s%s", len, path,
	    name);
}

static int
fail(struct look *look, const char *name, int r)
{
	(void)text_format(look->why, EXPIRED_WHY_SIZE, "%s: %s", name,
	    text_error(r));
	return r;
}

static bool
follows(const struct audit_link *link, const struct audit_link *before)
{
	return link->seq == before->seq + 1 &&
	    strcmp(link->prev, before->hash) == 0;
}

/* ---- the oldest file ---------------------------------------------------- */

static int
is_wrong(struct look *look, const char *what)
{
	(void)text_format(look->why, EXPIRED_WHY_SIZE,
	    "%s, line %llu: %s; see farmgatectl audit verify", look->name,
	    (unsigned long long)look->line, what);
	return FG_ERR_FORMAT;
}

static void
begin(struct look *look, const struct audit_link *link)
{
	struct tombstone *stone = &look->expired->stone;

	audit_link_first(&look->before);
	look->before.seq = link->seq - 1;
	memcpy(look->before.hash, link->prev, sizeof(link->prev));
	look->last = look->before;
	stone->first = link->seq;
	stone->oldest_s = stone->newest_s = link->at_s;
}

/* A member of the chain, old enough; or the rest need not be read. */
static int
take_line(const char *line, size_t len, void *arg)
{
	struct look *look = arg;
	struct tombstone *stone = &look->expired->stone;
	struct audit_link link;

	look->line++;
	if (audit_link_read(line, len, &link) != 0 || !link.intact ||
	    link.at_s == INT64_MIN)
		return is_wrong(look, "it is no record, or was changed");
	if (look->line == 1)
		begin(look, &link);
	if (!follows(&link, &look->last))
		return is_wrong(look, "it does not follow the one before");
	if (link.at_s > stone->newest_s)
		stone->newest_s = link.at_s;
	if (link.at_s < stone->oldest_s)
		stone->oldest_s = link.at_s;
	look->expired->young = link.at_s >= look->before_s;
	if (look->expired->young)
		stone->newest_s = link.at_s;
	stone->records++;
	look->last = link;
	return look->expired->young ? STOP : 0;
}

static int
read_oldest(struct look *look)
{
	struct tombstone *stone = &look->expired->stone;
	char whole[AUDIT_NAME_SIZE];
	int r;

	look->name = look->files[0].name;
	if (text_copy(stone->file, sizeof(stone->file), look->name) != 0 ||
	    path_of(look->path, look->name, whole) != 0)
		return fail(look, look->name, FG_ERR_LIMIT);
	r = pack_lines(whole, take_line, look);
	if (r == STOP)
		return 0;
	if (r != 0)
		return look->why[0] != '\0' ? r : fail(look, look->name, r);
	if (look->line == 0)
		return is_wrong(look, "there is no record");
	stone->last = look->last.seq;
	(void)text_copy(stone->hash, sizeof(stone->hash), look->last.hash);
	return 0;
}

/* ---- what follows ------------------------------------------------------- */

static int
take_next(const char *line, size_t len, void *arg)
{
	struct audit_link *link = arg;

	return audit_link_read(line, len, link) == 0 ? STOP : FG_ERR_FORMAT;
}

/* Nothing would vouch for what goes, were it not the one before this. */
static int
look_at_next(struct look *look)
{
	char whole[AUDIT_NAME_SIZE];
	const char *next = look->path;
	struct audit_link link;
	size_t i = 1;
	int r;

	while (i < look->n && look->files[i].first == look->files[0].first)
		i++; /* it is there twice, compressed */
	if (i < look->n) {
		if (path_of(look->path, look->files[i].name, whole) != 0)
			return fail(look, look->name, FG_ERR_LIMIT);
		next = whole;
	}
	r = pack_lines(next, take_next, &link);
	if (r != STOP)
		return fail(look, next, r == 0 ? FG_ERR_FORMAT : r);
	if (follows(&link, &look->last))
		return 0;
	(void)text_format(look->why, EXPIRED_WHY_SIZE,
	    "%s: it does not follow %s; see farmgatectl audit verify", next,
	    look->name);
	return FG_ERR_FORMAT;
}

/* ---- tombstones that there are ------------------------------------------ */

static void
forget_stones(struct look *look)
{
	look->expired->told = false;
	look->expired->stone.begin = look->expired->stone.first;
}

static void
take_stone(struct look *look, const char *line, size_t len)
{
	struct tombstone *stone = &look->expired->stone, t;
	struct json *record;
	int r;

	if (memmem(line, len, MEMBER, sizeof(MEMBER) - 1) == NULL)
		return;
	record = json_parse(line, len);
	r = tombstone_read(record, &t);
	json_free(record);
	if (r != 0)
		return;
	if (t.last == stone->last && strcmp(t.hash, stone->hash) == 0)
		look->expired->told = true;
	else if (t.last == look->before.seq &&
	    strcmp(t.hash, look->before.hash) == 0 && t.begin < stone->begin)
		stone->begin = t.begin;
}

/* What stands before a break in the chain may be anybody's, and so may what
 * stands behind the daemon's last record. */
static int
take_link(const char *line, size_t len, void *arg)
{
	struct look *look = arg;
	struct audit_link link;
	bool first = look->line++ == 0;

	if (audit_link_read(line, len, &link) != 0 || !link.intact ||
	    (!first && !follows(&link, &look->at))) {
		look->broken = true;
		forget_stones(look);
	}
	if (first)
		look->begun = link;
	look->at = link;
	take_stone(look, line, len);
	return strcmp(link.hash, look->head) == 0 ? STOP : 0;
}

/* newer: the first record of the file behind it, or NULL: there is none, and
 * the daemon's last record has to be in this one. */
static int
read_stones(struct look *look, const char *name, const struct audit_link *newer)
{
	int r;

	look->line = 0;
	look->broken = false;
	audit_link_first(&look->at);
	look->begun = look->at;
	r = pack_lines(name, take_link, look);
	if (r != 0 && r != STOP && r != FG_ERR_SHORT)
		return fail(look, name, r);
	if (newer == NULL && r != STOP) {
		(void)text_format(look->why, EXPIRED_WHY_SIZE,
		    "%s: the last record is not in it; see farmgatectl audit "
		    "verify",
		    name);
		return FG_ERR_FORMAT;
	}
	if (newer != NULL && !follows(newer, &look->at)) {
		look->broken = true;
		forget_stones(look);
	}
	return 0;
}

/*
 * The newest files first, as the last one to expire did so not long ago; only
 * what the chain leads back to from the last record counts, for whoever can
 * write into the folder can sign tombstones with a key of their own. Of the
 * very first file only a tombstone of its own is looked for, which a crash has
 * left behind at the end.
 */
static int
look_for_stones(struct look *look)
{
	struct tombstone *stone = &look->expired->stone;
	size_t left = stone->first == 1 && look->n > 2 ? look->n - 2 : 1;
	struct audit_link newer;
	char whole[AUDIT_NAME_SIZE];
	size_t i = look->n;
	int r;

	forget_stones(look);
	r = read_stones(look, look->path, NULL);
	while (r == 0 && !look->expired->told && stone->begin == stone->first &&
	    !look->broken && i > left) {
		if (--i + 1 < look->n &&
		    look->files[i].first == look->files[i + 1].first)
			continue; /* it is there twice, compressed */
		newer = look->begun;
		if (path_of(look->path, look->files[i].name, whole) != 0)
			return fail(look, look->files[i].name, FG_ERR_LIMIT);
		r = read_stones(look, whole, &newer);
	}
	return r;
}

int
expired_look(const char *path, const char *head, int64_t before_s,
    struct expired *ret_expired, char ret_why[EXPIRED_WHY_SIZE])
{
	struct look look = { .path = path,
		.head = head,
		.before_s = before_s,
		.expired = ret_expired,
		.why = ret_why };
	int r;

	memset(ret_expired, 0, sizeof(*ret_expired));
	ret_why[0] = '\0';
	if ((r = rotated_names(path, &look.files, &look.n)) != 0)
		(void)fail(&look, path, r);
	else if (look.n == 0)
		r = FG_ERR_NOT_FOUND;
	else if ((r = read_oldest(&look)) == 0 && !ret_expired->young &&
	    (r = look_at_next(&look)) == 0)
		r = look_for_stones(&look);
	free(look.files);
	return r;
}

/* ---- from the worker ---------------------------------------------------- */

void
expired_set(struct json *json, const struct expired *expired)
{
	const struct tombstone *t = &expired->stone;

	json_set_string(json, "file", t->file);
	json_set_bool(json, "told", expired->told);
	json_set_bool(json, "young", expired->young);
	json_set_int(json, "begin", (int64_t)t->begin);
	json_set_int(json, "first", (int64_t)t->first);
	json_set_int(json, "last", (int64_t)t->last);
	json_set_int(json, "records", (int64_t)t->records);
	json_set_string(json, "hash", t->hash);
	json_set_int(json, "oldest", t->oldest_s);
	json_set_int(json, "newest", t->newest_s);
}

int
expired_get(const struct json *json, struct expired *ret_expired)
{
	struct tombstone *t = &ret_expired->stone;

	memset(ret_expired, 0, sizeof(*ret_expired));
	ret_expired->told = json_get_bool(json, "told", false);
	ret_expired->young = json_get_bool(json, "young", false);
	t->begin = (uint64_t)json_get_int(json, "begin", 0);
	t->first = (uint64_t)json_get_int(json, "first", 0);
	t->last = (uint64_t)json_get_int(json, "last", 0);
	t->records = (uint64_t)json_get_int(json, "records", 0);
	t->oldest_s = json_get_int(json, "oldest", 0);
	t->newest_s = json_get_int(json, "newest", 0);
	if (text_copy(t->file, sizeof(t->file),
		json_get_string(json, "file", "")) != 0 ||
	    text_copy(t->hash, sizeof(t->hash),
		json_get_string(json, "hash", "")) != 0 ||
	    t->file[0] == '\0')
		return FG_ERR_FORMAT;
	return 0;
}

/* ---- removing ----------------------------------------------------------- */

static int
remove_file(const char *path)
{
	struct stat st;

	if (lstat(path, &st) == -1)
		return errno == ENOENT ? 0 : FG_ERR_SYSTEM;
	if (!S_ISREG(st.st_mode))
		return FG_ERR_UNSAFE;
	return unlink(path) == -1 && errno != ENOENT ? FG_ERR_SYSTEM : 0;
}

/* With what a compression that was killed has left of it. */
static int
remove_both(const char *path, const char *name, const char *half)
{
	char whole[AUDIT_NAME_SIZE];
	int r;

	if ((r = path_of(path, name, whole)) != 0 ||
	    (r = remove_file(whole)) != 0)
		return r;
	if (strlen(whole) + strlen(half) >= sizeof(whole))
		return 0; /* nobody can have made one */
	(void)text_copy(whole + strlen(whole), sizeof(whole) - strlen(whole),
	    half);
	return remove_file(whole);
}

int
expired_remove(const char *path, const char *name)
{
	const char *slash = strrchr(path, '/');
	enum rotated_kind kind;
	uint64_t first;
	int r;

	kind =
	    rotated_name_kind(name, slash == NULL ? path : slash + 1, &first);
	if (kind != ROTATED_PLAIN && kind != ROTATED_PACKED)
		return FG_ERR_UNSAFE;
	r = remove_both(path, name,
	    kind == ROTATED_PLAIN ? ".zst.new" : ".new");
	return r != 0 ? r : disk_sync_folder_of(path);
}

int
expired_torn(const char *path, int64_t before_s)
{
	char name[AUDIT_NAME_SIZE];
	struct stat st;
	int r;

	if ((r = text_format(name, sizeof(name), "%s.torn", path)) != 0)
		return r;
	if (lstat(name, &st) == -1)
		return errno == ENOENT ? FG_ERR_NOT_FOUND : FG_ERR_SYSTEM;
	if (st.st_mtime >= before_s)
		return FG_ERR_NOT_FOUND;
	r = remove_file(name);
	return r != 0 ? r : disk_sync_folder_of(path);
}
