/* What is known of the provider: its configuration and its keys, asked for when they are needed and old. */
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "identity_parts.h"

static const int64_t GOOD_FOR_MS = 10 * 60 * 1000, FAILURE_MS = 5 * 1000, KEYS_AGAIN_MS = 60 * 1000;

enum { CONFIGURATION_MEMORY = 64 * 1024, AT_ONCE = 4 };

static const char WELL_KNOWN[] = "/.well-known/openid-configuration";

/* ---- The client -------------------------------------------------------------------------------------------------- */

identity_client *identity_client_new(const identity_options *options)
{
    identity_client *client = calloc(1, sizeof *client);

    if (!client || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        free(client);
        return NULL;
    }
    client->at_once = options->at_once > 0 ? options->at_once : AT_ONCE;
    client->authorities = options->authorities ? strdup(options->authorities) : NULL;
    pthread_mutex_init(&client->lock, NULL);
    arena_init(&client->memory, CONFIGURATION_MEMORY);
    if (options->authorities && !client->authorities) {
        identity_client_free(client);
        return NULL;
    }
    return client;
}

void identity_client_free(identity_client *client)
{
    if (!client)
        return;
    key_set_free(client->keys);
    arena_done(&client->memory);
    pthread_mutex_destroy(&client->lock);
    free(client->failed_issuer);
    free(client->keys_uri);
    free(client->authorities);
    free(client);
    curl_global_cleanup();
}

bool client_enter(identity_client *client)
{
    if (atomic_fetch_add(&client->busy, 1) < client->at_once)
        return true;
    atomic_fetch_sub(&client->busy, 1);
    return false;
}

void client_leave(identity_client *client)
{
    atomic_fetch_sub(&client->busy, 1);
}

sp_status provider_ask(identity_client *client, const https_request *request, identity_call *call,
                       https_answer *ret_answer)
{
    https_request asked = *request;

    asked.authorities = client->authorities;
    asked.cancelled = call->cancelled;
    asked.arg = call->arg;
    return https_fetch(&asked, call->memory, ret_answer, &call->why);
}

/* A clock that was set back makes nothing younger. */
static bool is_younger(int64_t since_ms, int64_t age_ms)
{
    int64_t now_ms = clock_now_ms();

    return now_ms >= since_ms && now_ms - since_ms < age_ms;
}

/* ---- Configuration ----------------------------------------------------------------------------------------------- */

/* True when what is remembered answers the question; then *ret_status is the answer. */
static bool configuration_recall(identity_client *client, const char *issuer, identity_call *call,
                                 provider_configuration *ret_configuration, sp_status *ret_status)
{
    bool known = false;

    pthread_mutex_lock(&client->lock);
    if (client->has_configuration && strcmp(client->configuration.issuer, issuer) == 0 &&
        is_younger(client->configuration_ms, GOOD_FOR_MS)) {
        known = true;
        *ret_status =
            configuration_copy(&client->configuration, call->memory, ret_configuration) ? SP_DONE : OUT_OF_MEMORY;
    } else if (client->failed_issuer && strcmp(client->failed_issuer, issuer) == 0 &&
               is_younger(client->failed_ms, FAILURE_MS)) {
        known = true;
        *ret_status = client->failure;
        call->why = client->failure_why;
    }
    pthread_mutex_unlock(&client->lock);
    return known;
}

static void configuration_remember(identity_client *client, const provider_configuration *configuration)
{
    pthread_mutex_lock(&client->lock);
    arena_reset(&client->memory);
    client->has_configuration = configuration_copy(configuration, &client->memory, &client->configuration);
    client->configuration_ms = clock_now_ms();
    pthread_mutex_unlock(&client->lock);
}

static void failure_remember(identity_client *client, const char *issuer, sp_status failure, const char *why)
{
    pthread_mutex_lock(&client->lock);
    free(client->failed_issuer);
    client->failed_issuer = strdup(issuer);
    client->failure = failure;
    client->failure_why = why;
    client->failed_ms = clock_now_ms();
    pthread_mutex_unlock(&client->lock);
}

/* Discovery puts the well-known part behind the issuer's path, whose last '/' does not count. */
static const char *well_known_of(const char *issuer, arena *a)
{
    size_t length = strlen(issuer);

    if (length > 0 && issuer[length - 1] == '/')
        length--;
    return arena_printf(a, "%.*s%s", (int)length, issuer, WELL_KNOWN);
}

