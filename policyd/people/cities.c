/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The cities of the world in memory, sorted by their folded names: an import
 * asks for as many as it has people. A line that is not of the form refuses
 * the file, which a program has written.
 */
#include "policyd/people/cities.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/conf/countries.h"
#include "policyd/people/degrees.h"
#include "policyd/people/fold.h"
#include "policyd/privilege/safeopen.h"
#include "policyd/text.h"
#include "proto/result.h"

#define COLUMNS	       5
#define NAME_MAX_BYTES 256u

/* key is the country's two letters and the folded name. */
struct city {
	const char *key;
	uint16_t len;
	uint64_t population;
	double latitude;
	double longitude;
};

struct cities {
	size_t n;
	size_t room;
	struct city *list;
	char *keys;
	size_t keys_used;
	size_t keys_size;
};

struct column {
	const char *text;
	size_t len;
};

static int
compare_keys(const struct city *a, const struct city *b)
{
	size_t n = a->len < b->len ? a->len : b->len;
	int r = memcmp(a->key, b->key, n);

	return r != 0 ? r : (a->len > b->len) - (a->len < b->len);
}

/* Of one name, the most populous comes first. */
static int
compare_cities(const void *a, const void *b)
{
	const struct city *x = a, *y = b;
	int r = compare_keys(x, y);

	return r != 0 ?
	    r :
	    (x->population < y->population) - (x->population > y->population);
}

/* The key of a city, up to size bytes. Returns its length, 0 for none. */
static size_t
make_key(const char *country, const char *name, size_t len, char *key,
    size_t size)
{
	char code[3] = { 0 };
	size_t n;

	for (size_t i = 0; i < 2; i++)
		code[i] = text_upper(country[i]);
	if (!country_is_known(code) || len > NAME_MAX_BYTES || size < 2)
		return 0;
	memcpy(key, code, 2);
	n = fold_name(name, len, key + 2, size - 2);
	return n == 0 ? 0 : n + 2;
}

static int
parse_population(const struct column *column, uint64_t *ret_n)
{
	char digits[21];

	*ret_n = 0;
	if (column->len == 0)
		return 0; /* not known */
	if (column->len >= sizeof(digits))
		return FG_ERR_FORMAT;
	memcpy(digits, column->text, column->len);
	digits[column->len] = '\0';
	return text_parse_uint(digits, 0, UINT64_MAX, ret_n);
}

static struct city *
new_city(struct cities *cities)
{
	size_t room = cities->room == 0 ? 4096 : cities->room * 2;
	struct city *list;

	if (cities->n == cities->room) {
		list = reallocarray(cities->list, room, sizeof(*list));
		if (list == NULL)
			return NULL;
		cities->list = list;
		cities->room = room;
	}
	return &cities->list[cities->n];
}

static int
add_city(struct cities *cities, const struct column c[COLUMNS])
{
	struct city *city = new_city(cities);
	size_t len;

	if (city == NULL)
		return FG_ERR_NOMEM;
	memset(city, 0, sizeof(*city));
	city->key = cities->keys + cities->keys_used;
	if (c[0].len != 2 ||
	    degrees_parse(c[2].text, c[2].len, 90, &city->latitude) != 0 ||
	    degrees_parse(c[3].text, c[3].len, 180, &city->longitude) != 0 ||
	    parse_population(&c[4], &city->population) != 0 ||
	    !text_is_utf8(c[1].text, c[1].len) || c[1].len > NAME_MAX_BYTES)
		return FG_ERR_FORMAT;
	len = make_key(c[0].text, c[1].text, c[1].len,
	    cities->keys + cities->keys_used,
	    cities->keys_size - cities->keys_used);
	/* A name of nothing but dots, or of no country, cannot be asked for. */
	if (len == 0)
		return 0;
	city->len = (uint16_t)len;
	cities->keys_used += len;
	cities->n++;
	return 0;
}

static int
read_line(struct cities *cities, const char *line, size_t len)
{
	struct column c[COLUMNS];
	const char *tab, *end;
	int i;

	if (len > 0 && line[len - 1] == '\r')
		len--;
	if (len == 0 || line[0] == '#')
		return 0;
	end = line + len;
	for (i = 0; i < COLUMNS; i++) {
		if (line == NULL)
			return FG_ERR_FORMAT;
		tab = memchr(line, '\t', (size_t)(end - line));
		c[i].text = line;
		c[i].len = (size_t)((tab == NULL ? end : tab) - line);
		line = tab == NULL ? NULL : tab + 1;
	}
	/* A later version may add columns. */
	return add_city(cities, c);
}

static int
read_lines(struct cities *cities, const char *data, size_t len)
{
	const char *end, *stop = data + len;
	int r;

	while (data < stop) {
		end = memchr(data, '\n', (size_t)(stop - data));
		if (end == NULL)
			end = stop;
		if ((r = read_line(cities, data, (size_t)(end - data))) != 0)
			return r;
		data = end + 1;
	}
	return 0;
}

int
cities_open(const char *path, struct cities **ret_cities, const char **ret_why)
{
	struct cities *cities = NULL;
	char *data = NULL;
	size_t len;
	int r;

	*ret_cities = NULL;
	r = safeopen_read_any(path, CITIES_FILE_MAX, &data, &len, ret_why);
	if (r != FG_ERR_UNSAFE && r != FG_ERR_LIMIT)
		*ret_why = NULL;
	if (r == FG_ERR_SYSTEM && (errno == ENOENT || errno == ENOTDIR))
		r = FG_ERR_NOT_FOUND;
	if (r != 0)
		goto out;
	r = FG_ERR_NOMEM;
	if ((cities = calloc(1, sizeof(*cities))) == NULL ||
	    (cities->keys = malloc(2 * len + 1)) == NULL)
		goto out;
	cities->keys_size = 2 * len + 1;
	if ((r = read_lines(cities, data, len)) != 0)
		goto out;
	if (cities->n > 0)
		qsort(cities->list, cities->n, sizeof(*cities->list),
		    compare_cities);
	*ret_cities = cities;
	cities = NULL;
out:
	cities_free(cities);
	free(data);
	return r;
}

void
cities_free(struct cities *cities)
{
	if (cities == NULL)
		return;
	free(cities->list);
	free(cities->keys);
	free(cities);
}

/* The first one with the key, or NULL. */
static const struct city *
find_key(const struct cities *cities, const struct city *wanted)
{
	size_t low = 0, high = cities->n, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (compare_keys(&cities->list[mid], wanted) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == cities->n || compare_keys(&cities->list[low], wanted) != 0)
		return NULL;
	return &cities->list[low];
}

int
cities_find(const struct cities *cities, const char *home, double *ret_latitude,
    double *ret_longitude)
{
	char key[2 * NAME_MAX_BYTES + 2];
	const char *comma = strrchr(home, ','), *code;
	const struct city *city;
	struct city wanted = { .key = key };

	*ret_latitude = *ret_longitude = 0;
	if (comma == NULL)
		return FG_ERR_FORMAT;
	code = comma + 1 + strspn(comma + 1, " ");
	if (strlen(code) != 2)
		return FG_ERR_FORMAT;
	wanted.len = (uint16_t)make_key(code, home, (size_t)(comma - home), key,
	    sizeof(key));
	if (wanted.len == 0)
		return FG_ERR_FORMAT;
	if ((city = find_key(cities, &wanted)) == NULL)
		return FG_ERR_NOT_FOUND;
	*ret_latitude = city->latitude;
	*ret_longitude = city->longitude;
	return 0;
}
