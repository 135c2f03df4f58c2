/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The store's files: whose they are, who else has them open, and moving damaged
 * ones aside. The database itself is never opened here: closing it would drop
 * SQLite's locks.
 */
#include "policyd/store/store_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "policyd/store/store.h"
#include "policyd/store/store_wal.h"
#include "policyd/text.h"
#include "proto/result.h"

#define LOCK_FILE "farmgate.lock"
#define MARK_FILE STORE_FILE ".damaged"

/* Bytes of the lock file. */
#define LOCK_OPEN   0
#define LOCK_IMPORT 1

static const char *const companions[] = { "", "-wal", "-shm", "-journal" };

#define COMPANIONS (sizeof(companions) / sizeof(companions[0]))

/* ---- who has it open --------------------------------------------------- */

/*
 * Locks of the open file, not of the process: they end with the last
 * descriptor, whatever else the process opens and closes.
 */
static int
set_lock(int fd, short type, off_t byte)
{
	struct flock lock = { .l_type = type,
		.l_whence = SEEK_SET,
		.l_start = byte,
		.l_len = 1 };

	if (fcntl(fd, F_OFD_SETLK, &lock) == 0)
		return 0;
	return errno == EAGAIN || errno == EACCES ? FG_ERR_BUSY : FG_ERR_SYSTEM;
}

static int
open_lock_file(struct store_files *f, int *ret_fd)
{
	*ret_fd = openat(f->dir, LOCK_FILE,
	    O_RDWR | O_CREAT | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK | O_CLOEXEC,
	    0600);
	if (*ret_fd != -1)
		return 0;
	if (errno != ELOOP)
		return FG_ERR_SYSTEM;
	return store_file_why(f, FG_ERR_UNSAFE,
	    LOCK_FILE " is a symbolic link; remove it");
}

bool
store_file_wait(int64_t *since_ms, bool first)
{
	const struct timespec nap = { .tv_nsec = 1000000 };
	struct timespec ts;
	int64_t now;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts); /* cannot fail */
	now = (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
	if (first)
		*since_ms = now;
	if (now - *since_ms >= (int64_t)STORE_BUSY_MS)
		return false;
	(void)nanosleep(&nap, NULL); /* shorter does no harm */
	return true;
}

static int
lock_folder(struct store_files *f)
{
	bool first = true;
	int64_t since;
	int r;

	if ((r = open_lock_file(f, &f->lock)) != 0)
		return r;
	for (;; first = false) {
		if ((r = set_lock(f->lock, F_WRLCK, LOCK_OPEN)) == 0)
			f->alone = true;
		if (r == FG_ERR_BUSY)
			r = set_lock(f->lock, F_RDLCK, LOCK_OPEN);
		if (r != FG_ERR_BUSY || !store_file_wait(&since, first))
			return r;
	}
}

int
store_file_share(struct store_files *f)
{
	f->alone = false;
	return set_lock(f->lock, F_RDLCK, LOCK_OPEN);
}

int
store_file_import_lock(struct store_files *f)
{
	int r;

	if (f->import != -1)
		return FG_ERR_BUSY;
	if ((r = open_lock_file(f, &f->import)) == 0 &&
	    (r = set_lock(f->import, F_WRLCK, LOCK_IMPORT)) != 0)
		store_file_import_unlock(f);
	return r;
}

void
store_file_import_unlock(struct store_files *f)
{
	int saved = errno;

	if (f->import != -1)
		(void)close(f->import); /* and its lock with it */
	f->import = -1;
	errno = saved;
}

/* ---- the files --------------------------------------------------------- */

static int
check_file(struct store_files *f, const struct stat *st)
{
	if (S_ISLNK(st->st_mode))
		return store_file_why(f, FG_ERR_UNSAFE,
		    "the database in the state folder is a symbolic link; "
		    "remove it, or put the file itself there");
	if (st->st_uid != geteuid())
		return store_file_why(f, FG_ERR_UNSAFE,
		    "the database belongs to another user than its folder; "
		    "give it to the daemon's user with chown");
	if (!S_ISREG(st->st_mode))
		return store_file_why(f, FG_ERR_FORMAT, "is no regular file");
	if (st->st_nlink != 1)
		return store_file_why(f, FG_ERR_UNSAFE,
		    "the database has another name outside of its folder (a "
		    "hard link); copy it to a new file");
	if ((st->st_mode & 07077) != 0)
		return store_file_why(f, FG_ERR_UNSAFE,
		    "the database is open to others; take the rights away "
		    "with chmod 600");
	return 0;
}

