/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a loss of power would leave of the store's folder: each file's bytes as
 * of its last sync, and those of its names that the folder had at its own. Of
 * what has changed since, nothing is there, or any of it: a sector or not, and
 * a name or not. It is laid out in another folder, so that the work itself
 * goes on, and may lose its power again.
 */
#ifndef FG_TESTS_STORING_POWER_H
#define FG_TESTS_STORING_POWER_H

#include <sys/syscall.h>

#include "tests/unit/storing.h"
#include "tests/unit/storing_disk.h"

#define POWER_FILES  64u /* that there ever were, under whatever name */
#define POWER_BYTES  (1024u * 1024u) /* of one */
#define POWER_SECTOR 512u
#define POWER_NAMES  16u /* losses of some of those that are not synced */
/* A sanitizer finds at any of them what it finds, and takes its time. */
#ifdef __SANITIZE_ADDRESS__
#define POWER_EVERY  5u
#else
#define POWER_EVERY  1u
#endif

struct power_file {
	ino_t ino;
	int fd; /* never closed: that would drop SQLite's locks on it */
	char *synced;
	size_t len; /* of that */
	char name[64]; /* in the folder as it was synced; or "" */
	char now[64]; /* in the folder as it is */
};

static struct {
	bool on;
	const char *left; /* the folder to lay out */
	void (*laid_out)(void);
	const void *report; /* of what was acknowledged */
	size_t report_size;
	char reported[256]; /* when all was lost for the last time */
	bool synced; /* since then */
	unsigned int losses; /* so far; one in POWER_EVERY is laid out */
	unsigned int step; /* what is left of a change is told by this */
	size_t n;
	struct power_file file[POWER_FILES];
	char bytes[POWER_BYTES];
} power;

/* ---- what there is ----------------------------------------------------- */

/* In the process that works: what it does is not cmocka's to judge. */
static inline struct power_file *
power_file_of(const char *path)
{
	struct power_file *f;
	struct stat st;
	size_t i;

	CHECK(stat(path, &st) == 0);
	for (i = 0; i < power.n; i++)
		if (power.file[i].ino == st.st_ino)
			return &power.file[i];
	CHECK(power.n < POWER_FILES);
	f = &power.file[power.n++];
	f->ino = st.st_ino;
	CHECK((f->fd = open(path, O_RDONLY | O_CLOEXEC)) != -1);
	CHECK((f->synced = malloc(1)) != NULL);
	return f;
}

/* The names that the files have now. */
static inline void
power_look(void)
{
	struct dirent *entry;
	struct power_file *f;
	DIR *dir = opendir(folder);
	size_t i;

	CHECK(dir != NULL);
	for (i = 0; i < power.n; i++)
		power.file[i].now[0] = '\0';
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		f = power_file_of(in_folder(entry->d_name));
		CHECK(snprintf(f->now, sizeof(f->now), "%s", entry->d_name) <
		    (int)sizeof(f->now));
	}
	(void)closedir(dir);
}

/* A file's bytes as they are now. */
static inline size_t
power_read(const struct power_file *f)
{
	ssize_t n = pread(f->fd, power.bytes, sizeof(power.bytes), 0);

	CHECK(n >= 0 && (size_t)n < sizeof(power.bytes));
	return (size_t)n;
}

/* ---- what is left ------------------------------------------------------ */

/* Any choice will do, if it is the same each time. */
static inline bool
power_keeps(size_t file, size_t what)
{
	uint64_t x = power.step * UINT64_C(0x9e3779b97f4a7c15) +
	    file * UINT64_C(0xbf58476d1ce4e5b9) +
	    what * UINT64_C(0x94d049bb133111eb);

	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return (x >> 63) != 0;
}

/* Into power.bytes, in which the file is as it is now. */
static inline size_t
power_mix(size_t file, size_t now)
{
	const struct power_file *f = &power.file[file];
	size_t most = now > f->len ? now : f->len, at, end;

	memset(power.bytes + now, 0, most - now);
	for (at = 0; at < most; at = end) {
		end = at + POWER_SECTOR < most ? at + POWER_SECTOR : most;
		if (at < now && power_keeps(file, at))
			continue;
		memset(power.bytes + at, 0, end - at);
		if (at < f->len)
			memcpy(power.bytes + at, f->synced + at,
			    (end < f->len ? end : f->len) - at);
	}
	return power_keeps(file, SIZE_MAX) ? now : f->len;
}

