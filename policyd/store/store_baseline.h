/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is plugged into this machine from outside and is known to be its own:
 * learned once, as a whole, and added to since. Each device is known by its
 * kind and its identity together, so that a mouse that becomes a keyboard is
 * new.
 * What is changed is on the disk when a call returns.
 */
#ifndef FG_STORE_BASELINE_H
#define FG_STORE_BASELINE_H

#include "policyd/scanner/picture.h"
#include "policyd/store/store.h"

#define STORE_DEVICES_MAX	256u
#define STORE_LEARNED_FILE_MAX	200u

struct store_device {
	/* ENTRY_KEYBOARD to ENTRY_MONITOR; NONE: another version's, which no
	 * device is. */
	enum entry_kind	 kind;
	char		 what[SIGN_WHAT_MAX + 1];	/* as of struct sign */
	char		 seen[SIGN_SEEN_MAX + 1];	/* when it was added */
	int64_t		 at_s;		/* when that was */
	uint32_t	 by_uid;	/* and by whom */
	uint32_t	 by_loginuid;
};

/* When all of it was learned last. */
struct store_learned {
	int64_t		 at_s;
	uint32_t	 by_uid;
	uint32_t	 by_loginuid;
	/* What the list was called that it comes from; "": it is of what was
	 * plugged in here. */
	char		 file[STORE_LEARNED_FILE_MAX + 1];
};

/*
 * Instead of what was learned before: these n, also none, which is a baseline
 * as well. FG_ERR_LIMIT: more than STORE_DEVICES_MAX; FG_ERR_FORMAT: one could
 * not be read back, or is there twice.
 */
int	store_baseline_learn(struct store *store,
	    const struct store_learned *learned,
	    const struct store_device *list, size_t n);
/*
 * Add these, or all or none of them; one that is there already is as it is here
 * from then on. As above; FG_ERR_NOT_FOUND: nothing was ever learned.
 */
int	store_baseline_accept(struct store *store,
	    const struct store_device *list, size_t n);

/* FG_ERR_NOT_FOUND: nothing was ever learned. */
int	store_baseline_learned(struct store *store,
	    struct store_learned *ret_learned);
/* In the order of .what. fn returns non-zero to stop. */
typedef int (*store_device_fn)(const struct store_device *device, void *arg);
int	store_baseline_each(struct store *store, store_device_fn fn, void *arg);

/* What a login needs of it; see store_baseline(). */
struct store_baseline {
	bool		 learned;
	/* One was learned, and the database that had it was moved aside: until
	 * one is learned again nothing is known to be the machine's own. */
	bool		 lost;
	size_t		 n;
	struct {
		enum entry_kind kind;
		char	 what[SIGN_WHAT_MAX + 1];
	} device[STORE_DEVICES_MAX];
};

/*
 * All of it, remembered until something is committed, by whichever process.
 * *ret_baseline is the store's, and valid until the next call; NULL on error.
 */
int	store_baseline(struct store *store,
	    const struct store_baseline **ret_baseline);
bool	store_baseline_has(const struct store_baseline *baseline,
	    enum entry_kind kind, const char *what);

/* Whether it is of the kinds that are plugged in from outside. */
bool	store_is_device(enum entry_kind kind);
/* Of these, by entry_kind_name(); ENTRY_NONE for anything else. */
enum entry_kind store_device_kind(const char *name);

#endif
