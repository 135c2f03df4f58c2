/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The HID report descriptor's items, one after the other. Of the usages that
 * are named before a main item only those few are kept that tell a mouse from
 * a keyboard, so that nothing grows with the descriptor.
 */
#include "policyd/scanner/hardware/hid.h"

#include <string.h>

#include "proto/result.h"

#define HID_DEPTH_MAX	32u /* collections in each other */
#define HID_PUSHED_MAX	4u /* the kernel's own limit */
#define HID_LONG_ITEM	0xfeu
#define HID_LETTERS_MIN 10 /* of 26: less is no keyboard to type on */
#define HID_RANGE_MIN	255 /* of an absolute axis: less is a mistake */

enum hid_type {
	HID_MAIN = 0,
	HID_GLOBAL,
	HID_LOCAL,
	HID_RESERVED
};

/* Tags, each of its type. */
enum {
	MAIN_INPUT = 8,
	MAIN_COLLECTION = 10,
	MAIN_END = 12
};
enum {
	GLOBAL_PAGE = 0,
	GLOBAL_LOGICAL_MIN = 1,
	GLOBAL_LOGICAL_MAX = 2,
	GLOBAL_PUSH = 10,
	GLOBAL_POP = 11
};
enum {
	LOCAL_USAGE = 0,
	LOCAL_USAGE_MIN = 1,
	LOCAL_USAGE_MAX = 2
};

#define INPUT_CONSTANT	       0x01u
#define INPUT_RELATIVE	       0x04u
#define COLLECTION_APPLICATION 1u

#define PAGE_DESKTOP   0x01u
#define PAGE_KEYS      0x07u
#define PAGE_BUTTONS   0x09u
#define PAGE_DIGITIZER 0x0du

#define DESKTOP_POINTER	       0x01u
#define DESKTOP_MOUSE	       0x02u
#define DESKTOP_KEYBOARD       0x06u
#define DESKTOP_KEYPAD	       0x07u
#define DESKTOP_X	       0x30u
#define DESKTOP_Y	       0x31u
#define DIGITIZER_TOUCH_SCREEN 0x04u
#define KEYS_A		       0x04u

#define USAGE(page, id) ((page) << 16 | (id))

struct hid_item {
	uint32_t type; /* enum hid_type */
	uint32_t tag;
	uint32_t size; /* of its data: 0, 1, 2 or 4 */
	uint32_t data;
};

struct hid_globals {
	uint32_t page;
	int64_t logical_min;
	int64_t logical_max;
};

/* Ids whose page is not known until the main item. */
struct hid_ids {
	uint32_t letters; /* a bit each */
	bool x;
	bool y;
	bool first; /* the first button */
};

struct hid_locals {
	struct hid_ids of_page; /* of the page at the main item */
	struct hid_ids desktop; /* with their page named, each */
	struct hid_ids keys;
	struct hid_ids buttons;
	uint32_t min;
	uint32_t min_size;
	uint32_t first; /* usage, with its page if that was named */
	bool has_first;
	bool first_has_page;
};

/* What is in the application collection that is open. */
struct hid_application {
	uint32_t usage;
	uint32_t letters;
	bool button;
	bool absolute_x;
	bool absolute_y;
	bool relative_x;
	bool relative_y;
};

struct hid_parser {
	struct hid_globals globals;
	struct hid_globals pushed[HID_PUSHED_MAX];
	size_t npushed;
	struct hid_locals locals;
	struct hid_application application;
	struct hid_application outer[HID_DEPTH_MAX];
	bool is_application[HID_DEPTH_MAX];
	size_t depth;
	struct hid_uses *uses;
};

static uint32_t
le(const uint8_t *p, size_t size)
{
	uint32_t v = 0;
	size_t i;

	for (i = 0; i < size; i++)
		v |= (uint32_t)p[i] << 8 * i;
	return v;
}

/* A number with the sign that its own size gives it. */
static int64_t
signed_data(const struct hid_item *item)
{
	if (item->size == 1)
		return (int8_t)item->data;
	if (item->size == 2)
		return (int16_t)item->data;
	return (int32_t)item->data;
}

