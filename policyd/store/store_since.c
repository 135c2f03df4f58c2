/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * When a revocation begins, by which clock. Pure: it is asked of what any store
 * has said.
 */
#include "policyd/store/store_revocation.h"

int64_t
store_revocation_since(const struct store_revocation *r, int64_t now_s)
{
	return r->at_s <= r->made_s && r->at_s > now_s ? now_s : r->at_s;
}
