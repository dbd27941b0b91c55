# SQL lives in .sql files and is compiled in; server/db/embed/embed_sql.c writes the C.
#
# sp_embed_sql(target file.sql…): every section "-- name: device_get" becomes SQL_DEVICE_GET, declared in
# <target>_sql.h, which the target may include. What several statements of a file share stands above them in a section
# "-- part: device_wanted" and goes where they say "-- use: device_wanted". Sections of *.system.sql are for the role "system" alone,
# those of *.shared.sql for both roles, all others for "app".
#
# sp_sql_catalogue(target): gives a test SQL_CATALOGUE, the table of every statement that was embedded so far.

function(sp_embed_sql target)
    set(out ${CMAKE_CURRENT_BINARY_DIR}/${target}_sql)
    list(TRANSFORM ARGN PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/ OUTPUT_VARIABLE files)
    add_custom_command(
        OUTPUT ${out}.h ${out}.c
        COMMAND embed_sql statements ${target} ${out}.h ${out}.c ${files}
        DEPENDS embed_sql ${files}
        COMMENT "SQL of ${target}")
    add_library(${target}_sql STATIC ${out}.c ${out}.h)
    target_include_directories(${target}_sql PUBLIC ${CMAKE_CURRENT_BINARY_DIR} ${CMAKE_SOURCE_DIR}/server/db)
    target_link_libraries(${target}_sql PUBLIC sp_base PRIVATE sp_warnings)
    target_link_libraries(${target} PRIVATE ${target}_sql)
    set_property(GLOBAL APPEND PROPERTY SP_SQL_TARGETS ${target})
endfunction()

function(sp_embed_migrations target)
    set(out ${CMAKE_CURRENT_BINARY_DIR}/${target}_migrations.c)
    list(TRANSFORM ARGN PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/ OUTPUT_VARIABLE files)
    add_custom_command(
        OUTPUT ${out}
        COMMAND embed_sql migrations ${out} ${files}
        DEPENDS embed_sql ${files}
        COMMENT "Migrations of ${target}")
    target_sources(${target} PRIVATE ${out})
endfunction()

function(sp_sql_catalogue target)
    get_property(tables GLOBAL PROPERTY SP_SQL_TARGETS)
    set(declarations "")
    set(rows "")
    foreach(table ${tables})
        string(APPEND declarations "extern const db_statement *const ${table}_statements[];\n")
        string(APPEND rows "    ${table}_statements,\n")
        target_link_libraries(${target} PRIVATE ${table}_sql)
    endforeach()
    set(out ${CMAKE_CURRENT_BINARY_DIR}/${target}_catalogue.c)
    set(type "const db_statement *const *const SQL_CATALOGUE[]")
    file(CONFIGURE OUTPUT ${out} @ONLY CONTENT
        "#include \"db.h\"\n\n@declarations@\nextern @type@;\n@type@ = {\n@rows@    NULL,\n};\n")
    target_sources(${target} PRIVATE ${out})
endfunction()
