/* What a browser's request must prove before it is forwarded. */
#pragma once

#include <stdbool.h>

#include "http_exchange.h"

/* Plain HTTP is for this machine: a page elsewhere whose name was made to point here is turned away by the Host that
 * its browser sends. `further` are other names that are allowed, with commas; NULL: none. HTTPS proves the name. */
bool host_is_ours(const http_exchange *x, const char *further);

/* A request that changes something says X-Smartpass: 1, which no form and no foreign page can, and comes from a page
 * of the host that it is sent to. */
bool comes_from_our_page(const http_exchange *x);

/* Whether a body of this content type may be JSON. */
bool is_json_type(const char *content_type);
