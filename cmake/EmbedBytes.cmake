# cmake -DSYMBOL=… -DINPUT=… -DFOLDER=… -P EmbedBytes.cmake: a file's bytes as a C array.
file(READ ${INPUT} hex HEX)
string(REGEX REPLACE "(................................)" "\\1\n" hex "${hex}")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," hex "${hex}")

file(WRITE ${FOLDER}/${SYMBOL}.h "#pragma once

#include <stddef.h>
#include <stdint.h>

extern const uint8_t ${SYMBOL}[];
extern const size_t ${SYMBOL}_size;
")
file(WRITE ${FOLDER}/${SYMBOL}.c "#include \"${SYMBOL}.h\"

const uint8_t ${SYMBOL}[] = {
${hex}
};
const size_t ${SYMBOL}_size = sizeof ${SYMBOL};
")
