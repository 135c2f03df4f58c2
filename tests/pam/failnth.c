/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Each hook either fails as its original can, or is the original.
 */
#include "tests/pam/failnth.h"

#include <sys/mman.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <link.h>
#include <poll.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include <security/pam_appl.h>
#include <security/pam_ext.h>
#include <security/pam_modules.h>
#include <security/pam_modutil.h>

static unsigned int calls, fail_at;
static const char *failed;

static bool
fails(const char *name, int error)
{
	if (fail_at == 0 || ++calls != fail_at)
		return false;
	failed = name;
	errno = error;
	return true;
}

static void *
hook_malloc(size_t size)
{
	return fails("malloc", ENOMEM) ? NULL : malloc(size);
}

static void *
hook_calloc(size_t n, size_t size)
{
	return fails("calloc", ENOMEM) ? NULL : calloc(n, size);
}

static void *
hook_realloc(void *p, size_t size)
{
	return fails("realloc", ENOMEM) ? NULL : realloc(p, size);
}

static int
hook_socket(int domain, int type, int protocol)
{
	return fails("socket", EMFILE) ? -1 : socket(domain, type, protocol);
}

static int
hook_connect(int fd, const struct sockaddr *addr, socklen_t len)
{
	return fails("connect", EACCES) ? -1 : connect(fd, addr, len);
}

static int
hook_getsockopt(int fd, int level, int name, void *p, socklen_t *len)
{
	if (fails("getsockopt", ENOBUFS))
		return -1;
	return getsockopt(fd, level, name, p, len);
}

static int
hook_fcntl(int fd, int command, int arg)
{
	return fails("fcntl", EMFILE) ? -1 : fcntl(fd, command, arg);
}

static int
hook_poll(struct pollfd *fds, nfds_t n, int timeout)
{
	return fails("poll", ENOMEM) ? -1 : poll(fds, n, timeout);
}

static ssize_t
hook_send(int fd, const void *p, size_t len, int flags)
{
	/* Linux 6.18 raises no SIGPIPE for SOCK_SEQPACKET; nobody relies on
	 * that (PROC-09). */
	if ((flags & MSG_NOSIGNAL) == 0)
		abort();
	return fails("send", ENOBUFS) ? -1 : send(fd, p, len, flags);
}

static ssize_t
hook_recv(int fd, void *p, size_t len, int flags)
{
	return fails("recv", ENOMEM) ? -1 : recv(fd, p, len, flags);
}

/* Only with O_CREAT there is a mode. */
static int
hook_open(const char *path, int flags, unsigned int mode)
{
	return fails("open", EMFILE) ? -1 : open(path, flags, mode);
}

static int
hook_openat(int dir, const char *path, int flags)
{
	return fails("openat", EMFILE) ? -1 : openat(dir, path, flags);
}

static int
hook_fstat(int fd, struct stat *st)
{
	return fails("fstat", EIO) ? -1 : fstat(fd, st);
}

static int
hook_fchmod(int fd, mode_t mode)
{
	return fails("fchmod", EROFS) ? -1 : fchmod(fd, mode);
}

static ssize_t
hook_read(int fd, void *p, size_t len)
{
	return fails("read", EIO) ? -1 : read(fd, p, len);
}

static ssize_t
hook_write(int fd, const void *p, size_t len)
{
	return fails("write", ENOSPC) ? -1 : write(fd, p, len);
}

static int
hook_close(int fd)
{
	/* Linux closes it whatever it says. */
	int r = close(fd);

	return fails("close", EIO) ? -1 : r;
}

static int
hook_clock_gettime(clockid_t clock, struct timespec *ts)
{
	return fails("clock_gettime", EINVAL) ? -1 : clock_gettime(clock, ts);
}

static ssize_t
hook_getrandom(void *p, size_t len, unsigned int flags)
{
	return fails("getrandom", ENOSYS) ? -1 : getrandom(p, len, flags);
}

static int
hook_getpwnam_r(const char *name, struct passwd *pw, char *buf, size_t size,
    struct passwd **result)
{
	*result = NULL;
	if (fails("getpwnam_r", EIO))
		return EIO;
	return getpwnam_r(name, pw, buf, size, result);
}

static int
hook_getgrnam_r(const char *name, struct group *gr, char *buf, size_t size,
    struct group **result)
{
	*result = NULL;
	if (fails("getgrnam_r", EIO))
		return EIO;
	return getgrnam_r(name, gr, buf, size, result);
}

static int
hook_getgrouplist(const char *user, gid_t gid, gid_t *gids, int *n)
{
	if (fails("getgrouplist", ENOMEM))
		return -1;
	return getgrouplist(user, gid, gids, n);
}

static int
hook_pam_get_item(const pam_handle_t *pamh, int item, const void **ret)
{
	if (fails("pam_get_item", 0))
		return PAM_SYSTEM_ERR;
	return pam_get_item(pamh, item, ret);
}

static const char *
hook_pam_getenv(pam_handle_t *pamh, const char *name)
{
	return fails("pam_getenv", 0) ? NULL : pam_getenv(pamh, name);
}

static int
hook_pam_putenv(pam_handle_t *pamh, const char *text)
{
	return fails("pam_putenv", 0) ? PAM_BUF_ERR : pam_putenv(pamh, text);
}

static int
hook_pam_audit(pam_handle_t *pamh, int type, const char *text, int retval)
{
	if (fails("pam_modutil_audit_write", 0))
		return PAM_SYSTEM_ERR;
	return pam_modutil_audit_write(pamh, type, text, retval);
}

