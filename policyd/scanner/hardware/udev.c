/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libudev's monitor, of the kernel's group. Who sees news looks for himself:
 * of a message only that it came is believed, and what it is about.
 */
#include "policyd/scanner/hardware/udev.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <libudev.h>

#define UDEV_MESSAGES_MAX 512 /* at once; there may be more next time */
#define UDEV_ERRORS_MAX	  16
#define UDEV_BUFFER	  (256 * 1024) /* a dock brings hundreds */

struct udev_news {
	struct udev *udev;
	struct udev_monitor *monitor; /* NULL: broken */
};

/* NULL: of any type. Of disks only whole ones, which USB has or not. */
static const struct {
	const char *subsystem;
	const char *type;
} wanted[] = {
	{ "usb", NULL },
	{ "hid", NULL },
	{ "input", NULL },
	{ "drm", NULL },
	{ "block", "disk" },
};

static bool
listen_for(struct udev_monitor *monitor)
{
	size_t i;

	for (i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		if (udev_monitor_filter_add_match_subsystem_devtype(monitor,
			wanted[i].subsystem, wanted[i].type) < 0)
			return false;
	/* Root may have more than the usual limit; without it, that. */
	(void)udev_monitor_set_receive_buffer_size(monitor, UDEV_BUFFER);
	return udev_monitor_enable_receiving(monitor) >= 0;
}

struct udev_news *
udev_news_new(void)
{
	struct udev_news *news;

	if ((news = calloc(1, sizeof(*news))) == NULL)
		return NULL;
	if ((news->udev = udev_new()) == NULL ||
	    (news->monitor = udev_monitor_new_from_netlink(news->udev,
		 "kernel")) == NULL ||
	    !listen_for(news->monitor)) {
		udev_news_free(news);
		return NULL;
	}
	return news;
}

void
udev_news_free(struct udev_news *news)
{
	if (news == NULL)
		return;
	(void)udev_monitor_unref(news->monitor); /* NULL is fine */
	(void)udev_unref(news->udev);
	free(news);
}

int
udev_news_fd(const struct udev_news *news)
{
	if (news == NULL || news->monitor == NULL)
		return -1;
	return udev_monitor_get_fd(news->monitor);
}

/* A disk that is not on USB is none of the devices that are looked at. */
static bool
is_relevant(struct udev_device *device)
{
	const char *subsystem = udev_device_get_subsystem(device);
	const char *action = udev_device_get_action(device);
	const char *path = udev_device_get_devpath(device);

	if (subsystem == NULL || action == NULL || path == NULL)
		return true;
	if (strcmp(subsystem, "block") == 0 && strstr(path, "/usb") == NULL)
		return false;
	/* Monitors come and go without more than this. */
	return strcmp(action, "change") != 0 || strcmp(subsystem, "drm") == 0;
}

/* A socket that no longer works would be readable for ever. */
static void
give_up(struct udev_news *news)
{
	(void)udev_monitor_unref(news->monitor);
	news->monitor = NULL;
}

bool
udev_news_take(struct udev_news *news)
{
	struct udev_device *device;
	int i, errors = 0;
	bool relevant = false;

	if (news == NULL || news->monitor == NULL)
		return false;
	for (i = 0; i < UDEV_MESSAGES_MAX && errors < UDEV_ERRORS_MAX; i++) {
		errno = 0;
		device = udev_monitor_receive_device(news->monitor);
		if (device == NULL && (errno == EAGAIN || errno == 0))
			break;
		if (device == NULL) {
			relevant = true; /* some was lost */
			errors += errno != ENOBUFS && errno != EINTR;
			continue;
		}
		relevant = is_relevant(device) || relevant;
		(void)udev_device_unref(device);
	}
	if (errors == UDEV_ERRORS_MAX)
		give_up(news);
	return relevant;
}
