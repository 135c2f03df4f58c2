/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the daemon is told when PAM closes a session.
 */
#ifndef FG_FAREWELL_H
#define FG_FAREWELL_H

#include "pam_module/args.h"

/*
 * Tell the daemon, if there is a reference to tell it by. Waits for a quarter
 * of a second at the most, and for no answer. Whatever goes wrong is only said
 * with the argument debug: who was let in is let out.
 */
void farewell_send(pam_handle_t *pamh, const struct args *args);

#endif
