#include "writer.h"

#include <stdbool.h>
#include <string.h>

/* Columns of a line, and how far arguments stand in when they cannot stand behind their bracket. */
enum { MARGIN = 120, HANGING = 8 };

/* Writes words one after the other, on lines that keep to the margin. */
typedef struct {
    FILE *out;
    int indent; /* of the comment's first character */
    size_t column;
} filler;

static void fill_break(filler *f)
{
    fprintf(f->out, "\n%*s *", f->indent, "");
    f->column = (size_t)f->indent + strlen(" *");
}

/* What would end or open a comment is split in two. */
static void fill_word(filler *f, const char *word, size_t length)
{
    if (f->column + 1 + length + strlen(" */") > MARGIN)
        fill_break(f);
    fputc(' ', f->out);
    for (size_t i = 0; i < length; i++) {
        fputc(word[i], f->out);
        if (i + 1 < length && ((word[i] == '*' && word[i + 1] == '/') || (word[i] == '/' && word[i + 1] == '*')))
            fputc(' ', f->out);
    }
    f->column += 1 + length;
}

/* An empty line, a list entry or an indented line stays a line of its own; any other goes on behind the last. */
static bool begins_paragraph(const char *line)
{
    return line[0] == '\n' || line[0] == '-' || line[0] == ' ';
}

void write_comment(FILE *out, int indent, const char *comment)
{
    filler f = {out, indent, (size_t)indent + strlen("/*")};
    const char *line = comment + strspn(comment, " \n");
    bool after_empty = false;

    if (*line == '\0')
        return;
    fprintf(out, "%*s/*", indent, "");
    for (bool first = true; *line != '\0'; first = false) {
        line += line[0] == ' '; /* protoc leaves the space behind the slashes */
        if (line[0] == '\0' || line[strspn(line, " \n")] == '\0')
            break;
        if (!first && (after_empty || begins_paragraph(line)))
            fill_break(&f);
        after_empty = line[0] == '\n';
        for (line += strspn(line, " "); *line != '\n' && *line != '\0'; line += strspn(line, " ")) {
            size_t length = strcspn(line, " \n");

            fill_word(&f, line, length);
            line += length;
        }
        line += *line == '\n';
    }
    fputs(" */\n", out);
}

void write_literal(FILE *out, const char *text)
{
    fputc('"', out);
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;

        if (c == '"' || c == '\\')
            fprintf(out, "\\%c", c);
        else if (c < ' ' || c == 0x7f)
            fprintf(out, "\\%03o", c);
        else
            fputc(c, out);
    }
    fputc('"', out);
}

static size_t widest(const char *const *items, size_t count)
{
    size_t width = 0;

    for (size_t i = 0; i < count; i++)
        if (strlen(items[i]) > width)
            width = strlen(items[i]);
    return width;
}

void write_list(FILE *out, const char *head, const char *const *items, size_t count, const char *tail)
{
    size_t rest = strcspn(tail, "\n") + 1; /* behind the last item: the bracket and the tail */
    size_t indent = strlen(head) + 1;
    size_t column = indent;

    fprintf(out, "%s(", head);
    if (indent + widest(items, count) + rest > MARGIN) {
        indent = column = strspn(head, " ") + HANGING;
        fprintf(out, "\n%*s", (int)indent, "");
    }
    for (size_t i = 0; i < count; i++) {
        bool last = i + 1 == count;
        size_t width = strlen(items[i]) + (last ? rest : 1);

        if (i > 0 && column + 1 + width > MARGIN) {
            fprintf(out, "\n%*s", (int)indent, "");
            column = indent;
        } else if (i > 0) {
            fputc(' ', out);
            column++;
        }
        fprintf(out, "%s%s", items[i], last ? "" : ",");
        column += strlen(items[i]) + 1;
    }
    fprintf(out, ")%s", tail);
}
