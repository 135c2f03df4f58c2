/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is of the form of a hardware ID and identifies nothing, because many
 * machines show the same. Pure; text is in the form that hwid.h describes.
 */
#ifndef FG_HWID_PLACEHOLDER_H
#define FG_HWID_PLACEHOLDER_H

#include "policyd/device/hwid.h"

/* Why it is none, as hwid_make() gives it; NULL: it may be one. Static. */
const char	*hwid_placeholder(enum hwid_kind kind, const char *text);

#endif
