# smartpass_generate_c(TARGET target PROTOS file.proto… [IMPORT_DIRS folder…] [OPTIONS option…] [STRICT])
#
# Adds to a target what is generated from protos: messages (X.pb-c.h), server stubs (X.rpc.h), client stubs
# (X.client.h) and short names (X.names.h), and links it with SmartPass::rpc.
#
# PROTOS are import paths below IMPORT_DIRS, "acme/v1/notes.proto"; the preset of IMPORT_DIRS is the present source
# folder. What they import may lie there too, or be google.*, or smartpass/v1/options.proto: those are the SDK's.
# With STRICT every method must state a policy and every received field a limit, as in Smart Pass itself; without it,
# those that are stated are enforced. OPTIONS go to protoc-gen-smartpass-c, e.g. prefix=acme_.
#
# Of each imported file that is not the SDK's, messages are needed as well: name it in PROTOS.

function(smartpass_generate_c)
    cmake_parse_arguments(PARSE_ARGV 0 G "STRICT" "TARGET" "PROTOS;IMPORT_DIRS;OPTIONS")
    if(NOT G_TARGET OR NOT G_PROTOS OR G_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "smartpass_generate_c(TARGET target PROTOS file.proto… [IMPORT_DIRS …] [OPTIONS …] [STRICT])")
    endif()
    find_program(SMARTPASS_PROTOC protoc REQUIRED)
    if(NOT G_IMPORT_DIRS)
        set(G_IMPORT_DIRS ${CMAKE_CURRENT_SOURCE_DIR})
    endif()
    if(NOT G_STRICT)
        list(PREPEND G_OPTIONS policy=optional limits=optional)
    endif()
    list(TRANSFORM G_IMPORT_DIRS PREPEND "-I" OUTPUT_VARIABLE path)
    list(TRANSFORM G_OPTIONS PREPEND "--smartpass-c_opt=" OUTPUT_VARIABLE options)
    set(out ${CMAKE_CURRENT_BINARY_DIR}/${G_TARGET}-protos)
    file(MAKE_DIRECTORY ${out})

    foreach(proto ${G_PROTOS})
        string(REGEX REPLACE "\\.proto$" "" stem ${proto})
        set(source "")
        foreach(folder ${G_IMPORT_DIRS})
            if(NOT source AND EXISTS ${folder}/${proto})
                set(source ${folder}/${proto})
            endif()
        endforeach()
        if(NOT source)
            message(FATAL_ERROR "smartpass_generate_c: ${proto} is in none of ${G_IMPORT_DIRS}")
        endif()
        set(outputs ${out}/${stem}.pb-c.c ${out}/${stem}.pb-c.h ${out}/${stem}.names.h)
        file(STRINGS ${source} services REGEX "^[ \t]*service[ \t]")
        set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source})
        if(services)
            foreach(end rpc.c rpc.h client.c client.h)
                list(APPEND outputs ${out}/${stem}.${end})
            endforeach()
        endif()
        add_custom_command(OUTPUT ${outputs}
            COMMAND ${SMARTPASS_PROTOC} ${path} -I${SmartPass_PROTO_DIR}
                --plugin=protoc-gen-c=$<TARGET_FILE:SmartPass::protoc-gen-c-optional> --c_out=${out}
                --plugin=$<TARGET_FILE:SmartPass::protoc-gen-smartpass-c> ${options} --smartpass-c_out=${out} ${proto}
            DEPENDS ${source} SmartPass::protoc-gen-c-optional SmartPass::protoc-gen-smartpass-c
            COMMENT "protoc ${proto}" VERBATIM)
        target_sources(${G_TARGET} PRIVATE ${outputs})
    endforeach()
    target_include_directories(${G_TARGET} PUBLIC ${out})
    target_link_libraries(${G_TARGET} PUBLIC SmartPass::rpc)
endfunction()
