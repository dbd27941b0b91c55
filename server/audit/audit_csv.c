#include "audit_csv.h"

#include <inttypes.h>
#include <time.h>

#include "csv.h"
#include "status.h"

static const char HEAD[] = CSV_MARK "time,module,action,object,result,reason,operator,address,id,seal,erased\r\n";

bool audit_csv_head(byte_buffer *out)
{
    return byte_buffer_append_text(out, HEAD);
}

static bool put_time(byte_buffer *out, const Google__Protobuf__Timestamp *t)
{
    time_t seconds = t ? (time_t)t->seconds : 0;
    char text[32];
    struct tm parts;

    if (!t || !gmtime_r(&seconds, &parts) || strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts) == 0)
        return true;
    return byte_buffer_printf(out, "%s.%03dZ", text, (int)(t->nanos / 1000000 % 1000));
}

bool audit_csv_row(byte_buffer *out, const Smartpass__V1__AuditRow *row)
{
    const char *const texts[] = {row->module, row->action,    row->object, sp_code_name((sp_code)row->code),
                                 row->reason, row->operator_, row->address};
    bool fine = put_time(out, row->time);

    for (size_t i = 0; fine && i < sizeof texts / sizeof *texts; i++)
        fine = byte_buffer_append_text(out, ",") && csv_field(out, texts[i]);
    return fine &&
           byte_buffer_printf(out, ",%" PRId64 ",%" PRId64 ",%s\r\n", row->id, row->seal, row->erased ? "yes" : "no");
}
