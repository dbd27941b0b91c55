/* protoc-gen-smartpass-c: typed C stubs for gRPC services, on protobuf-c.
 *
 * For each X.proto it writes X.names.h, and for one with services X.rpc.{h,c} (tables and server) and X.client.{h,c},
 * to stand beside protoc-gen-c's X.pb-c.{h,c}. With the parameter nanopb=1 it writes X.options for nanopb instead, with
 * settings=1 X.settings.h. A contract that breaks a rule gives no file at all. README.md describes names, parameters
 * and rules. */
#include <stdio.h>
#include <stdlib.h>

#include "collisions.h"
#include "contract.h"
#include "emit.h"
#include "request.h"
#include "response.h"
#include "rules.h"
#include "scratch.h"
#include "soundness.h"

/* The most files that one .proto gives. */
enum { FILES_EACH = 5 };

static void write_stubs(response *r, const contract *c, const file *f)
{
    emit_names(response_open(r, scratch_printf("%s.names.h", f->stem)), c, f);
    if (f->service_count == 0)
        return;
    emit_rpc_header(response_open(r, scratch_printf("%s.rpc.h", f->stem)), f);
    emit_rpc_source(response_open(r, scratch_printf("%s.rpc.c", f->stem)), c, f);
    emit_client_header(response_open(r, scratch_printf("%s.client.h", f->stem)), f);
    emit_client_source(response_open(r, scratch_printf("%s.client.c", f->stem)), f);
}

static void write_files(response *r, const contract *c, const parameters *chosen)
{
    for (size_t i = 0; i < c->file_count; i++) {
        const file *f = &c->files[i];

        if (!f->wanted)
            continue;
        if (chosen->settings)
            emit_settings(response_open(r, scratch_printf("%s.settings.h", f->stem)), c, f);
        else if (chosen->nanopb)
            emit_nanopb(response_open(r, scratch_printf("%s.options", f->stem)), c, f);
        else
            write_stubs(r, c, f);
    }
}

/* NULL, or why there is no contract. */
static const char *read_contract(const CodeGeneratorRequest *request, parameters *ret_chosen, contract *ret_contract)
{
    const char *wrong = parameters_parse(request->parameter, ret_chosen);

    if (wrong == NULL)
        wrong = request_fault(request);
    if (wrong != NULL)
        return wrong;
    *ret_contract = contract_of(request, ret_chosen->prefix);
    return contract_fault(ret_contract);
}

int main(void)
{
    const CodeGeneratorRequest *request;
    const char *wrong;
    parameters chosen;
    contract c;
    response r;
    bool sent;

    request = request_read();
    if (request == NULL) {
        fputs("protoc-gen-smartpass-c: stdin holds no CodeGeneratorRequest; run me through protoc\n", stderr);
        scratch_done();
        return EXIT_FAILURE;
    }

    response_init(&r, request->n_proto_file * FILES_EACH);
    wrong = read_contract(request, &chosen, &c);
    if (wrong != NULL) {
        fprintf(response_error(&r), "%s\n", wrong);
    } else {
        rules_check(&c, &chosen, response_error(&r));
        collisions_check(&c, response_error(&r));
        fflush(response_error(&r));
        if (r.error.text.size == 0)
            write_files(&r, &c, &chosen);
    }
    sent = response_send(&r);
    scratch_done();
    return sent ? EXIT_SUCCESS : EXIT_FAILURE;
}
