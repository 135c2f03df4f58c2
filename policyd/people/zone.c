/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The zones that are in use, each read once. The C library could keep one
 * zone only, in the environment of the process, which the log's time is made
 * from: hence rules of our own. A login finds its zone in memory.
 */
#include "policyd/people/zone.h"

#include <sys/stat.h>

#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "policyd/people/civil.h"
#include "policyd/people/person.h"
#include "policyd/people/zone_file.h"
#include "policyd/text.h"
#include "proto/result.h"

#define CACHE_SIZE    16u
#define CHECK_AFTER_S 60
#define SPAN_S	      (26 * 3600) /* no zone is further from UTC */

/* Which file was read: another one has one of these different. */
struct identity {
	dev_t dev;
	ino_t ino;
	off_t size;
	struct timespec changed;
};

struct entry {
	char name[PERSON_ZONE_MAX + 1];
	struct zone_file *file; /* NULL: unused */
	struct identity identity;
	time_t checked_s; /* monotonic */
	uint64_t used; /* the larger, the later */
};

static struct entry cache[CACHE_SIZE];
static uint64_t uses;

static bool
is_name(const char *zone)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz"
				      "0123456789_+-/";
	size_t len = strlen(zone);

	return len > 0 && len <= PERSON_ZONE_MAX &&
	    strspn(zone, allowed) == len && zone[0] != '/' &&
	    zone[len - 1] != '/' && strstr(zone, "//") == NULL;
}

static int
read_all(int fd, uint8_t *data, size_t len)
{
	size_t done = 0;
	ssize_t n;

	while (done < len) {
		n = read(fd, data + done, len - done);
		if (n <= 0)
			return FG_ERR_NOT_FOUND;
		done += (size_t)n;
	}
	return 0;
}

static void
identify(const struct stat *st, struct identity *ret_identity)
{
	memset(ret_identity, 0, sizeof(*ret_identity));
	ret_identity->dev = st->st_dev;
	ret_identity->ino = st->st_ino;
	ret_identity->size = st->st_size;
	ret_identity->changed = st->st_ctim;
}

static void
path_of(const char *zone, char path[sizeof(ZONE_FOLDER) + PERSON_ZONE_MAX + 1])
{
	(void)text_format(path, sizeof(ZONE_FOLDER) + PERSON_ZONE_MAX + 1,
	    "%s/%s", ZONE_FOLDER, zone);
}

/* Whatever is not a zone's file is no such zone; errno does not matter. */
static int
load(const char *zone, struct entry *entry)
{
	char path[sizeof(ZONE_FOLDER) + PERSON_ZONE_MAX + 1];
	uint8_t data[ZONE_FILE_MAX];
	struct stat st;
	int fd, r = FG_ERR_NOT_FOUND;

	path_of(zone, path);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd == -1)
		return FG_ERR_NOT_FOUND;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size < 0 ||
	    (uint64_t)st.st_size > sizeof(data) ||
	    read_all(fd, data, (size_t)st.st_size) != 0)
		goto out;
	identify(&st, &entry->identity);
	r = zone_file_parse(data, (size_t)st.st_size, &entry->file);
	if (r == FG_ERR_FORMAT)
		r = FG_ERR_NOT_FOUND;
out:
	(void)close(fd); /* was only read */
	return r;
}

static void
drop(struct entry *entry)
{
	zone_file_free(entry->file);
	memset(entry, 0, sizeof(*entry));
}

/* Updates of the zones come while the daemon runs, years after its start. */
static bool
is_current(struct entry *entry, time_t now_s)
{
	char path[sizeof(ZONE_FOLDER) + PERSON_ZONE_MAX + 1];
	struct identity identity;
	struct stat st;

	if (now_s - entry->checked_s < CHECK_AFTER_S)
		return true;
	path_of(entry->name, path);
	if (stat(path, &st) != 0)
		return false;
	identify(&st, &identity);
	entry->checked_s = now_s;
	return memcmp(&identity, &entry->identity, sizeof(identity)) == 0;
}

