/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The record of a change is written before the change is made, and taken away
 * after it was confirmed or undone. So at any moment what is on the disk says
 * how to go back.
 */
#include "ctl/rollout/pending.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "ctl/rollout/stackfile.h"
#include "policyd/crypto.h"
#include "policyd/disk.h"
#include "policyd/privilege/safeopen.h"
#include "policyd/session/session.h"
#include "policyd/text.h"
#include "proto/result.h"

#define PENDING_FILE PENDING_FOLDER "/pending"
#define PENDING_MAX  65536u
#define PATH_SIZE    192u
#define LOCK_TRIES   100u
#define LOCK_WAIT_US 100000u

/* For a machine that comes up in a rescue shell. */
#define BY_HAND                                                            \
	"mount /var for writing, or take the lines between the marks out " \
	"of /etc/pam.d/SERVICE by hand"

/* ---- the folder -------------------------------------------------------- */

/* Root's alone, or what is in it could be anybody's. -1 after a complaint. */
static int
open_folder(void)
{
	struct stat st;
	int fd;

	if (mkdir(PENDING_FOLDER, 0700) != 0 && errno != EEXIST) {
		ctl_complain("%s: %m; " BY_HAND, PENDING_FOLDER);
		return -1;
	}
	fd = open(PENDING_FOLDER,
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd == -1 || fstat(fd, &st) != 0) {
		ctl_complain("%s: %m", PENDING_FOLDER);
	} else if (st.st_uid != 0 || (st.st_mode & 022) != 0) {
		ctl_complain(
		    "%s: not root's alone; make it so: chown root:root "
		    "and chmod 0700",
		    PENDING_FOLDER);
	} else {
		return fd;
	}
	if (fd != -1)
		(void)close(fd); /* was looked at */
	return -1;
}

int
pending_prepare(void)
{
	int folder = open_folder();

	if (folder == -1)
		return CTL_ERROR;
	(void)close(folder); /* was looked at */
	return CTL_OK;
}

static int
open_lock(const char *name)
{
	int folder = open_folder(), fd;

	if (folder == -1)
		return -1;
	fd = openat(folder, name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC,
	    0600);
	if (fd == -1)
		ctl_complain("%s/%s: %m; " BY_HAND, PENDING_FOLDER, name);
	(void)close(folder); /* was looked at */
	return fd;
}

static int
no_lock(int fd, const char *name, const char *why)
{
	ctl_complain("%s/%s: %s", PENDING_FOLDER, name, why);
	(void)close(fd); /* it holds nothing */
	return -1;
}

int
pending_lock(void)
{
	int fd = open_lock("lock");
	unsigned int i;

	for (i = 0; fd != -1 && flock(fd, LOCK_EX | LOCK_NB) != 0; i++) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return no_lock(fd, "lock", strerror(errno));
		if (i == LOCK_TRIES)
			return no_lock(fd, "lock",
			    "another farmgatectl is changing stacks; try "
			    "again, or end it");
		(void)usleep(LOCK_WAIT_US);
	}
	return fd;
}

int
pending_lock_guard(void)
{
	int fd = open_lock("guard");

	while (fd != -1 && flock(fd, LOCK_EX) != 0)
		if (errno != EINTR)
			return no_lock(fd, "guard", strerror(errno));
	return fd;
}

/* ---- writing ----------------------------------------------------------- */

/* Under its name when it is on the disk. */
static int
write_file(int folder, const char *name, const char *bytes, size_t len)
{
	char fresh[PATH_SIZE];
	int fd, r = -1;

	(void)text_format(fresh, sizeof(fresh), "%s.new", name);
	(void)unlinkat(folder, fresh, 0); /* of one that was interrupted */
	fd = openat(folder, fresh,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd != -1) {
		if ((r = disk_write(fd, bytes, len)) == 0)
			r = fsync(fd);
		(void)close(fd); /* synced, or not wanted */
	}
	if (r == 0 && renameat(folder, fresh, folder, name) == 0)
		return CTL_OK;
	ctl_complain("%s/%s: %m; nothing was changed", PENDING_FOLDER, name);
	(void)unlinkat(folder, fresh, 0);
	return CTL_ERROR;
}

