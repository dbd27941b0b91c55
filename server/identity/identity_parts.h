/* Inside server/identity: the client with what it remembers of its provider. */
#pragma once

#include <pthread.h>
#include <stdatomic.h>

#include "identity_client.h"

struct identity_client {
    char *authorities;
    int at_once;
    atomic_int busy;

    pthread_mutex_t lock; /* of all below */
    arena memory;         /* of the configuration */
    provider_configuration configuration;
    bool has_configuration;
    int64_t configuration_ms; /* when it was asked for */
    char *failed_issuer;
    sp_status failure;
    const char *failure_why;
    int64_t failed_ms;
    key_set *keys;
    char *keys_uri; /* whose keys they are */
    int64_t keys_ms;
};

/* One request in the call's name. */
sp_status provider_ask(identity_client *client, const https_request *request, identity_call *call,
                       https_answer *ret_answer) SP_MUST_USE;

/* The content of a token that one of the provider's keys has signed. Asks for the keys when they are old, and when none
 * fits, but then at most once a minute. */
sp_status provider_open_token(identity_client *client, const char *keys_uri, const char *token, identity_call *call,
                              jws_content *ret_content) SP_MUST_USE;

/* Between the two, a call counts as one that waits. False: there are too many. */
bool client_enter(identity_client *client);
void client_leave(identity_client *client);

/* identity_configuration for a call that counts already. */
sp_status configuration_obtain(identity_client *client, const char *issuer, bool fresh, identity_call *call,
                               provider_configuration *ret_configuration) SP_MUST_USE;
