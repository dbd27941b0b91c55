#include "rate_limit.h"

#include <arpa/inet.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum { KEY_SIZE = 8, WAYS = 8 };

typedef struct {
    uint8_t key[KEY_SIZE + 1]; /* and the family */
    bool used;
    float tokens;
    int64_t since_ms;
} bucket;

struct rate_limit {
    pthread_mutex_t lock;
    double rate, burst;
    uint64_t secret; /* so that nobody can choose addresses that share a set */
    size_t sets;
    bucket *buckets; /* sets × WAYS */
};

rate_limit *rate_limit_new(double rate, double burst, size_t addresses)
{
    rate_limit *limit = calloc(1, sizeof *limit);

    if (!limit)
        return NULL;
    limit->rate = rate;
    limit->burst = burst < 1 ? 1 : burst;
    limit->sets = 1;
    while (limit->sets * WAYS < addresses)
        limit->sets *= 2;
    limit->buckets = calloc(limit->sets * WAYS, sizeof *limit->buckets);
    if (!limit->buckets || getrandom(&limit->secret, sizeof limit->secret, 0) != (ssize_t)sizeof limit->secret) {
        free(limit->buckets);
        free(limit);
        return NULL;
    }
    pthread_mutex_init(&limit->lock, NULL);
    return limit;
}

void rate_limit_free(rate_limit *limit)
{
    if (!limit)
        return;
    pthread_mutex_destroy(&limit->lock);
    free(limit->buckets);
    free(limit);
}

/* The address, or the part of it that one owner has: a household or a server is given a /64 of IPv6. */
static void key_of(const char *address, uint8_t key[KEY_SIZE + 1])
{
    struct in6_addr ipv6;
    struct in_addr ipv4;

    memset(key, 0, KEY_SIZE + 1);
    if (inet_pton(AF_INET, address, &ipv4) == 1) {
        memcpy(key, &ipv4, sizeof ipv4);
        key[KEY_SIZE] = 4;
    } else if (inet_pton(AF_INET6, address, &ipv6) == 1) {
        memcpy(key, &ipv6, KEY_SIZE);
        key[KEY_SIZE] = 6;
    }
}

static bucket *set_of(const rate_limit *limit, const uint8_t key[KEY_SIZE + 1])
{
    uint64_t hash = limit->secret;

    for (size_t i = 0; i <= KEY_SIZE; i++) {
        hash = (hash ^ key[i]) * UINT64_C(0x9e3779b97f4a7c15);
        hash ^= hash >> 29;
    }
    return &limit->buckets[(hash & (limit->sets - 1)) * WAYS];
}

static void refill(const rate_limit *limit, bucket *one, int64_t now_ms)
{
    double tokens = one->tokens;

    if (now_ms > one->since_ms)
        tokens += (double)(now_ms - one->since_ms) * limit->rate / 1000;
    one->tokens = (float)(tokens > limit->burst ? limit->burst : tokens);
    one->since_ms = now_ms;
}

/* Locked. */
static bucket *bucket_of(rate_limit *limit, const char *address, int64_t now_ms)
{
    uint8_t key[KEY_SIZE + 1];
    bucket *set, *fullest = NULL;

    key_of(address, key);
    set = set_of(limit, key);
    for (size_t i = 0; i < WAYS; i++) {
        if (set[i].used && memcmp(set[i].key, key, sizeof key) == 0) {
            refill(limit, &set[i], now_ms);
            return &set[i];
        }
    }
    for (size_t i = 0; i < WAYS; i++) {
        if (set[i].used)
            refill(limit, &set[i], now_ms);
        if (!fullest || !set[i].used || (fullest->used && set[i].tokens > fullest->tokens))
            fullest = &set[i];
    }
    memcpy(fullest->key, key, sizeof key);
    fullest->used = true;
    fullest->tokens = (float)limit->burst;
    fullest->since_ms = now_ms;
    return fullest;
}

static int64_t ask(rate_limit *limit, const char *address, int64_t now_ms, bool take)
{
    int64_t wait_ms = 0;
    bucket *one;

    pthread_mutex_lock(&limit->lock);
    one = bucket_of(limit, address, now_ms);
    if (one->tokens < 1)
        wait_ms = (int64_t)ceil((1 - (double)one->tokens) * 1000 / limit->rate);
    else if (take)
        one->tokens -= 1;
    pthread_mutex_unlock(&limit->lock);
    return wait_ms;
}

int64_t rate_limit_take(rate_limit *limit, const char *address, int64_t now_ms)
{
    return ask(limit, address, now_ms, true);
}

int64_t rate_limit_peek(rate_limit *limit, const char *address, int64_t now_ms)
{
    return ask(limit, address, now_ms, false);
}
