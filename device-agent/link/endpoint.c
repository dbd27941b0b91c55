#include "endpoint.h"

#include <netdb.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "text.h"

bool endpoint_parse(const char *text, endpoint *ret_endpoint)
{
    const char *colon = strrchr(text, ':');
    endpoint e = {0};
    size_t host_size;
    int64_t port;

    if (!colon || strlen(text) >= sizeof e.authority || !int64_parse(colon + 1, 1, 65535, &port))
        return false;
    host_size = (size_t)(colon - text);
    if (host_size > 2 && text[0] == '[' && colon[-1] == ']') {
        text++;
        host_size -= 2;
    } else if (memchr(text, ':', host_size)) {
        return false;
    }
    if (host_size == 0 || host_size >= sizeof e.host)
        return false;
    memcpy(e.host, text, host_size);
    snprintf(e.port, sizeof e.port, "%d", (int)port);
    snprintf(e.authority, sizeof e.authority, strchr(e.host, ':') ? "[%s]:%s" : "%s:%s", e.host, e.port);
    *ret_endpoint = e;
    return true;
}

static void resolve(const endpoint *e, int flags, endpoint_addresses *ret)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = flags};
    struct addrinfo *found;

    ret->count = 0;
    if (getaddrinfo(e->host, e->port, &hints, &found) != 0)
        return;
    for (struct addrinfo *a = found; a && ret->count < ENDPOINT_ADDRESSES_MAX; a = a->ai_next) {
        if (a->ai_addrlen > sizeof ret->address[0])
            continue;
        memcpy(&ret->address[ret->count], a->ai_addr, a->ai_addrlen);
        ret->size[ret->count] = a->ai_addrlen;
        ret->count++;
    }
    freeaddrinfo(found);
}

void endpoint_resolve(const endpoint *e, endpoint_addresses *ret_addresses)
{
    resolve(e, 0, ret_addresses);
}

/* Shared by the owner and the thread; whoever lets go last frees it. */
struct endpoint_lookup {
    endpoint wanted;
    endpoint_addresses found;
    int done_fd;
    atomic_bool done;
    atomic_int holders;
};

static void let_go(endpoint_lookup *lookup)
{
    if (atomic_fetch_sub(&lookup->holders, 1) > 1)
        return;
    close(lookup->done_fd);
    free(lookup);
}

static void finish(endpoint_lookup *lookup)
{
    const uint64_t one = 1;

    atomic_store(&lookup->done, true);
    if (write(lookup->done_fd, &one, sizeof one) < 0) {
        /* An eventfd that was never read takes a one always. */
    }
}

static void *look_up(void *arg)
{
    endpoint_lookup *lookup = arg;

    resolve(&lookup->wanted, 0, &lookup->found);
    finish(lookup);
    let_go(lookup);
    return NULL;
}

endpoint_lookup *endpoint_lookup_start(const endpoint *e)
{
    endpoint_lookup *lookup = calloc(1, sizeof *lookup);
    pthread_t thread;

    if (!lookup)
        return NULL;
    lookup->wanted = *e;
    atomic_init(&lookup->done, false);
    atomic_init(&lookup->holders, 1);
    lookup->done_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (lookup->done_fd < 0) {
        free(lookup);
        return NULL;
    }
    resolve(e, AI_NUMERICHOST, &lookup->found);
    if (lookup->found.count > 0) {
        finish(lookup);
        return lookup;
    }
    atomic_store(&lookup->holders, 2);
    if (pthread_create(&thread, NULL, look_up, lookup) != 0) {
        atomic_store(&lookup->holders, 1);
        let_go(lookup);
        return NULL;
    }
    pthread_detach(thread);
    return lookup;
}

int endpoint_lookup_fd(const endpoint_lookup *lookup)
{
    return lookup->done_fd;
}

bool endpoint_lookup_take(endpoint_lookup *lookup, endpoint_addresses *ret_addresses)
{
    if (!atomic_load(&lookup->done))
        return false;
    *ret_addresses = lookup->found;
    return true;
}

void endpoint_lookup_free(endpoint_lookup *lookup)
{
    if (lookup)
        let_go(lookup);
}
