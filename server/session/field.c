#include "field.h"

#include "line.h"

static sp_status trimmed_copy(rpc_call *call, char **text)
{
    char *copy = arena_text(rpc_call_arena(call), *text);

    if (!copy)
        return OUT_OF_MEMORY;
    *text = line_trim(copy);
    return SP_DONE;
}

sp_status field_take_line(rpc_call *call, const char *field, char **text, bool required)
{
    sp_status status = trimmed_copy(call, text);

    if (sp_failed(status))
        return status;
    if (required && !**text)
        return rpc_call_violation(call, field, "FIELD_REQUIRED", "This must be filled in.");
    if (!line_is_plain(*text))
        return rpc_call_violation(call, field, "VALUE_INVALID", "This holds control characters.");
    return SP_DONE;
}

sp_status field_check_username(rpc_call *call, const char *field, const char *text)
{
    if (!*text)
        return rpc_call_violation(call, field, "FIELD_REQUIRED", "This must be filled in.");
    if (!line_is_one_word(text))
        return rpc_call_violation(call, field, "VALUE_INVALID",
                                  "A user name has neither blanks nor characters that nobody sees.");
    return SP_DONE;
}

sp_status field_take_lines(rpc_call *call, const char *field, char **text)
{
    sp_status status = trimmed_copy(call, text);

    if (!sp_failed(status) && !lines_are_plain(*text))
        return rpc_call_violation(call, field, "VALUE_INVALID", "This holds control characters.");
    return status;
}
