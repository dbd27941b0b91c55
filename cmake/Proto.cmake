# From .proto files to libraries.
#
#   sp_protobuf_c(target FILES…)      messages only: X.pb-c.h, X.pb-c.c
#   sp_proto_library(target FILES…)   messages, stubs (X.rpc.h, X.rpc.c; X.client.h, X.client.c), short names (X.names.h)
#   sp_nanopb_library(target FILES…)  messages for terminals: X.pb.h, X.pb.c, sized by the contract's limits
#   sp_settings_header(target FILE)   the settings of a file's messages as a list: X.settings.h
#   sp_descriptor_set(output FILES… [ARGS…])   the files as data
#   sp_embed_bytes(symbol input folder)       any file as a C array
#
# FILES are import paths ("smartpass/v1/people.proto"), found in the folders of SP_PROTO_PATH. Generated code goes to
# gen/c and gen/nanopb of the build tree, which the libraries export as include folders.

find_program(PROTOC_GEN_C protoc-gen-c REQUIRED)
find_program(PROTOC_GEN_NANOPB protoc-gen-nanopb REQUIRED)
find_path(PROTOBUF_PROTOS google/protobuf/descriptor.proto REQUIRED)
find_path(GOOGLEAPIS_PROTOS google/api/annotations.proto
    HINTS /usr/share/gocode/src/github.com/gogo/googleapis REQUIRED)
find_path(GRPC_PROTOS grpc/health/v1/health.proto HINTS /usr/share/grpc-proto REQUIRED)

set(SP_PROTO_PATH ${CMAKE_SOURCE_DIR}/proto ${GOOGLEAPIS_PROTOS} ${GRPC_PROTOS} ${PROTOBUF_PROTOS}
    CACHE INTERNAL "Folders that imports are searched in")
set(SP_GEN_C ${CMAKE_BINARY_DIR}/gen/c CACHE INTERNAL "")
set(SP_GEN_NANOPB ${CMAKE_BINARY_DIR}/gen/nanopb CACHE INTERNAL "")
set(SP_GEN_SETTINGS ${CMAKE_BINARY_DIR}/gen/settings CACHE INTERNAL "")
set(SP_EMBED_BYTES ${CMAKE_CURRENT_LIST_DIR}/EmbedBytes.cmake CACHE INTERNAL "")

# --- helpers ----------------------------------------------------------------------------------------------------------

# Where an import path lies on disk.
function(sp_find_proto out file)
    foreach(folder ${SP_PROTO_PATH})
        if(EXISTS ${folder}/${file})
            cmake_path(SET path NORMALIZE ${folder}/${file})
            set(${out} ${path} PARENT_SCOPE)
            return()
        endif()
    endforeach()
    message(FATAL_ERROR "${file} is in none of ${SP_PROTO_PATH}")
endfunction()

# Absolute paths of the files and of everything of ours that they import, for DEPENDS.
function(sp_proto_inputs out)
    set(found)
    set(queue ${ARGN})
    while(queue)
        list(POP_FRONT queue file)
        sp_find_proto(path ${file})
        if(path IN_LIST found)
            continue()
        endif()
        list(APPEND found ${path})
        set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${path})
        file(STRINGS ${path} imports REGEX "^import ")
        foreach(import ${imports})
            string(REGEX REPLACE "^import [a-z ]*\"([^\"]*)\".*" "\\1" import "${import}")
            list(APPEND queue ${import})
        endforeach()
    endwhile()
    set(${out} ${found} PARENT_SCOPE)
endfunction()

# Runs protoc on one file with the given plugin arguments.
function(sp_protoc file)
    cmake_parse_arguments(P "" "" "OUTPUT;ARGS;DEPENDS" ${ARGN})
    sp_proto_inputs(inputs ${file})
    list(TRANSFORM SP_PROTO_PATH PREPEND -I OUTPUT_VARIABLE path)
    foreach(output ${P_OUTPUT})
        cmake_path(GET output PARENT_PATH folder)
        file(MAKE_DIRECTORY ${folder})
    endforeach()
    add_custom_command(OUTPUT ${P_OUTPUT}
        COMMAND ${PROTOC} ${path} ${P_ARGS} ${file}
        DEPENDS ${inputs} ${P_DEPENDS}
        COMMENT "protoc ${file}" VERBATIM)
endfunction()

# --- libraries --------------------------------------------------------------------------------------------------------

function(sp_protobuf_c target)
    cmake_parse_arguments(P "" "" "FILES" ${ARGN})
    set(sources)
    foreach(file ${P_FILES})
        string(REGEX REPLACE "\\.proto$" "" stem ${file})
        set(outputs ${SP_GEN_C}/${stem}.pb-c.c ${SP_GEN_C}/${stem}.pb-c.h)
        sp_protoc(${file} OUTPUT ${outputs} DEPENDS protoc-gen-c-optional
            ARGS --plugin=protoc-gen-c=$<TARGET_FILE:protoc-gen-c-optional> --c_out=${SP_GEN_C})
        list(APPEND sources ${outputs})
    endforeach()
    add_library(${target} STATIC ${sources})
    target_include_directories(${target} PUBLIC ${SP_GEN_C})
    target_link_libraries(${target} PUBLIC PkgConfig::PROTOBUF_C)
