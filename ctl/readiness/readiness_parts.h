/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the parts of a readiness report have in common: a place for their items.
 */
#ifndef FG_CTL_READINESS_PARTS_H
#define FG_CTL_READINESS_PARTS_H

#include "ctl/readiness/accounts.h"
#include "ctl/readiness/readiness.h"
#include "ctl/readiness/refused.h"
#include "ctl/readiness/terminals.h"
#include "policyd/conf.h"

#define READINESS_TEXT_SIZE 2048u

/* One that is asked for, or is observed; with its decisions. */
struct readiness_service {
	char *name;
	uint64_t decisions;
};

struct readiness {
	const struct ctl *ctl;
	struct readiness_options options;  /* with what is usual */
	const struct readiness_options *o; /* these, while it is collected */
	struct json *json;		   /* the report, and its lists: */
	struct json *items;
	struct json *notes;
	struct json *status; /* of the daemon, or NULL */
	size_t count;
	uint64_t decisions;
	int64_t first_s, last_s; /* of the decisions */
	struct readiness_service *services;
	size_t nservices;
	struct refused refused;
	struct accounts accounts;
	struct terminals terminals;
	bool has_terminals;
	bool has_methods; /* something can answer a challenge */
};

/*
 * An item, or a note that is none: of a kind, with its text. The fix may be
 * NULL. Returns the object, for more members; it may be NULL.
 */
struct json *readiness_item(struct readiness *r, const char *kind,
    const char *fix, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
struct json *readiness_note(struct readiness *r, const char *kind,
    const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* "" for one, "s" for any other number. */
const char *readiness_plural(uint64_t n);

/* Whether the service is among those that were asked for. */
bool readiness_wants(const struct readiness *r, const char *service);

/* CTL_OK, or CTL_ERROR after a complaint. */
int readiness_list_services(struct readiness *r);

/* The parts, each in a file of its own. They add items and notes. */
void readiness_period(struct readiness *r);
void readiness_refused(struct readiness *r);
void readiness_accounts(struct readiness *r);
void readiness_factors(struct readiness *r);
void readiness_sshd(struct readiness *r);
void readiness_terminals(struct readiness *r);
void readiness_status(struct readiness *r);

/*
 * Mark the rows that the configuration and the inventory of today let in, and
 * see whether that has methods. One that cannot be loaded is an item.
 */
void readiness_settle(struct readiness *r);

/* By the same, what each of the other rows that were observed would be asked
 * for. */
void readiness_ask(struct refused *refused, const struct conf *conf);

#endif
