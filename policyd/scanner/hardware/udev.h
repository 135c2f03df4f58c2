/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel's news of devices. udev.c is the only file that knows libudev.
 */
#ifndef FG_UDEV_H
#define FG_UDEV_H

#include <stdbool.h>

struct udev_news;

/*
 * Open them: before the sandbox, which makes no socket. The kernel's own and
 * not udevd's, which do not reach into other namespaces. NULL: there are none
 * to be had here.
 */
struct udev_news *udev_news_new(void);
void	udev_news_free(struct udev_news *news);

/* Readable when there is news; -1: there will be none any more. */
int	udev_news_fd(const struct udev_news *news);

/*
 * Take all that has come, within bounds. True if some of it is about what the
 * scanner looks at, or if some was lost.
 */
bool	udev_news_take(struct udev_news *news);

#endif
