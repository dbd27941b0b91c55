/* Where a call comes from, and the session that its bearer token names. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "certificate.h"
#include "clock.h"
#include "context.h"
#include "server_session_sql.h"
#include "text.h"
#include "token.h"

enum { TOUCH_MS = 60 * 1000 }; /* how exact the time of last use is */

/* ---- Address ----------------------------------------------------------------------------------------------------- */

static bool is_loopback(const char *address)
{
    struct in_addr v4;
    struct in6_addr v6;

    if (inet_pton(AF_INET, address, &v4) == 1)
        return (ntohl(v4.s_addr) >> 24) == 127;
    if (inet_pton(AF_INET6, address, &v6) != 1)
        return false;
    return IN6_IS_ADDR_LOOPBACK(&v6) || (IN6_IS_ADDR_V4MAPPED(&v6) && v6.s6_addr[12] == 127);
}

static bool is_address(const char *text)
{
    unsigned char room[sizeof(struct in6_addr)];

    return inet_pton(AF_INET, text, room) == 1 || inet_pton(AF_INET6, text, room) == 1;
}

/* "ipv4:127.0.0.1:40000" and "ipv6:[::1]:40000", the brackets as %5B and %5D with newer cores. */
static const char *address_of_peer(const char *peer, arena *a)
{
    const char *start = strchr(peer, ':'), *end = strrchr(peer, ':');
    char *address;

    if (!start || end <= start || strncmp(peer, "ipv", 3) != 0)
        return "";
    start++;
    if (*start == '[')
        start++, end--;
    else if (strncasecmp(start, "%5B", 3) == 0)
        start += 3, end -= 3;
    if (end <= start)
        return "";
    address = arena_copy(a, start, (size_t)(end - start));
    return address && is_address(address) ? address : "";
}

/* An IPv4 client of a socket for both is shown as one, so that the lockout knows it again at another door. */
static const char *without_mapping(const char *address)
{
    const char *v4 = strncasecmp(address, "::ffff:", 7) == 0 ? address + 7 : address;

    return is_address(v4) ? v4 : address;
}

/* A gateway on another machine shows a certificate that the configuration names; its holder has proved the key. */
static bool is_gateway_elsewhere(const call_context *context)
{
    const char *list = context->sessions->options.gateways, *pem;
    uint8_t wanted[SHA256_SIZE];
    certificate_facts facts;

    if (!list || !(pem = rpc_call_peer_certificate(context->call)) || sp_failed(certificate_inspect(pem, &facts)) ||
        context->now_ms < facts.not_before_ms || context->now_ms > facts.not_after_ms)
        return false;
    while ((list = fingerprint_list_next(list, wanted)) != NULL)
        if (bytes_equal(wanted, facts.fingerprint, sizeof wanted))
            return true;
    return false;
}

void caller_find_address(call_context *context)
{
    const char *forwarded = rpc_call_metadata(context->call, "smartpass-client-address");
    caller *who = &context->who;
    bool elsewhere;

    elsewhere = rpc_call_listener(context->call) != LISTENER_GATEWAY && forwarded && is_gateway_elsewhere(context);
    who->through_gateway = elsewhere || rpc_call_listener(context->call) == LISTENER_GATEWAY;
    if (!who->through_gateway)
        who->address = address_of_peer(rpc_call_peer(context->call), rpc_call_arena(context->call));
    else
        who->address = forwarded && is_address(forwarded) ? forwarded : "";
    who->address = without_mapping(who->address);
    who->loopback = !elsewhere && is_loopback(who->address); /* another machine's loopback is not ours */
}

/* ---- Session or token -------------------------------------------------------------------------------------------- */

static const char *bearer_of(const rpc_call *call)
{
    const char *value = rpc_call_metadata(call, "authorization");

    if (!value || strncasecmp(value, "Bearer ", 7) != 0)
        return NULL;
    return value + 7 + strspn(value + 7, " ");
}

