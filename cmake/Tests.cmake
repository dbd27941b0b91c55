# sp_unit_test(NAME module SOURCES test_module.c LIBS lib...): a Check program, run by ctest under the label "unit"; it ends
# with tests/unit/suite.h.

function(sp_unit_test name)
    cmake_parse_arguments(T "" "" "SOURCES;LIBS;LABELS" ${ARGN})
    add_executable(test_${name} ${T_SOURCES})
    target_include_directories(test_${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests/unit)
    target_link_libraries(test_${name} PRIVATE ${T_LIBS} PkgConfig::CHECK sp_warnings)
    add_test(NAME unit.${name} COMMAND test_${name})
    set_tests_properties(unit.${name} PROPERTIES LABELS "unit;${T_LABELS}" TIMEOUT 300)
endfunction()
