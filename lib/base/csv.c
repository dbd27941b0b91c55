#include "csv.h"

#include <string.h>

bool csv_field(byte_buffer *out, const char *text)
{
    bool computed = *text && strchr("=+-@\t\r\n", *text), quoted = strpbrk(text, ",\"\r\n") != NULL;
    bool fine = (!quoted || byte_buffer_append_text(out, "\"")) && (!computed || byte_buffer_append_text(out, "'"));

    while (fine && *text) {
        size_t plain = strcspn(text, "\"");

        fine = byte_buffer_append(out, text, plain) && (!text[plain] || byte_buffer_append_text(out, "\"\""));
        text += plain + (text[plain] != '\0');
    }
    return fine && (!quoted || byte_buffer_append_text(out, "\""));
}

bool csv_row(byte_buffer *out, const char *const *texts, size_t count)
{
    bool fine = true;

    for (size_t i = 0; fine && i < count; i++)
        fine = (i == 0 || byte_buffer_append_text(out, ",")) && csv_field(out, texts[i]);
    return fine && byte_buffer_append_text(out, "\r\n");
}