__attribute__((format(printf, 4, 5))) static int
hook_pam_prompt(pam_handle_t *pamh, int style, char **ret, const char *fmt, ...)
{
	va_list args;
	int r;

	if (fails("pam_prompt", 0))
		return PAM_CONV_ERR;
	va_start(args, fmt);
	r = pam_vprompt(pamh, style, ret, fmt, args);
	va_end(args);
	return r;
}

__attribute__((format(printf, 3, 4))) static void
hook_pam_syslog(const pam_handle_t *pamh, int priority, const char *fmt, ...)
{
	va_list args;

	if (fails("pam_syslog", 0))
		return;
	va_start(args, fmt);
	pam_vsyslog(pamh, priority, fmt, args);
	va_end(args);
}

/* A function's address as the table of imports holds it. */
#define HOOK(name, function)                \
	{                                   \
		name, (uintptr_t)(function) \
	}

static const struct {
	const char *name;
	uintptr_t hook;
} hooks[] = {
	HOOK("malloc", hook_malloc),
	HOOK("calloc", hook_calloc),
	HOOK("realloc", hook_realloc),
	HOOK("socket", hook_socket),
	HOOK("connect", hook_connect),
	HOOK("getsockopt", hook_getsockopt),
	HOOK("fcntl", hook_fcntl),
	HOOK("fcntl64", hook_fcntl),
	HOOK("poll", hook_poll),
	HOOK("__poll_chk", hook_poll),
	HOOK("send", hook_send),
	HOOK("recv", hook_recv),
	HOOK("__recv_chk", hook_recv),
	HOOK("open", hook_open),
	HOOK("openat", hook_openat),
	HOOK("fstat", hook_fstat),
	HOOK("fchmod", hook_fchmod),
	HOOK("read", hook_read),
	HOOK("__read_chk", hook_read),
	HOOK("write", hook_write),
	HOOK("close", hook_close),
	HOOK("clock_gettime", hook_clock_gettime),
	HOOK("getrandom", hook_getrandom),
	HOOK("getpwnam_r", hook_getpwnam_r),
	HOOK("getgrnam_r", hook_getgrnam_r),
	HOOK("getgrouplist", hook_getgrouplist),
	HOOK("pam_get_item", hook_pam_get_item),
	HOOK("pam_getenv", hook_pam_getenv),
	HOOK("pam_putenv", hook_pam_putenv),
	HOOK("pam_modutil_audit_write", hook_pam_audit),
	HOOK("pam_prompt", hook_pam_prompt),
	HOOK("pam_syslog", hook_pam_syslog),
};

static uintptr_t
hook_of(const char *name)
{
	for (size_t i = 0; i < sizeof(hooks) / sizeof(hooks[0]); i++) {
		if (strcmp(hooks[i].name, name) == 0)
			return hooks[i].hook;
	}
	return 0;
}

static unsigned int hooked;

/* The table is read-only once the module is loaded. */
static void
rewrite(uintptr_t slot, uintptr_t value)
{
	uintptr_t page = slot & ~(uintptr_t)(getpagesize() - 1);
	void *p;

	memcpy(&p, &page, sizeof(p));
	if (mprotect(p, (size_t)getpagesize(), PROT_READ | PROT_WRITE) != 0)
		abort();
	memcpy(&p, &slot, sizeof(p));
	memcpy(p, &value, sizeof(value));
	hooked++;
}

static const ElfW(Dyn) * dynamic_entry(const ElfW(Dyn) * dyn, ElfW(Sxword) tag)
{
	for (; dyn->d_tag != DT_NULL; dyn++) {
		if (dyn->d_tag == tag)
			return dyn;
	}
	return NULL;
}

static void
rewrite_table(const struct link_map *map, ElfW(Sxword) tag, ElfW(Sxword) size)
{
	const ElfW(Dyn) *rel = dynamic_entry(map->l_ld, tag);
	const ElfW(Dyn) *len = dynamic_entry(map->l_ld, size);
	const ElfW(Dyn) *sym = dynamic_entry(map->l_ld, DT_SYMTAB);
	const ElfW(Dyn) *str = dynamic_entry(map->l_ld, DT_STRTAB);
	const ElfW(Rela) * rela;
	const ElfW(Sym) * symbols;
	const char *names;
	uintptr_t hook;

	if (rel == NULL || len == NULL || sym == NULL || str == NULL)
		return;
	memcpy(&rela, &rel->d_un.d_ptr, sizeof(rela));
	memcpy(&symbols, &sym->d_un.d_ptr, sizeof(symbols));
	memcpy(&names, &str->d_un.d_ptr, sizeof(names));
	for (size_t i = 0; i < len->d_un.d_val / sizeof(*rela); i++) {
		size_t n = ELF64_R_SYM(rela[i].r_info);

		if (n == 0 || symbols[n].st_shndx != SHN_UNDEF)
			continue;
		if ((hook = hook_of(names + symbols[n].st_name)) != 0)
			rewrite(map->l_addr + rela[i].r_offset, hook);
	}
}

void
failnth_hook(const char *module)
{
	struct link_map *map;

	if ((map = dlopen(module, RTLD_NOW)) == NULL) {
		(void)fprintf(stderr, "%s\n", dlerror());
		abort();
	}
	rewrite_table(map, DT_JMPREL, DT_PLTRELSZ);
	rewrite_table(map, DT_RELA, DT_RELASZ);
	/* Fewer would mean that the module's table was not understood. */
	if (hooked < 20)
		abort();
}

void
failnth_arm(unsigned int k)
{
	calls = 0;
	failed = NULL;
	fail_at = k;
}

const char *
failnth_disarm(void)
{
	fail_at = 0;
	return failed;
}
