# sp_warnings: what every hand-written target is compiled with. Warnings are errors on gcc and clang.
# Sanitizers cover generated code as well, so they are set for the whole tree.

add_library(sp_warnings INTERFACE)
target_compile_options(sp_warnings INTERFACE
    -Wall -Wextra -Wshadow -Wvla -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith
    -Wconversion -Wno-sign-conversion -Wformat=2 -Werror)

add_compile_definitions(_GNU_SOURCE)
add_compile_options(-fno-omit-frame-pointer -fstack-protector-strong)

if(SMARTPASS_SANITIZE)
    add_compile_options(-fsanitize=${SMARTPASS_SANITIZE} -fno-sanitize-recover=all)
    add_link_options(-fsanitize=${SMARTPASS_SANITIZE})
elseif(CMAKE_BUILD_TYPE MATCHES "Rel")
    add_compile_definitions(_FORTIFY_SOURCE=2)
endif()
