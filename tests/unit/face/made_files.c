#include "made_files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <png.h>

#include "picture_file.h"

static void die(const char *what)
{
    fprintf(stderr, "made_files: %s\n", what);
    abort();
}

static made_file with_segment(made_file jpeg, const uint8_t *segment, size_t size)
{
    made_file longer = {malloc(jpeg.size + size), jpeg.size + size};

    if (!longer.bytes)
        die("memory");
    memcpy(longer.bytes, jpeg.bytes, 2); /* after the start-of-image marker */
    memcpy(longer.bytes + 2, segment, size);
    memcpy(longer.bytes + 2 + size, jpeg.bytes + 2, jpeg.size - 2);
    free(jpeg.bytes);
    return longer;
}

made_file made_turned_jpeg(int orientation, int big_endian)
{
    uint8_t little[] = {0xff, 0xe1, 0,    34,   'E', 'x', 'i', 'f', 0, 0, 'I', 'I', 42, 0, 8, 0, 0, 0,
                        1,    0,    0x12, 0x01, 3,   0,   1,   0,   0, 0, 0,   0,   0,  0, 0, 0, 0, 0};
    uint8_t big[] = {0xff, 0xe1, 0,    34,   'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8,
                     0,    1,    0x01, 0x12, 0,   3,   0,   0,   0, 1, 0,   0,   0, 0,  0, 0, 0, 0};
    uint8_t pixels[16 * 8 * 3] = {0};
    made_file jpeg;

    little[28] = (uint8_t)orientation;
    big[29] = (uint8_t)orientation;
    for (int y = 0; y < 4; y++)
        memset(pixels + y * 16 * 3, 255, 8 * 3);
    if (!picture_file_encode(&(face_picture){pixels, 16, 8}, 95, &jpeg.bytes, &jpeg.size))
        die("encode");
    return big_endian ? with_segment(jpeg, big, sizeof big) : with_segment(jpeg, little, sizeof little);
}

made_file made_progressive_jpeg(int scans)
{
    static jpeg_scan_info script[190];
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr errors;
    unsigned char *bytes = NULL;
    unsigned long size = 0;
    uint8_t row[64];
    JSAMPROW rows = row;

    /* The first scan has the means; each of the others one frequency, or a bit more of one. */
    script[0] = (jpeg_scan_info){.comps_in_scan = 1};
    for (int i = 1; i < scans; i++) {
        int pass = (i - 1) / 63, frequency = (i - 1) % 63 + 1;
        script[i] = (jpeg_scan_info){
            .comps_in_scan = 1, .Ss = frequency, .Se = frequency, .Ah = pass == 0 ? 0 : 3 - pass, .Al = 2 - pass};
    }
    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_compress(&jpeg);
    jpeg_mem_dest(&jpeg, &bytes, &size);
    jpeg.image_width = jpeg.image_height = 64;
    jpeg.input_components = 1;
    jpeg.in_color_space = JCS_GRAYSCALE;
    jpeg_set_defaults(&jpeg);
    jpeg.scan_info = script;
    jpeg.num_scans = scans;
    jpeg_start_compress(&jpeg, TRUE);
    for (int y = 0; y < 64; y++) {
        for (int x = 0; x < 64; x++)
            row[x] = (uint8_t)(x * y);
        jpeg_write_scanlines(&jpeg, &rows, 1);
    }
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    return (made_file){bytes, size};
}

static made_file png_of(png_image image, const void *pixels)
{
    png_alloc_size_t size = 0;
    made_file png;

    image.version = PNG_IMAGE_VERSION;
    if (!png_image_write_to_memory(&image, NULL, &size, 0, pixels, 0, NULL))
        die("png size");
    png.bytes = malloc(size);
    if (!png.bytes || !png_image_write_to_memory(&image, png.bytes, &size, 0, pixels, 0, NULL))
        die("png");
    png.size = size;
    return png;
}

made_file made_png(const uint8_t *rgb, uint32_t width, uint32_t height)
{
    return png_of((png_image){.width = width, .height = height, .format = PNG_FORMAT_RGB}, rgb);
}

made_file made_transparent_png(void)
{
    static const uint8_t pixels[] = {255, 0, 0, 255, 0, 0, 255, 0};

    return png_of((png_image){.width = 2, .height = 1, .format = PNG_FORMAT_RGBA}, pixels);
}

made_file made_white_png(uint32_t width, uint32_t height)
{
    uint8_t *pixels = malloc((size_t)width * height);

    if (!pixels)
        die("memory");
    memset(pixels, 255, (size_t)width * height);
    made_file png = png_of((png_image){.width = width, .height = height, .format = PNG_FORMAT_GRAY}, pixels);
    free(pixels);
    return png;
}

static uint32_t crc32_of(const uint8_t *bytes, size_t size)
{
    uint32_t crc = 0xffffffffu;

    for (size_t i = 0; i < size; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc & 1 ? crc >> 1 ^ 0xedb88320u : crc >> 1;
    }
    return ~crc;
}

static void big_endian_put(uint8_t *to, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        to[i] = (uint8_t)(value >> (24 - 8 * i));
}

made_file made_promising_png(uint32_t width, uint32_t height)
{
    made_file png = made_transparent_png();

    big_endian_put(png.bytes + 16, width);
    big_endian_put(png.bytes + 20, height);
    big_endian_put(png.bytes + 29, crc32_of(png.bytes + 12, 17));
    return png;
}
