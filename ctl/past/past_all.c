/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Each file is at its next login; of these the earliest is taken. A file may be
 * out of order in itself: then so is what comes of it.
 */
#include "ctl/past/past_all.h"

#include <stdlib.h>

#include "policyd/text.h"
#include "proto/result.h"

struct head {
	struct past *past;
	bool ready; /* .login is the next one */
	bool ended;
	struct past_login login;
};

struct past_all {
	size_t n;
	size_t taken; /* the one whose login is out; n: none */
	struct head head[];
};

int
past_all_open(char *const *paths, size_t n, enum past_format format,
    bool rotated, struct past_all **ret_all, char ret_why[PAST_WHY_SIZE])
{
	struct past_all *all;
	int r = 0;

	*ret_all = NULL;
	ret_why[0] = '\0';
	if (n > PAST_FILES_MAX) {
		(void)text_format(ret_why, PAST_WHY_SIZE,
		    "%zu files are more than %u; put some of them together", n,
		    PAST_FILES_MAX);
		return FG_ERR_LIMIT;
	}
	if ((all = calloc(1, sizeof(*all) + n * sizeof(all->head[0]))) ==
	    NULL) {
		(void)text_format(ret_why, PAST_WHY_SIZE, "no memory");
		return FG_ERR_NOMEM;
	}
	for (; r == 0 && all->n < n; all->n += r == 0 ? 1 : 0)
		r = past_open(paths[all->n], format, rotated,
		    &all->head[all->n].past, ret_why);
	all->taken = all->n;
	if (r == 0)
		*ret_all = all;
	else
		past_all_free(all);
	return r;
}

void
past_all_free(struct past_all *all)
{
	if (all == NULL)
		return;
	for (size_t i = 0; i < all->n; i++)
		past_free(all->head[i].past);
	free(all);
}

static int
make_ready(struct head *head, char why[PAST_WHY_SIZE])
{
	int r;

	if (head->ready || head->ended)
		return 0;
	r = past_next(head->past, &head->login, why);
	head->ready = r == 0;
	head->ended = r == FG_ERR_NOT_FOUND;
	return head->ended ? 0 : r;
}

int
past_all_next(struct past_all *all, const struct past_login **ret_login,
    char ret_why[PAST_WHY_SIZE])
{
	struct head *head, *first = NULL;
	int r;

	*ret_login = NULL;
	if (all->taken < all->n)
		all->head[all->taken].ready = false;
	all->taken = all->n;
	for (size_t i = 0; i < all->n; i++) {
		head = &all->head[i];
		if ((r = make_ready(head, ret_why)) != 0)
			return r;
		if (head->ready &&
		    (first == NULL || head->login.at_s < first->login.at_s)) {
			first = head;
			all->taken = i;
		}
	}
	if (first == NULL)
		return FG_ERR_NOT_FOUND;
	*ret_login = &first->login;
	return 0;
}

void
past_all_watch(struct past_all *all, void (*tick)(void *arg), void *arg)
{
	for (size_t i = 0; i < all->n; i++)
		past_watch(all->head[i].past, tick, arg);
}

bool
past_all_any(const struct past_all *all, enum past_format format)
{
	for (size_t i = 0; i < all->n; i++)
		if (past_format(all->head[i].past) == format)
			return true;
	return false;
}

bool
past_all_every(const struct past_all *all, enum past_format format)
{
	for (size_t i = 0; i < all->n; i++)
		if (past_format(all->head[i].past) != format)
			return false;
	return all->n > 0;
}

bool
past_all_only(const struct past_all *all, enum past_format format)
{
	for (size_t i = 0; i < all->n; i++)
		if (past_format(all->head[i].past) != format &&
		    past_lines(all->head[i].past) > 0)
			return false;
	return true;
}

uint64_t
past_all_lines(const struct past_all *all)
{
	uint64_t lines = 0;

	for (size_t i = 0; i < all->n; i++)
		lines += past_lines(all->head[i].past);
	return lines;
}

void
past_all_progress(const struct past_all *all, uint64_t *ret_done,
    uint64_t *ret_all)
{
	uint64_t done, size;

	*ret_done = *ret_all = 0;
	for (size_t i = 0; i < all->n; i++) {
		past_progress(all->head[i].past, &done, &size);
		*ret_done += done;
		*ret_all += size;
	}
}

void
past_all_bad(const struct past_all *all, struct past_bad *ret_bad)
{
	*ret_bad = (struct past_bad){ .count = 0 };
	for (size_t i = 0; i < all->n; i++)
		past_bad_add(ret_bad, past_bad(all->head[i].past));
}
