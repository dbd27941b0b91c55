/* What a handler may ask of its call: who is calling, and the call's transaction.
 *
 * Dispatch (session/dispatch.c) makes this before the handler runs, from the method's policy and the listener that the
 * call came in by; a handler of a CALLER_PERMITTED method can rely on a signed-in user whose role holds the permission.
 */
#pragma once

#include "db.h"
#include "rpc.h"
#include "text.h"

typedef enum { CALLER_NOBODY, CALLER_USER, CALLER_DEVICE } caller_kind;

typedef struct caller {
    caller_kind kind;
    int64_t enterprise_id; /* 0 for nobody */
    int64_t user_id;       /* CALLER_USER */
    int64_t group_id;      /* CALLER_USER: the group whose subtree he sees */
    int64_t tree_version;  /* CALLER_USER: of the tree that he was found in; 0: whoever needs the tree reads it */
    const char *username;
    bool super_admin;
    bool group_administrator;      /* holds every permission that can be granted */
    bool enterprise_administrator; /* a group administrator of the root group, or the super administrator */
    text_list role_permissions;    /* of others than administrators */
    int64_t session_id;            /* 0 with a token */
    int64_t token_id;              /* the API token that speaks for him; 0: he is here himself. With one the three flags
                                    * above are false and role_permissions are those that he holds of the token's */
    text_list token_permissions;   /* as the token has them, whatever became of his */
    const char *token_name;        /* "" without one */
    bool must_change_password;
    int64_t device_id;              /* CALLER_DEVICE */
    const char *certificate_serial; /* CALLER_DEVICE, hex */
    bool device_deleted;            /* only ever true for Connect, which then answers Wipe and nothing else */
    const char *address;            /* of the browser or peer, "127.0.0.1"; "" when unknown */
    bool loopback;                  /* the address is this machine */
    bool through_gateway;
} caller;

/* Also how a stream ends that was open when it happened. */
SP_STATUS(CERTIFICATE_REVOKED, SP_UNAUTHENTICATED, "The certificate was revoked; enrol anew.");

/* The listeners of the server, as rpc_listener.id. */
enum { LISTENER_PUBLIC = 1, LISTENER_GATEWAY = 2 };

const caller *call_caller(const rpc_call *call);

/* The unary call's transaction of the caller's enterprise, begun at the first asking (role app). Dispatch commits it
 * before the reply leaves, or rolls it back when the handler failed. Not for streams, which call db_begin themselves.
 */
sp_status call_tx(rpc_call *call, db_tx **ret_tx) SP_MUST_USE;

/* The same by the role system, for methods of the super administrator, which are about other enterprises than his own:
 * instead of call_tx, not beside it. The audit row goes with it, into his own enterprise. */
sp_status call_system_tx(rpc_call *call, db_tx **ret_tx) SP_MUST_USE;

/* Ends the transaction so far, before something slow (a password hash, a worker); the next call_tx begins a new one. */
sp_status call_commit(rpc_call *call) SP_MUST_USE;

/* Once the call's last transaction has committed, before the reply leaves, run(arg): for what must not be done when it
 * does not. May block; has no say any more in how the call ends. One for each call. */
void call_after_commit(rpc_call *call, void (*run)(void *arg), void *arg);

/* The call is about to change the tree of groups: from here its caller names no version of the tree, so that what it
 * asks of the tree is answered as its transaction sees it. */
void call_tree_changes(rpc_call *call);

/* For streams that stay open: whether the caller may still be here, asked anew of the database. Counts as activity of
 * his session. Blocks. [any thread, while the stream is held] */
sp_status call_recheck(const rpc_call *call) SP_MUST_USE;

/* Milliseconds since 1970, one value for the whole call. */
int64_t call_now_ms(const rpc_call *call);

/* What the audit row names as object, e.g. "employee 0007 Ann"; copied. */
void call_audit_object(rpc_call *call, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Of whom object, before and after speak: they are erased with him. */
void call_audit_person(rpc_call *call, int64_t person_id);

/* What the object was and what it became, kept as JSON without pictures and secrets (audit_json); the row of a call
 * that failed has neither. */
void call_audit_before(rpc_call *call, const ProtobufCMessage *message);
void call_audit_after(rpc_call *call, const ProtobufCMessage *message);

/* A row of its own about another person whom the call changed on its way, into the open transaction of call_tx; before
 * and after as above. */
sp_status call_audit_beside(rpc_call *call, const char *action, int64_t person_id, const char *object,
                            const ProtobufCMessage *before, const ProtobufCMessage *after) SP_MUST_USE;