/* False: the rest is shorter than the item says. */
static bool
next_item(const uint8_t **p, const uint8_t *end, struct hid_item *item)
{
	static const uint32_t sizes[] = { 0, 1, 2, 4 };
	size_t left = (size_t)(end - *p) - 1, skip;
	uint8_t head = **p;

	(*p)++;
	if (head == HID_LONG_ITEM) { /* none is defined: of no meaning */
		if (left < 2 || left - 2 < **p)
			return false;
		skip = 2 + (size_t) * *p;
		*item = (struct hid_item){ .type = HID_RESERVED };
	} else {
		skip = sizes[head & 3];
		if (left < skip)
			return false;
		*item = (struct hid_item){ .type = head >> 2 & 3u,
			.tag = head >> 4,
			.size = (uint32_t)skip,
			.data = le(*p, skip) };
	}
	*p += skip;
	return true;
}

static void
ids_add(struct hid_ids *ids, uint32_t min, uint32_t max)
{
	uint32_t i;

	ids->x = ids->x || (min <= DESKTOP_X && DESKTOP_X <= max);
	ids->y = ids->y || (min <= DESKTOP_Y && DESKTOP_Y <= max);
	ids->first = ids->first || (min <= 1 && 1 <= max);
	for (i = 0; i < 26; i++)
		if (min <= KEYS_A + i && KEYS_A + i <= max)
			ids->letters |= 1u << i;
}

static void
locals_add(struct hid_locals *locals, uint32_t min, uint32_t max, uint32_t size)
{
	if (!locals->has_first) {
		locals->has_first = true;
		locals->first = min;
		locals->first_has_page = size == 4;
	}
	if (size != 4) {
		ids_add(&locals->of_page, min, max);
		return;
	}
	if (min >> 16 == PAGE_DESKTOP)
		ids_add(&locals->desktop, min & 0xffffu, max & 0xffffu);
	else if (min >> 16 == PAGE_KEYS)
		ids_add(&locals->keys, min & 0xffffu, max & 0xffffu);
	else if (min >> 16 == PAGE_BUTTONS)
		ids_add(&locals->buttons, min & 0xffffu, max & 0xffffu);
}

static void
do_local(struct hid_parser *parser, const struct hid_item *item)
{
	struct hid_locals *locals = &parser->locals;

	switch (item->tag) {
	case LOCAL_USAGE:
		locals_add(locals, item->data, item->data, item->size);
		break;
	case LOCAL_USAGE_MIN:
		locals->min = item->data;
		locals->min_size = item->size;
		break;
	case LOCAL_USAGE_MAX:
		locals_add(locals, locals->min, item->data,
		    item->size == 4 ? 4 : locals->min_size);
		break;
	default:
		break;
	}
}

/* False: more is taken back than was put away, or there is no room. */
static bool
do_global(struct hid_parser *parser, const struct hid_item *item)
{
	switch (item->tag) {
	case GLOBAL_PAGE:
		parser->globals.page = item->data;
		break;
	case GLOBAL_LOGICAL_MIN:
		parser->globals.logical_min = signed_data(item);
		break;
	case GLOBAL_LOGICAL_MAX:
		/* One that begins at 0 or above is written unsigned by some. */
		parser->globals.logical_max = parser->globals.logical_min < 0 ?
		    signed_data(item) :
		    (int64_t)item->data;
		break;
	case GLOBAL_PUSH:
		if (parser->npushed == HID_PUSHED_MAX)
			return false;
		parser->pushed[parser->npushed++] = parser->globals;
		break;
	case GLOBAL_POP:
		if (parser->npushed == 0)
			return false;
		parser->globals = parser->pushed[--parser->npushed];
		break;
	default:
		break;
	}
	return true;
}

static void
do_input(struct hid_parser *parser, uint32_t flags)
{
	const struct hid_locals *locals = &parser->locals;
	const struct hid_globals *globals = &parser->globals;
	struct hid_application *app = &parser->application;
	bool x = locals->desktop.x, y = locals->desktop.y;

	if ((flags & INPUT_CONSTANT) != 0) /* fills up a byte */
		return;
	app->letters |= locals->keys.letters;
	app->button = app->button || locals->buttons.first;
	if (globals->page == PAGE_KEYS)
		app->letters |= locals->of_page.letters;
	else if (globals->page == PAGE_BUTTONS)
		app->button = app->button || locals->of_page.first;
	x = x || (globals->page == PAGE_DESKTOP && locals->of_page.x);
	y = y || (globals->page == PAGE_DESKTOP && locals->of_page.y);
	if ((flags & INPUT_RELATIVE) != 0) {
		app->relative_x = app->relative_x || x;
		app->relative_y = app->relative_y || y;
	} else if (globals->logical_max - globals->logical_min >=
	    HID_RANGE_MIN) {
		app->absolute_x = app->absolute_x || x;
		app->absolute_y = app->absolute_y || y;
	}
}

