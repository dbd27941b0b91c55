/* The session's token: a cookie towards the browser, bearer metadata towards the server. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "rpc.h"

/* "__Host-smartpass" on HTTPS, where browsers then refuse to take it from anybody else; "smartpass" on loopback. */
const char *session_cookie_name(bool secure);

/* "Bearer <token>" from a Cookie header, in the arena; NULL when there is no well-formed session cookie. */
const char *session_cookie_read(const char *header, bool secure, arena *memory);

/* What Set-Cookie says after a call whose trailing metadata names a token, or ends the session; NULL: nothing. */
const char *session_cookie_write(const rpc_answer *answer, bool secure, arena *memory);
