/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Secret keys and bundles as files. What is written is on the disk before it
 * has its name, and never readable by others: a bundle has people's names and
 * homes in it.
 */
#include "ctl/bundle_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "policyd/disk.h"
#include "policyd/privilege/safeopen.h"
#include "policyd/text.h"
#include "proto/result.h"

/* ---- the secret key ---------------------------------------------------- */

static int
write_key(int fd, const uint8_t secret[CRYPTO_KEY_SIZE])
{
	char text[KEY_SECRET_SIZE];
	int r;

	key_secret_text(KEY_BUNDLE, secret, text);
	r = disk_write(fd, text, strlen(text));
	crypto_wipe(text, sizeof(text));
	return r == 0 ? fsync(fd) : r;
}

int
bundle_file_make_key(const char *path, char ret_public[KEY_TEXT_SIZE])
{
	uint8_t secret[CRYPTO_KEY_SIZE], public[CRYPTO_KEY_SIZE];
	int fd, r;

	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
	    0600);
	if (fd < 0) {
		ctl_complain("bundle: %s: %m%s", path,
		    errno == EEXIST ?
			"; a key is never written over: give a new name" :
			"");
		return CTL_ERROR;
	}
	crypto_random(secret, sizeof(secret));
	crypto_public_key(secret, public);
	key_text(KEY_BUNDLE, public, ret_public);
	r = fchmod(fd, 0600); /* whatever the umask has taken away */
	if (r == 0)
		r = write_key(fd, secret);
	crypto_wipe(secret, sizeof(secret));
	if (r == 0)
		r = disk_sync_folder_of(path);
	if (r != 0) {
		ctl_complain("bundle: %s: %m", path);
		(void)unlink(path); /* it is no key */
	}
	(void)close(fd); /* it was synced */
	return r == 0 ? CTL_OK : CTL_ERROR;
}

/* One that others could read is theirs already. */
static int
check_secrecy(int fd, const char *path)
{
	struct stat st;

	if (fstat(fd, &st) != 0) {
		ctl_complain("bundle: %s: %m", path);
		return CTL_ERROR;
	}
	if ((st.st_mode & 077) == 0)
		return CTL_OK;
	ctl_complain("bundle: %s: others can read this key; make a new one "
		     "with farmgatectl bundle keygen, and put its public key "
		     "in place of this one's",
	    path);
	return CTL_ERROR;
}

static int
parse_key(int fd, const char *path, uint8_t ret_secret[CRYPTO_KEY_SIZE])
{
	char text[KEY_SECRET_SIZE + 1];
	ssize_t n = read(fd, text, sizeof(text) - 1);
	int r;

	if (n < 0) {
		ctl_complain("bundle: %s: %m", path);
		return CTL_ERROR;
	}
	text[n] = '\0';
	r = key_secret_parse(KEY_BUNDLE, text, ret_secret);
	crypto_wipe(text, sizeof(text));
	if (r == 0)
		return CTL_OK;
	ctl_complain("bundle: %s: this is no secret key; farmgatectl bundle "
		     "keygen makes one",
	    path);
	return CTL_ERROR;
}

int
bundle_file_read_key(const char *path, uint8_t ret_secret[CRYPTO_KEY_SIZE])
{
	const char *why = NULL;
	size_t size;
	int fd = -1, r;

	memset(ret_secret, 0, CRYPTO_KEY_SIZE);
	r = safeopen(path, KEY_SECRET_SIZE * 2, 0, &fd, &size, &why);
	if (r != 0) {
		ctl_complain("bundle: %s: %s", path,
		    r == FG_ERR_SYSTEM ? strerror(errno) :
			why != NULL    ? why :
					 fg_strerror(r));
		return CTL_ERROR;
	}
	if ((r = check_secrecy(fd, path)) == CTL_OK)
		r = parse_key(fd, path, ret_secret);
	(void)close(fd); /* read only */
	return r;
}

/* ---- a bundle ---------------------------------------------------------- */

int
bundle_file_begin(struct bundle_file *file, const char *path)
{
	int fd;

	memset(file, 0, sizeof(*file));
	file->path = path;
	if (text_format(file->fresh, sizeof(file->fresh), "%s.XXXXXX", path) !=
	    0) {
		ctl_complain("bundle: the path is too long");
		return CTL_ERROR;
	}
	/* 0600, and nobody's file before */
	if ((fd = mkostemp(file->fresh, O_CLOEXEC)) < 0 ||
	    (file->out = fdopen(fd, "w+")) == NULL) {
		ctl_complain("bundle: %s: %m", path);
		if (fd >= 0) {
			(void)close(fd); /* nothing was written */
			(void)unlink(file->fresh);
		}
		return CTL_ERROR;
	}
	return CTL_OK;
}

int
bundle_file_take(const void *bytes, size_t len, void *arg)
{
	struct bundle_file *file = arg;

	file->len += len;
	if (fwrite(bytes, 1, len, file->out) == len)
		return CTL_OK;
	ctl_complain("bundle: %s: %m", file->path);
	return CTL_ERROR;
}

/* The last line, behind all that it signs. */
static int
add_seal(struct bundle_file *file, const uint8_t secret[CRYPTO_KEY_SIZE])
{
	char line[BUNDLE_SEAL_MAX];
	void *bytes;
	int r;

	if (fflush(file->out) != 0)
		return -1;
	bytes =
	    mmap(NULL, file->len, PROT_READ, MAP_PRIVATE, fileno(file->out), 0);
	if (bytes == MAP_FAILED)
		return -1;
	r = bundle_seal(bytes, file->len, secret, line);
	(void)munmap(bytes, file->len); /* it was mapped */
	if (r != 0) {
		errno = ENOMEM;
		return -1;
	}
	return fputs(line, file->out) == EOF ? -1 : 0;
}

int
bundle_file_finish(struct bundle_file *file,
    const uint8_t secret[CRYPTO_KEY_SIZE])
{
	if (file->len > BUNDLE_MAX - BUNDLE_SEAL_MAX) {
		ctl_complain("bundle: more than %u bytes, which is the most "
			     "that can be imported",
		    BUNDLE_MAX);
		return CTL_ERROR;
	}
	if (add_seal(file, secret) != 0 || fflush(file->out) != 0 ||
	    fsync(fileno(file->out)) != 0 ||
	    rename(file->fresh, file->path) != 0) {
		ctl_complain("bundle: %s: %m", file->path);
		return CTL_ERROR;
	}
	file->fresh[0] = '\0';
	if (disk_sync_folder_of(file->path) != 0) {
		ctl_complain("bundle: %s: %m", file->path);
		return CTL_ERROR;
	}
	return CTL_OK;
}

void
bundle_file_end(struct bundle_file *file)
{
	if (file->out == NULL)
		return;
	(void)fclose(file->out); /* synced, or not wanted */
	file->out = NULL;
	if (file->fresh[0] != '\0')
		(void)unlink(file->fresh);
}
