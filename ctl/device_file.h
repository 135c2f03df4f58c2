/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * This laptop's device key, for root: its file is made by farmgatectl enrol
 * init, and read again by farmgatectl enrol request and the daemon.
 */
#ifndef FG_CTL_DEVICE_FILE_H
#define FG_CTL_DEVICE_FILE_H

#include <stdbool.h>

#include "policyd/witness/device_key.h"

/* How a key is made. */
struct device_file {
	bool	 replace;	/* one that is there */
	bool	 tpm;		/* this machine's seals it */
};

/*
 * Make a key, and its file at path: whole or not at all, root's alone. One that
 * is there stays, unless .replace: it then is gone when this has succeeded.
 * Returns CTL_OK, or CTL_ERROR after a complaint.
 */
int	device_file_make(const char *path, const struct device_file *how,
	    char ret_public[KEY_TEXT_SIZE]);

/* The caller frees with device_key_free(). Returns likewise. */
int	device_file_read(const char *path, struct device_key **ret_key);

#endif