static sp_status configuration_fetch(identity_client *client, const char *issuer, identity_call *call,
                                     provider_configuration *ret_configuration)
{
    const https_request request = {.url = well_known_of(issuer, call->memory)};
    https_answer answer;
    sp_status status = request.url ? provider_ask(client, &request, call, &answer) : OUT_OF_MEMORY;

    if (sp_failed(status))
        return status;
    if (answer.status != 200) {
        call->why = "it has no configuration at its well-known address";
        return PROVIDER_MALFORMED;
    }
    return configuration_read(issuer, answer.body, answer.size, call->memory, ret_configuration, &call->why);
}

sp_status configuration_obtain(identity_client *client, const char *issuer, bool fresh, identity_call *call,
                               provider_configuration *ret_configuration)
{
    sp_status status;

    if (!https_url_is_legal(issuer, /* loopback_allowed= */ true)) {
        call->why = "its address is not https";
        return PROVIDER_MALFORMED;
    }
    if (!fresh && configuration_recall(client, issuer, call, ret_configuration, &status))
        return status;
    status = configuration_fetch(client, issuer, call, ret_configuration);
    if (!sp_failed(status))
        configuration_remember(client, ret_configuration);
    else if (!call->cancelled || !call->cancelled(call->arg)) /* who gave up says nothing of the provider */
        failure_remember(client, issuer, status, call->why);
    return status;
}

sp_status identity_configuration(identity_client *client, const char *issuer, bool fresh, identity_call *call,
                                 provider_configuration *ret_configuration)
{
    sp_status status;

    call->why = "";
    if (!client_enter(client))
        return PROVIDER_BUSY;
    status = configuration_obtain(client, issuer, fresh, call, ret_configuration);
    client_leave(client);
    return status;
}

/* ---- Keys -------------------------------------------------------------------------------------------------------- */

/* With the keys that are known: whether they are too old to count, and too young to be asked for again. */
static sp_status token_open(identity_client *client, const char *keys_uri, const char *token, identity_call *call,
                            jws_content *ret_content, bool *ret_is_old, bool *ret_is_young)
{
    sp_status status = SIGNING_KEY_UNKNOWN;

    pthread_mutex_lock(&client->lock);
    *ret_is_young = false;
    *ret_is_old = true;
    if (client->keys && strcmp(client->keys_uri, keys_uri) == 0) {
        *ret_is_old = !is_younger(client->keys_ms, GOOD_FOR_MS);
        *ret_is_young = is_younger(client->keys_ms, KEYS_AGAIN_MS);
        status = jws_open(client->keys, token, call->memory, ret_content, &call->why);
    }
    pthread_mutex_unlock(&client->lock);
    return status;
}

static sp_status keys_remember(identity_client *client, const char *keys_uri, key_set *keys)
{
    char *uri = strdup(keys_uri);

    if (!uri) {
        key_set_free(keys);
        return OUT_OF_MEMORY;
    }
    pthread_mutex_lock(&client->lock);
    key_set_free(client->keys);
    free(client->keys_uri);
    client->keys = keys;
    client->keys_uri = uri;
    client->keys_ms = clock_now_ms();
    pthread_mutex_unlock(&client->lock);
    return SP_DONE;
}

static sp_status keys_fetch(identity_client *client, const char *keys_uri, identity_call *call)
{
    https_answer answer;
    key_set *keys;
    sp_status status = provider_ask(client, &(https_request){.url = keys_uri}, call, &answer);

    if (sp_failed(status))
        return status;
    keys = answer.status == 200 ? key_set_read(answer.body, answer.size, call->memory) : NULL;
    if (!keys) {
        call->why = "it does not show its keys";
        return PROVIDER_MALFORMED;
    }
    return keys_remember(client, keys_uri, keys);
}

sp_status provider_open_token(identity_client *client, const char *keys_uri, const char *token, identity_call *call,
                              jws_content *ret_content)
{
    bool old, young;
    sp_status status = token_open(client, keys_uri, token, call, ret_content, &old, &young);

    if (!old && (young || strcmp(status.reason, SIGNING_KEY_UNKNOWN.reason) != 0))
        return status;
    status = keys_fetch(client, keys_uri, call);
    if (!sp_failed(status))
        status = token_open(client, keys_uri, token, call, ret_content, &old, &young);
    return status;
}
