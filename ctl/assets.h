/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Assets as they are in the inventory: farmgatectl inventory asset and check,
 * and what farmgatectl person and test say of them.
 */
#ifndef FG_CTL_ASSETS_H
#define FG_CTL_ASSETS_H

#include "ctl/ctl.h"

int assets_show(const struct ctl *ctl, int argc, char **argv);
int assets_check(const struct ctl *ctl, int argc, char **argv);
/* What a report says if there is no inventory of them, complained; false: there
 * is one. */
bool assets_are_none(const struct json *report);

/*
 * What was issued to a user of the inventory, as "assets" of about: each its
 * "asset", "status" and how many "keys" it has. *ret_known: that is all.
 * Returns CTL_OK or CTL_ERROR, complained.
 */
int assets_of(const struct ctl *ctl, const char *user, struct json *about,
    bool *ret_known);
void assets_print(const struct json *about);
/* Of how many of them there are keys that may be used. */
int64_t assets_keyed(const struct json *about);
/* What a decision without a key leaves out, if n assets have some. */
void assets_print_keyed(int64_t n);

#endif
