# What `cmake --install` puts where, by component:
#
#   sdk       the C SDK: headers, archives, generators, protos, CMake package, pkg-config files
#   programs  the programs and what they read: face weights, the web console
#
# The SDK has two archives. libsmartpass-rpc holds the runtime with the messages that everybody needs (google.*), and of
# its symbols only those of its headers are to be seen: whatever else a program defines cannot collide. libsmartpass-client
# holds messages and stubs of Smart Pass, for clients and for servers. Both are position independent. All paths are
# relative to the package's own place, so that a prefix may be moved.

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(sdk_include ${CMAKE_INSTALL_INCLUDEDIR}/smartpass)
set(sdk_share ${CMAKE_INSTALL_DATADIR}/smartpass)
set(sdk_cmake ${CMAKE_INSTALL_LIBDIR}/cmake/SmartPass)
set(sdk_files ${CMAKE_CURRENT_LIST_DIR}/sdk)
set(sdk_build ${CMAKE_BINARY_DIR}/sdk)
file(MAKE_DIRECTORY ${sdk_build})

# --- archives ---------------------------------------------------------------------------------------------------------

# Others may link them into a shared library; nobody replaces their functions there.
set(sdk_targets sp_base sp_rpc sp_proto_google sp_proto_options sp_proto)
set_target_properties(${sdk_targets} PROPERTIES POSITION_INDEPENDENT_CODE ON)
foreach(target ${sdk_targets})
    target_compile_options(${target} PRIVATE -fno-semantic-interposition)
endforeach()

# accept4 and sendmsg are the library's own, see lib/rpc/accept.h and send.h; arena and sp are lib/base's part of rpc.h.
set(public_symbols)
foreach(pattern rpc_* arena_* sp_* google__* grpc__* smartpass__* accept4 sendmsg)
    list(APPEND public_symbols --keep-global-symbol=${pattern})
endforeach()
set(parts sp_rpc sp_proto_options sp_proto_google sp_base)
list(TRANSFORM parts REPLACE "(.+)" "$<TARGET_FILE:\\1>" OUTPUT_VARIABLE archives)
add_custom_command(OUTPUT ${sdk_build}/libsmartpass-rpc.a
    COMMAND ${CMAKE_COMMAND} -E rm -f libsmartpass-rpc.a
    COMMAND ${CMAKE_LINKER} -r -o smartpass-rpc.o --whole-archive ${archives}
    COMMAND ${CMAKE_OBJCOPY} --wildcard ${public_symbols} smartpass-rpc.o
    COMMAND ${CMAKE_AR} rcs libsmartpass-rpc.a smartpass-rpc.o
    WORKING_DIRECTORY ${sdk_build} DEPENDS ${parts}
    COMMENT "libsmartpass-rpc.a" VERBATIM)
add_custom_target(sdk ALL DEPENDS ${sdk_build}/libsmartpass-rpc.a ${SP_DESCRIPTORS} sp_proto protoc-gen-smartpass-c
    protoc-gen-c-optional)

set_target_properties(sp_proto PROPERTIES OUTPUT_NAME smartpass-client)
install(TARGETS sp_proto ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT sdk)
install(FILES ${sdk_build}/libsmartpass-rpc.a DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT sdk)
install(TARGETS protoc-gen-smartpass-c protoc-gen-c-optional
    RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT sdk)

# --- headers and protos -----------------------------------------------------------------------------------------------

install(FILES lib/rpc/rpc.h lib/rpc/rpc_async.h lib/rpc/rpc_interceptors.h lib/base/arena.h lib/base/status.h
    DESTINATION ${sdk_include} COMPONENT sdk)
install(DIRECTORY ${CMAKE_BINARY_DIR}/gen/c/google ${CMAKE_BINARY_DIR}/gen/c/grpc ${CMAKE_BINARY_DIR}/gen/c/smartpass
    DESTINATION ${sdk_include} COMPONENT sdk
    FILES_MATCHING PATTERN "*.h" PATTERN compiler EXCLUDE)
install(DIRECTORY proto/smartpass proto/google DESTINATION ${sdk_share}/proto COMPONENT sdk
    FILES_MATCHING PATTERN "*.proto")
foreach(file annotations http)
    install(FILES ${GOOGLEAPIS_PROTOS}/google/api/${file}.proto DESTINATION ${sdk_share}/proto/google/api COMPONENT sdk)
endforeach()
foreach(file code error_details status)
    install(FILES ${GOOGLEAPIS_PROTOS}/google/rpc/${file}.proto DESTINATION ${sdk_share}/proto/google/rpc COMPONENT sdk)
endforeach()
install(FILES ${SP_DESCRIPTORS} DESTINATION ${sdk_share} COMPONENT sdk)

# --- CMake package and pkg-config files -------------------------------------------------------------------------------

set(SDK_INCLUDE ${sdk_include})
set(SDK_PROTO ${sdk_share}/proto)
configure_package_config_file(${sdk_files}/SmartPassConfig.cmake.in ${sdk_build}/SmartPassConfig.cmake
    INSTALL_DESTINATION ${sdk_cmake}
    PATH_VARS CMAKE_INSTALL_LIBDIR CMAKE_INSTALL_BINDIR SDK_INCLUDE SDK_PROTO)
write_basic_package_version_file(${sdk_build}/SmartPassConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${sdk_build}/SmartPassConfig.cmake ${sdk_build}/SmartPassConfigVersion.cmake
    ${sdk_files}/SmartPassGenerate.cmake DESTINATION ${sdk_cmake} COMPONENT sdk)

# From lib/pkgconfig up to the prefix.
file(RELATIVE_PATH SDK_UP /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
string(REGEX REPLACE "/$" "" SDK_UP "${SDK_UP}")
foreach(name smartpass-rpc smartpass-client)
    configure_file(${sdk_files}/${name}.pc.in ${sdk_build}/${name}.pc @ONLY)
    install(FILES ${sdk_build}/${name}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT sdk)
endforeach()

# --- programs ---------------------------------------------------------------------------------------------------------

install(TARGETS smartpass-server smartpass-worker smartpass-gateway smartpass-openapi smartpassctl smartpass-agent
    RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT programs)
install(FILES ${FACE_WEIGHTS} DESTINATION ${sdk_share} COMPONENT programs)
install(DIRECTORY web/dist/ DESTINATION ${sdk_share}/web COMPONENT programs OPTIONAL)
install(DIRECTORY ${CMAKE_BINARY_DIR}/share/openapi/ DESTINATION ${sdk_share}/openapi COMPONENT programs OPTIONAL)
install(FILES LICENSE README.md DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT programs)
