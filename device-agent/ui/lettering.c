#include "lettering.h"

#include <stdlib.h>
#include <string.h>

#include <ft2build.h>
#include FT_FREETYPE_H

enum { FONTS_MAX = 5, NOT_UTF8 = 0 };

/* The first has Chinese and Latin letters; the others are for machines without it. */
static const char *const usual_fonts[] = {
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
};

struct lettering {
    FT_Library library;
    const char *files[FONTS_MAX];
    FT_Face fonts[FONTS_MAX]; /* NULL: not opened yet, or it cannot be */
    bool tried[FONTS_MAX];
    size_t count;
};

lettering *lettering_new(const char *font)
{
    lettering *l = calloc(1, sizeof *l);

    if (!l || FT_Init_FreeType(&l->library) != 0) {
        free(l);
        return NULL;
    }
    if (font)
        l->files[l->count++] = font;
    for (size_t i = 0; i < sizeof usual_fonts / sizeof *usual_fonts; i++)
        l->files[l->count++] = usual_fonts[i];
    return l;
}

void lettering_free(lettering *l)
{
    if (!l)
        return;
    for (size_t i = 0; i < l->count; i++)
        if (l->fonts[i])
            FT_Done_Face(l->fonts[i]);
    FT_Done_FreeType(l->library);
    free(l);
}

/* NULL: there is no such font. */
static FT_Face font_at(lettering *l, size_t i)
{
    if (!l->tried[i]) {
        l->tried[i] = true;
        if (FT_New_Face(l->library, l->files[i], 0, &l->fonts[i]) != 0)
            l->fonts[i] = NULL;
    }
    return l->fonts[i];
}

bool lettering_works(lettering *l)
{
    for (size_t i = 0; i < l->count; i++)
        if (font_at(l, i))
            return true;
    return false;
}

/* ---- Characters -------------------------------------------------------------------------------------------------- */

/* The next character; NOT_UTF8, and one byte, for whatever is none. Overlong forms are drawn as what they mean. */
static uint32_t next_character(const char **at, const char *end)
{
    const uint8_t *p = (const uint8_t *)*at;
    size_t length = *p < 0x80 ? 1 : (*p & 0xe0) == 0xc0 ? 2 : (*p & 0xf0) == 0xe0 ? 3 : (*p & 0xf8) == 0xf0 ? 4 : 0;
    uint32_t character = length == 1 ? *p : *p & (0x7fu >> length);

    if (length == 0 || (size_t)(end - *at) < length) {
        (*at)++;
        return NOT_UTF8;
    }
    for (size_t i = 1; i < length; i++) {
        if ((p[i] & 0xc0) != 0x80) {
            (*at)++;
            return NOT_UTF8;
        }
        character = character << 6 | (p[i] & 0x3f);
    }
    *at += length;
    return character;
}

/* The glyph in the slot of the font that has it; NULL: it is nowhere. */
static FT_GlyphSlot glyph_of(lettering *l, uint32_t character, int size, FT_Int32 flags)
{
    for (size_t i = 0; i < l->count; i++) {
        FT_Face font = font_at(l, i);
        FT_UInt index = font ? FT_Get_Char_Index(font, character) : 0;

        if (index == 0 || FT_Set_Pixel_Sizes(font, 0, (FT_UInt)size) != 0)
            continue;
        return FT_Load_Glyph(font, index, flags) == 0 ? font->glyph : NULL;
    }
    return NULL;
}

int lettering_width(lettering *l, const char *text, size_t length, int size)
{
    const char *end = text + length;
    int width = 0;

    while (text < end) {
        uint32_t character = next_character(&text, end);
        FT_GlyphSlot glyph = character < ' ' ? NULL : glyph_of(l, character, size, FT_LOAD_DEFAULT);

        if (glyph)
            width += (int)(glyph->advance.x >> 6);
    }
    return width;
}

static void blend(uint8_t *pixel, colour ink, unsigned cover)
{
    const uint8_t inks[] = {ink.red, ink.green, ink.blue};

    for (int i = 0; i < 3; i++)
        pixel[i] = (uint8_t)((pixel[i] * (255 - cover) + inks[i] * cover + 127) / 255);
}

static void draw_glyph(const FT_Bitmap *glyph, bitmap *onto, int left, int top, colour ink)
{
    if (glyph->pixel_mode != FT_PIXEL_MODE_GRAY)
        return;
    for (int row = 0; row < (int)glyph->rows; row++) {
        int y = top + row;

        if (y < 0 || y >= onto->height)
            continue;
        for (int column = 0; column < (int)glyph->width; column++) {
            int x = left + column;

            if (x >= 0 && x < onto->width)
                blend(onto->rgb + ((size_t)y * (size_t)onto->width + (size_t)x) * 3, ink,
                      glyph->buffer[row * glyph->pitch + column]);
        }
    }
}

void lettering_draw(lettering *l, bitmap *onto, const char *text, size_t length, int size, int x, int y, colour ink)
{
    const char *end = text + length;

    while (text < end && x < onto->width) {
        uint32_t character = next_character(&text, end);
        FT_GlyphSlot glyph = character < ' ' ? NULL : glyph_of(l, character, size, FT_LOAD_RENDER);

        if (!glyph)
            continue;
        draw_glyph(&glyph->bitmap, onto, x + glyph->bitmap_left, y - glyph->bitmap_top, ink);
        x += (int)(glyph->advance.x >> 6);
    }
}
