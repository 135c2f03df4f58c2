/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The service manager's sessions, by the files that it keeps of them: who sits
 * at the machine, and which desktops are somebody's from elsewhere.
 */
#ifndef FG_LOGIND_H
#define FG_LOGIND_H

#include "policyd/scanner/look/scan.h"

/*
 * Sets .seat_uid and .seat_scope of the picture, adds a sign for each remote
 * desktop, and sets PICTURE_SESSIONS of .failed and .cut. Where there is no
 * such service there are no sessions.
 */
void	logind_look(const struct scan *scan);

#endif
