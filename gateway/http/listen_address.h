/* Where to listen: "127.0.0.1:9000", "[::1]:9000" or "localhost:9000", which is both. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

enum { LISTEN_TEXT_MAX = 64, LISTEN_ADDRESSES_MAX = 16, LISTEN_PORT_MIN = 9000, LISTEN_PORT_MAX = 9999 };

typedef struct {
    struct sockaddr_storage address;
    socklen_t size;
    bool loopback;
    int reason;    /* errno of listen_address_open */
    bool optional; /* one of those that localhost means: a machine without its address family does without it */
} listen_address;

/* Numeric addresses in a list with commas. Ports are 9000–9999, or 0 for any free one. NULL, or a static sentence. */
const char *listen_addresses_parse(const char *text, listen_address *ret_addresses, size_t *ret_count);

/* A listening socket, or −1 with the reason in fault. Port 0 becomes the chosen one in the address. */
int listen_address_open(listen_address *address, char *fault, size_t fault_size);

/* Whether this machine has no such address: what listen_address_open failed with. */
bool listen_address_unsupported(const listen_address *address);

unsigned listen_address_port(const listen_address *address);
void listen_address_set_port(listen_address *address, unsigned port);

/* "127.0.0.1:9000" or "[::1]:9000". */
void listen_address_text(const listen_address *address, char text[LISTEN_TEXT_MAX]);

/* A socket address without its port, "" when it has none: "192.0.2.7", "::1". IPv4 in IPv6 is written as IPv4. */
void socket_address_text(const struct sockaddr *address, char *text, size_t size);
