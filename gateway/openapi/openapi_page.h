/* The contract's OpenAPI document and the page that shows it, as the gateway serves them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http_exchange.h"
#include "openapi.h"

typedef struct openapi_page openapi_page;

/* Describes the contract; `secure` is whether HTTPS is served. Where the page's files are not installed the document
 * alone is served. On failure NULL and a sentence. */
openapi_page *openapi_page_new(const uint8_t *set, size_t size, const openapi_options *options, bool secure,
                               char *fault, size_t fault_size);
void openapi_page_free(openapi_page *page); /* accepts NULL */

/* Answers a GET or HEAD of /openapi.json, of /docs, or of a file below it. False when the path is another one. In begin
 * or complete. */
bool openapi_page_answer(const openapi_page *page, http_exchange *x);
