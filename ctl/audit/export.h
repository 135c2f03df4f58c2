/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * farmgatectl audit export: records in the words of other systems.
 */
#ifndef FG_CTL_AUDIT_EXPORT_H
#define FG_CTL_AUDIT_EXPORT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "ctl/ctl.h"
#include "policyd/json/json.h"

/* The command, argv[0] being "export". Returns the exit status. */
int	audit_export(const struct ctl *ctl, int argc, char **argv);

/* What the formats make of an event. */
enum export_kind {
	EXPORT_OTHER,	/* nobody's login */
	EXPORT_LOGIN,	/* a decision, or break-glass */
	EXPORT_STEP_UP,	/* a decision of the phase "auth" */
	EXPORT_OPEN,	/* a session is */
	EXPORT_CLOSE
};

enum export_outcome {
	EXPORT_NONE,	/* nothing was to be had */
	EXPORT_SUCCESS,
	EXPORT_FAILURE,
	EXPORT_UNKNOWN	/* another module says it */
};

enum export_weight {
	EXPORT_INFO,
	EXPORT_LOW,	/* would have been refused */
	EXPORT_MEDIUM,	/* was refused */
	EXPORT_HIGH	/* somebody has to look */
};

/*
 * A record, and what is read of it by more than one format. All texts are
 * borrowed from the record, and "" if it does not say.
 */
struct exported {
	const struct json *record;
	const char	*host;		/* whose log it is */
	enum export_kind kind;
	enum export_outcome outcome;
	enum export_weight weight;
	int64_t		 at_ms;		/* since 1970 */
	const char	*event, *ts, *hash, *verdict, *reason;
	const char	*ref;		/* its own, or of what it reviews */
	const char	*user;
	const char	*person;	/* the inventory's entry */
	const char	*service, *service_kind;
	const char	*address, *rhost, *country, *city;
	char		 message[512];
};

void	exported_read(struct exported *exported, const struct json *record,
	    const char *host);

/* "CODE" or "CODE:GRADE" of each finding, as an array under key. */
void	exported_findings(const struct exported *exported, struct json *json,
	    const char *key);

/* A member, if there is a text. A number as text, if it is not negative. */
void	export_set(struct json *json, const char *key, const char *text);
void	export_set_id(struct json *json, const char *key, int64_t id);
/* The line; takes json. Returns as the formats do. */
int	export_print(struct json *json, FILE *out);

/*
 * The formats: print a record, as a line. They return 0 or FG_ERR_NOMEM;
 * errors of out stay in it.
 */
int	export_ocsf(const struct exported *exported, FILE *out);
int	export_ecs(const struct exported *exported, FILE *out);
void	export_csv_heading(FILE *out);
int	export_csv(const struct exported *exported, FILE *out);

#endif