static inline void
power_put(size_t file, const char *name, bool nothing)
{
	const struct power_file *f = &power.file[file];
	const char *bytes = nothing ? f->synced : power.bytes;
	char path[160];
	size_t len;
	int fd;

	len = nothing ? f->len : power_mix(file, power_read(f));
	(void)snprintf(path, sizeof(path), "%s/%s", power.left, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	CHECK(fd != -1 && write(fd, bytes, len) == (ssize_t)len);
	(void)close(fd);
}

static inline void
power_clear(void)
{
	struct dirent *entry;
	char path[400];
	DIR *dir = opendir(power.left);

	CHECK(dir != NULL);
	while ((entry = readdir(dir)) != NULL) {
		(void)snprintf(path, sizeof(path), "%s/%s", power.left,
		    entry->d_name);
		CHECK(entry->d_name[0] == '.' || unlink(path) == 0);
	}
	(void)closedir(dir);
}

/* Another file has the name now: it is never nobody's. */
static inline bool
power_is_replaced(const struct power_file *f)
{
	size_t i;

	for (i = 0; i < power.n; i++)
		if (&power.file[i] != f &&
		    strcmp(power.file[i].now, f->name) == 0)
			return true;
	return false;
}

/* Each file under its old name or the new one; a new one takes its place. */
static inline void
power_lay_out(bool nothing)
{
	const struct power_file *f;
	bool moved[POWER_FILES];
	size_t i;

	if (power.losses++ % POWER_EVERY != 0)
		return;
	power_clear();
	for (i = 0; i < power.n; i++) {
		f = &power.file[i];
		moved[i] = !nothing && strcmp(f->name, f->now) != 0 &&
		    power_keeps(i, SIZE_MAX - 1);
		if (f->name[0] != '\0' && (!moved[i] || power_is_replaced(f)))
			power_put(i, f->name, nothing);
	}
	for (i = 0; i < power.n; i++)
		if (moved[i] && power.file[i].now[0] != '\0')
			power_put(i, power.file[i].now, nothing);
	power.laid_out();
}

/*
 * The power goes now. What there is without all that was not synced is the
 * same until the next sync, and must be looked at anew if more is said to be
 * there.
 */
static inline void
power_goes(void)
{
	power.step++;
	power_look();
	if (power.synced ||
	    memcmp(power.reported, power.report, power.report_size) != 0)
		power_lay_out(true);
	power.synced = false;
	memcpy(power.reported, power.report, power.report_size);
	power_lay_out(false);
}

static inline bool
power_is_moved(void)
{
	size_t i;

	for (i = 0; i < power.n; i++)
		if (strcmp(power.file[i].name, power.file[i].now) != 0)
			return true;
	return false;
}

/* ---- what is synced ---------------------------------------------------- */

static inline void
power_keep_file(struct power_file *f)
{
	f->len = power_read(f);
	free(f->synced);
	CHECK((f->synced = malloc(f->len + 1)) != NULL);
	memcpy(f->synced, power.bytes, f->len);
	power.synced = true;
}

static inline void
power_keep_names(void)
{
	size_t i;

	power_look();
	for (i = 0; i < power.n; i++)
		memcpy(power.file[i].name, power.file[i].now,
		    sizeof(power.file[i].name));
	power.synced = true;
}

/* It may go before either is done. */
static inline void
power_file_synced(const char *name)
{
	power_goes();
	power_keep_file(power_file_of(name));
}

/* Names change rarely, and several at once: each may be there or not. */
static inline void
power_folder_synced(void)
{
	unsigned int i;

	power_goes();
	for (i = 0; i < POWER_NAMES && power_is_moved(); i++) {
		power.step++;
		power_lay_out(false);
	}
	power_keep_names();
}

/*
 * From here on, until the process ends; what is there is there. laid_out() is
 * called with what would be left in the folder of that name.
 */
static inline void
power_start(const char *left, void (*laid_out)(void), const void *report,
    size_t report_size)
{
	size_t i;

	CHECK(report_size <= sizeof(power.reported));
	power.left = left;
	power.laid_out = laid_out;
	power.report = report;
	power.report_size = report_size;
	power_keep_names();
	for (i = 0; i < power.n; i++)
		power_keep_file(&power.file[i]);
	disk_changed = power_goes;
	disk_synced = power_file_synced;
	disk_folder_synced = power_folder_synced;
	power.on = true;
}

/* ---- the store's own syncs --------------------------------------------- */

static inline int
power_sync(int fd)
{
	char path[64], name[PATH_MAX];
	struct stat st;
	ssize_t n;

	CHECK(fstat(fd, &st) == 0);
	if (S_ISDIR(st.st_mode)) {
		power_folder_synced();
		return 0;
	}
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	CHECK((n = readlink(path, name, sizeof(name) - 1)) > 0);
	name[n] = '\0';
	power_file_synced(name);
	return 0;
}

/* In place of libc's, for what is linked into the program. */
int
fsync(int fd)
{
	return power.on ? power_sync(fd) : (int)syscall(SYS_fsync, fd);
}

int
fdatasync(int fd)
{
	return power.on ? power_sync(fd) : (int)syscall(SYS_fdatasync, fd);
}

#endif
