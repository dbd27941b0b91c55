#include "form.h"

#include <string.h>

/* The unreserved characters of RFC 3986; a blank becomes %20, which every reader takes. */
static bool is_plain(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("-._~", c);
}

bool form_encode(byte_buffer *form, const char *value)
{
    for (const unsigned char *c = (const unsigned char *)value; *c; c++)
        if (is_plain(*c) ? !byte_buffer_append(form, c, 1) : !byte_buffer_printf(form, "%%%02X", *c))
            return false;
    return true;
}

bool form_add(byte_buffer *form, const char *name, const char *value)
{
    bool first = form->size == 0 || form->data[form->size - 1] == '?' || form->data[form->size - 1] == '&';

    return (first || byte_buffer_append_text(form, "&")) && form_encode(form, name) &&
           byte_buffer_append_text(form, "=") && form_encode(form, value);
}
