/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The pool of JSON's memory: pieces are apart and aligned, the block is whole
 * again after the last of them, and what does not fit comes from elsewhere.
 */
#include "policyd/json/json_pool.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The sanitizer's malloc(3) ends the process instead of returning NULL. */
const char *__asan_default_options(void) __attribute__((visibility("default")));

const char *
__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}

static void
pieces_are_aligned_and_apart(void **state)
{
	unsigned char *p[64];

	(void)state;
	for (size_t i = 0; i < 64; i++) {
		p[i] = json_pool_take(i + 1);
		assert_non_null(p[i]);
		assert_int_equal((uintptr_t)p[i] % alignof(max_align_t), 0);
		memset(p[i], (int)i, i + 1);
	}
	for (size_t i = 0; i < 64; i++) {
		for (size_t j = 0; j <= i; j++)
			assert_int_equal(p[i][j], i);
		json_pool_give(p[i]);
	}
}

static void
the_block_is_whole_again_after_the_last_piece(void **state)
{
	void *first = json_pool_take(100), *second = json_pool_take(100);

	(void)state;
	json_pool_give(first);
	assert_ptr_not_equal(json_pool_take(100), first);
	json_pool_give(second);
	json_pool_give((unsigned char *)second + 112); /* the third */
	assert_ptr_equal(json_pool_take(JSON_POOL_SIZE), first);
	json_pool_give(first);
	assert_ptr_equal(json_pool_take(1), first);
	json_pool_give(first);
}

static void
what_does_not_fit_comes_from_elsewhere(void **state)
{
	unsigned char *all = json_pool_take(JSON_POOL_SIZE - 32), *more[4];
	const size_t sizes[4] = { 33, JSON_POOL_SIZE, JSON_POOL_SIZE + 1, 1 };

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		more[i] = json_pool_take(sizes[i]);
		assert_non_null(more[i]);
		memset(more[i], 7, sizes[i]);
		assert_int_equal(more[i] >= all &&
			more[i] < all + JSON_POOL_SIZE,
		    sizes[i] == 1);
	}
	for (size_t i = 0; i < 4; i++)
		json_pool_give(more[i]);
	json_pool_give(all);
	assert_ptr_equal(json_pool_take(1), all);
	json_pool_give(all);
}

static void
sizes_that_no_memory_has_are_refused(void **state)
{
	volatile size_t most = SIZE_MAX;
	void *p = json_pool_take(1);

	(void)state;
	assert_null(json_pool_take(most - 1));
	assert_null(json_pool_take(most / 2 + 1));
	json_pool_give(NULL);
	json_pool_give(p);
	assert_ptr_equal(json_pool_take(1), p);
	json_pool_give(p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_are_aligned_and_apart),
		cmocka_unit_test(the_block_is_whole_again_after_the_last_piece),
		cmocka_unit_test(what_does_not_fit_comes_from_elsewhere),
		cmocka_unit_test(sizes_that_no_memory_has_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
