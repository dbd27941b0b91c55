#include "upload_rules.h"

#include <string.h>

#include "line.h"
#include "rpc.h"
#include "smartpass/v1/body.pb-c.h"
#include "text.h"

enum { INFO_BYTES_MAX = 1024, INFO_ARENA = 16 << 10 };

static const int64_t SHEET_MAX = INT64_C(256) << 20, ZIP_MAX = INT64_C(4) << 30;

typedef Smartpass__V1__TransferFileKind file_kind;
#define KIND(name) SMARTPASS__V1__TRANSFER_FILE_KIND__TRANSFER_FILE_KIND_##name

const char *upload_fault_reason(upload_fault fault)
{
    static const char *const reasons[] = {"", "FILE_EMPTY", "FILE_TOO_LARGE", "FILE_KIND_UNKNOWN"};

    return reasons[fault];
}

const char *upload_fault_sentence(upload_fault fault)
{
    static const char *const sentences[] = {"", "The file is empty.",
                                            "A sheet has at most 256 MiB, a zip of photos at most 4 GiB.",
                                            "This is neither a sheet (.xlsx, .xls, .csv) nor a zip of photos."};

    return sentences[fault];
}

/* ---- The kind ---------------------------------------------------------------------------------------------------- */

static bool begins_with(const uint8_t *bytes, size_t size, const char *with, size_t n)
{
    return size >= n && memcmp(bytes, with, n) == 0;
}

/* The list of files stands at a zip's end: 46 bytes, then a name, for each. A workbook has its book in "xl/". */
static bool is_workbook(const uint8_t *tail, size_t size)
{
    static const char book[] = "xl/workbook.";
    enum { HEAD = 46 };

    for (const uint8_t *at = tail; (at = memmem(at, (size_t)(tail + size - at), book, sizeof book - 1)) != NULL; at++)
        if (at - tail >= HEAD && memcmp(at - HEAD, "PK\1\2", 4) == 0)
            return true;
    return false;
}

/* No bytes that texts do not have, as far as it was looked at; or UTF-16, which says so. */
static bool is_text(const uint8_t *bytes, size_t size)
{
    if (begins_with(bytes, size, "\xff\xfe", 2) || begins_with(bytes, size, "\xfe\xff", 2))
        return true;
    for (size_t i = 0; i < size; i++)
        if (bytes[i] < 0x20 && bytes[i] != '\t' && bytes[i] != '\r' && bytes[i] != '\n')
            return false;
    return size > 0;
}

file_kind upload_kind_of(const uint8_t *head, size_t head_size, const uint8_t *tail, size_t tail_size)
{
    if (begins_with(head, head_size, "PK\3\4", 4) || begins_with(head, head_size, "PK\5\6", 4))
        return is_workbook(tail, tail_size) ? KIND(XLSX) : KIND(ZIP);
    if (begins_with(head, head_size, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8))
        return KIND(XLS);
    return is_text(head, head_size) ? KIND(CSV) : KIND(UNSPECIFIED);
}

upload_fault upload_check_begun(int64_t size)
{
    return size > ZIP_MAX ? UPLOAD_TOO_LARGE : UPLOAD_FINE;
}

upload_fault upload_check(file_kind kind, int64_t size)
{
    if (kind == KIND(UNSPECIFIED))
        return UPLOAD_OF_NO_KIND;
    return size > (kind == KIND(ZIP) ? ZIP_MAX : SHEET_MAX) ? UPLOAD_TOO_LARGE : UPLOAD_FINE;
}

/* ---- The name ---------------------------------------------------------------------------------------------------- */

static const char *without_folders(const char *name)
{
    for (const char *at = name; *at; at++)
        if (*at == '/' || *at == '\\')
            name = at + 1;
    return name;
}

static void name_take(const uint8_t *bytes, size_t size, char name[UPLOAD_NAME_MAX + 1])
{
    const ProtobufCMessageDescriptor *descriptor = &smartpass__v1__body_info__descriptor;
    const char *field;
    arena memory;

    arena_init(&memory, INFO_ARENA);
    if (!sp_failed(rpc_prescan(descriptor, bytes, size, NULL, 0, &field))) {
        const Smartpass__V1__BodyInfo *info = (void *)rpc_unpack(descriptor, &memory, bytes, size);
        const char *last = info ? without_folders(info->file_name) : "";

        if (strlen(last) <= UPLOAD_NAME_MAX && line_is_plain(last))
            strcpy(name, last);
    }
    arena_done(&memory);
}

void upload_name_read(const Google__Api__HttpBody *first, char name[UPLOAD_NAME_MAX + 1])
{
    static const char type[] = "/smartpass.v1.BodyInfo";

    name[0] = '\0';
    for (size_t i = 0; i < first->n_extensions; i++) {
        const Google__Protobuf__Any *any = first->extensions[i];
        size_t n = strlen(any->type_url);

        if (n >= sizeof type - 1 && strcmp(any->type_url + n - (sizeof type - 1), type) == 0 &&
            any->value.len <= INFO_BYTES_MAX)
            name_take(any->value.data, any->value.len, name);
    }
}
