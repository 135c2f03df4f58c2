/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Clusters of people who came from the same places: two people meet at a
 * source if both came from it, and whoever meets somebody of a cluster belongs
 * to it. So a group that moves from one address to the next stays one. A source
 * is an address, or what laptops have said: their gateway, a monitor or input
 * beside them, and which one it is.
 */
#ifndef FG_FARM_H
#define FG_FARM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the source is, in the order in which they are shown. */
enum farm_why {
	FARM_NONE = 0,
	FARM_ADDRESS,
	FARM_GATEWAY,
	FARM_PERIPHERAL, /* a monitor or an input */
	FARM_DEVICE
};

/* One person behind one source, on one machine. */
struct farm_login {
	enum farm_why why;
	char *source; /* as text, IPv6: the /64's address; a digest; a key */
	char *asset; /* the device's; "" if not known, or it is none */
	char *person;
	char *host; /* "" for this machine */
	char *country; /* "" if not known */
	char *excused; /* "" if it is not */
	uint32_t asn; /* 0: not known */
	int64_t logins; /* of an address */
	int64_t first_s; /* or else the last one */
	int64_t last_s;
	size_t cluster; /* index; set by farm_cluster() */
};

struct farm_cluster {
	size_t people; /* distinct */
	size_t sources; /* where two of them or more met */
	size_t hosts;
	int64_t logins;
	int64_t first_s;
	int64_t last_s;
	const char *excuse; /* one of them, if its source is excused; or NULL */
};

struct farm {
	struct farm_login *logins;
	size_t nlogins;
	struct farm_cluster *clusters; /* the most suspicious first */
	size_t nclusters;
};

/* Takes copies. Returns 0 or FG_ERR_NOMEM. */
int farm_add(struct farm *farm, const struct farm_login *login);

/*
 * Make clusters of at least two people. Excused sources tie nobody together;
 * they make clusters of their own, which come last. A machine excuses for
 * itself alone: one that another has seen as well, and does not excuse, is not.
 * What one machine says twice of a person and a source counts once, as it was
 * at the last login, and is excused if it always was.
 * Then more people, more sources, and the later ones come first. Logins are in
 * the order of clusters, then of what the source is, the source and the person;
 * those of no cluster are dropped.
 * Returns 0 or FG_ERR_NOMEM.
 */
int farm_cluster(struct farm *farm);

/* They have come from the same source. */
bool farm_same_source(const struct farm_login *a, const struct farm_login *b);

/* "address", "gateway", "peripheral", "device"; "none". Static. */
const char *farm_why_name(enum farm_why why);
/* FARM_NONE if there is no such name. */
enum farm_why farm_why_by_name(const char *name);

/* The sum, or INT64_MAX: files may say anything. */
int64_t farm_sum(int64_t a, int64_t b);

void farm_done(struct farm *farm);
/* What a login has; not itself. */
void farm_login_done(struct farm_login *login);

#endif
