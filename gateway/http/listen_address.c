#include "listen_address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "text.h"

enum { LISTEN_BACKLOG = 511 };

static struct sockaddr_in *as_ipv4(const listen_address *address)
{
    return (struct sockaddr_in *)&address->address;
}

static struct sockaddr_in6 *as_ipv6(const listen_address *address)
{
    return (struct sockaddr_in6 *)&address->address;
}

unsigned listen_address_port(const listen_address *address)
{
    if (address->address.ss_family == AF_INET)
        return ntohs(as_ipv4(address)->sin_port);
    return ntohs(as_ipv6(address)->sin6_port);
}

void listen_address_set_port(listen_address *address, unsigned port)
{
    if (address->address.ss_family == AF_INET)
        as_ipv4(address)->sin_port = htons((uint16_t)port);
    else
        as_ipv6(address)->sin6_port = htons((uint16_t)port);
}

static bool parse_host(const char *host, listen_address *ret)
{
    struct sockaddr_in *ipv4 = as_ipv4(ret);
    struct sockaddr_in6 *ipv6 = as_ipv6(ret);

    *ret = (listen_address){.size = sizeof *ipv4};
    if (inet_pton(AF_INET, host, &ipv4->sin_addr) == 1) {
        ipv4->sin_family = AF_INET;
        ret->loopback = ntohl(ipv4->sin_addr.s_addr) >> 24 == 127;
        return true;
    }
    *ret = (listen_address){.size = sizeof *ipv6};
    if (inet_pton(AF_INET6, host, &ipv6->sin6_addr) != 1)
        return false;
    ipv6->sin6_family = AF_INET6;
    ret->loopback = IN6_IS_ADDR_LOOPBACK(&ipv6->sin6_addr);
    return true;
}

/* One entry, which localhost makes two. */
static const char *parse_entry(char *entry, listen_address *into, size_t *count)
{
    static const char *const localhost[] = {"127.0.0.1", "::1"};
    char *colon = strrchr(entry, ':'), *host = entry;
    int64_t port;

    if (!colon || !int64_parse(colon + 1, 0, 65535, &port))
        return "An address to listen on has the form HOST:PORT.";
    if (port != 0 && (port < LISTEN_PORT_MIN || port > LISTEN_PORT_MAX))
        return "The web port must be between 9000 and 9999.";
    *colon = '\0';
    if (*host == '[' && colon > host && colon[-1] == ']') {
        colon[-1] = '\0';
        host++;
    }
    for (size_t i = 0; i < 2; i++) {
        bool local = strcmp(host, "localhost") == 0;

        if (*count == LISTEN_ADDRESSES_MAX)
            return "There are too many addresses to listen on.";
        if (!parse_host(local ? localhost[i] : host, &into[*count]))
            return "An address to listen on must be localhost or a numeric address.";
        into[*count].optional = local;
        listen_address_set_port(&into[(*count)++], (unsigned)port);
        if (!local)
            break;
    }
    return NULL;
}

const char *listen_addresses_parse(const char *text, listen_address *ret_addresses, size_t *ret_count)
{
    size_t length = strlen(text);
    char copy[LISTEN_ADDRESSES_MAX * LISTEN_TEXT_MAX], *rest = copy, *entry;
    const char *fault = NULL;

    *ret_count = 0;
    if (length >= sizeof copy)
        return "The addresses to listen on are too long.";
    memcpy(copy, text, length + 1);
    while (!fault && (entry = strsep(&rest, ",")) != NULL) {
        entry += strspn(entry, " ");
        entry[strcspn(entry, " ")] = '\0';
        fault = parse_entry(entry, ret_addresses, ret_count);
    }
    return fault;
}

static int prepare(const listen_address *address)
{
    int fd = socket(address->address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;

    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    /* Each family has a socket of its own, or one port could not be taken twice. */
    if (address->address.ss_family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    if (bind(fd, (const struct sockaddr *)&address->address, address->size) == 0 && listen(fd, LISTEN_BACKLOG) == 0)
        return fd;
    on = errno;
    close(fd);
    errno = on;
    return -1;
}

int listen_address_open(listen_address *address, char *fault, size_t fault_size)
{
    char text[LISTEN_TEXT_MAX];
    int fd = prepare(address);

    if (fd < 0) {
        int reason = errno;

        listen_address_text(address, text);
        snprintf(fault, fault_size, "cannot listen on %s: %s", text,
                 reason == EADDRINUSE ? "another program uses this port" : strerror(reason));
        address->reason = reason;
        return -1;
    }
    getsockname(fd, (struct sockaddr *)&address->address, &address->size);
    return fd;
}

bool listen_address_unsupported(const listen_address *address)
{
    return address->reason == EADDRNOTAVAIL || address->reason == EAFNOSUPPORT;
}

void socket_address_text(const struct sockaddr *address, char *text, size_t size)
{
    const struct sockaddr_in6 *ipv6 = (const struct sockaddr_in6 *)address;

    *text = '\0';
    if (address->sa_family == AF_INET)
        inet_ntop(AF_INET, &((const struct sockaddr_in *)address)->sin_addr, text, (socklen_t)size);
    else if (address->sa_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&ipv6->sin6_addr))
        inet_ntop(AF_INET, ipv6->sin6_addr.s6_addr + 12, text, (socklen_t)size);
    else if (address->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &ipv6->sin6_addr, text, (socklen_t)size);
}

void listen_address_text(const listen_address *address, char text[LISTEN_TEXT_MAX])
{
    char host[INET6_ADDRSTRLEN];

    socket_address_text((const struct sockaddr *)&address->address, host, sizeof host);
    snprintf(text, LISTEN_TEXT_MAX, address->address.ss_family == AF_INET ? "%s:%u" : "[%s]:%u", host,
             listen_address_port(address));
}
