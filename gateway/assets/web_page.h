/* An HTML page of the web build: sent with a fresh nonce for its styles each time, and never kept by browsers. */
#pragma once

#include "arena.h"
#include "asset_files.h"
#include "http_exchange.h"

typedef struct web_page web_page;

/* Splits the page at its __CSP_NONCE__ places. Lives in the arena, with a copy of the file; NULL when memory is out. */
web_page *web_page_new(const asset_file *file, arena *memory);

/* Answers with the page. In begin or complete. */
void web_page_answer(const web_page *page, http_exchange *x);
