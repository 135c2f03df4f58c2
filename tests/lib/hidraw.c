/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Preloaded, it makes a terminal the token of u2f.py: what only a HID device
 * can answer is answered here, whichever file is asked. A tmpfs passes for
 * sysfs, for libudev reads nothing else.
 */
#define _GNU_SOURCE
#include <linux/hidraw.h>
#include <linux/magic.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

/* Usage page 0xf1d0, usage 1: reports of 64 bytes in and out. */
static const unsigned char descriptor[] = { 0x06, 0xd0, 0xf1, 0x09, 0x01, 0xa1,
	0x01, 0x09, 0x20, 0x15, 0x00, 0x26, 0xff, 0x00, 0x75, 0x08, 0x95, 0x40,
	0x81, 0x02, 0x09, 0x21, 0x15, 0x00, 0x26, 0xff, 0x00, 0x75, 0x08, 0x95,
	0x40, 0x91, 0x02, 0xc0 };

int
ioctl(int fd, unsigned long request, ...)
{
	struct hidraw_report_descriptor *ret;
	va_list ap;
	void *arg;

	va_start(ap, request);
	arg = va_arg(ap, void *);
	va_end(ap);
	switch (request) {
	case HIDIOCGRDESCSIZE:
		*(int *)arg = sizeof(descriptor);
		return 0;
	case HIDIOCGRDESC:
		ret = arg;
		memcpy(ret->value, descriptor, sizeof(descriptor));
		return 0;
	default:
		return (int)syscall(SYS_ioctl, fd, request, arg);
	}
}

int
fstatfs64(int fd, struct statfs64 *ret)
{
	int r = (int)syscall(SYS_fstatfs, fd, ret);

	if (r == 0 && ret->f_type == TMPFS_MAGIC)
		ret->f_type = SYSFS_MAGIC;
	return r;
}
