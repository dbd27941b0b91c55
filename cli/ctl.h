/* smartpassctl: what its commands share. */
#pragma once

#include <stdint.h>

#include "rpc.h"

/* Everything that flags, environment and file can say; a command reads what concerns it. */
typedef struct {
    const char *server;
    const char *authority; /* file of the certificate that the server's is checked against */
    const char *token_file;
    const char *username;
    const char *password_file;
    const char *new_password_file;
    const char *number;
    const char *name;
    const char *phone;
    const char *card;
    const char *photo;
    const char *employees; /* ids, separated by commas */
    const char *devices;
    const char *from; /* RFC 3339 or empty */
    const char *until;
    int64_t count;
    int64_t operation;
    const char *anchor; /* "<hex>@<seal>" or empty */
    const char *module;
    const char *operator_name;
    const char *query;
    bool refused;
    const char *key;        /* file of the private key that signs packages */
    const char *public_key; /* file of the one that goes with it */
    const char *keys;       /* folder of public keys */
    const char *program;    /* what is packed */
    const char *package;
    const char *package_version;
    const char *model;
    const char *notes;
    const char *out;
} ctl_flags;

typedef struct {
    const ctl_flags *flags;
    rpc_client *client;
    const rpc_options *options;        /* bearer token and deadline */
    const rpc_options *stream_options; /* bearer token, no deadline */
} ctl;

/* What a command returns: the process's exit code. */
enum { CTL_DONE = 0, CTL_FAILED = 1, CTL_USAGE = 2 };

/* Says what went wrong on standard error and frees the answer. */
int ctl_fail(const char *what, sp_status status, rpc_answer *answer);

/* The file's text without a final line break; "-" is standard input. NULL, and said why, when it cannot be read. */
char *ctl_read_secret(const char *path);

enum { CTL_IDS_MAX = 1000 };

/* "1,2,3"; -1 when one of them is no id or there are too many. */
long ctl_parse_ids(const char *text, int64_t ids[CTL_IDS_MAX]);

int run_login(const ctl *c);
int run_password_change(const ctl *c);
int run_device_list(const ctl *c);
int run_device_approve(const ctl *c);
int run_employee_list(const ctl *c);
int run_employee_create(const ctl *c);
int run_grant_create(const ctl *c);
int run_pass_watch(const ctl *c);
int run_operation_list(const ctl *c);
int run_operation_get(const ctl *c);
int run_operation_cancel(const ctl *c);
int run_audit_verify(const ctl *c);
int run_audit_list(const ctl *c);
int run_audit_export(const ctl *c);

/* These call no server: client is NULL. */
int run_package_keygen(const ctl *c);
int run_package_sign(const ctl *c);
int run_package_inspect(const ctl *c);
