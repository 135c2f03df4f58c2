/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One question to the daemon over control.sock, and its report. The report is
 * checked to be one JSON object before anybody else sees it.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "policyd/text.h"
#include "proto/client.h"
#include "proto/result.h"

#define SOCKET_NAME "control.sock"
#define PATH_SIZE   256u

/* Nobody listens: what that means depends on how far somebody came. */
static void
complain_unreachable(const char *rundir, const char *path)
{
	if (access(rundir, F_OK) != 0)
		ctl_complain("%s: %m: Farmgate is not installed or was never "
			     "started; see: systemctl enable --now "
			     "farmgate-policy.socket farmgate-control.socket",
		    rundir);
	else if (access(path, F_OK) != 0)
		ctl_complain("%s: %m: its socket is not started; see: "
			     "systemctl enable --now farmgate-policy.socket "
			     "farmgate-control.socket",
		    path);
	else
		ctl_complain("%s: the daemon is not running; see: systemctl "
			     "status farmgate-policyd.service",
		    path);
}

/* What an administrator can do about it. */
static void
complain(const char *rundir, const char *path, int r)
{
	if (r == FG_ERR_SYSTEM && (errno == EACCES || errno == EPERM))
		ctl_complain("%s: %m; use sudo, or join the group "
			     "farmgate-admin",
		    path);
	else if (r == FG_ERR_SYSTEM)
		ctl_complain("%s: %m", path);
	else if (r == FG_ERR_UNREACHABLE)
		complain_unreachable(rundir, path);
	else if (r == FG_ERR_PEER)
		ctl_complain("%s: somebody else than root listens there; "
			     "do not trust its answers",
		    path);
	else if (r == FG_ERR_TIMEOUT || r == FG_ERR_BUSY)
		ctl_complain("%s: no answer in time; see: journalctl -u "
			     "farmgate-policyd.service",
		    path);
	else if (r == FG_ERR_VERSION)
		ctl_complain("%s: the daemon is of another version than this "
			     "program; restart it: systemctl restart "
			     "farmgate-policyd.service",
		    path);
	else if (r == FG_ERR_REFUSED)
		ctl_complain("%s: refused; only root and the group "
			     "farmgate-admin may ask",
		    path);
	else
		ctl_complain("%s: %s", path, fg_strerror(r));
}

static int
exchange(struct fg_client *client, enum fg_msg_type type,
    struct fg_report *ret_report)
{
	struct fg_header header;
	size_t len;
	int r;

	fg_client_next(client);
	if ((r = fg_msg_put_empty(client->data, FG_MSG_MAX, &client->hdr, type,
		 &len)) != 0 ||
	    (r = fg_client_send(client, len)) != 0 ||
	    (r = fg_client_recv(client, &header, &len)) != 0)
		return r;
	if (header.type != FG_MSG_REPORT)
		return FG_ERR_FORMAT;
	return fg_msg_get_report(client->data, len, ret_report);
}

int
ctl_call(const struct ctl *ctl, enum fg_msg_type type, unsigned int timeout_ms,
    struct json **ret_report, int *ret_exit_status)
{
	struct fg_client client;
	struct fg_report report;
	char path[PATH_SIZE];
	int r;

	*ret_report = NULL;
	*ret_exit_status = CTL_ERROR;
	if (text_format(path, sizeof(path), "%s/" SOCKET_NAME, ctl->rundir) !=
	    0) {
		ctl_complain("-S: the path is too long");
		return CTL_ERROR;
	}
	if ((r = fg_client_open(&client, path, timeout_ms)) != 0 ||
	    (r = exchange(&client, type, &report)) != 0)
		goto out;
	*ret_exit_status = report.exit_status;
	*ret_report = json_parse(report.json, strlen(report.json));
	if (*ret_report == NULL)
		r = FG_ERR_FORMAT;
out:
	if (r != 0)
		complain(ctl->rundir, path, r);
	fg_client_done(&client);
	return r == 0 ? CTL_OK : CTL_ERROR;
}
