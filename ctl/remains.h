/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an account still has on this machine after it was revoked, and that
 * may act without a login. Looked at by whoever runs farmgatectl; nothing is
 * changed.
 */
#ifndef FG_CTL_REMAINS_H
#define FG_CTL_REMAINS_H

#include "policyd/json/json.h"

/*
 * Of each of the accounts, as report's "remains": the list, which is report's.
 * It has an object for each thing that is found: "what", "where" and "next",
 * how to take it away. What may not be looked at is one of them. Of a user
 * without a passwd entry only break-glass is found. Waits a moment if the
 * report says that sessions were ended.
 */
const struct json *remains_add(struct json *report,
    const struct json *accounts);
/* All of it on standard output. */
void remains_print(const struct json *list);

#endif
