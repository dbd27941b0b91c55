/* What the server keeps beside the database, in its data folder: the certificate authority, the pepper of passwords,
 * the keys of pictures and of the audit log. All of it belongs into the backup, apart from the database's. */
#pragma once

#include "authority.h"
#include "hash.h"

SP_STATUS(DATA_FOLDER_UNUSABLE, SP_FAILED_PRECONDITION, "The data folder cannot be made or written.");
SP_STATUS(DATA_FOLDER_IN_USE, SP_FAILED_PRECONDITION, "Another server uses this data folder.");

typedef struct {
    char *folder;          /* of the secrets, mode 0700 */
    char *master_key_path; /* for the blob store */
    uint8_t pepper[SHA256_SIZE];
    uint8_t audit_key[SHA256_SIZE]; /* of the chain of audit rows */
    authority *ca;
    char *server_key_pem; /* made anew at each start; terminals pin the authority, not this */
    char *server_certificate_pem;
} secrets;

/* detail gets 512 bytes and says more after a failure, here and below. */
sp_status data_folder_make(const char *data, char *detail) SP_MUST_USE;

/* Keeps other servers out until the process ends. */
sp_status data_folder_take(const char *data, char *detail) SP_MUST_USE;

/* Reads, and makes what is missing; names are added to the server's certificate (comma-separated, may be NULL). The
 * authority's certificate is also written to authority.crt in the data folder, for clients. */
sp_status secrets_load(const char *data, const char *names, secrets *ret_secrets, char *detail) SP_MUST_USE;
void secrets_done(secrets *s);