static time_t
monotonic_s(void)
{
	struct timespec ts = { 0 };

	(void)clock_gettime(CLOCK_MONOTONIC_COARSE, &ts); /* cannot fail */
	return ts.tv_sec;
}

/* Another zone takes the place of the one that nobody wanted for longest. */
static int
find(const char *zone, const struct zone_file **ret_file)
{
	struct entry *e, *oldest = &cache[0];
	time_t now_s = monotonic_s();
	int r;

	for (e = cache; e < cache + CACHE_SIZE; e++) {
		if (e->file != NULL && strcmp(e->name, zone) == 0)
			break;
		if (e->used < oldest->used)
			oldest = e;
	}
	if (e == cache + CACHE_SIZE || !is_current(e, now_s)) {
		e = e == cache + CACHE_SIZE ? oldest : e;
		drop(e);
		if ((r = load(zone, e)) != 0) {
			drop(e);
			return r;
		}
		(void)text_copy(e->name, sizeof(e->name), zone);
		e->checked_s = now_s;
	}
	e->used = ++uses;
	*ret_file = e->file;
	return 0;
}

/* *ret_file is NULL for UTC. */
static int
find_zone(const char *zone, const struct zone_file **ret_file)
{
	*ret_file = NULL;
	if (zone[0] == '\0' || strcmp(zone, "UTC") == 0)
		return 0;
	if (!is_name(zone))
		return FG_ERR_FORMAT;
	return find(zone, ret_file);
}

static struct zone_offset
offset_at(const struct zone_file *file, int64_t at_s)
{
	struct zone_offset utc = { 0, false };

	return file == NULL ? utc : zone_file_at(file, at_s);
}

int
zone_time(const char *zone, int64_t at_s, struct tm *ret_tm)
{
	const struct zone_file *file;
	struct zone_offset offset;
	int r;

	memset(ret_tm, 0, sizeof(*ret_tm));
	if ((r = find_zone(zone, &file)) != 0)
		return r;
	if (at_s < CIVIL_FIRST_S + SPAN_S || at_s >= CIVIL_END_S - SPAN_S)
		return FG_ERR_FORMAT;
	offset = offset_at(file, at_s);
	civil_time(at_s + offset.seconds, ret_tm);
	ret_tm->tm_isdst = offset.dst ? 1 : 0;
	ret_tm->tm_gmtoff = offset.seconds;
	return 0;
}

/* Where the clock goes on behind a local time that it leaves out. */
static int64_t
end_of_gap(const struct zone_file *file, int64_t local)
{
	int64_t low = local - SPAN_S, high = local + SPAN_S, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (mid + offset_at(file, mid).seconds >= local)
			high = mid;
		else
			low = mid + 1;
	}
	return low;
}

static int64_t
from_local(const struct zone_file *file, int64_t local)
{
	const int64_t near[] = { local - SPAN_S, local, local + SPAN_S };
	int64_t at_s, best = INT64_MAX;

	for (size_t i = 0; i < sizeof(near) / sizeof(near[0]); i++) {
		at_s = local - offset_at(file, near[i]).seconds;
		if (at_s + offset_at(file, at_s).seconds == local &&
		    at_s < best)
			best = at_s;
	}
	return best != INT64_MAX ? best : end_of_gap(file, local);
}

int
zone_seconds(const char *zone, const struct tm *tm, int64_t *ret_s)
{
	const struct zone_file *file;
	int64_t local;
	int r;

	*ret_s = 0;
	if ((r = find_zone(zone, &file)) != 0)
		return r;
	if (tm->tm_mon < 0 || tm->tm_mon > 11)
		return FG_ERR_FORMAT;
	local = civil_days((int64_t)tm->tm_year + 1900, tm->tm_mon + 1,
		    tm->tm_mday) *
	    CIVIL_DAY_S;
	local +=
	    (int64_t)tm->tm_hour * 3600 + (int64_t)tm->tm_min * 60 + tm->tm_sec;
	if (local < CIVIL_FIRST_S + 2 * SPAN_S ||
	    local >= CIVIL_END_S - 2 * SPAN_S)
		return FG_ERR_FORMAT;
	*ret_s = from_local(file, local);
	return 0;
}
