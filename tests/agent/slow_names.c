/* Preloaded into a terminal: every question for the address of a name of example. takes a minute, as it may where the
 * network is there and its name server is not. */
#include <dlfcn.h>
#include <netdb.h>
#include <string.h>
#include <unistd.h>

enum { SLOWNESS_S = 60 };

typedef int (*real_getaddrinfo)(const char *node, const char *service, const struct addrinfo *hints,
                                struct addrinfo **ret_addresses);

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **ret_addresses)
{
    void *next = dlsym(RTLD_NEXT, "getaddrinfo");
    real_getaddrinfo ask;

    memcpy(&ask, &next, sizeof ask);
    if (!node || !strstr(node, ".example"))
        return ask(node, service, hints, ret_addresses);
    sleep(SLOWNESS_S);
    return EAI_AGAIN;
}
