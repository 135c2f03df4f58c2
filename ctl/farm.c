/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Union-find over people, by the sources that they share. Everything is sorted
 * before it is walked, so that the result depends on nothing but the logins.
 */
#include "ctl/farm.h"

#include <stdlib.h>
#include <string.h>

#include "proto/result.h"

#define NONE ((size_t)-1)

/* ---- who belongs together ---------------------------------------------- */

static int
by_source(const void *a, const void *b)
{
	const struct farm_login *x = a, *y = b;
	int order;

	if (x->why != y->why)
		return x->why < y->why ? -1 : 1;
	if ((order = strcmp(x->source, y->source)) == 0 &&
	    (order = strcmp(x->person, y->person)) == 0)
		order = strcmp(x->host, y->host);
	return order;
}

/*
 * What a machine has exported twice, or again later: the last one has all of
 * it. Nothing becomes excused by it that was not.
 */
static void
take_newer(struct farm_login *old, struct farm_login *again)
{
	struct farm_login kept;

	if (again->last_s > old->last_s ||
	    (again->last_s == old->last_s && again->logins > old->logins)) {
		kept = *old;
		*old = *again;
		*again = kept;
	}
	if (again->first_s < old->first_s)
		old->first_s = again->first_s;
	if (again->excused[0] == '\0')
		old->excused[0] = '\0';
	farm_login_done(again);
}

/* Behind by_source(), which brings them together. */
static void
drop_repeated(struct farm *farm)
{
	size_t i, n = 1;

	for (i = 1; i < farm->nlogins; i++) {
		if (by_source(&farm->logins[n - 1], &farm->logins[i]) == 0)
			take_newer(&farm->logins[n - 1], &farm->logins[i]);
		else
			farm->logins[n++] = farm->logins[i];
	}
	farm->nlogins = n;
}

/* The people of sources, each once, in order. */
struct people {
	const char **name;
	size_t *parent; /* of the union; NONE: met nobody yet */
	size_t n;
};

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int
people_of(const struct farm *farm, struct people *ret_people)
{
	struct people *p = ret_people;
	size_t i;

	memset(p, 0, sizeof(*p));
	p->name = calloc(farm->nlogins + 1, sizeof(*p->name));
	p->parent = calloc(farm->nlogins + 1, sizeof(*p->parent));
	if (p->name == NULL || p->parent == NULL)
		return FG_ERR_NOMEM;
	for (i = 0; i < farm->nlogins; i++)
		p->name[i] = farm->logins[i].person;
	qsort(p->name, farm->nlogins, sizeof(*p->name), by_name);
	for (i = 0; i < farm->nlogins; i++)
		if (p->n == 0 || strcmp(p->name[p->n - 1], p->name[i]) != 0)
			p->name[p->n++] = p->name[i];
	for (i = 0; i < p->n; i++)
		p->parent[i] = NONE;
	return 0;
}

static void
people_done(struct people *p)
{
	free(p->name);
	free(p->parent);
}

static size_t
people_find(const struct people *p, const char *name)
{
	const char **found;

	found = bsearch(&name, p->name, p->n, sizeof(*p->name), by_name);
	return (size_t)(found - p->name); /* everybody is among them */
}

static size_t
root(struct people *p, size_t i)
{
	while (p->parent[i] != i) {
		p->parent[i] = p->parent[p->parent[i]];
		i = p->parent[i];
	}
	return i;
}

static void
meet(struct people *p, size_t a, size_t b)
{
	if (p->parent[a] == NONE)
		p->parent[a] = a;
	if (p->parent[b] == NONE)
		p->parent[b] = b;
	a = root(p, a);
	b = root(p, b);
	/* The first by name stands for all. */
	if (a < b)
		p->parent[b] = a;
	else
		p->parent[a] = b;
}

/* The logins of one source, which stand together. */
static size_t
source_end(const struct farm *farm, size_t i)
{
	const struct farm_login *first = &farm->logins[i];

	while (i < farm->nlogins && farm_same_source(&farm->logins[i], first))
		i++;
	return i;
}

static bool
is_excused(const struct farm *farm, size_t from, size_t to)
{
	size_t i;

	for (i = from; i < to; i++)
		if (farm->logins[i].excused[0] == '\0')
			return false;
	return true;
}

static bool
is_shared(const struct farm *farm, size_t from, size_t to)
{
	return strcmp(farm->logins[from].person, farm->logins[to - 1].person) !=
	    0;
}

static void
meet_at_sources(const struct farm *farm, struct people *p)
{
	size_t i, k, end;

	for (i = 0; i < farm->nlogins; i = end) {
		end = source_end(farm, i);
		if (!is_shared(farm, i, end) || is_excused(farm, i, end))
			continue;
		for (k = i + 1; k < end; k++)
			meet(p, people_find(p, farm->logins[i].person),
			    people_find(p, farm->logins[k].person));
	}
}

/* ---- clusters ---------------------------------------------------------- */

/* By the number of the person who stands for it, or a new one. */
static size_t
cluster_of(struct farm *farm, struct people *p, size_t *numbers, size_t from)
{
	size_t at = root(p, people_find(p, farm->logins[from].person));

	if (numbers[at] == NONE)
		numbers[at] = farm->nclusters++;
	return numbers[at];
}

static void
number_logins(struct farm *farm, struct people *p, size_t *numbers)
{
	size_t i, k, end, cluster;

	for (i = 0; i < farm->nlogins; i = end) {
		end = source_end(farm, i);
		cluster = NONE;
		if (is_shared(farm, i, end))
			cluster = is_excused(farm, i, end) ?
			    farm->nclusters++ :
			    cluster_of(farm, p, numbers, i);
		for (k = i; k < end; k++)
			farm->logins[k].cluster = cluster;
	}
}

