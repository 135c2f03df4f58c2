/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The file of break-glass, as farmgatectl check reads it.
 */
#ifndef FG_CTL_BREAKGLASS_H
#define FG_CTL_BREAKGLASS_H

#include "policyd/conf.h"

/*
 * Read the file "breakglass" beside the configuration's, by the module's own
 * reader. What lets nobody in is printed as an error, what is seldom meant as a
 * warning. Without the file there is nothing to say.
 * Returns CTL_OK, or CTL_NO if there was an error.
 */
int breakglass_check(const struct conf *conf);

#endif