static int64_t
boot_now_s(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_BOOTTIME, &ts); /* cannot fail */
	return (int64_t)ts.tv_sec;
}

static int
write_record(int folder, const struct plan *plans, size_t n, int64_t within_s)
{
	struct json *json = json_new(), *list, *o;
	char boot_id[STORE_BOOT_ID_SIZE], hex[CRYPTO_HEX_SIZE], *text;
	int status = CTL_ERROR;

	(void)session_read_boot_id(boot_id); /* "": no start is this one */
	json_set_int(json, "v", 1);
	json_set_string(json, "boot_id", boot_id);
	json_set_int(json, "until_boot", boot_now_s() + within_s);
	list = json_set_array(json, "files");
	for (size_t i = 0; i < n; i++) {
		o = json_add_object(list);
		json_set_string(o, "service", plans[i].service);
		crypto_sha256_hex(plans[i].after, plans[i].after_len, hex);
		json_set_string(o, "after", hex);
	}
	if ((text = json_text(json)) != NULL)
		status = write_file(folder, "pending", text, strlen(text));
	else
		ctl_complain("out of memory");
	free(text);
	json_free(json);
	return status;
}

int
pending_write(const struct plan *plans, size_t n, int64_t within_s)
{
	char name[PATH_SIZE];
	int folder = open_folder(), status = CTL_OK;

	if (folder == -1)
		return CTL_ERROR;
	for (size_t i = 0; i < n && status == CTL_OK; i++) {
		(void)text_format(name, sizeof(name), "%s.before",
		    plans[i].service);
		status = write_file(folder, name, plans[i].before,
		    plans[i].before_len);
	}
	if (status == CTL_OK)
		status = write_record(folder, plans, n, within_s);
	/* With a record, or nobody would know of them. */
	for (size_t i = 0; i < n && status == CTL_OK; i++)
		status = stackfile_keep(plans[i].service, plans[i].before,
		    plans[i].before_len);
	if (status == CTL_OK && fsync(folder) != 0) {
		ctl_complain("%s: %m; nothing was changed", PENDING_FOLDER);
		status = CTL_ERROR;
	}
	(void)close(folder); /* synced */
	return status;
}

/* ---- reading ----------------------------------------------------------- */

static bool
take_file(const struct json *o, struct pending_file *ret_file)
{
	return text_copy(ret_file->service, sizeof(ret_file->service),
		   json_get_string(o, "service", "")) == 0 &&
	    text_copy(ret_file->after, sizeof(ret_file->after),
		json_get_string(o, "after", "")) == 0 &&
	    stackfile_is_service(ret_file->service);
}

static bool
take_record(const struct json *json, struct pending *ret_pending)
{
	const struct json *list = json_get(json, "files");
	size_t i, n = json_length(list);

	if (json_get_int(json, "v", 0) != 1 || n == 0 ||
	    n > PENDING_SERVICES_MAX ||
	    text_copy(ret_pending->boot_id, sizeof(ret_pending->boot_id),
		json_get_string(json, "boot_id", "")) != 0)
		return false;
	ret_pending->until_boot_s = json_get_int(json, "until_boot", 0);
	for (i = 0; i < n; i++)
		if (!take_file(json_at(list, i), &ret_pending->files[i]))
			return false;
	ret_pending->n = n;
	return true;
}

int
pending_read(struct pending *ret_pending)
{
	const char *why = NULL;
	struct json *json;
	char *text;
	size_t len;
	bool good;
	int r;

	memset(ret_pending, 0, sizeof(*ret_pending));
	r = safeopen_read(PENDING_FILE, PENDING_MAX, &text, &len, &why);
	if (r == FG_ERR_SYSTEM && errno == ENOENT)
		return CTL_NO;
	if (r != 0) {
		ctl_complain("%s: %s", PENDING_FILE,
		    why != NULL ? why : text_error(r));
		return CTL_ERROR;
	}
	json = json_parse(text, len);
	good = json != NULL && take_record(json, ret_pending);
	json_free(json);
	free(text);
	if (good)
		return CTL_OK;
	ctl_complain("%s: this is no record of farmgatectl enable; what it "
		     "changed has its earlier version beside it, as "
		     "SERVICE.before",
	    PENDING_FILE);
	return CTL_ERROR;
}

