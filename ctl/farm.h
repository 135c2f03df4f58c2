/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Clusters of people who came from the same places: two people meet at a
 * source if both came from it, and whoever meets somebody of a cluster belongs
 * to it. So a group that moves from one address to the next stays one.
 */
#ifndef FG_FARM_H
#define FG_FARM_H

#include <stddef.h>
#include <stdint.h>

/* One person behind one source, on one machine. */
struct farm_login {
	char *source; /* as text, IPv6: the /64's address */
	char *person;
	char *host; /* "" for this machine */
	char *country; /* "" if not known */
	char *excused; /* "" if it is not */
	uint32_t asn; /* 0: not known */
	int64_t logins;
	int64_t first_s;
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
 * the order of clusters, then of source and person; those of no cluster are
 * dropped.
 * Returns 0 or FG_ERR_NOMEM.
 */
int farm_cluster(struct farm *farm);

/* The sum, or INT64_MAX: files may say anything. */
int64_t farm_sum(int64_t a, int64_t b);

void farm_done(struct farm *farm);

#endif