static int
by_cluster(const void *a, const void *b)
{
	const struct farm_login *x = a, *y = b;

	if (x->cluster != y->cluster)
		return x->cluster < y->cluster ? -1 : 1;
	return by_source(a, b);
}

/* Different values of a member among the logins of a cluster. */
static size_t
count_different(struct farm_login *const *list, size_t n, const char **names,
    const char *(*of)(const struct farm_login *l))
{
	size_t i, different = 0;

	for (i = 0; i < n; i++)
		names[i] = of(list[i]);
	qsort(names, n, sizeof(*names), by_name);
	for (i = 0; i < n; i++)
		different += i == 0 || strcmp(names[i - 1], names[i]) != 0;
	return different;
}

static const char *
person_of(const struct farm_login *l)
{
	return l->person;
}

static const char *
source_of(const struct farm_login *l)
{
	return l->source;
}

static const char *
host_of(const struct farm_login *l)
{
	return l->host;
}

static void
sum_up(struct farm_cluster *c, struct farm_login **list, size_t n,
    const char **names)
{
	size_t i;

	memset(c, 0, sizeof(*c));
	c->first_s = INT64_MAX;
	c->excuse = list[0]->excused;
	for (i = 0; i < n; i++) {
		/* All of them, or none: see number_logins(). */
		if (list[i]->excused[0] == '\0')
			c->excuse = NULL;
		c->logins = farm_sum(c->logins, list[i]->logins);
		if (list[i]->first_s < c->first_s)
			c->first_s = list[i]->first_s;
		if (list[i]->last_s > c->last_s)
			c->last_s = list[i]->last_s;
	}
	c->people = count_different(list, n, names, person_of);
	c->sources = count_different(list, n, names, source_of);
	c->hosts = count_different(list, n, names, host_of);
}

/* A cluster with the number that its logins have. */
struct ranked {
	struct farm_cluster c;
	size_t number;
};

static int
by_suspicion(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if ((x->c.excuse != NULL) != (y->c.excuse != NULL))
		return x->c.excuse != NULL ? 1 : -1;
	if (x->c.people != y->c.people)
		return x->c.people > y->c.people ? -1 : 1;
	if (x->c.sources != y->c.sources)
		return x->c.sources > y->c.sources ? -1 : 1;
	if (x->c.last_s != y->c.last_s)
		return x->c.last_s > y->c.last_s ? -1 : 1;
	return x->number < y->number ? -1 : 1;
}

static void
drop_loners(struct farm *farm)
{
	size_t i, n = 0;

	for (i = 0; i < farm->nlogins; i++) {
		if (farm->logins[i].cluster == NONE)
			farm_login_done(&farm->logins[i]);
		else
			farm->logins[n++] = farm->logins[i];
	}
	farm->nlogins = n;
}

static void
sum_all(struct farm *farm, struct ranked *ranked, struct farm_login **list,
    const char **names)
{
	size_t i, k, n;

	qsort(farm->logins, farm->nlogins, sizeof(*farm->logins), by_cluster);
	for (i = 0, k = 0; i < farm->nlogins; i += n, k++) {
		for (n = 0; i + n < farm->nlogins &&
		     farm->logins[i + n].cluster == farm->logins[i].cluster;
		     n++)
			list[n] = &farm->logins[i + n];
		sum_up(&ranked[k].c, list, n, names);
		ranked[k].number = farm->logins[i].cluster;
	}
}

static void
renumber(struct farm *farm, const struct ranked *ranked, size_t *numbers)
{
	size_t i;

	for (i = 0; i < farm->nclusters; i++) {
		farm->clusters[i] = ranked[i].c;
		numbers[ranked[i].number] = i;
	}
	for (i = 0; i < farm->nlogins; i++)
		farm->logins[i].cluster = numbers[farm->logins[i].cluster];
	qsort(farm->logins, farm->nlogins, sizeof(*farm->logins), by_cluster);
}

static int
rank(struct farm *farm, size_t *numbers)
{
	size_t n = farm->nclusters + 1;
	struct farm_login **list;
	struct ranked *ranked;
	const char **names;
	int r = FG_ERR_NOMEM;

	ranked = calloc(n, sizeof(*ranked));
	list = calloc(farm->nlogins + 1, sizeof(*list));
	names = calloc(farm->nlogins + 1, sizeof(*names));
	farm->clusters = calloc(n, sizeof(*farm->clusters));
	if (ranked != NULL && list != NULL && names != NULL &&
	    farm->clusters != NULL) {
		sum_all(farm, ranked, list, names);
		qsort(ranked, farm->nclusters, sizeof(*ranked), by_suspicion);
		renumber(farm, ranked, numbers);
		r = 0;
	}
	free(ranked);
	free(list);
	free(names);
	return r;
}

int
farm_cluster(struct farm *farm)
{
	size_t *numbers, i;
	struct people p;
	int r;

	if (farm->nlogins == 0)
		return 0;
	qsort(farm->logins, farm->nlogins, sizeof(*farm->logins), by_source);
	drop_repeated(farm);
	/* One for each person, and later for each cluster: no more of them
	 * than of logins. */
	numbers = calloc(farm->nlogins + 1, sizeof(*numbers));
	if ((r = people_of(farm, &p)) != 0 || numbers == NULL) {
		people_done(&p);
		free(numbers);
		return FG_ERR_NOMEM;
	}
	for (i = 0; i <= farm->nlogins; i++)
		numbers[i] = NONE;
	meet_at_sources(farm, &p);
	number_logins(farm, &p, numbers);
	people_done(&p);
	drop_loners(farm);
	r = rank(farm, numbers);
	free(numbers);
	return r;
}
