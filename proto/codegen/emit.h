/* One emitter for each thing that is generated. All of them write in the order of the contract, so that the same
 * contract gives the same bytes.
 *
 * What a server needs and what a client needs are files apart: a server's handlers may then have the names of the
 * client's functions (domain and method), and no program carries the other half. */
#pragma once

#include "contract.h"

/* Whole files: X.rpc.h, X.rpc.c, X.client.h, X.client.c, X.names.h,
 * X.options and X.settings.h. */
void emit_rpc_header(FILE *out, const file *f);
void emit_rpc_source(FILE *out, const contract *c, const file *f);
void emit_client_header(FILE *out, const file *f);
void emit_client_source(FILE *out, const file *f);
void emit_names(FILE *out, const contract *c, const file *f);
void emit_nanopb(FILE *out, const contract *c, const file *f);
void emit_settings(FILE *out, const contract *c, const file *f);

/* The rpc_service with its rows, and the numbers of the rows. */
void emit_table_header(FILE *out, const service *s);
void emit_table_source(FILE *out, const service *s, size_t limit_count);

/* What its author and its options say about a method, to those who serve or to those who call it; nothing when neither
 * says anything. */
typedef enum { TO_SERVERS, TO_CLIENTS } reader;
void emit_method_comment(FILE *out, int indent, const method *m, reader to);

/* The rpc_limit rows; returns how many there are. */
size_t emit_limits(FILE *out, const contract *c, const service *s);

/* The handlers' table and its registration. */
void emit_server_header(FILE *out, const service *s);
void emit_server_source(FILE *out, const service *s);

/* One streaming method on the server: the typed stream and its events. */
void emit_stream_header(FILE *out, const method *m);
void emit_stream_source(FILE *out, const service *s, const method *m);

/* The client's functions: their declarations and their bodies. */
void emit_client_functions(FILE *out, const service *s);
void emit_client_bodies(FILE *out, const service *s);

/* The same for calls that do not block. */
void emit_async_declarations(FILE *out, const method *m);
void emit_async_bodies(FILE *out, const service *s, const method *m);
