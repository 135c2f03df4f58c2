/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is known of machines as assets: the one that the daemon runs on, the one
 * that the SSH key is bound to, and the laptop that has said what it is. A part
 * of facts.h.
 */
#ifndef FG_FACTS_DEVICE_H
#define FG_FACTS_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policyd/device/asset.h"
#include "policyd/device/compare.h"
#include "policyd/people/person.h"
#include "policyd/scanner/picture.h"
#include "proto/msg.h"

enum fact_state {
	FACT_NONE = 0,		/* nobody looked */
	FACT_KNOWN,
	FACT_UNKNOWN,		/* looked for, and there is none */
	FACT_ERROR		/* could not look */
};

#define FACT_ASSET_MAX	64u

/* To whom an asset was issued, seen from the person who logs in. */
enum asset_standing {
	ASSET_STANDING_NONE = 0,	/* who that is is not known */
	ASSET_OWN,		/* to them */
	ASSET_OTHERS,		/* to somebody else alone */
	ASSET_NOBODYS		/* it is in stock, lost, retired, or no one's */
};

/* An asset of the inventory, as far as a login has to do with it. */
struct fact_asset {
	char		 tag[FACT_ASSET_MAX + 1];
	enum asset_form	 form;
	enum asset_status status;
	enum asset_standing standing;
	char		 user[FG_USER_MAX + 1];	/* the first it has; "" */
	/* Where it is expected, and where it was sent to; no point: the
	 * inventory has none. */
	struct asset_place location;
	struct asset_place shipped_to;
	/* Other people whose assets were shipped there too. */
	size_t		 shipped_people;
};

/* The machine that the daemon runs on, as the asset that it is said to be. */
struct fact_device {
	/* NONE: it is said to be none, or there is no inventory of assets;
	 * UNKNOWN: that has no such asset; .asset.tag is set then, too. */
	enum fact_state	 state;
	struct fact_asset asset;
	struct comparison compared;
	char		 twin[FACT_ASSET_MAX + 1]; /* another asset's IDs; "" */
};

/* The asset that the SSH key is bound to which was used. */
#define FACT_BOUND_MAX		32u	/* assets of one key */
#define FACT_BOUND_OWN_MAX	1024u	/* assets of one person */

struct fact_bound {
	/* NONE: it is no login by ssh, sshd has not said yet, or there is no
	 * inventory of assets; UNKNOWN: to none, or no key was used. */
	enum fact_state	 state;
	struct fact_asset asset;	/* the person's own, if one is */
	char		 key[PERSON_KEY_MAX + 1]; /* the first; "": none */
	bool		 unread;	/* not every key could be told */
	/* One is that of more assets than FACT_BOUND_MAX, and tells none. */
	bool		 many;
	/* The person's, that are issued; and those of them that have keys. Of
	 * more than FACT_BOUND_OWN_MAX the first ones. */
	size_t		 assets;
	size_t		 with_keys;
};

#define FACT_COMPANY_NAMED 4u

/* Other people who were at the same place, or with the same device. */
struct fact_company {
	size_t		 people;	/* distinct */
	size_t		 beside;	/* of them, those beside the same
					 * monitor or input */
	size_t		 named;		/* those beside come first */
	char		 name[FACT_COMPANY_NAMED][FG_USER_MAX + 1];
};

#define FACT_ATTESTED_MAX 8u
#define FACT_RELEASE_MAX  15u	/* bytes, printable ASCII */

/*
 * What the laptop that the login comes from has said of itself, signed, when it
 * was asked. The laptop's own daemon's word.
 */
struct fact_attested {
	/* NONE: it was not asked, or has not said; KNOWN: the device key is
	 * enrolled; ERROR: the store could not say. */
	enum fact_state	 state;
	char		 key[PERSON_KEY_MAX + 1];	/* "ed25519:..." */
	struct fact_asset asset;	/* .tag "": it was enrolled without */
	bool		 unlisted;	/* the inventory of assets has not it */
	struct comparison compared;	/* with the asset's */
	bool		 pending;	/* anew, and not long enough ago */
	bool		 clone;		/* two machines have its key */
	bool		 remote;	/* ssh runs in a remote session there */
	bool		 blind;		/* its scanner could not look, */
	bool		 partial;	/* or not at all of it */
	bool		 cut;		/* it has found more */
	bool		 virtual;	/* it is a virtual machine */
	/* Its daemon's; "": it has not said. Nothing is decided by it, nor by
	 * its clock. */
	char		 release[FACT_RELEASE_MAX + 1];
	int64_t		 said_s;
	size_t		 count;
	struct {
		int	 code;		/* enum finding_code; NONE: a later
					 * version's */
		char	 grade[33];
		bool	 minor;
		char	 of[SIGN_WHAT_MAX + 1];
	} list[FACT_ATTESTED_MAX];
	/* Other people within shared_window whose laptops were behind the same
	 * gateway, or beside the same monitor or input; and who have come with
	 * this very device. ERROR: the store could not say, or not keep it. */
	enum fact_state	 company_state;
	struct fact_company site;
	struct fact_company device;
};

/* "own", "others", "nobodys"; "none" for the zero. Static. */
const char	*asset_standing_name(enum asset_standing standing);

#endif