int64_t
pending_left_s(const struct pending *pending)
{
	char boot_id[STORE_BOOT_ID_SIZE];

	if (session_read_boot_id(boot_id) != 0 ||
	    strcmp(boot_id, pending->boot_id) != 0)
		return 0;
	return pending->until_boot_s - boot_now_s();
}

int
pending_end(void)
{
	int folder = open_folder(), r;

	if (folder == -1)
		return CTL_ERROR;
	stackfile_sweep();
	r = unlinkat(folder, "pending", 0);
	if ((r == 0 || errno == ENOENT) && (r = fsync(folder)) == 0) {
		(void)close(folder); /* synced */
		return CTL_OK;
	}
	ctl_complain("%s: %m", PENDING_FILE);
	(void)close(folder); /* it was said */
	return CTL_ERROR;
}

/* ---- going back -------------------------------------------------------- */

static int
read_earlier(const char *service, char **ret_bytes, size_t *ret_len)
{
	char path[PATH_SIZE];
	const char *why = NULL;
	int r;

	*ret_bytes = NULL;
	(void)text_format(path, sizeof(path), "%s/%s.before", PENDING_FOLDER,
	    service);
	r = safeopen_read(path, STACKFILE_MAX, ret_bytes, ret_len, &why);
	if (r == 0)
		return CTL_OK;
	ctl_complain("%s: %s", path, why != NULL ? why : text_error(r));
	return CTL_ERROR;
}

static bool
is_as_written(const struct pending_file *file, const char *bytes, size_t len)
{
	char hex[CRYPTO_HEX_SIZE];

	crypto_sha256_hex(bytes, len, hex);
	return strcmp(hex, file->after) == 0;
}

/* Somebody has edited it since: theirs, with the gate's lines as they were. */
static int
restore_edited(const struct pending_file *file, const char *earlier, size_t len)
{
	struct plan plan = { .before = NULL };
	int status;

	status = plan_restore(file->service, earlier, len, &plan);
	if (status == CTL_OK && plan_changes(&plan))
		status = plan_carry_out(&plan);
	plan_done(&plan);
	return status;
}

/*
 * Where that cannot be (the marks are broken, the disk is full, it is no file
 * of root's alone any more), the earlier version: to have no way in is worse
 * than to have an edit beside the file.
 */
static int
go_back(const struct pending_file *file)
{
	char *earlier;
	size_t len;
	int status;

	if ((status = read_earlier(file->service, &earlier, &len)) == CTL_OK)
		status = restore_edited(file, earlier, len);
	if (status != CTL_OK && stackfile_exchange(file->service) == 0)
		status = CTL_OK;
	/* Somebody may have swept the copy away that needs no room. */
	if (status != CTL_OK && earlier != NULL &&
	    stackfile_keep(file->service, earlier, len) == CTL_OK &&
	    stackfile_exchange(file->service) == 0)
		status = CTL_OK;
	free(earlier);
	return status;
}

/* Byte for byte, and with no need of room on the disk. */
static int
roll_back_file(const struct pending_file *file)
{
	char *now;
	size_t len;
	int status;

	status = stackfile_read(file->service, &now, &len);
	if (status == CTL_NO)
		return CTL_OK; /* what is gone has no stack to put right */
	if (status == CTL_OK &&
	    (!is_as_written(file, now, len) ||
		stackfile_put_back(file->service) != 0))
		status = CTL_ERROR;
	if (status != CTL_OK)
		status = go_back(file);
	free(now);
	if (status == CTL_OK)
		printf("%s: as it was before\n", file->service);
	return status;
}

int
pending_roll_back(const struct pending *pending)
{
	int status = CTL_OK;

	for (size_t i = 0; i < pending->n; i++)
		if (roll_back_file(&pending->files[i]) != CTL_OK)
			status = CTL_ERROR;
	return status == CTL_OK ? pending_end() : status;
}
