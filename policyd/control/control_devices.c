/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Devices, and what stands against taking them for this machine's own. Nothing
 * here talks to anybody.
 */
#include "policyd/control/control_devices.h"

#include <string.h>

#include "policyd/text.h"

/* ---- out of a picture --------------------------------------------------- */

static bool
is_match(const struct sign *sign)
{
	return sign->grade == SIGN_PRESENT &&
	    (sign->kind == ENTRY_IP_KVM || sign->kind == ENTRY_CAPTURE ||
		sign->kind == ENTRY_DUMMY_PLUG || sign->kind == ENTRY_JIGGLER);
}

/* What of an EDID only resembles another one's, ordinary monitors have. */
static bool
is_sure(const struct sign *sign)
{
	bool is_display =
	    sign->kind == ENTRY_CAPTURE || sign->kind == ENTRY_DUMMY_PLUG;

	return sign->confidence >=
	    (is_display ? SIGN_BY_IDENTITY : SIGN_BY_COMPOSITION);
}

/* The sure ones come first: it is they that bar. */
static void
take_match(struct devices *devices, const struct sign *sign)
{
	struct devices_match match = { .kind = (enum entry_kind)sign->kind,
		.is_sure = is_sure(sign) };
	struct devices_match *place = NULL;
	size_t i;

	memcpy(match.what, sign->what, sizeof(match.what));
	memcpy(match.seen, sign->seen, sizeof(match.seen));
	if (devices->nmatches < DEVICES_MATCHES_MAX) {
		devices->match[devices->nmatches++] = match;
		return;
	}
	devices->more_matches = true;
	for (i = 0; i < devices->nmatches && match.is_sure; i++)
		if (!devices->match[i].is_sure)
			place = &devices->match[i];
	if (place != NULL)
		*place = match;
}

static void
take_device(struct devices *devices, const struct sign *sign)
{
	enum entry_kind kind = (enum entry_kind)sign->kind;
	struct store_device *d;

	if (devices->n == STORE_DEVICES_MAX || sign->what[0] == '\0' ||
	    devices_find(devices, kind, sign->what) != NULL)
		return;
	d = &devices->list[devices->n++];
	d->kind = kind;
	memcpy(d->what, sign->what, sizeof(d->what));
	memcpy(d->seen, sign->seen, sizeof(d->seen));
}

void
devices_look(const struct picture *picture, const struct conf_strings *approved,
    struct devices *ret_devices)
{
	const struct sign *sign;
	uint32_t i;

	memset(ret_devices, 0, sizeof(*ret_devices));
	if (picture == NULL)
		return;
	ret_devices->looked = true;
	ret_devices->unseen =
	    (picture->failed | picture->cut) & (PICTURE_USB | PICTURE_DISPLAYS);
	for (i = 0; i < picture->nsigns; i++) {
		sign = &picture->sign[i];
		if (store_is_device((enum entry_kind)sign->kind))
			take_device(ret_devices, sign);
		else if (is_match(sign) &&
		    !conf_strings_has(approved, sign->what))
			take_match(ret_devices, sign);
	}
}

/* ---- out of a list ------------------------------------------------------ */

/* As sign_text() writes them. */
static bool
take_text(const struct json *item, const char *key, char *buf, size_t size)
{
	const char *text = json_get_string(item, key, "");
	size_t i;

	for (i = 0; text[i] != '\0'; i++)
		if (text[i] < ' ' || text[i] > '~')
			return false;
	return text_copy(buf, size, text) == 0;
}

static const char *
read_one(const struct json *item, struct devices *devices)
{
	struct store_device *d = &devices->list[devices->n];

	memset(d, 0, sizeof(*d));
	d->kind = store_device_kind(json_get_string(item, "kind", ""));
	if (d->kind == ENTRY_NONE)
		return "kind is none of keyboard, pointer, other-input and "
		       "monitor";
	if (!take_text(item, "what", d->what, sizeof(d->what)) ||
	    d->what[0] == '\0')
		return "what is none that a device has";
	if (!take_text(item, "seen", d->seen, sizeof(d->seen)))
		return "seen is none that a device has";
	if (devices_find(devices, d->kind, d->what) != NULL)
		return "it is there twice";
	devices->n++;
	return NULL;
}

const char *
devices_read(const struct json *array, struct devices *devices, char *problem,
    size_t size)
{
	size_t i, n = json_length(array);
	const char *why;

	devices->n = 0;
	if (n > STORE_DEVICES_MAX) {
		(void)text_format(problem, size,
		    "%zu devices are more than the %u that can be kept", n,
		    STORE_DEVICES_MAX);
		return problem;
	}
	for (i = 0; i < n; i++) {
		if ((why = read_one(json_at(array, i), devices)) == NULL)
			continue;
		(void)text_format(problem, size, "device %zu of the list: %s",
		    i + 1, why);
		return problem;
	}
	return NULL;
}

const struct store_device *
devices_find(const struct devices *devices, enum entry_kind kind,
    const char *what)
{
	size_t i;

	for (i = 0; i < devices->n; i++)
		if (devices->list[i].kind == kind &&
		    strcmp(devices->list[i].what, what) == 0)
			return &devices->list[i];
	return NULL;
}

/* ---- what stands against it --------------------------------------------- */

const struct devices_match *
devices_bar(const struct devices *devices)
{
	size_t i;

	for (i = 0; i < devices->nmatches; i++)
		if (devices->match[i].is_sure)
			return &devices->match[i];
	return NULL;
}

bool
devices_would_see(const struct devices *devices, enum entry_kind kind)
{
	uint32_t of = kind == ENTRY_MONITOR ? PICTURE_DISPLAYS : PICTURE_USB;

	return devices->looked && (devices->unseen & of) == 0;
}

const char *
devices_unseen_text(const struct devices *devices)
{
	bool usb = !devices_would_see(devices, ENTRY_KEYBOARD);
	bool displays = !devices_would_see(devices, ENTRY_MONITOR);

	if (usb && displays)
		return "USB devices and displays";
	return usb ? "USB devices" : displays ? "displays" : NULL;
}
