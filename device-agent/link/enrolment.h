/* How a terminal gets its certificate: Enrol once with somebody's login, Renew ever after with the old certificate. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "certificate.h"
#include "credentials.h"
#include "endpoint.h"
#include "grpc_outcome.h"

#define ENROL_PATH "/smartpass.link.v1.LinkService/Enrol"
#define RENEW_PATH "/smartpass.link.v1.LinkService/Renew"

typedef struct {
    const char *server; /* "host:port" */
    const char *username;
    const char *password; /* used for this call, stored nowhere */
    const char *serial;
    const char *name; /* may be empty */
    const char *mac;
    const char *model;
    const uint8_t *fingerprint; /* SHA256_SIZE bytes of the authority's certificate; NULL: trust on first use */
    const char *folder;         /* where the credentials go; must exist */
} enrolment;

typedef struct {
    int64_t device_id;
    char fingerprint[FINGERPRINT_TEXT_SIZE]; /* of the authority that is pinned from now on */
    char problem[240];                       /* why it failed; a sentence for a person */
} enrolment_result;

/* Blocks for as long as the server takes, at most half a minute. False: nothing was stored, see problem. */
bool enrolment_run(const enrolment *e, enrolment_result *ret_result);

/* A new key and the message that asks for its certificate. */
typedef struct {
    char *key_pem;
    uint8_t request[4096];
    size_t request_size;
} renewal;

bool renewal_begin(renewal *r); /* false: no key could be made */

/* Stores what the server answered; false: the answer makes no sense or cannot be stored. */
bool renewal_finish(const renewal *r, const uint8_t *reply, size_t size, const char *folder);
void renewal_done(renewal *r); /* wipes the key; accepts one that was never begun (zeroed) */