endfunction()

function(sp_proto_library target)
    cmake_parse_arguments(P "" "" "FILES" ${ARGN})
    sp_protobuf_c(${target} FILES ${P_FILES})
    foreach(file ${P_FILES})
        string(REGEX REPLACE "\\.proto$" "" stem ${file})
        set(outputs ${SP_GEN_C}/${stem}.names.h)
        sp_find_proto(path ${file})
        file(STRINGS ${path} services REGEX "^service ")
        if(services)
            list(APPEND outputs ${SP_GEN_C}/${stem}.rpc.c ${SP_GEN_C}/${stem}.rpc.h
                ${SP_GEN_C}/${stem}.client.c ${SP_GEN_C}/${stem}.client.h)
            set_source_files_properties(${SP_GEN_C}/${stem}.rpc.c ${SP_GEN_C}/${stem}.client.c PROPERTIES
                COMPILE_OPTIONS "-Wall;-Wextra;-Wconversion;-Werror")
        endif()
        sp_protoc(${file} OUTPUT ${outputs} DEPENDS protoc-gen-smartpass-c
            ARGS --plugin=protoc-gen-smartpass-c=$<TARGET_FILE:protoc-gen-smartpass-c> --smartpass-c_out=${SP_GEN_C})
        target_sources(${target} PRIVATE ${outputs})
    endforeach()
    target_link_libraries(${target} PUBLIC sp_rpc)
endfunction()

# Debian's libnanopb: 16-bit sizes, no UTF-8 checks; a struct has room for what the limits allow and nothing is malloc's.
function(sp_nanopb_library target)
    cmake_parse_arguments(P "" "" "FILES" ${ARGN})
    set(sources)
    foreach(file ${P_FILES})
        string(REGEX REPLACE "\\.proto$" "" stem ${file})
        sp_protoc(${file} OUTPUT ${SP_GEN_NANOPB}/${stem}.options DEPENDS protoc-gen-smartpass-c
            ARGS --plugin=protoc-gen-smartpass-c=$<TARGET_FILE:protoc-gen-smartpass-c>
                --smartpass-c_out=nanopb=1:${SP_GEN_NANOPB})
        set(outputs ${SP_GEN_NANOPB}/${stem}.pb.c ${SP_GEN_NANOPB}/${stem}.pb.h)
        sp_protoc(${file} OUTPUT ${outputs} DEPENDS ${SP_GEN_NANOPB}/${stem}.options
            ARGS --plugin=protoc-gen-nanopb=${PROTOC_GEN_NANOPB}
                --nanopb_opt=-I${SP_GEN_NANOPB} --nanopb_opt=--error-on-unmatched --nanopb_opt=-q
                --nanopb_opt=-xsmartpass/v1/options.proto --nanopb_out=${SP_GEN_NANOPB})
        list(APPEND sources ${outputs})
    endforeach()
    add_library(${target} STATIC ${sources})
    target_include_directories(${target} PUBLIC ${SP_GEN_NANOPB})
    target_link_libraries(${target} PUBLIC protobuf-nanopb)
endfunction()

# The list is pure C, for terminals too.
function(sp_settings_header target file)
    string(REGEX REPLACE "\\.proto$" "" stem ${file})
    sp_protoc(${file} OUTPUT ${SP_GEN_SETTINGS}/${stem}.settings.h DEPENDS protoc-gen-smartpass-c
        ARGS --plugin=protoc-gen-smartpass-c=$<TARGET_FILE:protoc-gen-smartpass-c>
            --smartpass-c_out=settings=1:${SP_GEN_SETTINGS})
    target_sources(${target} PRIVATE ${SP_GEN_SETTINGS}/${stem}.settings.h)
    target_include_directories(${target} PUBLIC ${SP_GEN_SETTINGS})
endfunction()

# --- descriptors ------------------------------------------------------------------------------------------------------

# A FileDescriptorSet of the files and all that they import; ARGS go to protoc.
function(sp_descriptor_set output)
    cmake_parse_arguments(P "" "" "FILES;ARGS" ${ARGN})
    sp_proto_inputs(inputs ${P_FILES})
    list(TRANSFORM SP_PROTO_PATH PREPEND -I OUTPUT_VARIABLE path)
    cmake_path(GET output PARENT_PATH folder)
    file(MAKE_DIRECTORY ${folder})
    add_custom_command(OUTPUT ${output}
        COMMAND ${PROTOC} ${path} --include_imports ${P_ARGS} --descriptor_set_out=${output} ${P_FILES}
        DEPENDS ${inputs}
        COMMENT "protoc ${output}" VERBATIM)
endfunction()

# <symbol>.h and <symbol>.c beside each other: `const uint8_t symbol[]` and `const size_t symbol_size`.
function(sp_embed_bytes symbol input folder)
    add_custom_command(OUTPUT ${folder}/${symbol}.c ${folder}/${symbol}.h
        COMMAND ${CMAKE_COMMAND} -DSYMBOL=${symbol} -DINPUT=${input} -DFOLDER=${folder} -P ${SP_EMBED_BYTES}
        DEPENDS ${input} ${SP_EMBED_BYTES}
        COMMENT "embedding ${symbol}" VERBATIM)
endfunction()
