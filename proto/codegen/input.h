/* A plugin's input: everything that protoc sends. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* malloc's, to the end of the stream; NULL when reading fails or memory is out. */
uint8_t *input_read(FILE *from, size_t *ret_size);
