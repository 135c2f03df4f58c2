/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A file of /etc/pam.d, read whole and replaced whole: at any moment a login
 * finds the old one or the new one.
 */
#ifndef FG_CTL_ROLLOUT_STACKFILE_H
#define FG_CTL_ROLLOUT_STACKFILE_H

#include <stdbool.h>
#include <stddef.h>

#define STACKFILE_MAX	   65536u
#define STACKFILE_PATH_MAX 128u

/*
 * Whether a service of that name can be edited: a plain name, and none that
 * other services include. Complains.
 */
bool	stackfile_is_service(const char *service);

/* STACK_CONFDIR/SERVICE. Returns buf. */
const char	*stackfile_path(const char *service,
		    char buf[STACKFILE_PATH_MAX]);

/*
 * The whole file and a NUL; the caller frees. It is root's, no link, and
 * nobody else may write it. Complains of all but that it is not there.
 * Returns CTL_OK, CTL_NO (it is not there) or CTL_ERROR.
 */
int	stackfile_read(const char *service, char **ret_bytes,
	    size_t *ret_len);

/*
 * Have a copy of the file beside it, on the disk, so that the way back needs no
 * room on a disk that is full by then; it belongs to no service. Complains.
 */
int	stackfile_keep(const char *service, const char *bytes, size_t len);
/* That copy becomes the file. Returns 0 or FG_ERR_SYSTEM. */
int	stackfile_put_back(const char *service);
/*
 * Likewise, whatever is there now, also a link or a file that others may write:
 * it is kept beside the file as ".SERVICE.farmgate-edited", which is said.
 */
int	stackfile_exchange(const char *service);

/* Take away all such copies, and what interrupted replacements have left. */
void	stackfile_sweep(void);

/*
 * Replace what still has the bytes of before by those of after: same owner,
 * mode and attributes, on the disk when this returns. Complains.
 * Returns CTL_OK or CTL_ERROR, and then the file is as it was.
 */
int	stackfile_replace(const char *service, const char *before,
	    size_t before_len, const char *after, size_t after_len);

#endif