/* Both look-ups begin with the same columns. */
static sp_status caller_from_row(const db_rows *rows, bool by_token, arena *a, caller *who)
{
    sp_status status;

    who->kind = CALLER_USER;
    who->enterprise_id = db_row_int(rows, 0, 0);
    who->user_id = db_row_int(rows, 0, 1);
    who->group_id = db_row_int(rows, 0, 2);
    who->username = db_row_text(rows, 0, 3);
    who->super_admin = db_row_bool(rows, 0, 4);
    who->must_change_password = db_row_bool(rows, 0, 5);
    who->group_administrator = db_row_bool(rows, 0, 9);
    who->enterprise_administrator = who->super_admin || (who->group_administrator && db_row_bool(rows, 0, 10));
    who->session_id = by_token ? 0 : db_row_int(rows, 0, 12);
    who->tree_version = db_row_int(rows, 0, 13);
    status = db_row_texts(rows, 0, 11, a, &who->role_permissions);
    if (!sp_failed(status) && by_token)
        status = api_token_narrow(rows, a, who);
    if (!sp_failed(status) && db_row_bool(rows, 0, 6) && !who->loopback)
        return FIRST_LOGIN_LOOPBACK_ONLY;
    return status;
}

static sp_status session_look_up(const session_options *options, db_tx *tx, const uint8_t *token_sha256, int64_t now_ms,
                                 db_rows *ret_rows)
{
    int64_t last_seen_ms, idle_ms = options->idle_ms;
    sp_status status = db_query(tx, SQL_SESSION_LOOK_UP, DB_ARGS(db_bytes(token_sha256, SHA256_SIZE)), ret_rows);

    if (sp_failed(status))
        return status;
    if (ret_rows->count == 0)
        return SESSION_EXPIRED;
    last_seen_ms = db_row_time_ms(ret_rows, 0, 7);
    if (now_ms >= db_row_time_ms(ret_rows, 0, 8) || now_ms - last_seen_ms >= idle_ms)
        return SESSION_EXPIRED;
    if (now_ms - last_seen_ms >= TOUCH_MS)
        status = db_query(tx, SQL_SESSION_TOUCH, DB_ARGS(db_bytes(token_sha256, SHA256_SIZE), db_time(now_ms)), NULL);
    return status;
}

/* Who stands behind the bearer's hash. What the caller points to is in the arena. */
static sp_status bearer_look_up(const call_context *context, bool by_token, int64_t now_ms, arena *a, caller *who,
                                int64_t *ret_expires_ms)
{
    const session_options *options = &context->sessions->options;
    db_rows rows;
    db_tx *tx;
    sp_status status = db_begin(options->system, 0, a, &tx);

    if (sp_failed(status))
        return status;
    status = by_token ? api_token_look_up(tx, context->token_sha256, who->address, now_ms, &rows)
                      : session_look_up(options, tx, context->token_sha256, now_ms, &rows);
    if (!sp_failed(status)) {
        *ret_expires_ms = db_row_time_ms(&rows, 0, 8);
        status = caller_from_row(&rows, by_token, a, who);
    }
    return db_end(tx, status);
}

sp_status caller_find_user(call_context *context)
{
    const char *bearer = bearer_of(context->call);
    bool by_token;
    sp_status status;

    if (!bearer || !*bearer)
        return SESSION_MISSING;
    by_token = api_token_is_one(bearer);
    if (sp_failed(token_hash(by_token ? bearer + strlen(API_TOKEN_PREFIX) : bearer, context->token_sha256)))
        return SESSION_EXPIRED;
    status = bearer_look_up(context, by_token, context->now_ms, rpc_call_arena(context->call), &context->who,
                            &context->session_expires_ms);
    context->tx_enterprise_id = context->who.enterprise_id;
    context->has_session = !sp_failed(status);
    return status;
}

sp_status call_recheck(const rpc_call *call)
{
    const call_context *context = context_of(call);
    caller who = context->who;
    int64_t expires_ms;
    arena memory;
    sp_status status;

    if (!context->has_session)
        return SP_DONE;
    arena_init(&memory, 64 * 1024);
    status = bearer_look_up(context, who.token_id != 0, clock_now_ms(), &memory, &who, &expires_ms);
    if (!sp_failed(status))
        status = caller_may_call(&who, rpc_call_method(call));
    arena_done(&memory);
    return status;
}
