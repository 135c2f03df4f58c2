/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a person can prove a login with, from the daemon's report.
 */
#ifndef FG_CTL_FACTORS_H
#define FG_CTL_FACTORS_H

#include "policyd/json/json.h"

/* The report's member "factors", under a title. */
void	factors_print(const struct json *report);

/* A bypass among the exceptions, if it is one and in force. */
void	factors_print_bypass(const struct json *exception);

#endif
