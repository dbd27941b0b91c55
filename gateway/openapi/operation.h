/* Operations: what one route takes and answers. */
#pragma once

#include "paths.h"
#include "raw_body.h"

/* Notes the schemas that the operation will refer to. */
void operation_collect(document *d, const binding *b);

/* The whole operation object. */
void operation_write(document *d, const binding *b);

/* As above, of its parameters alone. */
void operation_collect_parameters(document *d, const binding *b);

/* ---- Its parts: members of the open operation ---- */

void operation_put_parameters(document *d, const binding *b);
void operation_put_body(document *d, const binding *b);
void operation_put_responses(document *d, const binding *b);
void operation_put_security(document *d, const binding *b);

/* Whether the body's schema is the message without the fields that the path gives. */
bool operation_body_is_partial(const route *from);

/* Whether a field of the request may stand in a body that is the whole message. */
bool operation_body_has(const route *from, const field_type *field);

/* Calls that only read need no proof that they come from a page of ours. */
bool operation_only_reads(const route *from);

/* What is known of callers: "Needs the permission `people.edit`." */
const char *policy_text(document *d, const contract_note *method);

/* ---- Services ---- */

/* The first letters of its path: "library.v1.Shelves" of "/library.v1.Shelves/GetBook"; the method's name. */
const char *service_of(document *d, const method_type *method);
const char *name_of_method(const method_type *method);

/* The tag of its service: the service's own name, or with its package when another service has the same. */
const char *service_tag(document *d, const method_type *method);

/* "tags": […] of the document. */
void tags_write(document *d);
