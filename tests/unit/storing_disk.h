/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A disk between SQLite and the real one that counts what is written, cut and
 * synced, and at a chosen one fails, stays broken, or ends the process in the
 * middle of it. Or it tells somebody of each, who knows what a loss of power
 * would leave: storing_power.h.
 */
#ifndef FG_TESTS_STORING_DISK_H
#define FG_TESTS_STORING_DISK_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include <sqlite3.h>

enum disk_fault {
	DISK_WORKS = 0,
	DISK_KILLS, /* half of it is written */
	DISK_FAILS, /* once */
	DISK_BROKEN /* from then on */
};

static struct {
	enum disk_fault fault;
	int code; /* what it says then */
	unsigned int at; /* the operation, from 1 */
	unsigned int count;
	unsigned int faults;
} disk;

static sqlite3_vfs disk_vfs;
static sqlite3_vfs *disk_real;

/* Told after a change, and instead of a sync. NULL: nobody is. */
static void (*disk_changed)(void);
static void (*disk_synced)(const char *name);
static void (*disk_folder_synced)(void);

struct disk_file {
	sqlite3_file base;
	sqlite3_io_methods methods;
	const char *name; /* SQLite's, until it is closed; or NULL */
	bool folder_too; /* the real one syncs it with the file, once */
};

static inline sqlite3_file *
disk_below(sqlite3_file *file)
{
	return (sqlite3_file *)(void *)((struct disk_file *)(void *)file + 1);
}

static inline bool
disk_is_due(void)
{
	disk.count++;
	if (disk.fault == DISK_WORKS || disk.count < disk.at ||
	    (disk.fault == DISK_FAILS && disk.count > disk.at))
		return false;
	disk.faults++;
	return true;
}

static inline int
disk_tell(int rc)
{
	if (disk_changed != NULL)
		disk_changed();
	return rc;
}

static inline int
disk_write(sqlite3_file *file, const void *data, int len, sqlite3_int64 at)
{
	sqlite3_file *real = disk_below(file);

	if (disk_is_due()) {
		if (disk.fault == DISK_KILLS) {
			(void)real->pMethods->xWrite(real, data, len / 2, at);
			(void)raise(SIGKILL);
		}
		return disk.code;
	}
	return disk_tell(real->pMethods->xWrite(real, data, len, at));
}

static inline int
disk_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	sqlite3_file *real = disk_below(file);

	if (disk_is_due()) {
		if (disk.fault == DISK_KILLS)
			(void)raise(SIGKILL);
		return disk.code;
	}
	return disk_tell(real->pMethods->xTruncate(real, size));
}

/* The real one is not asked: no process that ends loses what was written. */
static inline int
disk_sync(sqlite3_file *file, int flags)
{
	struct disk_file *f = (struct disk_file *)(void *)file;

	(void)flags;
	if (disk_is_due()) {
		if (disk.fault == DISK_KILLS)
			(void)raise(SIGKILL);
		return disk.code;
	}
	if (disk_synced != NULL) {
		if (f->name != NULL)
			disk_synced(f->name);
		if (f->folder_too)
			disk_folder_synced();
		f->folder_too = false;
	}
	return SQLITE_OK;
}

#define DISK_PASS(name, parameters, arguments)         \
	static inline int disk_##name parameters       \
	{                                              \
		sqlite3_file *real = disk_below(file); \
		return real->pMethods->name arguments; \
	}

/* What is not counted. */
DISK_PASS(xRead,
    (sqlite3_file * file, void *data, int len, sqlite3_int64 at),
    (real, data, len, at))
DISK_PASS(xFileSize, (sqlite3_file * file, sqlite3_int64 *size), (real, size))
DISK_PASS(xLock, (sqlite3_file * file, int lock), (real, lock))
DISK_PASS(xUnlock, (sqlite3_file * file, int lock), (real, lock))
DISK_PASS(xCheckReservedLock, (sqlite3_file * file, int *out), (real, out))
DISK_PASS(xFileControl, (sqlite3_file * file, int op, void *arg),
    (real, op, arg))
DISK_PASS(xSectorSize, (sqlite3_file * file), (real))
DISK_PASS(xDeviceCharacteristics, (sqlite3_file * file), (real))
DISK_PASS(xShmMap,
    (sqlite3_file * file, int page, int size, int extend, void volatile **map),
    (real, page, size, extend, map))
DISK_PASS(xShmLock, (sqlite3_file * file, int offset, int n, int flags),
    (real, offset, n, flags))
DISK_PASS(xShmUnmap, (sqlite3_file * file, int remove), (real, remove))

static inline void
disk_xShmBarrier(sqlite3_file *file)
{
	sqlite3_file *real = disk_below(file);

	real->pMethods->xShmBarrier(real);
}

static inline int
disk_xClose(sqlite3_file *file)
{
	sqlite3_file *real = disk_below(file);

	return real->pMethods->xClose(real);
}

/* As the real one: of a log or journal that may be new. */
static inline bool
disk_may_be_new(int flags)
{
	return (flags & SQLITE_OPEN_CREATE) != 0 &&
	    (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL)) != 0;
}

static inline int
disk_delete(sqlite3_vfs *vfs, const char *name, int sync_folder)
{
	int rc = disk_real->xDelete(disk_real, name, 0);

	(void)vfs;
	if (rc == SQLITE_OK && sync_folder && disk_folder_synced != NULL)
		disk_folder_synced();
	return rc;
}

static inline int
disk_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
    int *ret_flags)
{
	struct disk_file *f = (struct disk_file *)(void *)file;
	sqlite3_file *real = disk_below(file);
	int rc;

	(void)vfs;
	f->base.pMethods = NULL;
	f->name = name;
	f->folder_too = disk_may_be_new(flags);
	rc = disk_real->xOpen(disk_real, name, real, flags, ret_flags);
	if (real->pMethods == NULL)
		return rc;
	f->methods = (sqlite3_io_methods){
		.iVersion = 2,
		.xClose = disk_xClose,
		.xRead = disk_xRead,
		.xWrite = disk_write,
		.xTruncate = disk_truncate,
		.xSync = disk_sync,
		.xFileSize = disk_xFileSize,
		.xLock = disk_xLock,
		.xUnlock = disk_xUnlock,
		.xCheckReservedLock = disk_xCheckReservedLock,
		.xFileControl = disk_xFileControl,
		.xSectorSize = disk_xSectorSize,
		.xDeviceCharacteristics = disk_xDeviceCharacteristics,
		.xShmMap = disk_xShmMap,
		.xShmLock = disk_xShmLock,
		.xShmBarrier = disk_xShmBarrier,
		.xShmUnmap = disk_xShmUnmap,
	};
	f->base.pMethods = &f->methods;
	return rc;
}

/* From now on every database that is opened is on this disk. */
static inline int
disk_install(void **state)
{
	(void)state;
	disk_real = sqlite3_vfs_find("unix");
	if (disk_real == NULL)
		return -1;
	disk_vfs = *disk_real;
	disk_vfs.zName = "disk";
	disk_vfs.szOsFile =
	    disk_real->szOsFile + (int)sizeof(struct disk_file);
	disk_vfs.xOpen = disk_open;
	disk_vfs.xDelete = disk_delete;
	return sqlite3_vfs_register(&disk_vfs, 1);
}

static inline void
disk_set(enum disk_fault fault, int code, unsigned int at)
{
	disk.fault = fault;
	disk.code = code;
	disk.at = at;
	disk.count = disk.faults = 0;
}

#endif
