/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Capabilities of an input device: bit maps that the kernel prints as words of
 * its own size in hex, the highest first.
 */
#include "policyd/scanner/hardware/input.h"

#include <linux/input.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "proto/result.h"

#define INPUT_MAP_SIZE 512u /* all keys, in words of 32 bits */
#define INPUT_WORD     (8u * (unsigned int)sizeof(long))

/* A word of hex that ends at the end of text, which it is taken off. */
static uint64_t
take_word(char *text)
{
	char *s = strrchr(text, ' ');
	uint64_t v = 0;
	const char *p;

	p = s == NULL ? text : s + 1;
	for (; *p != '\0'; p++)
		v = v << 4 |
		    (uint64_t)(*p <= '9' ? *p - '0' : (*p | 0x20) - 'a' + 10);
	if (s == NULL)
		*text = '\0';
	else
		*s = '\0';
	return v;
}

struct input_map {
	uint64_t word[KEY_CNT / 32 + 1];
};

static int
read_map(int folder, const char *name, struct input_map *ret_map)
{
	char text[INPUT_MAP_SIZE];
	size_t i;
	int r;

	memset(ret_map, 0, sizeof(*ret_map));
	if ((r = sys_read_text(folder, name, text, sizeof(text))) != 0)
		return r;
	if (text[strspn(text, "0123456789abcdefABCDEF ")] != '\0')
		return FG_ERR_FORMAT;
	for (i = 0; text[0] != '\0'; i++) {
		if (i >= sizeof(ret_map->word) / sizeof(ret_map->word[0]))
			return FG_ERR_LIMIT;
		ret_map->word[i] = take_word(text);
	}
	return 0;
}

static bool
has(const struct input_map *map, unsigned int bit)
{
	return (map->word[bit / INPUT_WORD] >> bit % INPUT_WORD & 1u) != 0;
}

static bool
has_any(const struct input_map *map, unsigned int first, unsigned int last)
{
	for (; first <= last; first++)
		if (has(map, first))
			return true;
	return false;
}

static bool
has_letters(const struct input_map *keys)
{
	unsigned int i, n = 0;

	for (i = KEY_Q; i <= KEY_P; i++)
		n += has(keys, i);
	return n == KEY_P - KEY_Q + 1;
}

static void
judge(struct input_device *device, const struct input_map *keys,
    const struct input_map *relative, const struct input_map *absolute)
{
	bool button = has(keys, BTN_LEFT);
	bool position = has(absolute, ABS_X) && has(absolute, ABS_Y);
	bool tool = has_any(keys, BTN_DIGI, BTN_DIGI + 15) ||
	    has(absolute, ABS_MT_SLOT) || has(absolute, ABS_MT_POSITION_X) ||
	    has(absolute, ABS_PRESSURE);
	bool stick = has_any(keys, BTN_JOYSTICK, BTN_DIGI - 1);

	device->keyboard = has_letters(keys);
	device->relative_mouse = has(relative, REL_X) && has(relative, REL_Y);
	device->absolute_mouse = button && position && !tool && !stick;
	device->digitizer = position && tool;
	device->axes = has_any(absolute, 0, ABS_MAX);
}

/* A device that cannot say what it can do has no keys or axes of that kind. */
static void
read_capabilities(int folder, struct input_device *device)
{
	struct input_map keys, relative, absolute;

	(void)read_map(folder, "capabilities/key", &keys);
	(void)read_map(folder, "capabilities/rel", &relative);
	(void)read_map(folder, "capabilities/abs", &absolute);
	judge(device, &keys, &relative, &absolute);
}

static bool
is_below(const char *path, const char *folder)
{
	return strncmp(path, folder, strlen(folder)) == 0;
}

/* Through uhid the Bluetooth daemon brings in what is paired. */
static bool
is_made_here(const struct input_device *device)
{
	return is_below(device->path, "devices/virtual/input/") ||
	    (is_below(device->path, "devices/virtual/misc/uhid/") &&
		device->bus != BUS_BLUETOOTH);
}

int
input_read(int folder, const char *name, struct input_device *ret_device)
{
	struct input_device *d = ret_device;
	int fd, r;

	memset(d, 0, sizeof(*d));
	if ((r = sys_read_link(folder, name, d->path, sizeof(d->path))) != 0)
		return r;
	if ((fd = sys_open_folder(folder, name)) == -1)
		return FG_ERR_SYSTEM;
	(void)sys_read_text(fd, "name", d->name, sizeof(d->name));
	(void)sys_read_text(fd, "uniq", d->unique, sizeof(d->unique));
	if ((r = sys_read_hex(fd, "id/bustype", &d->bus)) == 0 &&
	    (r = sys_read_hex(fd, "id/vendor", &d->vendor)) == 0)
		r = sys_read_hex(fd, "id/product", &d->product);
	d->made_here = is_made_here(d);
	read_capabilities(fd, d);
	(void)close(fd); /* was only read */
	return r;
}