static int
check_wal(struct store_files *f)
{
	int fd, r;

	fd = openat(f->dir, STORE_FILE "-wal",
	    O_RDONLY | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (fd == -1)
		return errno == ENOENT ? 0 : FG_ERR_SYSTEM;
	r = store_wal_check(fd);
	(void)close(fd); /* read only */
	return r == FG_ERR_FORMAT ?
	    store_file_why(f, r, "has a damaged log (-wal)") :
	    r;
}

static int
check_mark(struct store_files *f)
{
	struct stat st;

	if (fstatat(f->dir, MARK_FILE, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT ? 0 : FG_ERR_SYSTEM;
	return store_file_why(f, FG_ERR_FORMAT,
	    "was found damaged while it was used");
}

static int
check_files(struct store_files *f)
{
	bool found[COMPANIONS];
	int r, damage = 0;
	struct stat st;
	char name[64];
	size_t i;

	for (i = 0; i < COMPANIONS; i++) {
		(void)snprintf(name, sizeof(name), STORE_FILE "%s",
		    companions[i]);
		found[i] = fstatat(f->dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
		if (!found[i] && errno != ENOENT)
			return FG_ERR_SYSTEM;
		if (!found[i])
			continue;
		if ((r = check_file(f, &st)) == FG_ERR_FORMAT)
			damage = r;
		else if (r != 0)
			return r;
		/* One that is made gets its name when it is whole. */
		if (i == 0 && r == 0 && st.st_size == 0)
			damage = store_file_why(f, FG_ERR_FORMAT, "is empty");
	}
	f->exists = found[0];
	if (damage != 0)
		return damage;
	if (!found[0] && (found[1] || found[3]))
		return store_file_why(f, FG_ERR_FORMAT,
		    "is gone, and only its log there");
	return 0;
}

static void
start(struct store_files *f)
{
	memset(f, 0, sizeof(*f));
	f->dir = f->lock = f->import = -1;
}

int
store_file_open(const char *folder, struct store_files *f)
{
	int r;

	start(f);
	if ((r = store_file_folder(f, folder)) != 0 ||
	    (r = lock_folder(f)) != 0 || (r = check_files(f)) != 0)
		return r;
	if (!f->alone || !f->exists)
		return 0;
	if ((r = check_mark(f)) != 0)
		return r;
	return check_wal(f);
}

/* Whether anybody has it open; who asks holds nothing up. */
static int
see_lock(struct store_files *f)
{
	struct flock lock = { .l_type = F_WRLCK,
		.l_whence = SEEK_SET,
		.l_start = LOCK_OPEN,
		.l_len = 1 };
	int fd, r;

	fd = openat(f->dir, LOCK_FILE,
	    O_RDONLY | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (fd == -1) {
		f->alone = errno == ENOENT;
		return f->alone ? 0 : FG_ERR_SYSTEM;
	}
	r = fcntl(fd, F_OFD_GETLK, &lock) == 0 ? 0 : FG_ERR_SYSTEM;
	f->alone = r == 0 && lock.l_type == F_UNLCK;
	(void)close(fd); /* read only */
	return r;
}

/* A log has an index, which whoever only reads must not have to make. */
static int
see_log(struct store_files *f)
{
	struct stat wal, shm;
	bool has_wal, has_shm;

	has_wal =
	    fstatat(f->dir, STORE_FILE "-wal", &wal, AT_SYMLINK_NOFOLLOW) == 0;
	has_shm =
	    fstatat(f->dir, STORE_FILE "-shm", &shm, AT_SYMLINK_NOFOLLOW) == 0;
	f->still = f->alone && (!has_wal || wal.st_size == 0);
	if (f->still || (has_wal && has_shm))
		return 0;
	return store_file_why(f, FG_ERR_FORMAT,
	    "is not whole without its log (-wal) and the index of it (-shm), "
	    "which the daemon makes when it starts");
}

int
store_file_peek(const char *folder, struct store_files *f)
{
	int r;

	start(f);
	if ((r = store_file_folder(f, folder)) != 0)
		return r == FG_ERR_SYSTEM && errno == ENOENT ?
		    FG_ERR_NOT_FOUND :
		    r;
	if ((r = see_lock(f)) != 0 || (r = check_files(f)) != 0)
		return r;
	if (!f->exists &&
	    (store_file_remembers(f, STORE_HAD_PEOPLE) ||
		store_file_remembers(f, STORE_HAD_ASSETS)))
		return store_file_why(f, FG_ERR_FORMAT, "is gone");
	if (!f->exists)
		return FG_ERR_NOT_FOUND;
	if (f->alone && ((r = check_mark(f)) != 0 || (r = check_wal(f)) != 0))
		return r;
	return see_log(f);
}

void
store_file_close(struct store_files *f)
{
	int saved = errno;

	store_file_import_unlock(f);
	if (f->lock != -1)
		(void)close(f->lock); /* and its lock with it */
	if (f->dir != -1)
		(void)close(f->dir);
	f->lock = f->dir = -1;
	errno = saved;
}

/* ---- moving aside, and a new one --------------------------------------- */

/* What was renamed stays so after a power failure. */
int
store_file_sync(struct store_files *f)
{
	int fd, r;

	fd = openat(f->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		return FG_ERR_SYSTEM;
	r = fsync(fd) == 0 ? 0 : FG_ERR_SYSTEM;
	(void)close(fd); /* read only */
	return r;
}

/* A name that nothing has yet: two damages in one second are told apart. */
static int
free_name(struct store_files *f, char *name, size_t size)
{
	time_t now = time(NULL);
	char date[32];
	unsigned int i;
	struct stat st;
	struct tm tm;

	if (gmtime_r(&now, &tm) == NULL ||
	    strftime(date, sizeof(date), "%Y%m%dT%H%M%SZ", &tm) == 0)
		(void)snprintf(date, sizeof(date), "%lld", (long long)now);
	for (i = 0; i < 100; i++) {
		(void)snprintf(name, size, STORE_FILE ".corrupt-%s", date);
		if (i > 0)
			(void)snprintf(name, size, STORE_FILE ".corrupt-%s.%u",
			    date, i);
		if (fstatat(f->dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
			return errno == ENOENT ? 0 : FG_ERR_SYSTEM;
	}
	errno = EEXIST;
	return FG_ERR_SYSTEM;
}

int
store_file_set_aside(struct store_files *f, const char *what)
{
	char base[96], from[128], to[128], text[STORE_WHY_SIZE];
	size_t i;
	int r;

	(void)text_copy(text, sizeof(text), what); /* may be .why */
	if ((r = free_name(f, base, sizeof(base))) != 0)
		return r;
	/*
	 * If this ends half-way, the next one that opens goes on: the mark is
	 * on the disk before anything has moved, and until all of it has. A
	 * database without its log would be whole, and lack what was in that.
	 */
	store_file_mark(f->dir);
	if ((r = store_file_sync(f)) != 0)
		return r;
	for (i = COMPANIONS; i-- > 0;) {
		(void)snprintf(from, sizeof(from), STORE_FILE "%s",
		    companions[i]);
		(void)snprintf(to, sizeof(to), "%s%s", base, companions[i]);
		if (renameat(f->dir, from, f->dir, to) != 0 && errno != ENOENT)
			return FG_ERR_SYSTEM;
	}
	if (store_file_sync(f) != 0 ||
	    (unlinkat(f->dir, MARK_FILE, 0) != 0 && errno != ENOENT))
		return FG_ERR_SYSTEM;
	f->exists = false;
	(void)text_format(f->why, sizeof(f->why),
	    "%s %s; it is kept as %s, and an empty one was begun: import the "
	    "people and assets again, add the exceptions, enrol the "
	    "laptops, and revoke again what was revoked",
	    STORE_FILE, text, base);
	return 0;
}

/* A database by this name, and what belongs to it. */
static int
remove_all(struct store_files *f, const char *base)
{
	char name[64];
	size_t i;

	for (i = 0; i < COMPANIONS; i++) {
		(void)snprintf(name, sizeof(name), "%s%s", base, companions[i]);
		if (unlinkat(f->dir, name, 0) != 0 && errno != ENOENT)
			return FG_ERR_SYSTEM;
	}
	return 0;
}

static int
make_anew(struct store_files *f, const char *base)
{
	int fd;

	if (remove_all(f, base) != 0)
		return FG_ERR_SYSTEM;
	fd = openat(f->dir, base,
	    O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd == -1)
		return FG_ERR_SYSTEM;
	(void)close(fd); /* nothing was written */
	return 0;
}

int
store_file_begin(struct store_files *f)
{
	if (unlinkat(f->dir, MARK_FILE, 0) != 0 && errno != ENOENT)
		return FG_ERR_SYSTEM;
	return make_anew(f, STORE_FRESH_FILE);
}

int
store_file_stage(struct store_files *f)
{
	return make_anew(f, STORE_STAGE_FILE);
}

void
store_file_unstage(struct store_files *f)
{
	int saved = errno;

	(void)remove_all(f, STORE_STAGE_FILE); /* or the next import does */
	errno = saved;
}

int
store_file_finish(struct store_files *f)
{
	if (renameat(f->dir, STORE_FRESH_FILE, f->dir, STORE_FILE) != 0)
		return FG_ERR_SYSTEM;
	f->exists = true;
	return store_file_sync(f);
}

void
store_file_mark(int dir)
{
	int fd, saved = errno;

	fd = openat(dir, MARK_FILE,
	    O_WRONLY | O_CREAT | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK | O_CLOEXEC,
	    0600);
	if (fd != -1)
		(void)close(fd); /* without it damage is found by reading */
	errno = saved;
}

/* ---- as SQLite sees files ---------------------------------------------- */

/* Device numbers leave the top bits free, as do process numbers. */
static void
mix_process(struct stat *st)
{
	st->st_dev ^= (dev_t)getpid() << 42;
}

int
store_file_stat(const char *path, struct stat *st)
{
	if (stat(path, st) != 0)
		return -1;
	mix_process(st);
	return 0;
}

int
store_file_fstat(int fd, struct stat *st)
{
	if (fstat(fd, st) != 0)
		return -1;
	mix_process(st);
	return 0;
}
