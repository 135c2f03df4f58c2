/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which files a process can still reach, where the kernel has landlock. The C
 * library has no wrappers, and the kernel headers of the build may be older
 * than the kernel that runs: hence raw calls and constants of our own.
 */
#include <sys/syscall.h>
#include <sys/types.h>

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "policyd/privilege/sandbox.h"
#include "proto/result.h"

#define LL_CREATE_VERSION 1u /* ask for the version only */
#define LL_RULE_PATH	  1

#define LL_FS_WRITE_FILE  (UINT64_C(1) << 1)
#define LL_FS_READ_FILE	  (UINT64_C(1) << 2)
#define LL_FS_READ_DIR	  (UINT64_C(1) << 3)
#define LL_FS_REMOVE_FILE (UINT64_C(1) << 5)
#define LL_FS_MAKE_DIR	  (UINT64_C(1) << 7)
#define LL_FS_MAKE_REG	  (UINT64_C(1) << 8)
#define LL_FS_TRUNCATE	  (UINT64_C(1) << 14)

#define LL_FS_ABI1	((UINT64_C(1) << 13) - 1) /* bits 0..12 */
#define LL_FS_REFER	(UINT64_C(1) << 13) /* from version 2 */
#define LL_FS_IOCTL_DEV (UINT64_C(1) << 15) /* from version 5 */
#define LL_NET_TCP	UINT64_C(3) /* from version 4 */
#define LL_SCOPE_ALL	UINT64_C(3) /* from version 6 */

/* The newest version whose rights are known here. */
#define LL_ABI_KNOWN 6

#define LL_FILE_RIGHTS \
	(LL_FS_READ_FILE | LL_FS_WRITE_FILE | LL_FS_TRUNCATE | LL_FS_IOCTL_DEV)
#define LL_READ	 (LL_FS_READ_FILE | LL_FS_READ_DIR)
#define LL_WRITE (LL_READ | LL_FS_WRITE_FILE | LL_FS_TRUNCATE | LL_FS_MAKE_REG)
#define LL_OWN	 (LL_WRITE | LL_FS_REMOVE_FILE | LL_FS_MAKE_DIR)

/* As the kernel lays them out; a shorter old one takes zeros at the end. */
struct ll_ruleset {
	uint64_t fs;
	uint64_t net;
	uint64_t scoped;
};

struct ll_path {
	uint64_t allowed;
	int32_t fd;
} __attribute__((packed));

/*
 * The version to use, 0 where there is no landlock, or FG_ERR_SYSTEM. EPERM
 * comes from a container's own filter, and means the same as no landlock.
 */
static int
probe_abi(void)
{
	long abi;

	abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LL_CREATE_VERSION);
	if (abi < 0 &&
	    (errno == ENOSYS || errno == EOPNOTSUPP || errno == EPERM))
		return 0;
	if (abi < 1)
		return FG_ERR_SYSTEM;
	return abi < LL_ABI_KNOWN ? (int)abi : LL_ABI_KNOWN;
}

/*
 * Everything that this version can forbid is forbidden, unless a rule allows
 * it: programs to run and TCP are in no rule; neither are signals to others
 * and abstract sockets.
 */
static struct ll_ruleset
ruleset_of(int abi)
{
	struct ll_ruleset rs = { .fs = LL_FS_ABI1 };

	if (abi >= 2)
		rs.fs |= LL_FS_REFER;
	if (abi >= 3)
		rs.fs |= LL_FS_TRUNCATE;
	if (abi >= 4)
		rs.net = LL_NET_TCP;
	if (abi >= 5)
		rs.fs |= LL_FS_IOCTL_DEV;
	if (abi >= 6)
		rs.scoped = LL_SCOPE_ALL;
	return rs;
}

/* A path that cannot be reached now is not granted, and is no error. */
static int
add_path(int ruleset, const char *path, uint64_t allowed)
{
	struct ll_path rule = { .allowed = allowed };
	struct stat st;
	int r = 0;

	rule.fd = open(path, O_PATH | O_CLOEXEC);
	if (rule.fd == -1) {
		if (errno == ENOENT || errno == ENOTDIR || errno == EACCES)
			return 0;
		return FG_ERR_SYSTEM;
	}
	if (fstat(rule.fd, &st) != 0) {
		r = FG_ERR_SYSTEM;
		goto out;
	}
	/* The kernel refuses a folder's rights on anything else. */
	if (!S_ISDIR(st.st_mode))
		rule.allowed &= LL_FILE_RIGHTS;
	if (syscall(SYS_landlock_add_rule, ruleset, LL_RULE_PATH, &rule, 0) !=
	    0)
		r = FG_ERR_SYSTEM;
out:
	(void)close(rule.fd); /* an O_PATH descriptor: nothing to lose */
	return r;
}

static int
add_paths(int ruleset, const char *const *paths, uint64_t allowed)
{
	int r;

	for (; paths != NULL && *paths != NULL; paths++)
		if ((r = add_path(ruleset, *paths, allowed)) != 0)
			return r;
	return 0;
}

int
landlock_apply(const struct landlock_paths *paths)
{
	struct ll_ruleset rs;
	int abi, saved, fd, r;

	if ((abi = probe_abi()) <= 0)
		return abi;
	rs = ruleset_of(abi);
	fd = (int)syscall(SYS_landlock_create_ruleset, &rs, sizeof(rs), 0);
	if (fd == -1)
		return FG_ERR_SYSTEM;
	if ((r = add_paths(fd, paths->read, LL_READ & rs.fs)) != 0 ||
	    (r = add_paths(fd, paths->data, LL_READ & rs.fs)) != 0 ||
	    (r = add_paths(fd, paths->write, LL_WRITE & rs.fs)) != 0 ||
	    (r = add_paths(fd, paths->own, LL_OWN & rs.fs)) != 0)
		goto out;
	if (syscall(SYS_landlock_restrict_self, fd, 0) != 0)
		r = FG_ERR_SYSTEM;
out:
	saved = errno;
	(void)close(fd); /* the ruleset is in force, or was never used */
	errno = saved;
	return r != 0 ? r : abi;
}