/* What the application collection that ends has been. */
static void
conclude(struct hid_parser *parser)
{
	const struct hid_application *app = &parser->application;
	struct hid_uses *uses = parser->uses;

	switch (app->usage) {
	case USAGE(PAGE_DESKTOP, DESKTOP_POINTER):
	case USAGE(PAGE_DESKTOP, DESKTOP_MOUSE):
		if (app->relative_x && app->relative_y)
			uses->relative_mouse = true;
		if (app->absolute_x && app->absolute_y && app->button)
			uses->absolute_mouse = true;
		break;
	case USAGE(PAGE_DIGITIZER, DIGITIZER_TOUCH_SCREEN):
		uses->touch_screen = true;
		break;
	default:
		break;
	}
	/* Keys work in whatever collection they are. */
	if (__builtin_popcount(app->letters) >= HID_LETTERS_MIN)
		uses->keyboard = true;
	if (app->usage >> 16 == PAGE_DIGITIZER)
		uses->digitizer = true;
}

static bool
do_collection(struct hid_parser *parser, uint32_t type)
{
	const struct hid_locals *locals = &parser->locals;
	bool application = type == COLLECTION_APPLICATION;

	if (parser->depth == HID_DEPTH_MAX)
		return false;
	parser->is_application[parser->depth] = application;
	parser->outer[parser->depth++] = parser->application;
	if (!application)
		return true;
	parser->application = (struct hid_application){ 0 };
	if (locals->has_first)
		parser->application.usage = locals->first_has_page ?
		    locals->first :
		    USAGE(parser->globals.page, locals->first & 0xffffu);
	return true;
}

static bool
do_end(struct hid_parser *parser)
{
	if (parser->depth == 0)
		return false;
	if (parser->is_application[--parser->depth]) {
		conclude(parser);
		parser->application = parser->outer[parser->depth];
	}
	return true;
}

/* After each main item the usages that were named are used up. */
static bool
do_main(struct hid_parser *parser, const struct hid_item *item)
{
	bool good = true;

	if (item->tag == MAIN_INPUT)
		do_input(parser, item->data);
	else if (item->tag == MAIN_COLLECTION)
		good = do_collection(parser, item->data);
	else if (item->tag == MAIN_END)
		good = do_end(parser);
	memset(&parser->locals, 0, sizeof(parser->locals));
	return good;
}

static bool
do_item(struct hid_parser *parser, const struct hid_item *item)
{
	switch ((enum hid_type)item->type) {
	case HID_MAIN:
		return do_main(parser, item);
	case HID_GLOBAL:
		return do_global(parser, item);
	case HID_LOCAL:
		do_local(parser, item);
		return true;
	case HID_RESERVED:
		break;
	}
	return true;
}

int
hid_parse(const uint8_t *report, size_t len, struct hid_uses *ret_uses)
{
	struct hid_parser parser = { .uses = ret_uses };
	const uint8_t *p = report, *end = report + len;
	struct hid_item item;
	bool good = len <= HID_REPORT_MAX;

	*ret_uses = (struct hid_uses){ 0 };
	while (good && p < end)
		good = next_item(&p, end, &item) && do_item(&parser, &item);
	good = good && parser.depth == 0;
	/* What was left open counts as if it had ended. */
	while (parser.depth > 0)
		(void)do_end(&parser); /* there is one */
	return good ? 0 : FG_ERR_FORMAT;
}

void
hid_uses_add(struct hid_uses *uses, const struct hid_uses *more)
{
	uses->keyboard = uses->keyboard || more->keyboard;
	uses->relative_mouse = uses->relative_mouse || more->relative_mouse;
	uses->absolute_mouse = uses->absolute_mouse || more->absolute_mouse;
	uses->touch_screen = uses->touch_screen || more->touch_screen;
	uses->digitizer = uses->digitizer || more->digitizer;
}
