/* The interceptor that limits how many calls run at once, by method and by peer. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "rpc_interceptors.h"

SP_STATUS(TOO_MANY_CALLS, SP_RESOURCE_EXHAUSTED, "Too many calls at once; try again when some have ended.");

enum { BUCKETS = 1024, NAME_MAX_BYTES = 64 };

/* Somebody or something with calls under way; gone with its last one. */
typedef struct holder {
    struct holder *next;
    const rpc_method *method; /* NULL for a peer */
    char peer[NAME_MAX_BYTES];
    int calls;
} holder;

struct rpc_limiter {
    rpc_quotas quotas;
    pthread_mutex_t lock;
    holder *buckets[BUCKETS];
};

/* What a call counts towards. */
typedef struct {
    holder *method;
    holder *peer;
} share;

rpc_limiter *rpc_limiter_new(const rpc_quotas *quotas)
{
    rpc_limiter *limiter = calloc(1, sizeof *limiter);

    if (limiter == NULL)
        return NULL;
    limiter->quotas = *quotas;
    pthread_mutex_init(&limiter->lock, NULL);
    return limiter;
}

void rpc_limiter_free(rpc_limiter *limiter)
{
    if (limiter == NULL)
        return;
    pthread_mutex_destroy(&limiter->lock);
    free(limiter);
}

/* "ipv4:10.0.0.1:40000" without the port; "" for unix sockets. */
static void peer_name(const char *peer, char *name)
{
    const char *colon = strrchr(peer, ':');
    size_t length = colon != NULL ? (size_t)(colon - peer) : 0;

    name[0] = '\0';
    if (strncmp(peer, "ip", 2) != 0 || length >= NAME_MAX_BYTES)
        return;
    memcpy(name, peer, length);
    name[length] = '\0';
}

static holder **bucket_of(rpc_limiter *limiter, const rpc_method *method, const char *peer)
{
    uint64_t hash = (uint64_t)(uintptr_t)method * 0x9e3779b97f4a7c15u;

    for (const char *at = peer; *at != '\0'; at++)
        hash = (hash ^ (uint8_t)*at) * 0x100000001b3u;
    return &limiter->buckets[(hash >> 32 ^ hash) % BUCKETS];
}

/* Locked. Takes a place; false when there is none left, or no memory. */
static bool take_place(rpc_limiter *limiter, const rpc_method *method, const char *peer, int at_once,
                       holder **ret_holder)
{
    holder **bucket = bucket_of(limiter, method, peer);
    holder *found = *bucket;

    while (found != NULL && (found->method != method || strcmp(found->peer, peer) != 0))
        found = found->next;
    if (found == NULL) {
        found = calloc(1, sizeof *found);
        if (found == NULL)
            return false;
        found->method = method;
        strcpy(found->peer, peer);
        found->next = *bucket;
        *bucket = found;
    } else if (found->calls >= at_once) {
        return false;
    }
    found->calls++;
    *ret_holder = found;
    return true;
}

/* Locked. */
static void give_place_back(rpc_limiter *limiter, holder *held)
{
    if (held == NULL || --held->calls > 0)
        return;
    for (holder **at = bucket_of(limiter, held->method, held->peer); *at != NULL; at = &(*at)->next) {
        if (*at == held) {
            *at = held->next;
            free(held);
            return;
        }
    }
}

static int quota_of(const rpc_quotas *quotas, const rpc_method *method)
{
    for (size_t i = 0; i < quotas->method_count; i++)
        if (strcmp(quotas->methods[i].path, method->path) == 0)
            return quotas->methods[i].at_once;
    return quotas->of_method;
}

static sp_status begin(void *self, rpc_call *call)
{
    rpc_limiter *limiter = self;
    const rpc_method *method = rpc_call_method(call);
    int of_method = quota_of(&limiter->quotas, method);
    char peer[NAME_MAX_BYTES] = "";
    share *own = arena_alloc(rpc_call_arena(call), sizeof *own);

    if (own == NULL || !rpc_call_attach(call, limiter, own))
        return OUT_OF_MEMORY;
    if (limiter->quotas.of_peer > 0)
        peer_name(rpc_call_peer(call), peer);

    pthread_mutex_lock(&limiter->lock);

    bool admitted = of_method <= 0 || take_place(limiter, method, "", of_method, &own->method);

    if (admitted && peer[0] != '\0')
        admitted = take_place(limiter, NULL, peer, limiter->quotas.of_peer, &own->peer);
    pthread_mutex_unlock(&limiter->lock);
    return admitted ? SP_DONE : TOO_MANY_CALLS;
}

static void end(void *self, rpc_call *call, sp_status outcome)
{
    rpc_limiter *limiter = self;
    const share *own = rpc_call_attached(call, limiter);

    (void)outcome;
    if (own == NULL)
        return;
    pthread_mutex_lock(&limiter->lock);
    give_place_back(limiter, own->method);
    give_place_back(limiter, own->peer);
    pthread_mutex_unlock(&limiter->lock);
}

rpc_interceptor rpc_limiter_interceptor(rpc_limiter *limiter)
{
    return (rpc_interceptor){.self = limiter, .begin = begin, .end = end};
}
