/* The link's messages in bytes. nanopb's structs under short names, and the one message that is put together from
 * bytes that were encoded before: a batch of journalled records. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "smartpass/link/v1/link.pb.h"
#include "smartpass/v1/types.pb.h"

typedef smartpass_link_v1_ConnectRequest ConnectRequest;
typedef smartpass_link_v1_ConnectResponse ConnectResponse;
typedef smartpass_link_v1_Hello Hello;
typedef smartpass_link_v1_PassRecord PassRecord;
typedef smartpass_link_v1_PeopleChanges PeopleChanges;
typedef smartpass_link_v1_PersonChange PersonChange;
typedef smartpass_link_v1_PeopleReport PeopleReport;
typedef smartpass_link_v1_PersonOutcome PersonOutcome;
typedef smartpass_link_v1_PhotoRequest PhotoRequest;
typedef smartpass_link_v1_PhotoChunk PhotoChunk;
typedef smartpass_link_v1_SettingsReport SettingsReport;
typedef smartpass_link_v1_SettingOutcome SettingOutcome;
typedef smartpass_link_v1_SettingChanges SettingChanges;
typedef smartpass_link_v1_SettingValue SettingValue;
typedef smartpass_link_v1_Heartbeat Heartbeat;
typedef smartpass_link_v1_Welcome Welcome;
typedef smartpass_link_v1_CaptureOrder CaptureOrder;
typedef smartpass_link_v1_CaptureReport CaptureReport;
typedef smartpass_link_v1_CaptureChunk CaptureChunk;
typedef smartpass_link_v1_PackageOffer PackageOffer;
typedef smartpass_link_v1_PackageChunk PackageChunk;
typedef smartpass_link_v1_PackageRequest PackageRequest;
typedef smartpass_link_v1_PackageReport PackageReport;
typedef smartpass_link_v1_CommandOrder CommandOrder;
typedef smartpass_link_v1_DisplayPlan DisplayPlan;
typedef smartpass_link_v1_DisplayChunk DisplayChunk;
typedef smartpass_link_v1_DisplayRequest DisplayRequest;
typedef smartpass_link_v1_DisplayReport DisplayReport;
typedef smartpass_link_v1_DisplayRefusal DisplayRefusal;
typedef smartpass_link_v1_ScreenOrder ScreenOrder;
typedef smartpass_link_v1_ScreenChunk ScreenChunk;
typedef smartpass_link_v1_LogBatch LogBatch;
typedef smartpass_link_v1_LogAck LogAck;
typedef smartpass_link_v1_SnapshotAck SnapshotAck;
typedef smartpass_link_v1_SnapshotChunk SnapshotChunk;

#define LINK_MESSAGE_MAX 32768 /* bytes; the contract's limit for every message of the link */
#define LINK_RECORD_MAX 512    /* bytes of one encoded PassRecord, with room to spare */

/* One message up and one down, too large for a stack. All links of one thread may share one. */
typedef struct {
    ConnectRequest up;
    ConnectResponse down;
} link_scratch;

/* Bytes written; 0 when they would exceed cap (no message of the link is empty). */
size_t connect_request_encode(const ConnectRequest *message, uint8_t *out, size_t cap);

/* False when malformed or over a limit of the contract. An unknown kind of message gives which_message 0. */
bool connect_response_decode(const uint8_t *bytes, size_t size, ConnectResponse *ret_message);

size_t pass_record_encode(const PassRecord *record, uint8_t *out, size_t cap);
bool pass_record_decode(const uint8_t *bytes, size_t size, PassRecord *ret_record);

/* Puts a ConnectRequest with a RecordBatch together around records that are bytes already. */
typedef struct {
    uint8_t *out;
    size_t cap;
    size_t size; /* of the records with their tags */
    uint32_t epoch;
} record_batch;

void record_batch_begin(record_batch *batch, uint32_t epoch, uint8_t *out, size_t cap);

/* False when the record does not fit any more; the batch is as before. */
bool record_batch_add(record_batch *batch, const uint8_t *record, size_t size);

/* The message's size; it begins at out. */
size_t record_batch_end(record_batch *batch);

/* Copies n bytes into a nanopb bytes field, as many as it has room for. */
#define BYTES_FIELD_SET(field, from, n)                                                                                \
    do {                                                                                                               \
        size_t field_size_ = (n) < sizeof(field).bytes ? (n) : sizeof(field).bytes;                                    \
        (field).size = (pb_size_t)field_size_;                                                                         \
        memcpy((field).bytes, (from), field_size_);                                                                    \
    } while (0)
