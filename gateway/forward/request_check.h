/* What a browser's request must prove before it is forwarded. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "cors.h"
#include "http_exchange.h"

/* Plain HTTP is for this machine: a page elsewhere whose name was made to point here is turned away by the Host that
 * its browser sends. `further` are other names that are allowed, with commas; NULL: none. HTTPS proves the name. */
bool host_is_ours(const http_exchange *x, const char *further);

/* Whether an Origin is that of the host that the request is sent to. */
bool is_own_origin(const http_exchange *x, const char *origin);

/* A request that changes something says X-Smartpass: 1, which no form and no foreign page can, and comes from a page
 * of the host that it is sent to, or of another one that is allowed. */
bool comes_from_our_page(const http_exchange *x, const cors_rules *cors);

/* Whether a name stands in a list with commas, which may be NULL. */
bool name_is_among(const char *name, size_t length, const char *names);

/* A numeric address, IPv4 or IPv6. */
bool is_address(const char *text, size_t length);

/* Whether a body of this content type may be JSON, one or several texts of it. */
bool is_json_type(const char *content_type);
