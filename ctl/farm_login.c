/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Logins as they are put together, before anybody asks who belongs together.
 */
#include "ctl/farm.h"

#include <stdlib.h>
#include <string.h>

#include "proto/result.h"

static const char *const why_names[] = { [FARM_NONE] = "none",
	[FARM_ADDRESS] = "address",
	[FARM_GATEWAY] = "gateway",
	[FARM_PERIPHERAL] = "peripheral",
	[FARM_DEVICE] = "device" };

const char *
farm_why_name(enum farm_why why)
{
	return why_names[why <= FARM_DEVICE ? why : FARM_NONE];
}

enum farm_why
farm_why_by_name(const char *name)
{
	enum farm_why why;

	for (why = FARM_ADDRESS; why <= FARM_DEVICE; why++)
		if (strcmp(why_names[why], name) == 0)
			return why;
	return FARM_NONE;
}

bool
farm_same_source(const struct farm_login *a, const struct farm_login *b)
{
	return a->why == b->why && strcmp(a->source, b->source) == 0;
}

static bool
copy(char **dst, const char *src)
{
	return (*dst = strdup(src)) != NULL;
}

void
farm_login_done(struct farm_login *l)
{
	free(l->source);
	free(l->asset);
	free(l->person);
	free(l->host);
	free(l->country);
	free(l->excused);
}

int
farm_add(struct farm *farm, const struct farm_login *login)
{
	struct farm_login *list, *l;
	size_t n = farm->nlogins;

	/* Twice as many when a power of two is full. */
	if ((n & (n - 1)) == 0) {
		list = reallocarray(farm->logins, n == 0 ? 1 : 2 * n,
		    sizeof(*list));
		if (list == NULL)
			return FG_ERR_NOMEM;
		farm->logins = list;
	}
	l = &farm->logins[n];
	*l = *login;
	l->source = l->asset = l->person = l->host = NULL;
	l->country = l->excused = NULL;
	if (!copy(&l->source, login->source) ||
	    !copy(&l->asset, login->asset) ||
	    !copy(&l->person, login->person) || !copy(&l->host, login->host) ||
	    !copy(&l->country, login->country) ||
	    !copy(&l->excused, login->excused)) {
		farm_login_done(l);
		return FG_ERR_NOMEM;
	}
	farm->nlogins++;
	return 0;
}

void
farm_done(struct farm *farm)
{
	size_t i;

	for (i = 0; i < farm->nlogins; i++)
		farm_login_done(&farm->logins[i]);
	free(farm->logins);
	free(farm->clusters);
	memset(farm, 0, sizeof(*farm));
}

int64_t
farm_sum(int64_t a, int64_t b)
{
	int64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
}
