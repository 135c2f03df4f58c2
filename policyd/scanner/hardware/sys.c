/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files of /sys, with no more than open, read, readlink and getdents. A device
 * may go while it is looked at: its files are then no longer there.
 */
#include "policyd/scanner/hardware/sys.h"

#include <sys/vfs.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <unistd.h>

#include "policyd/scanner/walk.h"
#include "proto/result.h"

int
sys_open(void)
{
	return open("/sys", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

int
sys_open_folder(int folder, const char *path)
{
	return openat(folder, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

bool
sys_is_real(int sys)
{
	struct statfs fs;

	return fstatfs(sys, &fs) == 0 && fs.f_type == SYSFS_MAGIC;
}

static int
read_all(int fd, char *buf, size_t size, size_t *ret_len)
{
	size_t len = 0;
	ssize_t n = 1;

	while (n > 0 && len < size) {
		do {
			n = read(fd, buf + len, size - len);
		} while (n == -1 && errno == EINTR);
		if (n > 0)
			len += (size_t)n;
	}
	*ret_len = len;
	return n == -1 ? FG_ERR_SYSTEM : 0;
}

int
sys_read(int folder, const char *name, void *buf, size_t size, size_t *ret_len)
{
	int fd, saved, r;

	*ret_len = 0;
	if ((fd = openat(folder, name, O_RDONLY | O_CLOEXEC)) == -1)
		return FG_ERR_SYSTEM;
	r = read_all(fd, buf, size, ret_len);
	saved = errno;
	(void)close(fd); /* was only read */
	errno = saved;
	return r;
}

void
sys_end_text(char *buf, size_t len)
{
	if (len > 0 && buf[len - 1] == '\n')
		len--;
	buf[len] = '\0';
}

int
sys_read_text(int folder, const char *name, char *buf, size_t size)
{
	size_t len;
	int r;

	if ((r = sys_read(folder, name, buf, size - 1, &len)) != 0)
		len = 0;
	sys_end_text(buf, len);
	return r;
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

int
sys_read_hex(int folder, const char *name, uint32_t *ret_v)
{
	char buf[16], *s = buf;
	uint32_t v = 0;
	int r;

	*ret_v = 0;
	if ((r = sys_read_text(folder, name, buf, sizeof(buf))) != 0)
		return r;
	if (strncmp(s, "0x", 2) == 0)
		s += 2;
	if (*s == '\0' || strlen(s) > 8)
		return FG_ERR_FORMAT;
	for (; *s != '\0'; s++) {
		if (hex_digit(*s) < 0)
			return FG_ERR_FORMAT;
		v = v << 4 | (uint32_t)hex_digit(*s);
	}
	*ret_v = v;
	return 0;
}

/* Links of /sys are relative: "../../../devices/...". */
int
sys_read_link(int folder, const char *name, char *buf, size_t size)
{
	char link[SYS_PATH_MAX + 64];
	const char *s = link;
	ssize_t n;

	*buf = '\0';
	if ((n = readlinkat(folder, name, link, sizeof(link) - 1)) == -1)
		return FG_ERR_SYSTEM;
	link[n] = '\0';
	while (strncmp(s, "../", 3) == 0)
		s += 3;
	if ((size_t)n >= sizeof(link) - 1 || strlen(s) >= size)
		return FG_ERR_LIMIT;
	memcpy(buf, s, strlen(s) + 1);
	return 0;
}

/*
 * Of a hub's folder the devices on its ports are below, too: what is its own
 * is below its interfaces, ".../1-2/1-2:1.0".
 */
bool
sys_is_below(const char *path, const char *parent)
{
	const char *name = strrchr(parent, '/');
	size_t len = strlen(parent), name_len;

	name = name == NULL ? parent : name + 1;
	name_len = strlen(name);
	return strncmp(path, parent, len) == 0 && path[len] == '/' &&
	    strncmp(path + len + 1, name, name_len) == 0 &&
	    path[len + 1 + name_len] == ':';
}

int
sys_list_open(struct sys_list *list, int folder, const char *path,
    int64_t until_ns)
{
	list->len = 0;
	list->pos = 0;
	list->until_ns = until_ns;
	list->cut = false;
	list->fd = sys_open_folder(folder, path);
	return list->fd == -1 ? FG_ERR_SYSTEM : 0;
}

static bool
fill(struct sys_list *list)
{
	ssize_t n;

	n = getdents64(list->fd, list->buf, sizeof(list->buf));
	list->cut = list->cut || n == -1;
	list->len = n > 0 ? (size_t)n : 0;
	list->pos = 0;
	return n > 0;
}

const char *
sys_list_next(struct sys_list *list)
{
	const struct dirent64 *entry;

	do {
		if (list->pos >= list->len && !fill(list))
			return NULL;
		entry = (const void *)(list->buf + list->pos);
		list->pos += entry->d_reclen;
	} while (entry->d_name[0] == '.');
	if (walk_now_ns() >= list->until_ns) {
		list->cut = true;
		return NULL;
	}
	return entry->d_name;
}

void
sys_list_close(struct sys_list *list)
{
	if (list->fd != -1)
		(void)close(list->fd); /* was only read */
	list->fd = -1;
}
