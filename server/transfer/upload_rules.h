/* What an upload is and whether it is taken. Pure. */
#pragma once

#include "google/api/httpbody.pb-c.h"
#include "smartpass/v1/transfer.pb-c.h"

enum { UPLOAD_NAME_MAX = 200 };

typedef enum { UPLOAD_FINE, UPLOAD_EMPTY, UPLOAD_TOO_LARGE, UPLOAD_OF_NO_KIND } upload_fault;
const char *upload_fault_reason(upload_fault fault);
const char *upload_fault_sentence(upload_fault fault);

/* What can be said of so many bytes whatever their kind, and of the whole. */
upload_fault upload_check_begun(int64_t size);
upload_fault upload_check(Smartpass__V1__TransferFileKind kind, int64_t size);

/* How much of a file tells what it is. */
enum { UPLOAD_HEAD_BYTES = 64 << 10, UPLOAD_TAIL_BYTES = 256 << 10 };

/* The kind of bytes that begin and end so, whatever their sender calls them; unspecified for what no import takes. */
Smartpass__V1__TransferFileKind upload_kind_of(const uint8_t *head, size_t head_size, const uint8_t *tail,
                                               size_t tail_size);

/* The name that the first part states in a smartpass.v1.BodyInfo, without folders; "" when none or not a plain one. */
void upload_name_read(const Google__Api__HttpBody *first, char name[UPLOAD_NAME_MAX + 1]);
