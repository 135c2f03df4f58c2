/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Devices that a command about the baseline is about: out of a picture of this
 * machine, or out of a list that was made on another one.
 */
#ifndef FG_CONTROL_DEVICES_H
#define FG_CONTROL_DEVICES_H

#include "policyd/conf.h"
#include "policyd/json/json.h"
#include "policyd/store/store_baseline.h"

#define DEVICES_MATCHES_MAX 8u

/* A thing of hardware that the catalogue knows as no machine's own. */
struct devices_match {
	enum entry_kind	 kind;
	bool		 is_sure;	/* by identity; on USB by composition */
	char		 what[SIGN_WHAT_MAX + 1];	/* as of struct sign */
	char		 seen[SIGN_SEEN_MAX + 1];
};

struct devices {
	bool		 looked;	/* there was a picture */
	uint32_t	 unseen;	/* PICTURE_USB, PICTURE_DISPLAYS: not
					 * all of them were looked at */
	size_t		 n;
	struct store_device list[STORE_DEVICES_MAX];
	size_t		 nmatches;
	bool		 more_matches;
	struct devices_match match[DEVICES_MATCHES_MAX];
};

/*
 * Nothing was looked at where there is no picture (NULL). What is approved by
 * its name in the catalogue is no match. .at_s and .by_* of the devices stay 0.
 */
void	devices_look(const struct picture *picture,
	    const struct conf_strings *approved, struct devices *ret_devices);

/*
 * Replace .list by an array of objects with .kind, .what and .seen, as
 * strangers' bytes: NULL, or in problem what is wrong with it, which is
 * returned.
 */
const char *devices_read(const struct json *array, struct devices *devices,
	    char *problem, size_t size);

/* The one of this kind and identity, or NULL. */
const struct store_device *devices_find(const struct devices *devices,
	    enum entry_kind kind, const char *what);

/*
 * What stands against learning anything of what is plugged in now, or NULL: an
 * IP-KVM may bring its own keyboard, mouse and screen. One that is not sure
 * bars nothing.
 */
const struct devices_match *devices_bar(const struct devices *devices);

/* Whether a device of this kind would have been seen. */
bool	devices_would_see(const struct devices *devices, enum entry_kind kind);

/* What could not be looked at, "USB devices", "displays" or both; or NULL.
 * Static. */
const char *devices_unseen_text(const struct devices *devices);

#endif
