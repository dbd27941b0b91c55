#include "messages.h"

#include <pb_decode.h>
#include <pb_encode.h>
#include <string.h>

#include "pass_rules.h"

#define SAME_NUMBER(ours, theirs) _Static_assert((int)(ours) == (int)(theirs), "numbers differ from the contract")
SAME_NUMBER(PERSON_EMPLOYEE, smartpass_v1_PersonKind_PERSON_KIND_EMPLOYEE);
SAME_NUMBER(PERSON_VISITOR, smartpass_v1_PersonKind_PERSON_KIND_VISITOR);
SAME_NUMBER(PERSON_BLACKLIST, smartpass_v1_PersonKind_PERSON_KIND_BLACKLIST);
SAME_NUMBER(PERSON_STRANGER, smartpass_v1_PersonKind_PERSON_KIND_STRANGER);
SAME_NUMBER(PASS_ALLOWED, smartpass_v1_PassResult_PASS_RESULT_ALLOWED);
SAME_NUMBER(PASS_DENIED, smartpass_v1_PassResult_PASS_RESULT_DENIED);
SAME_NUMBER(DENY_STRANGER, smartpass_v1_DenyReason_DENY_REASON_STRANGER);
SAME_NUMBER(DENY_BLACKLIST, smartpass_v1_DenyReason_DENY_REASON_BLACKLIST);
SAME_NUMBER(DENY_OUTSIDE_WINDOW, smartpass_v1_DenyReason_DENY_REASON_OUTSIDE_WINDOW);
SAME_NUMBER(DENY_NO_MASK, smartpass_v1_DenyReason_DENY_REASON_NO_MASK);
SAME_NUMBER(DENY_TEMPERATURE, smartpass_v1_DenyReason_DENY_REASON_TEMPERATURE);
SAME_NUMBER(DENY_NOT_GRANTED, smartpass_v1_DenyReason_DENY_REASON_NOT_GRANTED);

enum { BATCH_HEAD_MAX = 24 }; /* two tags, two lengths, tag and value of the epoch */

size_t connect_request_encode(const ConnectRequest *message, uint8_t *out, size_t cap)
{
    pb_ostream_t stream = pb_ostream_from_buffer(out, cap);

    return pb_encode(&stream, smartpass_link_v1_ConnectRequest_fields, message) ? stream.bytes_written : 0;
}

bool connect_response_decode(const uint8_t *bytes, size_t size, ConnectResponse *ret_message)
{
    pb_istream_t stream = pb_istream_from_buffer(bytes, size);

    if (size > LINK_MESSAGE_MAX)
        return false;
    return pb_decode(&stream, smartpass_link_v1_ConnectResponse_fields, ret_message);
}

size_t pass_record_encode(const PassRecord *record, uint8_t *out, size_t cap)
{
    pb_ostream_t stream = pb_ostream_from_buffer(out, cap);

    return pb_encode(&stream, smartpass_link_v1_PassRecord_fields, record) ? stream.bytes_written : 0;
}

bool pass_record_decode(const uint8_t *bytes, size_t size, PassRecord *ret_record)
{
    pb_istream_t stream = pb_istream_from_buffer(bytes, size);

    return pb_decode(&stream, smartpass_link_v1_PassRecord_fields, ret_record);
}

void record_batch_begin(record_batch *batch, uint32_t epoch, uint8_t *out, size_t cap)
{
    *batch = (record_batch){.out = out, .cap = cap, .epoch = epoch};
}

/* Records gather behind the room for the longest head, which is known only at the end. */
bool record_batch_add(record_batch *batch, const uint8_t *record, size_t size)
{
    size_t taken = BATCH_HEAD_MAX + batch->size;
    pb_ostream_t stream;

    if (taken >= batch->cap)
        return false;
    stream = pb_ostream_from_buffer(batch->out + taken, batch->cap - taken);
    if (!pb_encode_tag(&stream, PB_WT_STRING, smartpass_link_v1_RecordBatch_records_tag) ||
        !pb_encode_string(&stream, record, size))
        return false;
    batch->size += stream.bytes_written;
    return true;
}

size_t record_batch_end(record_batch *batch)
{
    uint8_t epoch[BATCH_HEAD_MAX];
    uint8_t head[BATCH_HEAD_MAX];
    pb_ostream_t inner = pb_ostream_from_buffer(epoch, sizeof epoch);
    pb_ostream_t outer = pb_ostream_from_buffer(head, sizeof head);

    if (!pb_encode_tag(&inner, PB_WT_VARINT, smartpass_link_v1_RecordBatch_store_epoch_tag) ||
        !pb_encode_varint(&inner, batch->epoch) ||
        !pb_encode_tag(&outer, PB_WT_STRING, smartpass_link_v1_ConnectRequest_records_tag) ||
        !pb_encode_varint(&outer, inner.bytes_written + batch->size) || !pb_write(&outer, epoch, inner.bytes_written))
        return 0;
    memmove(batch->out + outer.bytes_written, batch->out + BATCH_HEAD_MAX, batch->size);
    memcpy(batch->out, head, outer.bytes_written);
    return outer.bytes_written + batch->size;
}
